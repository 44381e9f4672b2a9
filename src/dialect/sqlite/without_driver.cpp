// Compiled in place of connection.cpp and lock.cpp when capo is built without the client library.

#include "capo/error.hpp"
#include "dialect/sqlite/connection.hpp"
#include "dialect/sqlite/lock.hpp"

namespace capo::dialect::sqlite {

ConnectOptions borrow(void*) {
  throw Error(ErrorCode::kUnsupported, "this capo was built without SQLite");
}

std::unique_ptr<Connection> connect(const ConnectOptions&) {
  throw Error(ErrorCode::kUnsupported, "this capo was built without SQLite")
      .hint(
          "install libsqlite3-dev and build capo with -DCAPO_WITH_SQLITE=ON; --sql works without "
          "it");
}

std::unique_ptr<DeploymentLock> lock(Connection&, const ConnectOptions&, const LockRequest&) {
  throw Error(ErrorCode::kUnsupported, "this capo was built without SQLite");
}

std::string lock_holder(Connection&, const ConnectOptions&, const LockRequest&) { return {}; }

}  // namespace capo::dialect::sqlite
