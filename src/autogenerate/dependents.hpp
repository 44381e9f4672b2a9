#pragma once

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// Views, functions, triggers and policies: what differs, and what is the same but stands in the
/// way of what the plan does to tables. After all tables were compared.
void compare_dependents(const Sides& sides, Plan& plan);

}  // namespace capo::autogenerate
