#pragma once

#include "dialect/dialect.hpp"

namespace capo::dialect::sqlite {

/// The one object that describes SQLite. Lives as long as the program.
const Dialect& dialect();

}  // namespace capo::dialect::sqlite
