#pragma once

#include <memory>
#include <string>

#include "dialect/connection.hpp"

namespace capo::dialect::postgresql {

/// Connects with libpq. `options.parameters` are libpq's keywords (`sslmode`, `connect_timeout` in
/// seconds, 10 unless given; `host` may be repeated for several servers). What `options` leave out
/// comes from where libpq looks: PG… environment variables, the password file. Queued statements
/// cross the network as a pipeline; the session runs with `row_security = off` and the timeouts of
/// `options`, which are set without a round trip of their own.
/// Throws Error{kConnection} for a parameter that libpq does not know, and with a hint at the
/// likely cause, and {kCancelled} if `options.stop_requested` says so.
///
/// begin_connecting() throws the first of these.
std::shared_ptr<Opening> begin_connecting(const ConnectOptions& options);
/// See Dialect::borrow(). A borrowed session keeps its settings: those of capo hold in its
/// transactions only.
ConnectOptions borrow(void* handle);
std::unique_ptr<Connection> connect(const ConnectOptions& options);
/// "libpq 15.18".
std::string client_library();

}  // namespace capo::dialect::postgresql
