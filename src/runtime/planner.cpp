#include "runtime/planner.hpp"

#include <algorithm>
#include <utility>

#include "runtime/backfill_outlook.hpp"
#include "runtime/resume.hpp"
#include "runtime/survey.hpp"

namespace capo::runtime {

using revision::Direction;
using revision::Step;

namespace {

Ran what_ran(const OpenRevision& open) {
  Ran ran;
  for (const StatementRow& row : open.statements) {
    const bool is_known = has_run(row) || row.outcome == to_string(Outcome::kStarted);
    if (!is_known || row.statement < 1) continue;
    const auto count = static_cast<std::size_t>(row.statement);
    if (ran.done.size() < count) {
      ran.done.resize(count);
      ran.checksums.resize(count);
    }
    ran.done[count - 1] = has_run(row);
    ran.checksums[count - 1] = row.checksum;
  }
  return ran;
}

}  // namespace

std::vector<Step> Planner::steps(const Reading& reading, Direction direction,
                                 std::string_view target, std::string& warning) const {
  const revision::Rows& rows = reading.versions.rows;
  return direction == Direction::kUpgrade
             ? revision::plan_upgrade(scripts_.graph(), rows, target)
             : revision::plan_downgrade(scripts_.graph(), rows, target, &warning);
}

bool Planner::is_fulfilled(const Reading& reading, Direction direction,
                           std::string_view target) const {
  std::string warning;
  return steps(reading, direction, target, warning).empty() && reading.versions.table_exists &&
         half_done(reading, scripts_.graph()) == nullptr;
}

Plan Planner::plan(const Reading& reading, Direction direction, std::string_view target,
                   dialect::Connection* connection) {
  std::string warning;
  std::vector<Step> planned = steps(reading, direction, target, warning);
  Plan plan;
  if (const OpenRevision* open = half_done(reading, scripts_.graph())) {
    if (open->half_done.direction != direction) {
      throw half_done_error(open->half_done, scripts_.graph());
    }
    plan = plan_with_half_done(reading, *open, std::move(planned), *connection);
  } else {
    plan.works = compiler_.compile(planned, beginning(connection));
  }
  if (connection != nullptr) check_backfills(plan.works, *connection, dialect_);
  plan.warning = std::move(warning);
  return plan;
}

Plan Planner::plan_with_half_done(const Reading& reading, const OpenRevision& open,
                                  std::vector<Step> planned, dialect::Connection& connection) {
  const std::string& id = open.half_done.revision;
  const auto found = std::find_if(planned.begin(), planned.end(),
                                  [&](const Step& step) { return step.revision == id; });
  Plan plan;
  if (found != planned.begin() && found != planned.end() &&
      open.half_done.direction == Direction::kUpgrade) {
    planned = revision::plan_upgrade(scripts_.graph(), reading.versions.rows, id);
    plan.is_whole = false;
  }
  if (planned.empty() || planned.front().revision != id) {
    throw half_done_error(open.half_done, scripts_.graph());
  }
  // What has run of the first step is in the database already: only then can the rest be compiled.
  Ran ran = what_ran(open);
  const Work half = compiler_.compile({planned.front()}, beginning(&connection), ran).front();
  Resume resumption = resume(connection, dialect_, options_, open, half);
  ran.done = resumption.done;
  plan.works = compiler_.compile(planned, beginning(&connection), ran);
  plan.works.front().resume = std::move(resumption);
  return plan;
}

Beginning Planner::beginning(dialect::Connection* connection) const {
  Beginning beginning;
  beginning.schema = [this, connection] {
    std::vector<dialect::Statement> statements;
    if (connection != nullptr) statements = dialect_.read_schema(*connection);
    statements.insert(statements.end(), assumed_.begin(), assumed_.end());
    return statements;
  };
  if (options_.as_written) return beginning;
  beginning.survey = [this, connection] {
    lint::Survey survey = connection == nullptr ? lint::Survey(dialect_.name())
                                                : survey_of_database(dialect_, *connection);
    for (const dialect::Statement& statement : assumed_) survey.know(statement);
    return survey;
  };
  return beginning;
}

void Planner::assume(const std::vector<Work>& works) {
  for (const Work& work : works) {
    for (int number = 1; number <= work.count(); ++number) {
      const bool is_there = work.resume && work.resume->done[static_cast<std::size_t>(number - 1)];
      if (!is_there) assumed_.push_back(work.statement(number));
    }
  }
}

std::vector<Work> Planner::plan_take_back(const Reading& reading, std::string_view revision,
                                          dialect::Connection& connection) {
  if (const OpenRevision* open = half_done(reading, scripts_.graph())) {
    throw half_done_error(open->half_done, scripts_.graph());
  }
  return compiler_.compile(
      {revision::plan_take_back(scripts_.graph(), reading.versions.rows, revision)},
      beginning(&connection));
}

std::vector<Work> Planner::plan_stamp(const revision::Rows& rows,
                                      const std::vector<std::string>& targets) {
  return compiler_.compile(revision::plan_stamp(scripts_.graph(), rows, targets), {});
}

}  // namespace capo::runtime
