#pragma once

#include <span>
#include <vector>

#include "autogenerate/compare.hpp"
#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// The renamings that models declare and that are still to be done: what a renaming names is there
/// under its old name alone. Models keep saying `renamed_from` long after.
std::vector<Renaming> declared_renamings(const schema::Schema& from,
                                         const schema::Schema& declared);

/// Does them to `before`, and adds their operations. Throws Error{kSchema} if there is no such
/// table or column.
void rename(Before& before, std::span<const Renaming> renamings, const dialect::Dialect& dialect,
            Plan& plan);

/// What a database would call one renaming, where `gone` and `made` of one table look alike: the
/// only one of its type that goes, the only one that comes.
std::vector<Renaming> likely_renamings(const Table& from, const Table& to);
/// The same of tables: their columns are the same.
std::vector<Renaming> likely_renamings(const std::vector<const Table*>& gone,
                                       const std::vector<const Table*>& made);

}  // namespace capo::autogenerate
