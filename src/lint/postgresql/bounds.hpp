#pragma once

#include <vector>

#include "lint/catalog.hpp"
#include "lint/postgresql/tree.hpp"

/// Whether the checks of a table say what the bounds of a partition ask, so that PostgreSQL need
/// not read its rows when it is attached. Only what is plain is seen through: constants, one
/// column; of the rest it is said that rows are read.
namespace capo::lint::postgresql {

/// Of `c >= 1`, `c < 9`, `c = 'a'`, `c IN ('a', 'b')`, also as parts of an AND: each.
std::vector<KnownBound> bounds_in(const PgQuery__Node* expression, const KnownRelation& table);

/// Whether valid checks of `child` keep it within `bound`, and its column from being NULL.
bool is_within(const KnownRelation& child, const KnownRelation& parent,
               const PgQuery__PartitionBoundSpec& bound);

}  // namespace capo::lint::postgresql
