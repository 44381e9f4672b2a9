#include "runtime/migration.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "revision/identifier.hpp"
#include "runtime/executor.hpp"
#include "runtime/list_sink.hpp"
#include "runtime/online_sink.hpp"
#include "runtime/report.hpp"
#include "runtime/resume.hpp"
#include "runtime/state.hpp"
#include "runtime/work.hpp"

namespace capo::runtime {

using revision::Direction;
using revision::Step;

namespace {

/// How often a plan is made again because another program changes the version table all the time.
constexpr int kMostPlans = 100;

void refuse_range(std::string_view target) {
  if (revision::split_range(target)) {
    throw Error(ErrorCode::kRevision, "Range revision not allowed")
        .hint("a range from:to says where to start, which only --sql needs");
  }
}

using StepKey = std::pair<Direction, std::string>;

std::set<StepKey> keys(const std::vector<Work>& works, std::size_t from = 0) {
  std::set<StepKey> result;
  for (std::size_t i = from; i < works.size(); ++i) {
    result.emplace(works[i].step.direction, works[i].step.revision);
  }
  return result;
}

}  // namespace

/// A plan for the database as it was read.
struct Plan {
  std::vector<Work> works = {};
  /// After this there may be more to do: what is half done has its turn first.
  bool is_whole = true;
  std::string warning = {};
};

struct Migration::Impl {
  const script::ScriptDirectory& scripts;
  const dialect::Dialect& dialect;
  dialect::ConnectOptions connect_options;
  Options options;
  Events& events;
  base::Clock& clock;
  const StopFlag& stop;
  Compiler compiler;
  std::mutex guard = {};  // of `connection`, which cancel() uses from another thread
  std::unique_ptr<dialect::Connection> connection = {};
  bool race_lost = false;

  void connect();
  Reading read_database();
  std::unique_ptr<dialect::DeploymentLock> lock();

  Plan plan(const Reading& reading, Direction direction, std::string_view target);
  std::vector<Step> steps(const Reading& reading, Direction direction, std::string_view target,
                          std::string& warning) const;
  Plan plan_with_half_done(const Reading& reading, const OpenRevision& open,
                           std::vector<Step> planned);
  void report_edits(const Reading& reading);

