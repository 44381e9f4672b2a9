#include "runtime/failure.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "runtime/report.hpp"
#include "runtime/take_back.hpp"

namespace capo::runtime {

namespace {

bool ran(const Executor& executor, int number) {
  return executor.statements_done()[static_cast<std::size_t>(number - 1)];
}

/// A statement outside a transaction can fail and leave something behind all the same.
dialect::Aftermath look_at_traces(const Failure& failure, dialect::Connection& connection,
                                  const dialect::Dialect& dialect) {
  const int number = failure.executor.bracketed();
  if (number == 0 || ran(failure.executor, number)) return {};
  const Work& work = failure.works[failure.executor.committed()];
  const dialect::Statement& statement = work.statement(number);
  if (statement.runs_by_itself()) return {};
  return dialect.aftermath(connection, statement.sql);
}

class Record {
 public:
  Record(const Error& cause, const Failure& failure, const OnlineSink& sink,
         const dialect::Dialect& dialect, const Options& options)
      : failure_(failure), executor_(failure.executor), journal_(dialect, options) {
    step_ = failure.sent && failure.sent->step ? *failure.sent->step : executor_.committed();
    if (!options.journal || !executor_.journal_exists() || step_ >= failure.works.size()) return;
    const Work& work = failure.works[step_];
    if (work.step.direction == revision::Direction::kStamp) return;
    entry_ = {.revision = work.step.revision,
              .direction = work.step.direction,
              .statements = work.count(),
              .checksum = work.body->checksum,
              .outcome = Outcome::kFailed,
              .times = sink.times(step_),
              .error = cause.message()};
    is_wanted_ = true;
  }

  void write(dialect::Connection& connection) const {
    if (!is_wanted_) return;
    connection.begin();
    if (!executor_.trail_begun()) {
      connection.query(journal_.insert(std::span(&entry_, 1)));
    } else {
      end_statement(connection);
      end_step(connection);
    }
    connection.commit();
  }

 private:
  void end_statement(dialect::Connection& connection) const {
    const int number = executor_.bracketed();
    // A backfill that has begun is carried on with.
    if (number == 0 || failure_.backfilled) return;
    JournalEntry statement = entry_;
    statement.statement = number;
    if (ran(executor_, number)) {
      statement.outcome = Outcome::kDone;
      statement.error.clear();
    }
    connection.query(journal_.finish(statement));
  }

  /// If nothing of it is left, the step has simply failed; otherwise it stays open.
  void end_step(dialect::Connection& connection) const {
    const bool nothing_left = failure_.statements_kept() == 0 &&
                              failure_.aftermath.cleanup.empty() && !failure_.backfilled;
    connection.query(nothing_left
                         ? journal_.finish(entry_)
                         : journal_.note_error(entry_.revision, entry_.direction, entry_.error));
  }

  const Failure& failure_;
  const Executor& executor_;
  Journal journal_;
  std::size_t step_ = 0;
  JournalEntry entry_ = {};
  bool is_wanted_ = false;
};

/// What `action` fails with, as a line more for the user; the failure that led here comes first.
template <typename Action>
std::string trouble_of(const char* what, Action&& action) {
  try {
    action();
    return {};
  } catch (const Error& error) {
    return std::string("\n") + what + ": " + error.message();
  }
}

}  // namespace

int Failure::statements_kept() const {
  std::vector<bool> done = executor.statements_done();
  for (const int number : taken_back) done[static_cast<std::size_t>(number - 1)] = false;
  const auto last = std::find(done.rbegin(), done.rend(), true);
  return static_cast<int>(done.rend() - last);
}

int Failure::number_at_fault() const {
  if (sent) return sent->number;
  return in_commit ? executor.committing() : 0;
}

Error clean_up(const Error& cause, Failure failure, const OnlineSink& sink,
               dialect::Connection& connection, const dialect::Dialect& dialect,
               const Options& options) {
  failure.sent = sink.failed();
  failure.step = sink.step();
  failure.in_commit = sink.in_commit();
  failure.backfilled = sink.backfilled();
  const auto roll_back = [&] { connection.rollback(); };
  std::string trouble = trouble_of("The rollback failed as well", roll_back);
  const bool is_gone =
      cause.code() == ErrorCode::kConnection || cause.code() == ErrorCode::kInDoubt;
  if (!is_gone && trouble.empty()) {
    trouble = trouble_of("The journal does not know of it", [&] {
      failure.aftermath = look_at_traces(failure, connection, dialect);
      if (cause.code() == ErrorCode::kDatabase)
        take_back_steps(failure, connection, dialect, options);
      Record(cause, failure, sink, dialect, options).write(connection);
    });
    if (!trouble.empty()) trouble += trouble_of("The rollback of that failed as well", roll_back);
  }
  Error error = explain(cause, failure, dialect);
  return error.detail(error.detail() + trouble);
}

}  // namespace capo::runtime
