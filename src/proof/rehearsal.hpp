#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "dialect/observer.hpp"
#include "proof/lock_log.hpp"
#include "runtime/migration.hpp"

/// A plan carried out on a copy, and watched.
namespace capo::proof {

struct RehearsedStatement {
  std::string revision = {};
  int number = 0;        ///< of the revision, from 1
  std::string sql = {};  ///< of a data step, what it says of itself
  SourcePosition origin = {};
  std::optional<std::chrono::milliseconds> took = {};  ///< none: it failed, or was never reached
};

/// A relation that lies in another file afterwards: it was written anew.
struct Rewrite {
  std::string relation = {};
  std::string kind = {};
  long long bytes = 0;  ///< of the copy, before
};

struct RehearsalReport {
  std::vector<std::string> revisions = {};  ///< in the order in which they ran
  std::vector<RehearsedStatement> statements = {};
  std::vector<HeldLock> locks = {};  ///< `statement` counts in `statements`, from 1
  std::vector<Rewrite> rewrites = {};
  bool is_watched = false;  ///< false: this database shows no locks
  std::chrono::milliseconds took{0};
  std::optional<Error> error = {};  ///< what it ended with
};

struct RehearsalRequest {
  const dialect::Dialect& dialect;
  dialect::ConnectOptions options = {};  ///< of the copy
  std::string target = {};
  /// Makes what runs the revisions there and tells `events`.
  std::function<std::shared_ptr<runtime::Migration>(runtime::Events&)> migration = {};
  base::Clock& clock;
};

/// Upgrades the copy. What a revision does wrong is in the report; throws Error{kConnection},
/// {kCancelled} and what else is no fault of the plan.
RehearsalReport rehearse(const RehearsalRequest& request);

}  // namespace capo::proof
