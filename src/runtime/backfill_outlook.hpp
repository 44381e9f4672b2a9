#pragma once

#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "runtime/work.hpp"

/// What can be said of the backfills of a plan before it runs. Reads the database, changes nothing.
namespace capo::runtime {

/// Throws Error{kSchema} for a backfill that has no key to go along; of a table that an earlier
/// statement of the plan speaks of, nothing is known yet.
void check_backfills(const std::vector<Work>& works, dialect::Connection& connection,
                     const dialect::Dialect& dialect);

/// `about 5000000 rows, in 500 batches of at most 10000, along id`
std::string outlook(const Backfill& backfill, dialect::Connection& connection,
                    const dialect::Dialect& dialect);

}  // namespace capo::runtime
