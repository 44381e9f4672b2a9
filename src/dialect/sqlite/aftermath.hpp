#pragma once

#include <string_view>

#include "dialect/dialect.hpp"

namespace capo::dialect::sqlite {

/// See Dialect.
Aftermath aftermath(Connection& connection, std::string_view statement);

}  // namespace capo::dialect::sqlite
