// Compiled in place of connection.cpp and lock.cpp when capo is built without the client library.

#include "capo/error.hpp"
#include "dialect/postgresql/connection.hpp"
#include "dialect/postgresql/lock.hpp"

namespace capo::dialect::postgresql {

std::shared_ptr<Opening> begin_connecting(const ConnectOptions&) { return nullptr; }

ConnectOptions borrow(void*) {
  throw Error(ErrorCode::kUnsupported, "this capo was built without PostgreSQL");
}

std::unique_ptr<Connection> connect(const ConnectOptions&) {
  throw Error(ErrorCode::kUnsupported, "this capo was built without PostgreSQL")
      .hint(
          "install libpq-dev and build capo with -DCAPO_WITH_POSTGRESQL=ON; --sql works without "
          "it");
}

std::unique_ptr<DeploymentLock> lock(Connection&, const ConnectOptions&, const LockRequest&) {
  throw Error(ErrorCode::kUnsupported, "this capo was built without PostgreSQL");
}

bool processes_are_lent(Connection&, Connection&) { return false; }

std::string client_library() { return "no libpq"; }

std::string lock_holder(Connection&, const ConnectOptions&, const LockRequest&) { return {}; }

}  // namespace capo::dialect::postgresql
