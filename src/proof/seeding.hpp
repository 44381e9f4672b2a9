#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "schema/schema.hpp"

/// Rows for tables that have none, so that there is something to lose.
namespace capo::proof {

struct Seeded {
  std::vector<std::string> tables = {};  ///< that got rows
  /// `items: no rows could be made (…)`, for each table that stays empty.
  std::vector<std::string> notes = {};
};

/// Puts up to three rows into each table that is empty. Types, lengths, keys and foreign keys are
/// respected; conditions are tried to be met with the values that they mention. Each table
/// commits by itself. Throws Error{kConnection}, {kCancelled}.
Seeded seed(dialect::Connection& connection, const dialect::Dialect& dialect,
            const schema::Schema& schema);

}  // namespace capo::proof
