#pragma once

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// Sequences and enums go last, because columns may use them until these were altered. Where their
/// name is given to something new, they go before that is made.
void free_names(const Sides& sides, Plan& plan);

}  // namespace capo::autogenerate
