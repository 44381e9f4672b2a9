#pragma once

#include "base/system.hpp"
#include "dialect/throw_away.hpp"

namespace capo::dialect::postgresql {

/// Copies a database into an empty one with pg_dump and psql, owners and privileges left out. No
/// password is on a command line.
ThrowAway::Copied copy_database(const ConnectOptions& from, const ConnectOptions& to,
                                bool with_data, base::Processes& processes, base::Random& random);

}  // namespace capo::dialect::postgresql
