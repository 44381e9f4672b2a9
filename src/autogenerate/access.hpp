#pragma once

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// Roles that the models declare, and what those may do that the models declare or grant something
/// to. A role that the models lack is no business of theirs: other databases of the server have it
/// as well.
void compare_access(const Sides& sides, Plan& plan);

}  // namespace capo::autogenerate
