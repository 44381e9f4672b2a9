#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/system.hpp"
#include "dialect/connection.hpp"

/// Waiting for a lock by asking for it again and again: a wait that holds nothing itself, and that
/// can be stopped.
namespace capo::dialect {

struct LockWait {
  std::string what = {};                     ///< for errors: "the deployment lock of app.db"
  std::function<bool()> attempt = {};        ///< takes the lock if it is free
  std::function<std::string()> holder = {};  ///< who holds it, for a person
  std::string hint = {};                     ///< for Error{kLocked}
};

/// Comes back when `attempt` was true. In between pauses that grow to a quarter of a second, with
/// some chance in them so that twenty who wait do not ask at once. Throws as LockRequest says.
void wait_for_lock(const LockWait& wait, const LockRequest& request,
                   const std::function<bool()>& stop_requested);

/// Between half of `pause` and all of it.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds pause, base::Random& random);

}  // namespace capo::dialect
