#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "autogenerate/compare.hpp"
#include "base/one_line.hpp"
#include "base/text.hpp"
#include "cli/command_list.hpp"
#include "cli/schema_filter.hpp"
#include "cli/scratch.hpp"
#include "dialect/observer.hpp"
#include "proof/rehearsal.hpp"

namespace capo::cli {
namespace {

constexpr std::size_t kLongestStatement = 100;

using proof::HeldLock;
using proof::RehearsalReport;

// Reading production must not be in anybody's way.
constexpr std::chrono::seconds kLongestLockWait{5};

struct RehearseOptions {
  std::string target = {};
  bool with_data = false;
  std::optional<std::string> output = {};
};

/// Everything that is to be told.
struct Report {
  std::string database = {};
  std::string copy = {};
  std::string how = {};
  bool with_data = false;
  revision::Rows from = {};
  RehearsalReport run = {};
  /// Of production: tables by name.
  std::map<std::string, dialect::RelationFile> sizes = {};
};

dialect::ConnectOptions looking(Session& session) {
  dialect::ConnectOptions options = session.connect_options(session.url());
  if (options.lock_timeout.count() == 0) options.lock_timeout = kLongestLockWait;
  return session.dialect().for_looking(std::move(options));
}

runtime::DatabaseState production_state(Session& session, const dialect::ConnectOptions& options) {
  if (session.dialect().is_missing_database(session.connect_options(session.url()))) {
    throw Error(ErrorCode::kConnection, "there is no database yet that could be copied")
        .hint("`capo verify` tries revisions out from the beginning");
  }
  runtime::Events silent;
  const runtime::DatabaseState state =
      session.migration_on(session.dialect(), options, session.runtime_options(), silent)->state();
  if (state.half_done) {
    throw Error(ErrorCode::kRevision,
                fmt::format("the {} of {} is half done", to_string(state.half_done->direction),
                            state.half_done->revision))
        .hint("finish it first: what is left of it cannot be rehearsed");
  }
  return state;
}

/// Without the programs of PostgreSQL, what capo itself can read of the schema.
std::string copy_by_inspection(Session& session, const dialect::ConnectOptions& from,
                               dialect::ThrowAway& copy) {
  const dialect::Dialect& dialect = session.dialect();
  const auto source = dialect.connect(from);
  dialect::Reflection reflection = dialect.reflect(*source, {.schemas = {"*"}});
  SchemaFilter(session.settings(), session.world().project).apply(reflection, true);
  const auto target = dialect.connect(copy.options());
  const auto compilation = dialect.begin_compilation({});
  for (const autogenerate::Step& step :
       autogenerate::create_all(reflection.schema, dialect).steps) {
    for (const dialect::Statement& statement : compilation->compile(step.operation)) {
      target->query(statement.sql);
    }
  }
  std::string how = "as `capo inspect` reads it";
  if (!reflection.unrepresented.empty()) {
    how += fmt::format(", without {} things that it has no value for",
                       reflection.unrepresented.size());
  }
  return how;
}

std::string make_copy(Session& session, const dialect::ConnectOptions& from, bool with_data,
                      dialect::ThrowAway& copy) {
  const dialect::ThrowAway::Copied copied = copy.copy(from, with_data);
  if (copied.is_done) return copied.how;
  if (with_data) {
    throw Error(ErrorCode::kUnsupported, "the data cannot be copied: " + copied.how)
        .hint("install PostgreSQL's client programs, or rehearse without --with-data");
  }
  copy.renew();
  return copy_by_inspection(session, from, copy) + " (" + copied.how + ")";
}

/// The version table is a table of the schema, but its rows are needed as well.
void copy_version_rows(const revision::Rows& rows, Scratch& scratch) {
  if (rows.empty()) return;
  runtime::Events silent;
  const auto migration = scratch.migration(silent);
  if (migration->state().rows == rows) return;
  migration->stamp(rows, true);
}

std::string seconds(std::chrono::milliseconds time) {
  const auto count = time.count();
  if (count < 10'000) return fmt::format("{} ms", count);
  return fmt::format("{}.{} s", count / 1000, count % 1000 / 100);
}

std::string size_in_words(long long bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"bytes", "kB", "MB", "GB", "TB"};
  constexpr long long kStep = 1024;
  std::size_t unit = 0;
  while (bytes >= 10 * kStep && unit + 1 < kUnits.size()) {
    bytes = (bytes + kStep / 2) / kStep;
    ++unit;
  }
  return fmt::format("{} {}", bytes, kUnits[unit]);
}

/// How strong PostgreSQL's locks are; the strongest last.
int strength(std::string_view mode) {
  constexpr std::array<std::string_view, 8> kModes = {
      "ACCESS SHARE", "ROW SHARE",           "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE",
      "SHARE",        "SHARE ROW EXCLUSIVE", "EXCLUSIVE",     "ACCESS EXCLUSIVE"};
  const auto found = std::find(kModes.begin(), kModes.end(), mode);
  return static_cast<int>(found - kModes.begin());
}

std::string keeps_out(std::string_view mode) {
  const int level = strength(mode);
  if (level == 7) return "readers and writers wait";
  if (level >= 4) return "writers wait";
  if (level == 3) return "other schema changes wait";
  return "";
}

std::string production_size(const Report& report, const std::string& relation) {
  const auto found = report.sizes.find(relation);
  if (found == report.sizes.end()) return "";
  std::string text = size_in_words(found->second.bytes);
  if (found->second.rows >= 0) text += fmt::format(", about {} rows", found->second.rows);
  return text;
}

std::string in_words(const Report& report) {
  const RehearsalReport& run = report.run;
  std::string text = fmt::format("Rehearsal of {}, at {}\n", report.database,
                                 report.from.empty() ? "base" : base::join(report.from, ", "));
  text += fmt::format("On a copy ({}, {}): {}\n", report.with_data ? "with data" : "schema only",
                      report.how, report.copy);
  if (run.statements.empty() && !run.error) return text + "\nNothing to upgrade.\n";
  text += "\nStatements\n";
  for (std::size_t i = 0; i < run.statements.size(); ++i) {
    const proof::RehearsedStatement& statement = run.statements[i];
    text += fmt::format("{:>4}. {:>9}  {} {}/{}: {}\n", i + 1,
                        statement.took ? seconds(*statement.took) : "failed", "revision",
                        statement.revision, statement.number,
                        base::one_line(statement.sql, kLongestStatement));
  }
  if (run.is_watched) {
    text += "\nLocks on what was there before\n";
    for (const HeldLock& lock : run.locks) {
      const std::string size = production_size(report, lock.relation);
      const std::string effect = keeps_out(lock.mode);
      text +=
          fmt::format("      {:>9}  {} {}, from statement {}{}{}\n", seconds(lock.held),
                      lock.relation, lock.mode, lock.statement, effect.empty() ? "" : ": " + effect,
                      size.empty() ? "" : " (" + size + ")");
    }
    if (run.locks.empty()) text += "      none\n";
    text += "\nWritten anew\n";
    for (const proof::Rewrite& rewrite : run.rewrites) {
      const std::string size = production_size(report, rewrite.relation);
      text += fmt::format("      {} {}{}\n", rewrite.kind, rewrite.relation,
                          size.empty() ? "" : " (" + size + ")");
    }
    if (run.rewrites.empty()) text += "      nothing\n";
  }
  text += run.error ? fmt::format("\nFAILED after {}\n", seconds(run.took))
                    : fmt::format("\nDone in {}: {}\n", seconds(run.took),
                                  base::join(run.revisions, ", "));
  return text;
}

base::Json to_json(const Report& report) {
  const RehearsalReport& run = report.run;
  base::Json statements = base::Json::array();
  for (const proof::RehearsedStatement& statement : run.statements) {
    statements.add(base::Json::object()
                       .set("revision", statement.revision)
                       .set("number", statement.number)
                       .set("sql", statement.sql)
                       .set("file", base::Json::text_or_null(statement.origin.file))
                       .set("line", statement.origin.line > 0 ? base::Json(statement.origin.line)
                                                              : base::Json())
                       .set("milliseconds",
                            statement.took ? base::Json(static_cast<int>(statement.took->count()))
                                           : base::Json()));
  }
  base::Json locks = base::Json::array();
  for (const HeldLock& lock : run.locks) {
    locks.add(base::Json::object()
                  .set("relation", lock.relation)
                  .set("mode", lock.mode)
                  .set("statement", static_cast<int>(lock.statement))
                  .set("held_milliseconds", static_cast<int>(lock.held.count())));
  }
  base::Json rewrites = base::Json::array();
  for (const proof::Rewrite& rewrite : run.rewrites) {
    rewrites.add(base::Json::object().set("relation", rewrite.relation).set("kind", rewrite.kind));
  }
  return base::Json::object()
      .set("database", report.database)
      .set("from", base::Json::strings(report.from))
      .set("copy", report.how)
      .set("with_data", report.with_data)
      .set("revisions", base::Json::strings(run.revisions))
      .set("statements", std::move(statements))
      .set("locks", run.is_watched ? std::move(locks) : base::Json())
      .set("rewrites", run.is_watched ? std::move(rewrites) : base::Json())
      .set("milliseconds", static_cast<int>(run.took.count()))
      .set("error", run.error ? base::Json(run.error->message()) : base::Json());
}

std::map<std::string, dialect::RelationFile> production_sizes(
    const dialect::Dialect& dialect, const dialect::ConnectOptions& options) {
  std::map<std::string, dialect::RelationFile> sizes;
  const auto observer = dialect.observe(options, 0);
  if (observer == nullptr) return sizes;
  try {
    for (dialect::RelationFile& relation : observer->relations()) {
      std::string name = relation.relation;
      sizes.emplace(std::move(name), std::move(relation));
    }
  } catch (const Error& error) {
    // A table that somebody has locked: the report has no sizes then.
    if (error.code() != ErrorCode::kLocked && error.code() != ErrorCode::kDatabase) throw;
  }
  return sizes;
}

int rehearse(Session& session, const Args& args, const RehearseOptions& options, Output& output) {
  session.scripts();
  const dialect::ConnectOptions from = looking(session);
  session.watch_signals();
  Report report{.database = config::to_masked_string(session.url()),
                .with_data = options.with_data,
                .from = production_state(session, from).rows};
  report.sizes = production_sizes(session.dialect(), from);
  Scratch scratch(session, args, output);
  if (&scratch.dialect() != &session.dialect()) {
    throw Error(ErrorCode::kUsage, "the copy must be of the same kind of database");
  }
  report.how = make_copy(session, from, options.with_data, scratch.database());
  report.copy = scratch.database().described();
  copy_version_rows(report.from, scratch);
  report.run = proof::rehearse(
      {.dialect = scratch.dialect(),
       .options = scratch.database().options(),
       .target = options.target,
       .migration = [&](runtime::Events& events) { return scratch.migration(events, true); },
       .clock = session.world().clock});
  const std::string text = output.json() ? to_json(report).text() : in_words(report);
  if (options.output) {
    session.world().files.write(*options.output, text);
    output.note("The report is in " + *options.output);
  } else {
    output.print(text);
  }
  if (report.run.error && !output.json()) throw *report.run.error;
  return report.run.error ? 1 : 0;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "revision",
     .help = "where to go, as with 'upgrade'; default: heads",
     .required = false,
     .completes = Completes::kRevision},
}};
constexpr std::array<OptionSpec, 4> kOptions = {{
    {.name = "with-data", .help = "copy the rows as well: only then do times say anything"},
    {.name = "output",
     .value = "FILE",
     .help = "write the report there",
     .completes = Completes::kFile},
    kThrowAwayUrlOption,
    kThrowAwayServerOption,
}};
constexpr std::array<Example, 3> kExamples = {{
    {"capo rehearse --url $PRODUCTION", "which locks, which rewrites, which errors"},
    {"capo rehearse --with-data --scratch-url postgresql://build@test/postgres",
     "with all rows, on another server"},
    {"capo rehearse --json --output report.json", "to be kept with the deployment"},
}};

}  // namespace

constinit const CommandSpec kRehearse = {
    .name = "rehearse",
    .summary = "Carry the pending upgrade out on a copy, and watch it",
    .description =
        "Copies the schema of the database (with --with-data its rows as well) into a database "
        "that "
        "is made for it and dropped afterwards, carries out there what `upgrade` would do now, and "
        "reports how long each statement took, which locks were really held and for how long, and "
        "which tables and indexes were written anew. The database itself is only read.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .arguments = kArguments,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          RehearseOptions options{.target = args.arguments().empty() ? "heads" : args.argument(0),
                                  .with_data = args.has("with-data"),
                                  .output = args.value("output")};
          return rehearse(session, args, options, output);
        },
};

}  // namespace capo::cli
