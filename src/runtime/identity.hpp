#pragma once

#include <string>

#include "dialect/dialect.hpp"

namespace capo::runtime {

/// What an operation asks for, as far as that can be told without the database that it changes: in
/// words, and the SQL that it becomes where nothing is known. The same for the same operation,
/// whatever has run since; a guard makes no difference.
std::string identity(const operation::Operation& operation, const dialect::Dialect& dialect);

}  // namespace capo::runtime
