#include "lint/catalog.hpp"

#include <algorithm>
#include <utility>

namespace capo::lint {
namespace {

template <class Items>
auto* named(Items& items, std::string_view name) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const KnownColumn* KnownRelation::column(std::string_view column_name) const {
  return named(columns, column_name);
}
KnownColumn* KnownRelation::column(std::string_view column_name) {
  return named(columns, column_name);
}
const KnownConstraint* KnownRelation::constraint(std::string_view constraint_name) const {
  return named(constraints, constraint_name);
}
KnownConstraint* KnownRelation::constraint(std::string_view constraint_name) {
  return named(constraints, constraint_name);
}
const KnownIndex* KnownRelation::index(std::string_view index_name) const {
  return named(indexes, index_name);
}

const KnownRelation* Catalog::find(const ObjectName& name) const {
  const auto found = relations.find(name);
  return found == relations.end() ? nullptr : &found->second;
}

KnownRelation* Catalog::find(const ObjectName& name) {
  const auto found = relations.find(name);
  return found == relations.end() ? nullptr : &found->second;
}

std::pair<const KnownRelation*, const KnownIndex*> Catalog::find_index(
    const ObjectName& name) const {
  for (const auto& [key, relation] : relations) {
    if (key.schema != name.schema) continue;
    if (const KnownIndex* index = relation.index(name.name)) return {&relation, index};
  }
  return {nullptr, nullptr};
}

std::pair<KnownRelation*, const KnownIndex*> Catalog::find_index(const ObjectName& name) {
  const auto [relation, index] = std::as_const(*this).find_index(name);
  return {relation == nullptr ? nullptr : find(relation->name), index};
}

std::vector<std::pair<ObjectName, const KnownConstraint*>> Catalog::referring(
    const ObjectName& name) const {
  std::vector<std::pair<ObjectName, const KnownConstraint*>> keys;
  for (const auto& [key, relation] : relations) {
    for (const KnownConstraint& constraint : relation.constraints) {
      if (constraint.kind == KnownConstraint::Kind::kForeignKey && constraint.referred == name) {
        keys.emplace_back(key, &constraint);
      }
    }
  }
  return keys;
}

void Catalog::begin_run() {
  for (auto& [key, relation] : relations) relation.is_new = false;
}

}  // namespace capo::lint
