#pragma once

#include <optional>
#include <vector>

#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "runtime/executor.hpp"
#include "runtime/online_sink.hpp"
#include "runtime/work.hpp"

/// What happens after a run has failed: it is rolled back, the journal is told, and the user is.
namespace capo::runtime {

/// What is known of a run that failed.
struct Failure {
  const std::vector<Work>& works;
  const Executor& executor;
  std::optional<Sent> sent = {};         ///< the statement at fault; none if it was BEGIN or COMMIT
  std::optional<std::size_t> step = {};  ///< the step that was being sent
  bool in_commit = false;
  /// What a failed statement outside a transaction left behind.
  dialect::Aftermath aftermath = {};
  /// How far the backfill has come that failed.
  std::optional<BackfillProgress> backfilled = {};
  /// What the same call had carried out before this run.
  std::vector<revision::Step> carried_before = {};

  /// Steps that had run and were taken back, because another that they belong with failed.
  std::vector<int> taken_back = {};

  /// Number of the last statement of a half-done step that has run and stays; 0 if none has.
  int statements_kept() const;
  /// From 1; 0: none of the revision's own. A statement that is alone in its transaction can fail
  /// as late as in COMMIT: by a deferred constraint.
  int number_at_fault() const;
};

/// Rolls back, looks at what the failed statement left behind, and tells the journal in a
/// transaction of its own. Gives back the error as the user is to read it, with what went wrong on
/// the way.
Error clean_up(const Error& cause, Failure failure, const OnlineSink& sink,
               dialect::Connection& connection, const dialect::Dialect& dialect,
               const Options& options);

}  // namespace capo::runtime
