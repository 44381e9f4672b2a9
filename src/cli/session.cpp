#include "cli/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "cli/interrupts.hpp"
#include "runtime/connect_options.hpp"

namespace capo::cli {
namespace {

Error no_script_location(const config::Settings& settings) {
  Error error(ErrorCode::kConfig, "No 'script_location' key found in configuration");
  if (settings.ini_path.empty()) {
    error.hint(
        "there is no capo.ini or alembic.ini here: name one with -c, or run `capo init "
        "migrations`");
  } else {
    error.hint(
        fmt::format("set script_location in [{}] of {}", settings.section, settings.ini_path));
  }
  return error;
}

constexpr std::string_view kInterrupted = "interrupted while looking at the database";

// What an error says of a URL that came neither from the ini nor from the environment.
constexpr std::string_view kGivenUrl = "the URL was given as ";

// `name=value` of -x; without `=` the value is empty, as with Alembic.
std::vector<std::pair<std::string, std::string>> pairs(const std::vector<std::string>& given) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const std::string& text : given) {
    const std::size_t equals = std::min(text.find('='), text.size());
    result.emplace_back(text.substr(0, equals), text.substr(std::min(equals + 1, text.size())));
  }
  return result;
}

}  // namespace

std::chrono::milliseconds duration_option(std::string_view name, const std::string& value) {
  if (const auto duration = base::parse_duration(value)) return *duration;
  throw Error(ErrorCode::kUsage, fmt::format("'{}' is not a time for --{}", value, name))
      .hint("write 500ms, 5s, 1min or 2h");
}

config::ConfigRequest config_request(const World& world, const Args& args) {
  config::ConfigRequest request;
  request.ini_path = args.value("config");
  request.section = args.value_or("name", "alembic");
  request.url = args.value("url");
  if (world.project != nullptr) request.embedded_ini = world.project->ini;
  return request;
}

NamingConvention naming_of(const Project* project) {
  if (project == nullptr || project->models == nullptr) return {};
  return project->models().naming;
}

std::unique_ptr<script::ScriptDirectory> open_directory(const World& world,
                                                        const config::Settings& settings,
                                                        script::DirectoryOptions options) {
  options.script_location = settings.script_location;
  options.version_locations = settings.version_locations;
  options.recursive = settings.recursive_version_locations;
  if (world.project == nullptr) {
    if (options.script_location.empty() && options.version_locations.empty()) {
      throw no_script_location(settings);
    }
    return std::make_unique<script::ScriptDirectory>(world.files, std::move(options));
  }
  // Without an ini file there is no folder that the files could be in.
  const bool has_files = !settings.ini_path.empty() && !settings.ini_is_embedded;
  if (has_files) options.root = settings.here;
  const std::string here = world.files.current_directory();
  options.script_location = base::join_path(here, options.script_location);
  for (std::string& location : options.version_locations) {
    location = base::join_path(here, location);
  }
  return std::make_unique<script::ScriptDirectory>(world.project->revisions, std::move(options));
}

Session::Session(World& world, const Args& args, Needs needs, runtime::Events& events,
                 Interrupts& interrupts)
    : world_(world), args_(args), needs_(needs), events_(events), interrupts_(interrupts) {}

Session::~Session() { interrupts_.cancel_with({}); }

void Session::require(Needs needs) const {
  if (needs_ < needs) {
    throw Error(ErrorCode::kInternal, "a command opens more than its table entry says");
  }
}

const config::Settings& Session::settings() {
  require(Needs::kConfig);
  if (settings_) return *settings_;
  config::Settings settings =
      config::load_settings(config_request(world_, args_), world_.files, world_.environment);
  if (const auto value = args_.value("lock-timeout")) {
    settings.lock_timeout = duration_option("lock-timeout", *value);
  }
  if (const auto value = args_.value("statement-timeout")) {
    settings.statement_timeout = duration_option("statement-timeout", *value);
  }
  settings.deployment_lock = settings.deployment_lock && !args_.has("no-lock");
  settings.journal = settings.journal && !args_.has("no-journal");
  settings.strict = settings.strict || args_.has("strict");
  settings_ = std::move(settings);
  return *settings_;
}

const script::ScriptDirectory& Session::scripts() { return open_scripts(false); }
const script::ScriptDirectory& Session::scripts_to_write() { return open_scripts(true); }

const script::ScriptDirectory& Session::open_scripts(bool locations_may_be_missing) {
  require(Needs::kScripts);
  if (scripts_ == nullptr) {
    scripts_ = open_directory(world_, settings(),
                              {.locations_may_be_missing = locations_may_be_missing,
                               .arguments = pairs(args_.values("x")),
                               .naming = naming_of(world_.project)});
  }
  return *scripts_;
}

