#pragma once

#include <vector>

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// All of a table's constraints, keys first.
std::vector<Constraint> constraints_of(const Table& table);

/// With what takes it back, which for a constraint without a name is not its inverse.
Step adding(AddConstraint operation);

/// What differs between two states of a table in its constraints, foreign keys among them.
void compare_constraints(const Sides& sides, const Table& from, const Table& to, Plan& plan);
/// The same of its indexes.
void compare_indexes(const Sides& sides, const Table& from, const Table& to, Plan& plan);

/// Foreign keys that stay as they are but rest on a key that goes, or on a column that gets a type
/// of another kind: they go first and come back. After all tables were compared.
void free_foreign_keys(const Sides& sides, Plan& plan);

}  // namespace capo::autogenerate
