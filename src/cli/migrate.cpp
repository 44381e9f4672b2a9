#include "cli/migrate.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace capo::cli {
namespace {

base::Json to_json(const runtime::PlannedStep& planned) {
  base::Json statements = base::Json::array();
  for (const dialect::Statement& statement : planned.statements) {
    base::Json entry = base::Json::object();
    entry.set("sql", statement.sql)
        .set("comment", base::Json::text_or_null(statement.comment))
        .set("transactional", statement.transactional)
        .set("data_step", statement.data_step != nullptr)
        .set("backfill", statement.backfill != nullptr)
        .set("file", base::Json::text_or_null(statement.origin.file))
        .set("line", statement.origin.line > 0 ? base::Json(statement.origin.line) : base::Json());
    statements.add(std::move(entry));
  }
  return base::Json::object()
      .set("revision", base::Json::text_or_null(planned.step.revision))
      .set("message", planned.step.message)
      .set("from", base::Json::strings(planned.step.from))
      .set("to", base::Json::strings(planned.step.to))
      .set("statements", std::move(statements));
}

std::string shown(const dialect::Statement& statement) {
  if (statement.data_step != nullptr) return "-- (computes with the database at hand)\n";
  if (statement.backfill != nullptr) return "-- (each batch in a transaction of its own)\n";
  return statement.sql + ";\n";
}

void print_plan(const std::vector<runtime::PlannedStep>& plan, Output& output) {
  if (plan.empty()) output.note("Nothing would run.");
  for (const runtime::PlannedStep& planned : plan) {
    output.line(fmt::format("-- {}\n", runtime::describe(planned.step)));
    for (const dialect::Statement& statement : planned.statements) {
      for (const std::string_view line : base::split(statement.comment, '\n')) {
        if (!line.empty()) output.line(fmt::format("-- {}", line));
      }
      output.line(shown(statement));
    }
  }
}

int dry_run(Session& session, revision::Direction direction, const MigrateOptions& options,
            Output& output) {
  const auto plan = session.migration().dry_run(direction, options.target);
  if (!output.json()) {
    print_plan(plan, output);
    return 0;
  }
  base::Json steps = base::Json::array();
  for (const runtime::PlannedStep& planned : plan) steps.add(to_json(planned));
  output.print_json(base::Json::object()
                        .set("database", config::to_masked_string(session.url()))
                        .set("direction", to_string(direction))
                        .set("steps", std::move(steps)));
  return 0;
}

}  // namespace

MigrateOptions migrate_options(const Args& args) {
  using InDoubt = runtime::Options::InDoubt;
  MigrateOptions options;
  options.target = args.argument(0);
  options.sql = args.has("sql");
  options.dry_run = args.has("dry-run");
  options.arguments = args.values("x");
  if (const auto value = args.value("in-doubt")) {
    options.in_doubt = *value == "rerun" ? InDoubt::kRerun : InDoubt::kSkip;
  }
  if (const auto value = args.value("max-wait")) {
    options.max_wait = duration_option("max-wait", *value);
  }
  if (options.sql && options.dry_run) {
    throw Error(ErrorCode::kUsage, "--sql asks no database and --dry-run asks one: choose");
  }
  if (args.has("json") && !options.dry_run) {
    throw Error(ErrorCode::kUsage, "--json needs --dry-run here");
  }
  return options;
}

int migrate(Session& session, revision::Direction direction, const MigrateOptions& options,
            Output& output) {
  const bool up = direction == revision::Direction::kUpgrade;
  // Somebody who says which user the rows are to be given to must not find out afterwards.
  if (!options.arguments.empty() && !session.scripts().has_cpp()) {
    for (const std::string& value : options.arguments) {
      output.warning(
          fmt::format("-x {}: nothing reads it, SQL revisions know no arguments", value));
    }
  }
  if (options.sql) {
    const auto script = up ? runtime::upgrade_script : runtime::downgrade_script;
    output.print(
        script(session.scripts(), session.dialect(), session.runtime_options(), options.target));
    return 0;
  }
  runtime::Options run = session.runtime_options();
  run.in_doubt = options.in_doubt;
  run.max_wait = options.max_wait;
  runtime::Migration& migration = session.migration(std::move(run));
  if (options.dry_run) return dry_run(session, direction, options, output);
  const auto steps = up ? migration.upgrade(options.target) : migration.downgrade(options.target);
  if (steps.empty()) output.info(fmt::format("Nothing to {}", to_string(direction)));
  return 0;
}

}  // namespace capo::cli
