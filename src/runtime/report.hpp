#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "runtime/executor.hpp"
#include "runtime/online_sink.hpp"
#include "runtime/work.hpp"

namespace capo::runtime {

/// What is known when a run has failed, after it was rolled back.
struct Failure {
  const std::vector<Work>& works;
  const Executor& executor;
  std::optional<Sent> sent = {};         ///< the statement at fault; none if it was BEGIN or COMMIT
  std::optional<std::size_t> step = {};  ///< the step that was being sent
  bool in_commit = false;
  /// What a failed statement outside a transaction left behind.
  dialect::Aftermath aftermath = {};
  /// What the same call had carried out before this run.
  std::vector<revision::Step> carried_before = {};

  /// Number of the last statement of a half-done step that has run and stays; 0 if none has.
  int statements_kept() const;
};

/// The error as the user is to read it: which statement of which revision it was, and where in the
/// file; what was rolled back and where the database stands; what to do next.
Error explain(const Error& cause, const Failure& failure, const dialect::Dialect& dialect);

}  // namespace capo::runtime
