#pragma once

#include "dialect/connection.hpp"
#include "dialect/facts.hpp"

namespace capo::dialect::postgresql {

/// See Dialect::facts().
Facts facts(Connection& connection);
Pace pace(Connection& connection);

}  // namespace capo::dialect::postgresql
