#pragma once

#include <set>
#include <string>
#include <vector>

#include "autogenerate/plan.hpp"
#include "autogenerate/type_uses.hpp"

namespace capo::autogenerate {

/// What becomes of the domains and composite types, by their keys.
struct TypeChanges {
  std::set<std::string> comes = {};
  std::set<std::string> goes = {};          ///< once nothing is of it any more
  std::set<std::string> altered = {};       ///< in place
  std::set<std::string> remade = {};        ///< dropped and made again
  std::set<std::string> early = {};         ///< goes before anything is made
  std::set<std::string> freed = {};         ///< columns of these get another type for the time
  std::set<std::string> freed_arrays = {};  ///< the same, of arrays of these
};

/// `original` and `old` are the same types, `old` with the values that their enums are to have.
TypeChanges type_changes(const dialect::Reflection& from, const ComposedTypes& old,
                         const dialect::Reflection& to, const ComposedTypes& now, const Plan& plan);

/// The type as it is between the two: with the attributes that it had, of the types that they are
/// to have.
CompositeType between(const CompositeType& was, const CompositeType& now);
/// Whether both have the same attributes, in whatever order.
bool same_attributes(const CompositeType& a, const CompositeType& b);

}  // namespace capo::autogenerate