const config::DatabaseUrl& Session::url() {
  if (!url_) url_ = config::database_url(settings());
  return *url_;
}

const dialect::Dialect& Session::dialect() {
  if (dialect_ != nullptr) return *dialect_;
  const config::DatabaseUrl& url = this->url();
  try {
    dialect_ = &runtime::dialect_of(url);
    return *dialect_;
  } catch (Error& error) {
    throw error.detail(url_came_from());
  }
}

runtime::Options Session::runtime_options() {
  const config::Settings& from = settings();
  runtime::Options options;
  options.version_table = from.version_table;
  options.version_table_schema = from.version_table_schema;
  options.transaction_per_migration = from.transaction_per_migration;
  options.journal = from.journal;
  options.strict = from.strict;
  options.online = from.online;
  options.lock = from.deployment_lock;
  options.max_wait = from.max_wait;
  options.origin = base::this_process();
  options.arguments = pairs(args_.values("x"));
  return options;
}

dialect::ConnectOptions Session::connect_options(const config::DatabaseUrl& url) {
  dialect::ConnectOptions options = runtime::connect_options(url);
  options.lock_timeout = settings().lock_timeout;
  options.statement_timeout = settings().statement_timeout;
  options.stop_requested = [&stop = interrupts_.stop_flag()] { return stop != 0; };
  return options;
}

runtime::Migration& Session::migration() { return migration(runtime_options()); }

runtime::Migration& Session::migration(runtime::Options options) {
  require(Needs::kDatabase);
  if (migration_ == nullptr) {
    interrupts_.start();
    // The way to a server takes as long as reading a thousand revisions.
    dialect::ConnectOptions connect = connect_options(url());
    connect.opening = dialect().begin_connecting(connect);
    migration_ = std::make_unique<runtime::Migration>(scripts(), dialect(), std::move(connect),
                                                      std::move(options), events_, world_.clock,
                                                      interrupts_.stop_flag());
    interrupts_.cancel_with([migration = migration_.get()] { migration->cancel(); });
  }
  return *migration_;
}

void Session::begin_reading(std::function<void()> cancel) {
  is_reading_ = true;
  interrupts_.start();
  interrupts_.cancel_with(std::move(cancel));
}

void Session::end_reading() {
  forget_reading();
  if (interrupts_.stop_flag() == 0) return;
  throw Error(ErrorCode::kCancelled, std::string(kInterrupted));
}

void Session::forget_reading() {
  interrupts_.cancel_with({});
  interrupts_.finish();
}

std::shared_ptr<runtime::Migration> Session::migration_on(const dialect::Dialect& dialect,
                                                          dialect::ConnectOptions connect,
                                                          runtime::Options options,
                                                          runtime::Events& events) {
  require(Needs::kDatabase);
  interrupts_.start();
  const auto forget = [this](runtime::Migration* migration) {
    interrupts_.cancel_with({});
    const std::unique_ptr<runtime::Migration> owned(migration);
  };
  std::shared_ptr<runtime::Migration> migration(
      std::make_unique<runtime::Migration>(scripts(), dialect, std::move(connect),
                                           std::move(options), events, world_.clock,
                                           interrupts_.stop_flag())
          .release(),
      forget);
  interrupts_.cancel_with([running = migration.get()] { running->cancel(); });
  return migration;
}

void Session::limit_waits(std::chrono::milliseconds lock, std::chrono::milliseconds statement) {
  settings();
  if (settings_->lock_timeout.count() == 0) settings_->lock_timeout = lock;
  if (settings_->statement_timeout.count() == 0) settings_->statement_timeout = statement;
}

void Session::watch_signals() { interrupts_.start(); }

std::string Session::url_came_from() const {
  return fmt::format("the URL came from {}: {}", settings_->url_origin,
                     config::to_masked_string(*url_));
}

void Session::explain(Error& error, const config::DatabaseUrl& url) const {
  if (error.code() != ErrorCode::kConnection || (url_ && url == *url_)) return;
  std::string detail = error.detail();
  if (!detail.empty()) detail += '\n';
  error.detail(detail + std::string(kGivenUrl) + config::to_masked_string(url));
}

void Session::explain(Error& error) const {
  if (error.code() == ErrorCode::kCancelled && is_reading_) {
    error = Error(ErrorCode::kCancelled, std::string(kInterrupted));
  }
  if (error.code() != ErrorCode::kConnection || !url_) return;
  if (error.detail().find(kGivenUrl) != std::string::npos) return;
  std::string detail = error.detail();
  if (!detail.empty()) detail += '\n';
  error.detail(detail + url_came_from());
}

}  // namespace capo::cli
