#include "runtime/migration.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "revision/identifier.hpp"
#include "runtime/backfill_outlook.hpp"
#include "runtime/executor.hpp"
#include "runtime/failure.hpp"
#include "runtime/gentle_way.hpp"
#include "runtime/list_sink.hpp"
#include "runtime/online_sink.hpp"
#include "runtime/planner.hpp"
#include "runtime/resume.hpp"
#include "runtime/state.hpp"
#include "runtime/table_locks.hpp"

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

struct Migration::Impl {
  const script::ScriptDirectory& scripts;
  const dialect::Dialect& dialect;
  dialect::ConnectOptions connect_options;
  Options options;
  Events& events;
  base::Clock& clock;
  const StopFlag& stop;
  Planner planner = Planner(scripts, dialect, options);
  std::mutex guard = {};  // of `connection`, which cancel() uses from another thread
  std::unique_ptr<dialect::Connection> connection = {};
  bool race_lost = false;
  std::optional<TableLocks> table_locks = {};  // where waiting for a table is more than that
  bool locked_out = false;                     // the last plan met others' locks, and is made again

  void connect();
  void begin_run();
  Reading read_database();
  dialect::LockRequest lock_request() const;
  std::unique_ptr<dialect::DeploymentLock> lock();
  std::string deployer();

  void report_edits(const Reading& reading);

  std::vector<Step> migrate(Direction direction, std::string_view target);
  std::vector<Step> take_back(std::string_view revision);
  std::vector<Work> plan_stamp(const std::vector<std::string>& targets, bool purge, Start& start);
  std::vector<Step> stamp(const std::vector<std::string>& targets, bool purge);
  std::vector<PlannedStep> dry_run(Direction direction, std::string_view target);
  void look_ahead(dialect::Statement& statement);
  void announce(const Plan& plan) const;
  void refuse_gentle_without_journal(const Plan& plan) const;
  void check_moved(const std::vector<Work>& works, const std::set<StepKey>& expected,
                   const std::vector<Step>& carried) const;
  bool carry_out(const std::vector<Work>& works, const Start& start, std::vector<Step>& carried,
                 bool can_carry_on = false);
  Error purge_alone(Error error);
  bool lost_race(const Error& cause, const OnlineSink& sink, const Executor& executor);
};

void Migration::Impl::connect() {
  if (connection) return;
  std::unique_ptr<dialect::Connection> connected = dialect.connect(connect_options);
  events.info("Context impl " + std::string(dialect.impl_name()) + ".");
  events.info(dialect.transactional_ddl() ? "Will assume transactional DDL."
                                          : "Will assume non-transactional DDL.");
  if (const dialect::LockQueue* queue = dialect.lock_queue()) {
    table_locks.emplace(*queue, options, connect_options.lock_timeout, events, clock, stop);
  }
  const std::lock_guard hold(guard);
  connection = std::move(connected);
  // cancel() may have come while there was nothing to cancel yet.
  if (stop != 0) throw Error(ErrorCode::kCancelled, "stopped after connecting to the database");
}

void Migration::Impl::begin_run() {
  connect();
  locked_out = false;
  if (table_locks) table_locks->start_over();
}

/// For what only looks: a database that is not there yet is an empty one.
Reading Migration::Impl::read_database() {
  if (!connection && dialect.is_missing_database(connect_options)) return {};
  connect();
  try {
    return read(*connection, dialect, options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kCancelled) throw;
    throw Error(ErrorCode::kCancelled, "interrupted while looking at the database");
  }
}

dialect::LockRequest Migration::Impl::lock_request() const {
  dialect::LockRequest request;
  request.schema = options.version_table_schema;
  request.version_table = options.version_table;
  return request;
}

/// Who migrates this database right now, or "".
std::string Migration::Impl::deployer() {
  return dialect.lock_holder(*connection, connect_options, lock_request());
}

std::unique_ptr<dialect::DeploymentLock> Migration::Impl::lock() {
  if (!options.lock) return nullptr;
  dialect::LockRequest request = lock_request();
  request.max_wait = options.max_wait;
  request.on_wait = [this](std::string_view holder, std::chrono::milliseconds waited) {
    events.waiting(holder, waited);
    return stop == 0;
  };
  return dialect.lock(*connection, connect_options, request);
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
  begin_run();
  Reading reading = read_database();
  report_edits(reading);
  std::vector<Step> carried;
  // Most runs have nothing to do. They need no lock, and no second connection for it. A half-done
  // revision counts only under the lock: until then another deployer may be in the middle of it.
  if (planner.is_fulfilled(reading, direction, target)) return carried;
  const std::unique_ptr<dialect::DeploymentLock> held = lock();
  std::set<StepKey> expected;
  for (int plans = 0; plans < kMostPlans; plans += locked_out ? 0 : 1) {
    if (plans > 0 || locked_out || held) reading = read_database();
    Plan planned = planner.plan(reading, direction, target, connection.get());
    if (planned.works.empty() && reading.versions.table_exists) return carried;
    check_moved(planned.works, expected, carried);
    refuse_gentle_without_journal(planned);
    if (!std::exchange(locked_out, false)) announce(planned);
    const std::size_t carried_before = carried.size();
    const Start start = {.versions = reading.versions,
                         .journal_exists = reading.journal_exists,
                         .abandon = settled_elsewhere(reading, scripts.graph())};
    if (carry_out(planned.works, start, carried, options.journal) && planned.is_whole) {
      return carried;
    }
    if (planned.is_whole) expected = keys(planned.works, carried.size() - carried_before);
  }
  throw Error(ErrorCode::kLocked, "another program changes the version table all the time")
      .hint("end it and run the same command again");
}

