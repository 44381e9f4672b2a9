#include "proof/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "operation/facets.hpp"
#include "proof/seeding.hpp"

namespace capo::proof {
namespace {

using revision::Direction;

std::string place_of(const Error& error) {
  const std::string where = to_string(error.where());
  return where.empty() ? "" : where + ": ";
}

// All that an error knows, as details of a flaw.
std::vector<std::string> told(const Error& error) {
  std::vector<std::string> lines = {place_of(error) + error.message()};
  const auto add = [&](std::string_view text) {
    for (const std::string_view line : base::split(text, '\n')) {
      if (!base::trim(line).empty()) lines.emplace_back(line);
    }
  };
  if (!error.source_line().empty()) add("| " + std::string(base::trim(error.source_line())));
  add(error.detail());
  // The last line says where the database stands, which is nobody's business here.
  const bool has_standing = error.code() == ErrorCode::kDatabase && !error.detail().empty();
  if (has_standing) lines.pop_back();
  return lines;
}

std::string described(const dialect::Unrepresented& object) {
  return object.what.empty() ? object.object : object.object + ": " + object.what;
}

bool contains(const std::vector<dialect::Unrepresented>& all, const dialect::Unrepresented& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::vector<std::string> statements_of(const autogenerate::Difference& difference,
                                       dialect::Compilation& compilation) {
  std::vector<std::string> statements;
  for (const autogenerate::Step& step : difference.steps) {
    for (const dialect::Statement& statement : compilation.compile(step.operation)) {
      statements.push_back(statement.sql);
    }
  }
  return statements;
}

}  // namespace

std::string_view to_string(Flaw::Kind kind) {
  switch (kind) {
    case Flaw::Kind::kUpgrade:
      return "upgrade";
    case Flaw::Kind::kDowngrade:
      return "downgrade";
    case Flaw::Kind::kSecondUpgrade:
      return "second_upgrade";
    case Flaw::Kind::kSchemaAfterDown:
      return "schema_after_down";
    case Flaw::Kind::kSchemaAfterUp:
      return "schema_after_up";
    case Flaw::Kind::kRows:
      return "rows";
    case Flaw::Kind::kIrreversible:
      return "irreversible";
  }
  return {};
}

std::string_view to_string(RevisionReport::Outcome outcome) {
  switch (outcome) {
    case RevisionReport::Outcome::kOk:
      return "ok";
    case RevisionReport::Outcome::kIrreversible:
      return "irreversible";
    case RevisionReport::Outcome::kFailed:
      return "failed";
  }
  return {};
}

/// What stands on the database; gone and made anew when the database is.
struct Verification::Place {
  std::shared_ptr<runtime::Migration> migration = {};
  std::unique_ptr<dialect::Connection> connection = {};
};

struct Verification::State {
  dialect::Reflection reflection = {};
  Contents contents = {};
};

Verification::Verification(VerificationRequest request) : request_(std::move(request)) {
  request_.reflect.memory = &memory_;
  open();
}
Verification::~Verification() = default;

void Verification::open() {
  place_ = std::make_unique<Place>();
  place_->connection = request_.dialect.connect(request_.database.options());
  if (!request_.version_table_schema.empty()) {
    dialect::SqlWriter sql = request_.dialect.writer();
    sql << "CREATE SCHEMA IF NOT EXISTS " << dialect::Identifier(request_.version_table_schema);
    place_->connection->query(sql.str());
  }
  place_->migration = request_.migration();
}

/// An empty database, and then all that is applied once more.
void Verification::rebuild() {
  known_.reset();
  place_.reset();
  has_own_rows_ = false;
  request_.database.renew();
  open();
  for (const std::string& revision : applied_) place_->migration->upgrade(revision);
}

Verification::State Verification::look() {
  dialect::Connection& connection = *place_->connection;
  State state;
  state.reflection = request_.dialect.reflect(connection, request_.reflect);
  request_.filter(state.reflection);
  state.contents = read_contents(connection, request_.dialect, state.reflection.schema);
  return state;
}

/// A fault of the revision, rather than of the world around it.
bool Verification::is_judged(const Error& error) const {
  switch (error.code()) {
    case ErrorCode::kScript:
    case ErrorCode::kSchema:
    case ErrorCode::kUnsupported:
    case ErrorCode::kDatabase:
    case ErrorCode::kRevision:
    case ErrorCode::kLocked:
      return true;
    case ErrorCode::kUsage:
    case ErrorCode::kConfig:
    case ErrorCode::kConnection:
    case ErrorCode::kInDoubt:
    case ErrorCode::kCancelled:
    case ErrorCode::kInternal:
      return false;
  }
  return false;
}

void Verification::begin(const std::vector<std::string>& before) {
  known_.reset();
  for (const std::string& revision : before) {
    place_->migration->upgrade(revision);
    applied_.push_back(revision);
  }
}

/// What there is before a revision, rows that are put into empty tables included. Of a long history
/// most of it is known from the revision before.
Verification::State Verification::prepare(RevisionReport& report) {
  State state = known_ == nullptr ? look() : std::move(*known_);
  known_.reset();
  if (!can_seed_) return state;
  bool has_more = add_own_rows();
  if (request_.rows) {
    Seeded seeded = seed(*place_->connection, request_.dialect, state.reflection.schema);
    has_more = has_more || !seeded.tables.empty();
    report.notes = std::move(seeded.notes);
  }
  if (has_more) {
    state.contents = read_contents(*place_->connection, request_.dialect, state.reflection.schema);
  }
  return state;
}

/// All of them or none, once the tables are there that they go into.
bool Verification::add_own_rows() {
  if (has_own_rows_ || request_.own_rows.empty()) return false;
  dialect::Connection& connection = *place_->connection;
  try {
    connection.begin();
    for (const std::string& sql : request_.own_rows) connection.query(sql);
    connection.commit();
    has_own_rows_ = had_own_rows_ = true;
    why_no_own_rows_.clear();
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDatabase) throw;
    connection.rollback();
    if (!had_own_rows_) why_no_own_rows_ = error.message();
    return false;
  }
}

std::optional<RevisionReport> Verification::verify(const std::string& revision) {
  if (is_stuck_) return std::nullopt;
  const script::Script script = request_.scripts.script(revision);
  RevisionReport report{.revision = revision, .message = script.revision.message};
  const State before = prepare(report);
  if (apply(revision, report)) {
    applied_.push_back(revision);
    if (request_.scripts.has_downgrade(revision)) {
      go_down_and_up(revision, before, report);
    } else {
      report.outcome = RevisionReport::Outcome::kIrreversible;
      if (request_.strict) {
        report.flaws.push_back({Flaw::Kind::kIrreversible, "it has no downgrade", {}, {}});
      }
    }
  } else {
    is_stuck_ = !std::exchange(can_seed_, true);
  }
  if (!report.flaws.empty()) report.outcome = RevisionReport::Outcome::kFailed;
  return report;
}

/// The first upgrade. If it fails it may be because of the rows that were put into the tables: then
/// it is applied without them, for what comes after.
bool Verification::apply(const std::string& revision, RevisionReport& report) {
  const bool with_rows = (request_.rows || has_own_rows_) && !applied_.empty();
  try {
    place_->migration->upgrade(revision);
    return true;
  } catch (const Error& error) {
    if (!is_judged(error)) throw;
    report.flaws.push_back({Flaw::Kind::kUpgrade, "the upgrade fails", told(error), {}});
  }
  rebuild();
  can_seed_ = false;
  if (!with_rows) return false;
  try {
    place_->migration->upgrade(revision);
  } catch (const Error& error) {
    if (!is_judged(error)) throw;
    return false;
  }
  report.flaws.back().text =
      "the upgrade fails when the tables have rows; without rows it does not";
  can_seed_ = true;
  return true;
}

void Verification::go_down_and_up(const std::string& revision, const State& before,
                                  RevisionReport& report) {
  const std::size_t flaws_before = report.flaws.size();
  const State first = look();
  try {
    place_->migration->take_back(revision);
  } catch (const Error& error) {
    if (!is_judged(error)) throw;
    report.flaws.push_back({Flaw::Kind::kDowngrade, "the downgrade fails", told(error), {}});
    return rebuild();
  }
  const State after = look();
  compare_schemas(Flaw::Kind::kSchemaAfterDown,
                  "after the downgrade the schema is not what it was before; it would take", before,
                  after, report);
  // Without rows at the first upgrade there are none to be kept.
  if (flaws_before == 0) compare_rows(before, after, report);
  try {
    place_->migration->upgrade(revision);
  } catch (const Error& error) {
    if (!is_judged(error)) throw;
    report.flaws.push_back(
        {Flaw::Kind::kSecondUpgrade, "after the downgrade the upgrade fails", told(error), {}});
    return rebuild();
  }
  known_ = std::make_unique<State>(look());
  compare_schemas(Flaw::Kind::kSchemaAfterUp,
                  "the second upgrade makes another schema than the first; it would take", first,
                  *known_, report);
  if (report.flaws.size() > flaws_before) rebuild();
}

/// Both ways, because what is left over is seen in one of them, and what is missing in the other.
void Verification::compare_schemas(Flaw::Kind kind, std::string_view text, const State& wanted,
                                   const State& found, RevisionReport& report) const {
  // As nearly always.
  if (wanted.reflection == found.reflection) return;
  Flaw flaw{.kind = kind, .text = std::string(text)};
  autogenerate::Difference difference =
      autogenerate::compare(found.reflection, wanted.reflection, nullptr, request_.dialect);
  for (const autogenerate::Step& step : difference.steps) {
    flaw.details.push_back(operation::describe(step.operation));
  }
  if (!difference.is_empty()) {
    const auto compilation = request_.dialect.begin_compilation(
        [&] { return request_.dialect.read_schema(*place_->connection); });
    flaw.statements = statements_of(difference, *compilation);
  } else {
    difference =
        autogenerate::compare(wanted.reflection, found.reflection, nullptr, request_.dialect);
    for (const autogenerate::Step& step : difference.steps) {
      flaw.details.push_back("to take back: " + operation::describe(step.operation));
    }
  }
  for (const dialect::Unrepresented& object : wanted.reflection.unrepresented) {
    if (contains(found.reflection.unrepresented, object)) continue;
    flaw.details.push_back("missing: " + described(object));
  }
  for (const dialect::Unrepresented& object : found.reflection.unrepresented) {
    if (contains(wanted.reflection.unrepresented, object)) continue;
    flaw.details.push_back("left over: " + described(object));
  }
  if (!flaw.details.empty()) report.flaws.push_back(std::move(flaw));
}

void Verification::compare_rows(const State& before, const State& after,
                                RevisionReport& report) const {
  const std::vector<std::string> declared = request_.scripts.script(report.revision).loses_data;
  Flaw flaw{.kind = Flaw::Kind::kRows,
            .text = "after the downgrade the rows are not what they were"};
  for (const RowDifference& difference : compare_contents(before.contents, after.contents)) {
    if (is_declared(difference, declared)) {
      report.declared_losses.push_back(difference.text);
    } else {
      flaw.details.push_back(difference.text);
    }
  }
  if (!flaw.details.empty()) report.flaws.push_back(std::move(flaw));
}

}  // namespace capo::proof
