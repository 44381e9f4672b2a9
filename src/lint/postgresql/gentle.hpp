#pragma once

#include <string>

#include "lint/gentle.hpp"

namespace capo::lint::postgresql {

/// As lint::gentle() and lint::needs_its_transaction().
Gentle gentle(const dialect::Statement& statement, const Catalog& catalog,
              const dialect::Dialect& dialect);
std::string needs_its_transaction(const std::string& sql);

}  // namespace capo::lint::postgresql
