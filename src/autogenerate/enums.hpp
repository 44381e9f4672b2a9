#pragma once

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// Enums that are types of their own. `before` has the new values afterwards: that a column's type
/// has other values then is no difference of the column.
void compare_enums(Before& before, const schema::Schema& to, const schema::Schema* declared,
                   const dialect::Dialect& dialect, Plan& plan);

}  // namespace capo::autogenerate
