#pragma once

#include <string>
#include <unordered_set>

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// The names, qualified, that tables, views, sequences, indexes and types of a schema share.
std::unordered_set<std::string> shared_names(const schema::Schema& schema);

/// Sequences and enums go last, because columns may use them until these were altered. Where their
/// name is given to something new, they go before that is made.
void free_names(const Sides& sides, Plan& plan);

}  // namespace capo::autogenerate
