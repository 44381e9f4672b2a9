#pragma once

#include <string_view>

#include "dialect/dialect.hpp"

namespace capo::dialect::postgresql {

/// What `CREATE INDEX CONCURRENTLY` leaves behind when it fails is an index that is not valid:
/// it is never used, and `IF NOT EXISTS` takes it for the real one. See Dialect.
Aftermath aftermath(Connection& connection, std::string_view statement);

}  // namespace capo::dialect::postgresql