std::vector<Step> Migration::Impl::take_back(std::string_view revision) {
  begin_run();
  const std::unique_ptr<dialect::DeploymentLock> held = lock();
  std::vector<Step> carried;
  for (int plans = 0; plans < kMostPlans; plans += std::exchange(locked_out, false) ? 0 : 1) {
    const Reading reading = read_database();
    const std::vector<Work> works = planner.plan_take_back(reading, revision, *connection);
    const Start start = {.versions = reading.versions,
                         .journal_exists = reading.journal_exists,
                         .abandon = settled_elsewhere(reading, scripts.graph())};
    if (carry_out(works, start, carried)) return carried;
  }
  throw Error(ErrorCode::kLocked, "another program changes the version table all the time");
}

/// Steps leave the revision half done if the run is cut; without the journal nobody would know.
void Migration::Impl::refuse_gentle_without_journal(const Plan& plan) const {
  if (options.journal) return;
  for (const Work& work : plan.works) {
    if (!work.is_gentle()) continue;
    throw Error(ErrorCode::kConfig,
                "revision " + work.step.revision +
                    " would run in gentle steps, which need the journal to be carried on with")
        .hint("set journal = true, or leave out online");
  }
}

void Migration::Impl::announce(const Plan& plan) const {
  if (!plan.warning.empty()) events.warning(plan.warning);
  for (const Work& work : plan.works) tell_of_gentle_way(work, events);
  if (plan.works.empty() || !plan.works.front().resume) return;
  const Work& first = plan.works.front();
  const std::vector<bool>& done = first.resume->done;
  const auto next = std::find(done.begin(), done.end(), false) - done.begin();
  std::string text = "Carrying on with the half-done ";
  text += title(first.step.direction, first.step.revision);
  if (next < first.count()) {
    text += " at statement " + std::to_string(next + 1) + " of " + std::to_string(first.count());
  }
  events.info(text);
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

/// Adds to `carried` what is committed. False if another program was faster, or holds a lock, and
/// all of it has to be looked at again.
bool Migration::Impl::carry_out(const std::vector<Work>& works, const Start& start,
                                std::vector<Step>& carried, bool can_carry_on) {
  OnlineSink sink(*connection, dialect, options, works, events, clock, stop);
  if (table_locks) sink.take_locks_by(*table_locks, can_carry_on);
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
    locked_out = sink.may_try_again(cause);
    if (!locked_out && !lost_race(cause, sink, executor)) {
      throw clean_up(cause, std::move(failure), sink, *connection, dialect, options);
    }
    if (locked_out) table_locks->failed();
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

std::vector<Work> Migration::Impl::plan_stamp(const std::vector<std::string>& targets, bool purge,
                                              Start& start) {
  Reading reading = read_database();
  start = {.versions = std::move(reading.versions),
           .journal_exists = reading.journal_exists,
           .purge = purge};
  for (const OpenRevision& open : reading.open) start.abandon.push_back(open.half_done);
  return planner.plan_stamp(purge ? revision::Rows() : start.versions.rows, targets);
}

std::vector<Step> Migration::Impl::stamp(const std::vector<std::string>& targets, bool purge) {
  connect();
  Start start;
  std::vector<Step> carried;
  std::vector<Work> works;
  try {
    works = plan_stamp(targets, purge, start);
  } catch (const Error& error) {
    // Where DDL cannot be rolled back, Alembic's purge stands even if what follows fails.
    const bool stands = purge && !dialect.transactional_ddl();
    if (!stands || error.code() != ErrorCode::kRevision) throw;
    throw purge_alone(error);
  }
  if (works.empty() && start.versions.table_exists && !purge && start.abandon.empty())
    return carried;
  const std::unique_ptr<dialect::DeploymentLock> held = lock();
  for (int plans = 0; plans < kMostPlans; ++plans) {
    if (plans > 0 || held) works = plan_stamp(targets, purge, start);
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
    Plan planned = planner.plan(reading, direction, target, connection.get());
    refuse_gentle_without_journal(planned);
    announce(planned);
    ListSink sink(dialect, planned.works);
    Executor executor(dialect, options, planned.works,
                      {.versions = reading.versions,
                       .journal_exists = reading.journal_exists,
                       .abandon = settled_elsewhere(reading, scripts.graph())},
                      sink);
    executor.run();
    for (PlannedStep& step : sink.take()) {
      for (dialect::Statement& statement : step.statements) look_ahead(statement);
      steps.push_back(std::move(step));
    }
    is_whole = planned.is_whole;
    planner.assume(planned.works);
    reading.versions = executor.versions();
    reading.journal_exists = executor.journal_exists();
    reading.open.clear();
  }
  return steps;
}

/// Of a backfill, a preview shows how much there is to do.
void Migration::Impl::look_ahead(dialect::Statement& statement) {
  if (statement.backfill == nullptr || !connection) return;
  statement.comment += "\n" + outlook(*statement.backfill, *connection, dialect);
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
                     .stop = stop}) {
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
    state.half_done->deployer = impl_->deployer();
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

std::vector<Step> Migration::take_back(std::string_view revision) {
  return impl_->take_back(revision);
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
