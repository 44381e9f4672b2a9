#pragma once

#include <memory>
#include <string>

#include "dialect/connection.hpp"

namespace capo::dialect::postgresql {

/// One deployer at a time: a session advisory lock on a connection of its own, whose key covers
/// database, schema and version table, and a second one on `connection`, so that a statement that a
/// killed deployer left running on the server is waited for as well. `connection` must not be in a
/// transaction and must outlive the lock. Throws Error{kLocked} after `request.max_wait`,
/// {kCancelled} if told to stop, {kConnection}, and {kUnsupported} behind a proxy that hands out a
/// server's process for one transaction only: there, no session lock holds.
std::unique_ptr<DeploymentLock> lock(Connection& connection, const ConnectOptions& options,
                                     const LockRequest& request);

/// True if a proxy lends out a server's process for one transaction at a time, as far as a number
/// of looks through two connections can tell.
bool processes_are_lent(Connection& one, Connection& other);

/// See Dialect::lock_holder().
std::string lock_holder(Connection& connection, const ConnectOptions& options,
                        const LockRequest& request);

}  // namespace capo::dialect::postgresql
