#pragma once

#include "dialect/dialect.hpp"

namespace capo::dialect::postgresql {

/// The one object that describes PostgreSQL. Lives as long as the program.
const Dialect& dialect();

}  // namespace capo::dialect::postgresql
