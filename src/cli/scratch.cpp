#include "cli/scratch.hpp"

#include "runtime/connect_options.hpp"

namespace capo::cli {
namespace {

constexpr std::string_view kPostgresql = "postgresql";

std::optional<config::DatabaseUrl> chosen_url(Session& session, const Args& args) {
  const std::optional<std::string> given = args.value("scratch-url");
  if (args.has("throw-away-server")) {
    if (given) {
      throw Error(ErrorCode::kUsage,
                  "--throw-away-server starts a server and --scratch-url names one: choose");
    }
    return std::nullopt;
  }
  if (given) return config::parse_url(*given, "--scratch-url");
  const config::Settings& settings = session.settings();
  if (settings.url_text.empty() && !settings.url_error) return std::nullopt;
  return session.url();
}

}  // namespace

Scratch::Scratch(Session& session, const Args& args, Output& output) : session_(session) {
  const std::optional<config::DatabaseUrl> url = chosen_url(session, args);
  dialect_ = url ? &runtime::dialect_of(*url) : dialect::find_dialect(kPostgresql);
  session.watch_signals();
  try {
    make(session, output, url);
  } catch (Error& error) {
    if (url) session.explain(error, *url);
    if (error.code() == ErrorCode::kConfig && !url && !args.has("throw-away-server")) {
      error.detail("no database URL is given that would name one");
      error.hint(error.hint() + "; for SQLite say --scratch-url sqlite://");
    }
    throw;
  }
}

void Scratch::make(Session& session, Output& output,
                   const std::optional<config::DatabaseUrl>& url) {
  database_ = dialect_->make_throw_away(
      {.server = url ? runtime::connect_options(*url) : dialect::ConnectOptions(),
       .own_server = !url,
       .processes = session.world().processes,
       .random = session.world().random,
       .warn = [&output](const std::string& text) { output.warning(text, "scratch"); }});
}

std::string Scratch::url() const {
  const dialect::ConnectOptions& options = database_->options();
  return config::to_string({.dialect = std::string(dialect_->name()),
                            .username = options.username,
                            .password = options.password,
                            .host = options.host,
                            .port = options.port,
                            .database = options.database,
                            .query = options.parameters});
}

std::shared_ptr<runtime::Migration> Scratch::migration(runtime::Events& events, bool one_by_one) {
  runtime::Options options = session_.runtime_options();
  options.journal = options.lock = options.strict = options.online = false;
  options.as_written = true;
  options.one_by_one = one_by_one;
  return session_.migration_on(*dialect_, database_->options(), std::move(options), events);
}

}  // namespace capo::cli