  std::vector<Step> migrate(Direction direction, std::string_view target);
  std::vector<Step> stamp(const std::vector<std::string>& targets, bool purge);
  std::vector<PlannedStep> dry_run(Direction direction, std::string_view target);
  void check_moved(const std::vector<Work>& works, const std::set<StepKey>& expected,
                   const std::vector<Step>& carried) const;
  bool carry_out(const std::vector<Work>& works, const Start& start, std::vector<Step>& carried);
  Error purge_alone(Error error);
  bool lost_race(const Error& cause, const OnlineSink& sink, const Executor& executor);
  Error fail(const Error& cause, const OnlineSink& sink, Failure failure);
  void look_at_traces(Failure& failure);
  void record_failure(const Error& cause, const OnlineSink& sink, const Failure& failure);
};

void Migration::Impl::connect() {
  if (connection) return;
  std::unique_ptr<dialect::Connection> connected = dialect.connect(connect_options);
  events.info("Context impl " + std::string(dialect.impl_name()) + ".");
  events.info(dialect.transactional_ddl() ? "Will assume transactional DDL."
                                          : "Will assume non-transactional DDL.");
  const std::lock_guard hold(guard);
  connection = std::move(connected);
}

/// For what only looks: a database that is not there yet is an empty one.
Reading Migration::Impl::read_database() {
  if (!connection && dialect.is_missing_database(connect_options)) return {};
  connect();
  return read(*connection, dialect, options);
}

std::unique_ptr<dialect::DeploymentLock> Migration::Impl::lock() {
  if (!options.lock) return nullptr;
  dialect::LockRequest request;
  request.schema = options.version_table_schema;
  request.version_table = options.version_table;
  request.max_wait = options.max_wait;
  request.on_wait = [this](std::string_view holder, std::chrono::milliseconds waited) {
    events.waiting(holder, waited);
    return stop == 0;
  };
  return dialect.lock(*connection, connect_options, request);
}

std::vector<Step> Migration::Impl::steps(const Reading& reading, Direction direction,
                                         std::string_view target, std::string& warning) const {
  const revision::Rows& rows = reading.versions.rows;
  return direction == Direction::kUpgrade
             ? revision::plan_upgrade(scripts.graph(), rows, target)
             : revision::plan_downgrade(scripts.graph(), rows, target, &warning);
}

Plan Migration::Impl::plan(const Reading& reading, Direction direction, std::string_view target) {
  std::string warning;
  std::vector<Step> planned = steps(reading, direction, target, warning);
  Plan plan;
  if (const OpenRevision* open = half_done(reading, scripts.graph())) {
    if (open->half_done.direction != direction) {
      throw half_done_error(open->half_done, scripts.graph());
    }
    plan = plan_with_half_done(reading, *open, std::move(planned));
  } else {
    plan.works = compiler.compile(planned);
  }
  plan.warning = std::move(warning);
  return plan;
}

Plan Migration::Impl::plan_with_half_done(const Reading& reading, const OpenRevision& open,
                                          std::vector<Step> planned) {
  const std::string& id = open.half_done.revision;
  const auto found = std::find_if(planned.begin(), planned.end(),
                                  [&](const Step& step) { return step.revision == id; });
  Plan plan;
  if (found != planned.begin() && found != planned.end() &&
      open.half_done.direction == Direction::kUpgrade) {
    planned = revision::plan_upgrade(scripts.graph(), reading.versions.rows, id);
    plan.is_whole = false;
  }
  if (planned.empty() || planned.front().revision != id) {
    throw half_done_error(open.half_done, scripts.graph());
  }
  plan.works = compiler.compile(planned);
  plan.works.front().resume = resume(*connection, dialect, options, open, plan.works.front());
  return plan;
}

void Migration::Impl::report_edits(const Reading& reading) {
  for (const std::string& id : edited_revisions(reading, scripts)) {
    const std::string& path = scripts.script(id).path;
    const std::string text = "revision " + id + " was edited after it was applied";
    if (options.strict) {
      throw Error(ErrorCode::kRevision, text)
          .at({.file = path})
          .hint(
              "put the file back as it was and write a new revision for what has to change; "
              "without --strict this is a warning");
    }
    events.warning(text + ": " + path);
  }
}

std::vector<Step> Migration::Impl::migrate(Direction direction, std::string_view target) {
  refuse_range(target);
  connect();
  Reading reading = read_database();
  report_edits(reading);
  std::vector<Step> carried;
  // Most runs have nothing to do. They need no lock, and no second connection for it. A half-done
  // revision counts only under the lock: until then another deployer may be in the middle of it.
  std::string warning;
  if (steps(reading, direction, target, warning).empty() && reading.versions.table_exists &&
      half_done(reading, scripts.graph()) == nullptr) {
    return carried;
  }
  const std::unique_ptr<dialect::DeploymentLock> held = lock();
  std::set<StepKey> expected;
  for (int plans = 0; plans < kMostPlans; ++plans) {
    if (plans > 0 || held) reading = read_database();
    Plan planned = plan(reading, direction, target);
    if (planned.works.empty() && reading.versions.table_exists) return carried;
    check_moved(planned.works, expected, carried);
    if (!planned.warning.empty()) events.warning(std::exchange(planned.warning, {}));
    const std::size_t carried_before = carried.size();
    const Start start = {.versions = reading.versions, .journal_exists = reading.journal_exists};
    if (carry_out(planned.works, start, carried) && planned.is_whole) return carried;
    if (planned.is_whole) expected = keys(planned.works, carried.size() - carried_before);
  }
  throw Error(ErrorCode::kLocked, "another program changes the version table all the time")
      .hint("end it and run the same command again");
}

/// Another program may have carried out some of what is left to do, but it must not have changed
/// the way.
void Migration::Impl::check_moved(const std::vector<Work>& works, const std::set<StepKey>& expected,
                                  const std::vector<Step>& carried) const {
  if (carried.empty() || expected.empty()) return;
  const std::set<StepKey> now = keys(works);
  if (std::includes(expected.begin(), expected.end(), now.begin(), now.end())) return;
  throw Error(ErrorCode::kRevision, "another program changed the version table during the run")
      .hint("see `capo current`, then run the command again");
}

/// Adds to `carried` what is committed. False if another program was faster, and all of it has to
/// be looked at again.
bool Migration::Impl::carry_out(const std::vector<Work>& works, const Start& start,
                                std::vector<Step>& carried) {
  OnlineSink sink(*connection, dialect, options, works, events, clock, stop);
  Executor executor(dialect, options, works, start, sink);
  Failure failure = {.works = works, .executor = executor, .carried_before = carried};
  const auto add_committed = [&] {
    for (std::size_t i = 0; i < executor.committed(); ++i) carried.push_back(works[i].step);
  };
  bool is_done = false;
  try {
    is_done = executor.run();
  } catch (const Error& cause) {
    add_committed();
    if (!lost_race(cause, sink, executor)) {
      throw fail(cause, sink, std::move(failure));
    }
    connection->rollback();
    return false;
  } catch (...) {
    // What is on its way would come back to a sink that is gone.
    connection->rollback();
    throw;
  }
  add_committed();
  return is_done;
}

/// Another program made the version table between our look and our CREATE TABLE, which only happens
/// without the deployment lock, or with a program that knows nothing of it.
bool Migration::Impl::lost_race(const Error& cause, const OnlineSink& sink,
                                const Executor& executor) {
  const std::optional<Sent> sent = sink.failed();
  return cause.code() == ErrorCode::kDatabase && executor.committed() == 0 && sent &&
         sent->number == 0 && sent->own.kind == OwnStatement::Kind::kVersionTable &&
         !executor.versions().table_exists && !std::exchange(race_lost, true);
}

Error Migration::Impl::fail(const Error& cause, const OnlineSink& sink, Failure failure) {
  failure.sent = sink.failed();
  failure.step = sink.step();
  failure.in_commit = sink.in_commit();
  std::string trouble;
  try {
    connection->rollback();
    const bool is_gone =
        cause.code() == ErrorCode::kConnection || cause.code() == ErrorCode::kInDoubt;
    if (!is_gone) {
      look_at_traces(failure);
      record_failure(cause, sink, failure);
    }
  } catch (const Error& error) {
    connection->rollback();
    trouble = "\nAfter that, " + error.message();
  }
  Error error = explain(cause, failure, dialect);
  return error.detail(error.detail() + trouble);
}

/// A statement outside a transaction can fail and leave something behind all the same.
void Migration::Impl::look_at_traces(Failure& failure) {
  const Executor& executor = failure.executor;
  const int number = executor.bracketed();
  if (number == 0 || executor.statements_done()[static_cast<std::size_t>(number - 1)]) return;
  const Work& work = failure.works[executor.committed()];
  failure.aftermath = dialect.aftermath(*connection, work.statement(number).sql);
}

/// What failed is told to the journal in a transaction of its own, if there is a journal after the
/// rollback.
void Migration::Impl::record_failure(const Error& cause, const OnlineSink& sink,
                                     const Failure& failure) {
  const Executor& executor = failure.executor;
  if (!options.journal || !executor.journal_exists()) return;
  const std::size_t step =
      failure.sent && failure.sent->step ? *failure.sent->step : executor.committed();
  if (step >= failure.works.size()) return;
  const Work& work = failure.works[step];
  if (work.step.direction == Direction::kStamp) return;
  const Journal journal(dialect, options);
  JournalEntry entry{.revision = work.step.revision,
                     .direction = work.step.direction,
                     .statements = work.count(),
                     .checksum = work.body->checksum,
                     .outcome = Outcome::kFailed,
                     .times = sink.times(step),
                     .error = cause.message()};
  connection->begin();
  if (!executor.trail_begun()) {
    connection->query(journal.insert(std::span(&entry, 1)));
  } else {
    if (const int number = executor.bracketed(); number > 0) {
      JournalEntry statement = entry;
      statement.statement = number;
      if (executor.statements_done()[static_cast<std::size_t>(number - 1)]) {
        statement.outcome = Outcome::kDone;
        statement.error.clear();
      }
      connection->query(journal.finish(statement));
    }
    const bool is_clean = failure.statements_kept() == 0 && failure.aftermath.cleanup.empty();
    connection->query(is_clean ? journal.finish(entry)
                               : journal.note_error(entry.revision, entry.direction, entry.error));
  }
  connection->commit();
}

std::vector<Step> Migration::Impl::stamp(const std::vector<std::string>& targets, bool purge) {
  connect();
  const auto look = [&](Start& start) {
    Reading reading = read_database();
    start = {.versions = std::move(reading.versions),
             .journal_exists = reading.journal_exists,
             .purge = purge,
             .abandon = !reading.open.empty()};
    return compiler.compile(revision::plan_stamp(
        scripts.graph(), purge ? revision::Rows() : start.versions.rows, targets));
  };
  Start start;
  std::vector<Step> carried;
  std::vector<Work> works;
  try {
    works = look(start);
  } catch (const Error& error) {
    // Where DDL cannot be rolled back, Alembic's purge stands even if what follows fails.
    const bool stands = purge && !dialect.transactional_ddl();
    if (!stands || error.code() != ErrorCode::kRevision) throw;
    throw purge_alone(error);
  }
  if (works.empty() && start.versions.table_exists && !purge && !start.abandon) return carried;
  const std::unique_ptr<dialect::DeploymentLock> held = lock();
  for (int plans = 0; plans < kMostPlans; ++plans) {
    if (plans > 0 || held) works = look(start);
    if (carry_out(works, start, carried)) return carried;
  }
  throw Error(ErrorCode::kLocked, "another program changes the version table all the time");
}

/// The rows go, although what was asked for after them cannot be done. Gives the error that tells
/// of both.
Error Migration::Impl::purge_alone(Error error) {
  const std::unique_ptr<dialect::DeploymentLock> held = lock();
  std::vector<Step> none;
  for (int tries = 0; tries < kMostPlans; ++tries) {
    const Reading reading = read_database();
    const Start start = {
        .versions = reading.versions, .journal_exists = reading.journal_exists, .purge = true};
    if (carry_out({}, start, none)) break;
  }
  return error.detail("--purge was carried out: the version table has no rows now");
}

std::vector<PlannedStep> Migration::Impl::dry_run(Direction direction, std::string_view target) {
  refuse_range(target);
  Reading reading = read_database();
  report_edits(reading);
  std::vector<PlannedStep> steps;
  for (bool is_whole = false; !is_whole;) {
    Plan planned = plan(reading, direction, target);
    if (!planned.warning.empty()) events.warning(planned.warning);
    ListSink sink(dialect, planned.works);
    Executor executor(dialect, options, planned.works,
                      {.versions = reading.versions, .journal_exists = reading.journal_exists},
                      sink);
    executor.run();
    for (PlannedStep& step : sink.take()) steps.push_back(std::move(step));
    is_whole = planned.is_whole;
    reading.versions = executor.versions();
    reading.journal_exists = executor.journal_exists();
    reading.open.clear();
  }
  return steps;
}

Migration::Migration(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
                     dialect::ConnectOptions connect, Options options, Events& events,
                     base::Clock& clock, const StopFlag& stop)
    : impl_(new Impl{.scripts = scripts,
                     .dialect = dialect,
                     .connect_options = std::move(connect),
                     .options = std::move(options),
                     .events = events,
                     .clock = clock,
                     .stop = stop,
                     .compiler = Compiler(scripts, dialect)}) {
  impl_->connect_options.on_notice = [&events](const dialect::Notice& notice) {
    events.notice(notice);
  };
  impl_->connect_options.stop_requested = [&stop] { return stop != 0; };
}

Migration::~Migration() = default;

DatabaseState Migration::state() {
  const Reading reading = impl_->read_database();
  DatabaseState state;
  state.has_version_table = reading.versions.table_exists;
  state.rows = reading.versions.rows;
  if (const OpenRevision* open = half_done(reading, impl_->scripts.graph())) {
    state.half_done = open->half_done;
  }
  state.edited = edited_revisions(reading, impl_->scripts);
  return state;
}

std::vector<Step> Migration::upgrade(std::string_view target) {
  return impl_->migrate(Direction::kUpgrade, target);
}

std::vector<Step> Migration::downgrade(std::string_view target) {
  return impl_->migrate(Direction::kDowngrade, target);
}

std::vector<Step> Migration::stamp(const std::vector<std::string>& targets, bool purge) {
  return impl_->stamp(targets, purge);
}

void Migration::ensure_version_table() {
  impl_->connect();
  if (impl_->read_database().versions.table_exists) return;
  const std::unique_ptr<dialect::DeploymentLock> held = impl_->lock();
  std::vector<Step> none;
  for (int tries = 0; tries < kMostPlans; ++tries) {
    const Reading reading = impl_->read_database();
    if (reading.versions.table_exists) return;
    if (impl_->carry_out({}, {.versions = reading.versions}, none)) return;
  }
}

std::vector<PlannedStep> Migration::dry_run(Direction direction, std::string_view target) {
  return impl_->dry_run(direction, target);
}

void Migration::cancel() noexcept {
  const std::lock_guard hold(impl_->guard);
  if (impl_->connection) impl_->connection->cancel();
}

}  // namespace capo::runtime
