// `--sql`: the run as text. Nothing connects; where the database stands is said by the range.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "revision/identifier.hpp"
#include "runtime/executor.hpp"
#include "runtime/migration.hpp"
#include "runtime/script_sink.hpp"
#include "runtime/survey.hpp"

namespace capo::runtime {

using revision::Direction;

namespace {

/// The database's only row, or none for base.
revision::Rows rows_at(const revision::Graph& graph, std::string_view symbol) {
  if (symbol.empty()) return {};
  const std::optional<revision::Node> node = revision::resolve_one(graph, symbol);
  return node ? revision::Rows{graph.id(*node)} : revision::Rows{};
}

/// A table that has no rows need not be there yet.
Start start_from(revision::Rows rows) {
  Start start;
  start.versions.table_exists = !rows.empty();
  start.versions.rows = std::move(rows);
  return start;
}

/// What the history up to there has made, should it be asked for.
Beginning history_to(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
                     const revision::Rows& rows) {
  Beginning beginning;
  beginning.schema = [&scripts, &dialect, rows] {
    std::vector<dialect::Statement> statements;
    for (const std::string& row : rows) {
      for (dialect::Statement& statement : history(scripts, dialect, row)) {
        statements.push_back(std::move(statement));
      }
    }
    return statements;
  };
  beginning.survey = [&scripts, &dialect, rows] {
    return survey_of_history(scripts, dialect, rows);
  };
  return beginning;
}

std::string script_of(const dialect::Dialect& dialect, const Options& options, Start start,
                      const std::vector<Work>& works) {
  Options of_script = options;
  of_script.origin = "script";
  ScriptSink sink(dialect, of_script, works);
  Executor executor(dialect, of_script, works, std::move(start), sink);
  executor.run();
  return sink.text();
}

std::pair<std::string, std::string> range(std::string_view target) {
  auto sides = revision::split_range(target);
  if (!sides) return {"", std::string(target)};
  if (sides->second.empty()) {
    throw Error(ErrorCode::kRevision, "the range " + std::string(target) + " has no end")
        .hint("write where to go to, as in " + sides->first + ":head or " + sides->first + ":base");
  }
  return *sides;
}

}  // namespace

std::vector<dialect::Statement> history(const script::ScriptDirectory& scripts,
                                        const dialect::Dialect& dialect, std::string_view target) {
  std::vector<dialect::Statement> statements;
  Compiler compiler(scripts, dialect);
  const std::vector<revision::Step> steps = revision::plan_upgrade(scripts.graph(), {}, target);
  for (const Work& work : compiler.compile(steps, {})) {
    const std::vector<dialect::Statement>& more = work.body->statements;
    statements.insert(statements.end(), more.begin(), more.end());
  }
  return statements;
}

std::vector<PlannedStep> revisions_between(const script::ScriptDirectory& scripts,
                                           const dialect::Dialect& dialect,
                                           const revision::Rows& rows, std::string_view target,
                                           bool online) {
  std::vector<PlannedStep> all;
  Compiler compiler(scripts, dialect, online);
  const std::vector<revision::Step> steps = revision::plan_upgrade(scripts.graph(), rows, target);
  Beginning start = history_to(scripts, dialect, rows);
  start.is_run_each = true;
  for (const Work& work : compiler.compile(steps, std::move(start))) {
    all.push_back({work.step, work.body->statements});
  }
  return all;
}

std::string upgrade_script(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
                           const Options& options, std::string_view target) {
  const auto [from, to] = range(target);
  revision::Rows rows = rows_at(scripts.graph(), from);
  const std::vector<revision::Step> steps = revision::plan_upgrade(scripts.graph(), rows, to);
  Compiler compiler(scripts, dialect, options.online);
  const std::vector<Work> works = compiler.compile(steps, history_to(scripts, dialect, rows));
  return script_of(dialect, options, start_from(std::move(rows)), works);
}

std::string downgrade_script(const script::ScriptDirectory& scripts,
                             const dialect::Dialect& dialect, const Options& options,
                             std::string_view target) {
  if (!revision::split_range(target)) {
    throw Error(ErrorCode::kRevision, "downgrade with --sql requires <fromrev>:<torev>");
  }
  const auto [from, to] = range(target);
  revision::Rows rows = rows_at(scripts.graph(), from);
  const std::vector<revision::Step> steps = revision::plan_downgrade(scripts.graph(), rows, to);
  Compiler compiler(scripts, dialect, options.online);
  const std::vector<Work> works = compiler.compile(steps, history_to(scripts, dialect, rows));
  return script_of(dialect, options, start_from(std::move(rows)), works);
}

std::string stamp_script(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
                         const Options& options, const std::vector<std::string>& targets) {
  std::optional<std::string> from;
  std::vector<std::string> to;
  for (const std::string& target : targets) {
    auto sides = revision::split_range(target);
    if (!sides) {
      to.push_back(target);
      continue;
    }
    if (from && *from != sides->first) {
      throw Error(ErrorCode::kRevision,
                  "Stamp operation with --sql only supports a single starting revision at a time");
    }
    from = sides->first;
    to.push_back(sides->second.empty() ? "base" : sides->second);
  }
  revision::Rows rows = rows_at(scripts.graph(), from.value_or(""));
  const std::vector<revision::Step> steps = revision::plan_stamp(scripts.graph(), rows, to);
  Compiler compiler(scripts, dialect);
  return script_of(dialect, options, start_from(std::move(rows)), compiler.compile(steps, {}));
}

std::string ensure_version_script(const dialect::Dialect& dialect, const Options& options) {
  return script_of(dialect, options, {}, {});
}

}  // namespace capo::runtime
