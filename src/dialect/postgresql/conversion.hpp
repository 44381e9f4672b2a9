#pragma once

#include <optional>
#include <string>

#include "capo/schema.hpp"

namespace capo::dialect::postgresql {

/// See Dialect::conversion(). `ALTER COLUMN … TYPE` converts by itself where there is an assignment
/// cast (pg_cast; every type has one to the string types).
std::optional<capo::SqlText> conversion(const std::string& column, const Type& from,
                                        const Type& to);

}  // namespace capo::dialect::postgresql
