#pragma once

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// Schemas, extensions, sequences, row security: what stands by itself.
void compare_objects(const Sides& sides, Plan& plan);

}  // namespace capo::autogenerate
