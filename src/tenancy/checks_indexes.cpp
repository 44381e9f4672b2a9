#include <algorithm>

#include "tenancy/check.hpp"
#include "tenancy/fixes.hpp"

/// Indexes: whether a policy can use them.
namespace capo::tenancy {
namespace {

std::string free_name(const Material& material, const std::string& wanted) {
  std::string name = wanted;
  const auto is_taken = [&] {
    return std::any_of(material.facts.relations.begin(), material.facts.relations.end(),
                       [&](const auto& each) {
                         const Relation& relation = each.second;
                         return relation.name == name ||
                                std::any_of(relation.indexes.begin(), relation.indexes.end(),
                                            [&](const Index& index) { return index.name == name; });
                       });
  };
  while (is_taken()) name += "_";
  return name;
}

void find_no_index(const Material& material, Findings& findings) {
  for (const TenantRelation& table : material.tenants()) {
    const Column* column = table.limiting();
    if (column == nullptr || !table.relation.is_table()) continue;
    const bool has_one = std::any_of(
        table.relation.indexes.begin(), table.relation.indexes.end(), [&](const Index& index) {
          return index.is_valid && !index.is_partial && !index.columns.empty() &&
                 index.columns.front() == column->number;
        });
    if (has_one) continue;
    const std::string name = free_name(material, table.relation.name + "_" + column->name + "_idx");
    dialect::SqlWriter up = material.sql();
    up << "CREATE INDEX " << dialect::Identifier(name) << " ON "
       << material.qualified(table.relation) << " (" << dialect::Identifier(column->name) << ")";
    dialect::SqlWriter down = material.sql();
    const dialect::QualifiedName qualified = material.qualified(table.relation);
    down << "DROP INDEX " << dialect::QualifiedName{qualified.schema, name};
    findings.add({.object = material.shown(table.relation),
                  .text = "has no index that begins with " + column->name,
                  .fix = {{up.str(), down.str()}}});
  }
}

void find_not_leakproof(const Material& material, Findings& findings) {
  for (const TenantRelation& table : material.tenants()) {
    if (!table.relation.has_rls) continue;
    for (const Index& index : table.relation.indexes) {
      if (index.first_is_leakproof || index.is_unique) continue;
      findings.add({.object = material.shown(table.relation),
                    .text = "index " + index.name +
                            " begins with a column whose operator is not leakproof: it is not used "
                            "for a role for which policies hold",
                    .evidence = index.definition,
                    .why_no_fix = "let it begin with the tenant"});
    }
  }
}

constexpr Check kChecks[] = {
    {"TEN15", "no-index", Severity::kWarning, "No index begins with the tenant",
     "Each query of each tenant reads all tenants' rows: it takes as long as there are rows, which "
     "is also a way to count them.",
     "CREATE INDEX with the tenant's column first.", find_no_index},
    {"TEN33", "not-leakproof", Severity::kWarning, "An index is of no use under policies",
     "No attack: PostgreSQL must ask the policy before an operator that could tell what it saw, so "
     "queries become slow when row-level security comes.",
     "An index that begins with the tenant.", find_not_leakproof},
};

}  // namespace

std::span<const Check> index_checks() { return kChecks; }

}  // namespace capo::tenancy
