#include "cli/migrate.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/survey.hpp"
#include "lint/gentle.hpp"
#include "lint/notes.hpp"
#include "revision/identifier.hpp"

namespace capo::cli {
namespace {

/// A statement of a plan, and what is said of it.
using Notes = std::vector<std::string>;

/// For each step, for each of its statements.
using PlanNotes = std::vector<std::vector<Notes>>;

base::Json to_json(const runtime::PlannedStep& planned, const std::vector<Notes>& notes) {
  base::Json statements = base::Json::array();
  for (std::size_t i = 0; i < planned.statements.size(); ++i) {
    const dialect::Statement& statement = planned.statements[i];
    base::Json entry = base::Json::object();
    entry.set("sql", statement.sql)
        .set("comment", base::Json::text_or_null(statement.comment))
        .set("transactional", statement.transactional)
        .set("data_step", statement.data_step != nullptr)
        .set("backfill", statement.backfill != nullptr)
        .set("notes", base::Json::strings(notes[i]))
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

void print_plan(const std::vector<runtime::PlannedStep>& plan, const PlanNotes& notes,
                Output& output) {
  if (plan.empty()) output.note("Nothing would run.");
  for (std::size_t step = 0; step < plan.size(); ++step) {
    const runtime::PlannedStep& planned = plan[step];
    output.line(fmt::format("-- {}\n", runtime::describe(planned.step)));
    for (std::size_t i = 0; i < planned.statements.size(); ++i) {
      const dialect::Statement& statement = planned.statements[i];
      for (const std::string& note : notes[step][i]) output.line(fmt::format("-- {}", note));
      for (const std::string_view line : base::split(statement.comment, '\n')) {
        if (!line.empty()) output.line(fmt::format("-- {}", line));
      }
      output.line(shown(statement));
    }
  }
}

/// Of capo's own statements nothing is said: they touch its own tables.
PlanNotes notes_of(Session& session, const std::vector<runtime::PlannedStep>& plan, bool plain) {
  std::optional<lint::Survey> survey;
  if (!plain && !plan.empty()) survey = survey_of_database(session);
  PlanNotes all;
  for (const runtime::PlannedStep& step : plan) {
    std::vector<Notes>& of_step = all.emplace_back();
    for (const dialect::Statement& statement : step.statements) {
      const bool is_own = statement.origin.file.empty();
      of_step.push_back(is_own || !survey ? Notes() : survey->notes_of_next(statement));
    }
  }
  return all;
}

int dry_run(Session& session, revision::Direction direction, const MigrateOptions& options,
            Output& output) {
  const auto plan = session.migration().dry_run(direction, options.target);
  const PlanNotes notes = notes_of(session, plan, options.plain);
  if (!output.json()) {
    print_plan(plan, notes, output);
    return 0;
  }
  base::Json steps = base::Json::array();
  for (std::size_t i = 0; i < plan.size(); ++i) steps.add(to_json(plan[i], notes[i]));
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
  options.plain = args.has("plain");
  options.online = args.has("online");
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
  if (options.plain && !options.sql && !options.dry_run) {
    throw Error(ErrorCode::kUsage, "--plain needs --sql or --dry-run");
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
  if (options.online && !lint::has_gentle_way(session.dialect())) {
    output.warning(
        fmt::format("--online: changes nothing on {}, where one who writes keeps all "
                    "others from writing",
                    session.dialect().name()));
  }
  if (options.sql) {
    const auto script = up ? runtime::upgrade_script : runtime::downgrade_script;
    runtime::Options of_script = session.runtime_options();
    of_script.online = of_script.online || options.online;
    std::optional<lint::Survey> survey;
    if (!options.plain) {
      // Surveyed when first asked: a range that cannot be is refused by the script itself.
      of_script.notes = [&](const dialect::Statement& statement) {
        const auto sides = revision::split_range(options.target);
        if (!survey) survey = survey_of_history(session, sides ? sides->first : "");
        return survey->notes_of_next(statement);
      };
    }
    output.print(script(session.scripts(), session.dialect(), of_script, options.target));
    return 0;
  }
  runtime::Options run = session.runtime_options();
  run.in_doubt = options.in_doubt;
  run.max_wait = options.max_wait.value_or(run.max_wait);
  run.online = run.online || options.online;
  runtime::Migration& migration = session.migration(std::move(run));
  if (options.dry_run) return dry_run(session, direction, options, output);
  const auto steps = up ? migration.upgrade(options.target) : migration.downgrade(options.target);
  if (steps.empty()) output.info(fmt::format("Nothing to {}", to_string(direction)));
  return 0;
}

}  // namespace capo::cli
