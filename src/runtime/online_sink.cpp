#include "runtime/online_sink.hpp"

#include <algorithm>
#include <utility>

#include "runtime/backfill.hpp"
#include "runtime/data_step.hpp"
#include "runtime/executor.hpp"

namespace capo::runtime {

using dialect::Result;
using revision::VersionChange;
using std::chrono::milliseconds;

namespace {

milliseconds since(std::chrono::steady_clock::time_point start, base::Clock& clock) {
  return std::chrono::duration_cast<milliseconds>(clock.monotonic() - start);
}

int ordinal(std::size_t step) { return static_cast<int>(step) + 1; }

bool same_rows(revision::Rows a, revision::Rows b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

}  // namespace

OnlineSink::OnlineSink(dialect::Connection& connection, const dialect::Dialect& dialect,
                       const Options& options, const std::vector<Work>& works, Events& events,
                       base::Clock& clock, const StopFlag& stop)
    : connection_(connection),
      dialect_(dialect),
      works_(works),
      arguments_(options.arguments),
      events_(events),
      clock_(clock),
      stop_(stop),
      one_by_one_(options.one_by_one),
      is_one_transaction_(share_transaction(dialect, options)),
      version_table_(dialect, options),
      watches_(works.size()) {
  if (options.journal) journal_.emplace(dialect, options);
}

void OnlineSink::take_locks_by(TableLocks& locks, bool can_carry_on) {
  // To find out what a long history needs takes a tenth of its time. From an empty database on, it
  // is alone with what it makes.
  if (LockNeeds::is_long(works_) && locks.queue().is_empty(connection_)) return;
  locks_ = &locks;
  can_carry_on_ = can_carry_on;
  needs_.emplace(dialect_, works_, is_one_transaction_);
}

// The deployment lock keeps other capos out. Where the transaction itself keeps everybody else out,
// it costs next to nothing to see that Alembic has not been here either.
bool OnlineSink::begin(const Versions& expected, bool foreign_keys_off) {
  check_stop();
  const std::optional<Place> ahead = std::exchange(ahead_, std::nullopt);
  is_limited_ = has_limits_ = false;
  if (needs_ && ahead && locks_->wait_for(needs_->of_transaction(*ahead), connection_)) {
    const Versions found = read_versions();
    if (found.table_exists != expected.table_exists || !same_rows(found.rows, expected.rows)) {
      return false;
    }
  }
  if (foreign_keys_off) {
    connection_.begin_without_foreign_keys();
  } else {
    connection_.begin();
  }
  if (connection_.backend_pid() != 0) return true;
  const Versions found = read_versions();
  if (found.table_exists == expected.table_exists && same_rows(found.rows, expected.rows)) {
    return true;
  }
  connection_.rollback();
  return false;
}

Versions OnlineSink::read_versions() {
  try {
    Versions versions{.table_exists = true};
    for (const dialect::Row& row : connection_.query(version_table_.select()).rows) {
      versions.rows.push_back(row.at(0).value_or(""));
    }
    return versions;
  } catch (const Error& error) {
    if (!dialect_.is_missing_table(error)) throw;
    return {};
  }
}

void OnlineSink::commit() {
  check_stop();
  in_commit_ = true;
  connection_.commit();
  in_commit_ = false;
  if (has_limits_) locks_->start_over();
}

void OnlineSink::settle() {
  connection_.flush();
  check_counts();
}

void OnlineSink::start(std::size_t step) {
  step_ = step;
  if (queue_.empty()) announce(step);
}

void OnlineSink::finish(std::size_t step) {
  step_.reset();
  if (queue_.empty()) {
    conclude(step);
  } else {
    queue_.back().ends_step = true;
  }
}

void OnlineSink::run(std::size_t step, int number) {
  const dialect::Statement& statement = works_[step].statement(number);
  limit_wait(is_limited({step, number}));
  if (statement.data_step != nullptr) return call({.step = step, .number = number}, statement);
  send({.step = step, .number = number}, statement.sql);
}

void OnlineSink::run_alone(std::size_t step, int number) {
  const dialect::Statement& statement = works_[step].statement(number);
  if (statement.backfill != nullptr) {
    return fill({.step = step, .number = number}, *statement.backfill);
  }
  if (statement.data_step != nullptr) return call({.step = step, .number = number}, statement);
  send_alone({.step = step, .number = number}, statement.sql);
}

void OnlineSink::own(const OwnStatement& own) {
  limit_wait(false);
  send({.step = step_, .own = own}, own.sql);
}

void OnlineSink::own_alone(const OwnStatement& own) {
  send_alone({.step = step_, .own = own}, own.sql);
}

void OnlineSink::send(Sent sent, std::string_view sql) {
  check_stop();
  check_counts();
  queue_.push_back(std::move(sent));
  if (queue_.size() == 1) announce_front();
  const auto duration =
      queue_.back().number > 0 ? dialect::Duration::kAny : dialect::Duration::kTiny;
  connection_.enqueue(
      sql, {}, [this](const Result& result) { done(result); }, duration);
  if (one_by_one_) connection_.flush();
}

/// A data step sees what was sent before it, and waits for its own answers.
void OnlineSink::call(Sent sent, const dialect::Statement& statement) {
  settle();
  check_stop();
  queue_.push_back(std::move(sent));
  announce_front();
  run_data_step(statement, {.connection = connection_,
                            .dialect = dialect_,
                            .arguments = arguments_,
                            .events = events_,
                            .stop = stop_});
  done({});
}

/// It begins and commits its own transactions.
void OnlineSink::fill(Sent sent, const Backfill& backfill) {
  settle();
  check_stop();
  const revision::Step& step = works_[*sent.step].step;
  const StatementName name{step.revision, step.direction, sent.number};
  queue_.push_back(std::move(sent));
  announce_front();
  BackfillRun run(backfill, {.connection = connection_,
                             .dialect = dialect_,
                             .journal = journal_ ? &*journal_ : nullptr,
                             .name = name,
                             .events = events_,
                             .clock = clock_,
                             .stop = stop_});
  try {
    run.run();
  } catch (...) {
    backfilled_ = run.progress();
    throw;
  }
  done({});
}

void OnlineSink::send_alone(Sent sent, std::string_view sql) {
  settle();
  check_stop();
  const std::optional<std::size_t> step = sent.step;
  const int number = sent.number;
  queue_.push_back(std::move(sent));
  announce_front();
  done(needs_ && step && number > 0 ? execute_patiently({*step, number}, sql)
                                    : connection_.execute_alone(sql));
}

/// Nothing is held meanwhile, and nothing is left of an attempt that fails.
Result OnlineSink::execute_patiently(Place place, std::string_view sql) {
  const std::vector<dialect::LockNeed>& needs = needs_->of(place);
  const dialect::LockQueue& queue = locks_->queue();
  while (!needs.empty()) {
    locks_->wait_for(needs, connection_);
    try {
      const Result result = execute_within(locks_->timeout(), sql);
      locks_->start_over();
      return result;
    } catch (const Error& error) {
      if (!queue.is_timeout(error) && !queue.is_deadlock(error)) throw;
      locks_->failed();
    }
  }
  const std::optional<std::string> longest = locks_->longest_wait();
  if (!longest || needs_->is_left_alone(place.step)) return connection_.execute_alone(sql);
  try {
    return execute_within(*longest, sql);
  } catch (const Error& error) {
    if (!queue.is_timeout(error)) throw;
    throw locks_->gave_up(error);
  }
}

Result OnlineSink::execute_within(const std::string& timeout, std::string_view sql) {
  const dialect::LockQueue& queue = locks_->queue();
  const std::string before = queue.look(connection_, {}).lock_timeout;
  queue.set_session_timeout(connection_, timeout, true);
  Result result;
  try {
    result = connection_.execute_alone(sql);
  } catch (const Error&) {
    try {
      queue.set_session_timeout(connection_, before, false);
    } catch (const Error&) {
      // A connection that is gone has no settings; what it was lost by is told.
    }
    throw;
  }
  queue.set_session_timeout(connection_, before, false);
  return result;
}

bool OnlineSink::is_limited(Place place) {
  if (!needs_ || (!can_carry_on_ && works_[place.step].is_open())) return false;
  return !needs_->of(place).empty();
}

/// For the statement that comes next in the transaction. Sent only where it changes.
void OnlineSink::limit_wait(bool is_limited) {
  has_limits_ = has_limits_ || is_limited;
  if (is_limited == is_limited_ || (is_limited && locks_->is_timeout_of_session())) return;
  is_limited_ = is_limited;
  connection_.enqueue(
      locks_->queue().set_timeout(is_limited ? locks_->timeout() : locks_->session_timeout()), {},
      {}, dialect::Duration::kTiny);
}

bool OnlineSink::may_try_again(const Error& error) {
  const std::optional<Sent> sent = failed();
  if (!needs_ || !sent || !sent->step) return false;
  if (locks_->queue().is_deadlock(error)) {
    return has_limits_ && (can_carry_on_ || !works_[*sent->step].is_open());
  }
  return locks_->queue().is_timeout(error) && sent->number > 0 &&
         is_limited({*sent->step, sent->number});
}

/// The statement in front has succeeded.
void OnlineSink::done(const Result& result) {
  const Sent sent = std::move(queue_.front());
  queue_.pop_front();
  if (sent.number > 0) {
    events_.statement_finished(sent.number, works_[*sent.step].count(),
                               since(statement_since_, clock_));
  }
  const bool counted = sent.own.kind == OwnStatement::Kind::kVersionRow &&
                       sent.own.change.kind != VersionChange::Kind::kInsert;
  if (counted && result.affected != 1 && !miscounted_) {
    miscounted_ = sent;
    miscount_ = result.affected;
  }
  if (sent.ends_step) conclude(*sent.step);
  if (!queue_.empty()) announce_front();
  // Whoever set the flag interrupts the statement that is running; it may end before that.
  if (stop_ != 0) connection_.cancel();
}

/// The server has come to the statement in front.
void OnlineSink::announce_front() {
  const Sent& sent = queue_.front();
  if (sent.step && announced_ != sent.step) announce(*sent.step);
  if (sent.number == 0) return;
  statement_since_ = clock_.monotonic();
  events_.statement_started(works_[*sent.step].statement(sent.number), sent.number,
                            works_[*sent.step].count());
}

void OnlineSink::announce(std::size_t step) {
  announced_ = step;
  watches_[step].since = clock_.monotonic();
  watches_[step].times.started = clock_.now();
  events_.step_started(works_[step].step, ordinal(step), static_cast<int>(works_.size()));
}

void OnlineSink::conclude(std::size_t step) {
  watches_[step].times.finished = clock_.now();
  watches_[step].finished = true;
  events_.step_finished(works_[step].step, ordinal(step), static_cast<int>(works_.size()),
                        since(watches_[step].since, clock_));
}

std::optional<Times> OnlineSink::times(std::size_t step) const {
  Times times = watches_[step].times;
  if (!watches_[step].finished) times.finished = clock_.now();
  return times;
}

std::optional<Sent> OnlineSink::failed() const {
  if (miscounted_) return miscounted_;
  if (queue_.empty()) return std::nullopt;
  return queue_.front();
}

void OnlineSink::check_stop() const {
  if (stop_ != 0) throw Error(ErrorCode::kCancelled, "stopped");
}

/// Not thrown where it is found: that is in the middle of the connection's own work.
void OnlineSink::check_counts() {
  if (miscounted_) throw version_table_.wrong_count(miscounted_->own.change, miscount_);
}

}  // namespace capo::runtime
