#pragma once

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// What differs between two states of a table in its columns. Their order is none.
void compare_columns(const Sides& sides, const Table& from, const Table& to, Plan& plan);

/// Whether values of the types cannot be compared with each other.
bool is_other_kind(const Type& from, const Type& to);

}  // namespace capo::autogenerate
