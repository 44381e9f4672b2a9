#pragma once

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// Domains and composite types, after the enums that they may be over. What a type is over cannot
/// be altered while columns are of it: those get what the type is over at last, or text, until it
/// is what it is to be. In `from`, columns that do not come back are what they got.
void compare_types(Before& from, const dialect::Reflection& to, const schema::Schema* declared,
                   const dialect::Dialect& dialect, Plan& plan);

}  // namespace capo::autogenerate
