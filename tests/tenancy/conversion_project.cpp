#include "tenancy/conversion_project.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include "base/text.hpp"
#include "capo/migration.hpp"
#include "config/ini.hpp"
#include "config/url.hpp"
#include "dialect/dialect.hpp"
#include "operation/recorder.hpp"
#include "runtime/connect_options.hpp"
#include "tenancy/probes.hpp"
#include "tenancy/read_facts.hpp"

namespace capo::test {
namespace {

/// A revision's functions are without state, so what each asks for lies in a place of its own.
struct Slot {
  std::vector<Operation> upgrade = {};
  std::vector<Operation> downgrade = {};
};
constexpr std::size_t kSlots = 64;
std::array<Slot, kSlots>& slots() {
  static std::array<Slot, kSlots> all;
  return all;
}
std::size_t used_slots = 0;  // by the project of the test that runs

template <std::size_t number>
void upgrade(Operations& op) {
  auto& into = Operations::Recorder::of(op).operations;
  const auto& from = slots().at(number).upgrade;
  into.insert(into.end(), from.begin(), from.end());
}
template <std::size_t number>
void downgrade(Operations& op) {
  auto& into = Operations::Recorder::of(op).operations;
  const auto& from = slots().at(number).downgrade;
  into.insert(into.end(), from.begin(), from.end());
}

using Function = void (*)(Operations&);
template <std::size_t... numbers>
constexpr std::array<std::pair<Function, Function>, sizeof...(numbers)> functions(
    std::index_sequence<numbers...>) {
  return {{{upgrade<numbers>, downgrade<numbers>}...}};
}
constexpr auto kFunctions = functions(std::make_index_sequence<kSlots>());

constexpr std::string_view kChecksum =
    "0000000000000000000000000000000000000000000000000000000000000000";

bool is_own(const Table& table) {
  return table.name == "alembic_version" || table.name.starts_with("capo_");
}

}  // namespace

class ConversionProject::Log final : public runtime::Events {
 public:
  explicit Log(std::vector<std::string>& lines) : lines_(lines) {}
  void warning(std::string_view text) override {
    lines_.push_back("warning: " + std::string(text));
  }
  void statement_started(const dialect::Statement& statement, int, int) override {
    lines_.push_back(statement.sql);
  }
  void data_step_progress(std::string_view text) override {
    lines_.push_back("progress: " + std::string(text));
  }

 private:
  std::vector<std::string>& lines_;
};

ConversionProject::ConversionProject(const std::string& kind)
    : scratch(std::make_unique<Scratch>("conversion")),
      database(make_database(kind, scratch->path())),
      dialect_(*dialect::find_dialect(kind)),
      events_(std::make_unique<Log>(log_)) {
  used_slots = 0;
}

ConversionProject::~ConversionProject() {
  if (!is_postgresql()) return;
  // Roles belong to the server, which other tests use, too.
  const std::array<std::string, 3> names = {role("app"), role("maint"), role("owner")};
  connection_ = nullptr;
  database->reset();
  for (const std::string& name : names) {
    if (database->query("SELECT 1 FROM pg_roles WHERE rolname = '" + name + "'").empty()) continue;
    database->script("DROP OWNED BY " + name + "; DROP ROLE " + name);
  }
}

std::string ConversionProject::role(const std::string& name) const {
  if (!is_postgresql()) return name;
  return "capo_" + name + "_" +
         database->value("SELECT oid FROM pg_database WHERE datname = current_database()");
}

void ConversionProject::describe(const std::string& ini) {
  std::string text = ini;
  for (const char* name : {"app", "maint", "owner"}) {
    const std::string mark = std::string("@") + name;
    if (text.find(mark) != std::string::npos) text = base::replace_all(text, mark, role(name));
  }
  description = config::read_tenancy(config::Ini(text, "alembic.ini")).value();
}

dialect::Connection& ConversionProject::connection() {
  if (!connection_) {
    connection_ = dialect_.connect(connect_options());
  }
  return *connection_;
}

dialect::ConnectOptions ConversionProject::connect_options() const {
  config::DatabaseUrl url = config::parse_url(database->url());
  if (!login_.empty()) url.username = login_;
  return runtime::connect_options(url);
}

void ConversionProject::log_in_as(const std::string& role) {
  login_ = role;
  connection_ = nullptr;
}

dialect::Reflection ConversionProject::reflect() {
  dialect::ReflectOptions options;
  for (const std::string& name :
       {description.owner, description.app_role, description.maintenance_role}) {
    if (!name.empty()) options.roles.push_back(name);
  }
  if (is_postgresql()) options.schemas = {"*"};
  dialect::Reflection found = dialect_.reflect(connection(), options);
  std::vector<Table> tables(found.schema.tables.begin(), found.schema.tables.end());
  std::erase_if(tables, is_own);
  found.schema.tables = tables;
  return found;
}

tenancy::Conversion ConversionProject::convert() {
  return tenancy::convert(description, reflect(), dialect_,
                          tenancy::read_conversion_facts(connection(), dialect_, description));
}

std::string ConversionProject::remaining() {
  std::string text;
  for (const tenancy::Step& step : convert().steps) text += step.message + "\n";
  return text;
}

void ConversionProject::write(const Revision& revision) {
  auto one = std::make_unique<Revision>(revision);
  texts_.push_back(
      std::make_unique<std::string>(std::string(1, 'r') + std::to_string(ids_.size() + 1)));
  one->token = {};
  one->id = *texts_.back();
  one->down_revision =
      ids_.empty() ? RevisionNames() : RevisionNames{*texts_.at(texts_.size() - 2)};
  ids_.push_back(*texts_.back());
  compiled_.push_back({.revision = one.get(), .checksum = kChecksum, .path = "versions/step.cpp"});
  revisions_.push_back(std::move(one));
  scripts_ = nullptr;
}

void ConversionProject::write(const tenancy::Conversion& conversion) {
  for (const tenancy::Step& step : conversion.steps) {
    const std::size_t slot = used_slots++;
    slots().at(slot) = {step.upgrade, step.downgrade};
    Revision revision{.upgrade = kFunctions.at(slot).first,
                      .downgrade = kFunctions.at(slot).second};
    if (step.online) revision.online = true;
    write(revision);
  }
}

runtime::Migration ConversionProject::migration() {
  connection_ = nullptr;
  log_.clear();
  if (!scripts_) {
    scripts_ = std::make_unique<script::ScriptDirectory>(
        Revisions{compiled_.data(), compiled_.size()}, script::DirectoryOptions{});
  }
  return {*scripts_, dialect_, connect_options(), {}, *events_, clock_, stop_};
}

std::string ConversionProject::check() {
  const tenancy::TenancyFacts facts = tenancy::read_facts(connection(), dialect_, description);
  const tenancy::Material material(description, facts, dialect_, description.app_role);
  std::vector<tenancy::Finding> all = tenancy::check(material);
  if (is_postgresql()) {
    for (tenancy::Finding& each : tenancy::probe(connection(), material)) {
      all.push_back(std::move(each));
    }
  }
  std::string text;
  for (const tenancy::Finding& each : all) {
    text += std::string(each.check->id) + " " + each.object + ": " + each.text + "\n";
  }
  return text;
}

}  // namespace capo::test
