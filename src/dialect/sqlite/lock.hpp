#pragma once

#include <memory>
#include <string>

#include "dialect/connection.hpp"

namespace capo::dialect::sqlite {

/// One deployer at a time: an exclusive flock() on the file `<database>-capo-lock` beside the
/// database, which is removed on release. It holds the deployer's process number, for those who
/// wait. A database in memory needs no lock. Throws Error{kLocked} after `request.max_wait`,
/// {kCancelled} if told to stop, {kConnection} if the lock file cannot be made.
std::unique_ptr<DeploymentLock> lock(Connection& connection, const ConnectOptions& options,
                                     const LockRequest& request);

/// See Dialect::lock_holder().
std::string lock_holder(Connection& connection, const ConnectOptions& options,
                        const LockRequest& request);

}  // namespace capo::dialect::sqlite
