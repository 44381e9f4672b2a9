#pragma once

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// Tables that go, tables that come, and tables that are another than they were. Foreign keys in a
/// circle are made and dropped by themselves.
void compare_tables(const Sides& sides, Plan& plan);

}  // namespace capo::autogenerate
