#include "tenancy/check.hpp"

#include <algorithm>
#include <tuple>

#include "base/text.hpp"

namespace capo::tenancy {
namespace {

// A table that reaches its tenant through itself would never get there.
constexpr int kMostTablesBetween = 5;

}  // namespace

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return {};
}

void Findings::add(Finding finding, std::optional<Severity> severity) {
  finding.check = check_;
  finding.severity = severity.value_or(check_->severity);
  into_.push_back(std::move(finding));
}

Material::Material(const config::Tenancy& description_, const TenancyFacts& facts_,
                   const dialect::Dialect& dialect_, std::string app_role)
    : description(description_),
      facts(facts_),
      dialect(dialect_),
      app_role_name(std::move(app_role)) {
  for (const config::TenantTable& table : description.tables) {
    const Relation* relation = facts.find(table.name);
    if (relation == nullptr) continue;
    const Column* tenant = relation->column(table.column);
    tenants_.push_back({.described = table,
                        .relation = *relation,
                        .tenant = tenant,
                        .through = tenant == nullptr && !table.through.empty()
                                       ? relation->column(table.through)
                                       : nullptr});
  }
  if (const Role* role = facts.role(app_role_name)) {
    app_ = role->oid;
    acts_as_ = facts.acts_as(app_);
    can_become_ = facts.can_become(app_);
  }
}

const TenantRelation* Material::tenant_table(Oid oid) const {
  const auto found = std::find_if(tenants_.begin(), tenants_.end(),
                                  [&](const auto& table) { return table.relation.oid == oid; });
  return found == tenants_.end() ? nullptr : &*found;
}

std::optional<Parent> Material::parent(const TenantRelation& table) const {
  if (table.through == nullptr) return std::nullopt;
  for (const Constraint& key : table.relation.constraints) {
    const auto at = std::find(key.columns.begin(), key.columns.end(), table.through->number);
    const TenantRelation* referred = key.kind == 'f' ? tenant_table(key.referred) : nullptr;
    const auto place = static_cast<std::size_t>(at - key.columns.begin());
    if (referred == nullptr || place >= key.referred_columns.size()) continue;
    const Column* column = referred->relation.column(key.referred_columns[place]);
    if (column != nullptr) return Parent{.table = referred, .column = column};
  }
  return std::nullopt;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as partitions are
bool Material::holds_tenants_rows(const Relation& relation) const {
  if (tenant_table(relation.oid) != nullptr) return true;
  return std::any_of(relation.parents.begin(), relation.parents.end(), [&](Oid parent) {
    const Relation* above = facts.relation(parent);
    return above != nullptr && holds_tenants_rows(*above);
  });
}

bool Material::is_shared(const Relation& relation) const {
  return std::any_of(description.shared_tables.begin(), description.shared_tables.end(),
                     [&](const std::string& name) { return facts.find(name) == &relation; });
}

bool Material::app_was_granted(const Relation& relation, std::string_view privilege) const {
  return std::any_of(relation.grants.begin(), relation.grants.end(), [&](const Grant& grant) {
    return grant.privilege == privilege && grant.grantee != relation.owner &&
           app_acts_as(grant.grantee);
  });
}

bool Material::app_was_granted_anything(const Relation& relation) const {
  return std::any_of(relation.grants.begin(), relation.grants.end(), [&](const Grant& grant) {
    return grant.grantee != relation.owner && app_acts_as(grant.grantee);
  });
}

bool Material::app_may_use(const Relation& relation) const {
  return app_ >= 0 && (app_was_granted_anything(relation) || app_acts_as(relation.owner));
}

bool Material::app_may_call(const Function& function) const {
  return app_acts_as(function.owner) ||
         std::any_of(function.grants.begin(), function.grants.end(),
                     [&](const Grant& grant) { return app_acts_as(grant.grantee); });
}

bool Material::bypasses(Oid role_oid, const Relation& relation) const {
  const Role* role = facts.role(role_oid);
  if (role == nullptr || !relation.has_rls) return true;
  if (role->sees_all()) return true;
  return !relation.is_forced && facts.acts_as(role_oid).contains(relation.owner);
}

bool Material::opens(Oid role_oid, const Relation& relation) const {
  const Role* role = facts.role(role_oid);
  if (role == nullptr || role->sees_all()) return true;
  return relation.has_rls && bypasses(role_oid, relation) && !bypasses(app_, relation);
}

dialect::QualifiedName Material::qualified(const Relation& relation) const {
  const bool is_found = facts.find(relation.name) == &relation;
  return {is_found ? "" : relation.schema, relation.name};
}

std::string Material::current_tenant(const Column& column) const {
  dialect::SqlWriter text = sql();
  text << "(SELECT nullif(current_setting(" << dialect::Literal(description.setting)
       << ", true), '')";
  if (column.type != "text") text << "::" << dialect::SqlText(column.type);
  text << ")";
  return text.str();
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as tables reach their tenant through others
std::string Material::condition(const TenantRelation& table, int depth) const {
  dialect::SqlWriter text = sql();
  if (table.tenant != nullptr) {
    text << dialect::Identifier(table.tenant->name) << " = "
         << dialect::SqlText(current_tenant(*table.tenant));
    return text.str();
  }
  const std::optional<Parent> above = parent(table);
  if (!above || depth > kMostTablesBetween) return {};
  const std::string inner = condition(*above->table, depth + 1);
  if (inner.empty()) return {};
  text << dialect::Identifier(table.through->name) << " IN (SELECT "
       << dialect::Identifier(above->column->name) << " FROM " << qualified(above->table->relation)
       << " WHERE " << dialect::SqlText(inner) << ")";
  return text.str();
}

std::vector<const Check*> all_checks() {
  std::vector<const Check*> all;
  for (const std::span<const Check> checks :
       {table_checks(), role_checks(), policy_checks(), condition_checks(), key_checks(),
        index_checks(), view_checks(), function_checks(), revision_checks(), source_checks(),
        probe_checks()}) {
    for (const Check& each : checks) all.push_back(&each);
  }
  // PROBE-… come after TEN…, as they should.
  std::sort(all.begin(), all.end(), [](const Check* a, const Check* b) {
    return std::pair(!a->id.starts_with("TEN"), a->id) <
           std::pair(!b->id.starts_with("TEN"), b->id);
  });
  return all;
}

const Check* find_check(std::string_view id_or_name) {
  const std::vector<const Check*> all = all_checks();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Check* each) {
    return base::equals_ignoring_case(each->id, id_or_name) ||
           base::equals_ignoring_case(each->name, id_or_name);
  });
  return found == all.end() ? nullptr : *found;
}

void sort(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(std::string_view(a.object), !a.check->id.starts_with("TEN"), a.check->id) <
           std::tuple(std::string_view(b.object), !b.check->id.starts_with("TEN"), b.check->id);
  });
}

std::vector<Finding> check(const Material& material) {
  std::vector<Finding> found;
  Findings findings(found);
  for (const Check* each : all_checks()) {
    if (each->find == nullptr) continue;
    if (!material.facts.has_row_security && !each->is_of_every_database) continue;
    findings.of(*each);
    each->find(material, findings);
  }
  sort(found);
  return found;
}

}  // namespace capo::tenancy
