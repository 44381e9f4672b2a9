#include "runtime/take_back.hpp"

#include <chrono>
#include <string>

#include "base/system.hpp"
#include "dialect/lock_queue.hpp"
#include "runtime/journal.hpp"

namespace capo::runtime {
namespace {

/// The steps of the failed one's statement that have run, the last first; none if one of them
/// cannot be taken back.
std::vector<int> steps_before(const Failure& failure, const Work& work, int failed) {
  std::vector<int> steps;
  const int first = failed - work.statement(failed).gentle.number + 1;
  for (int number = failed - 1; number >= first; --number) {
    if (!failure.executor.statements_done()[static_cast<std::size_t>(number - 1)]) continue;
    if (!work.statement(number).gentle.undo) return {};
    steps.push_back(number);
  }
  return steps;
}

/// Asks for the locks that it needs for a moment at a time, so that nobody queues behind it for
/// long. Throws what the last attempt threw.
void execute_in_passing(dialect::Connection& connection, const dialect::Dialect& dialect,
                        const std::string& sql, base::Clock& clock) {
  constexpr int kMostTries = 30;
  constexpr std::chrono::milliseconds kPause{300};
  const dialect::LockQueue* queue = dialect.lock_queue();
  if (queue == nullptr || dialect.must_run_alone(sql)) {
    connection.execute_alone(sql);
    return;
  }
  const std::string before = queue->look(connection, {}).lock_timeout;
  queue->set_session_timeout(connection, "100ms", true);
  for (int tries = 1;; ++tries) {
    try {
      connection.execute_alone(sql);
      break;
    } catch (const Error& error) {
      if (queue->is_timeout(error) && tries < kMostTries) {
        clock.sleep(kPause);
        continue;
      }
      // It may be a connection of somebody else's.
      queue->set_session_timeout(connection, before, false);
      throw;
    }
  }
  queue->set_session_timeout(connection, before, false);
}

}  // namespace

void take_back_steps(Failure& failure, dialect::Connection& connection,
                     const dialect::Dialect& dialect, const Options& options) {
  const int failed = failure.number_at_fault();
  const std::size_t step = failure.executor.committed();
  if (failed == 0 || step >= failure.works.size() || !failure.executor.trail_begun()) return;
  const Work& work = failure.works[step];
  if (work.statement(failed).gentle.of == 0) return;
  if (!failure.aftermath.cleanup.empty()) {
    connection.execute_alone(failure.aftermath.cleanup);
    failure.aftermath = {};
  }
  const Journal journal(dialect, options);
  const auto forget = [&](int number) {
    connection.begin();
    connection.query(journal.take_back({work.step.revision, work.step.direction, number}));
    connection.commit();
  };
  base::RealClock clock;
  const std::vector<int> steps = steps_before(failure, work, failed);
  if (steps.empty()) return;
  if (failure.backfilled) {
    forget(failed);
    failure.backfilled.reset();
  }
  for (const int number : steps) {
    const std::string& undo = *work.statement(number).gentle.undo;
    if (!undo.empty()) execute_in_passing(connection, dialect, undo, clock);
    forget(number);
    failure.taken_back.push_back(number);
  }
}

}  // namespace capo::runtime
