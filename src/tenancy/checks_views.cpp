#include <algorithm>
#include <set>

#include "tenancy/check.hpp"
#include "tenancy/fixes.hpp"

/// Views: whose rows they show.
namespace capo::tenancy {
namespace {

constexpr int kFirstWithSecurityInvoker = 15;

// The tables with tenants' rows that a view reads, by itself or by other views.
// NOLINTNEXTLINE(misc-no-recursion): each view is visited once
void collect(const Material& material, const Relation& view, std::set<Oid>& seen,
             std::vector<const Relation*>& tables) {
  for (const Oid oid : view.reads) {
    const Relation* read = material.facts.relation(oid);
    if (read == nullptr || !seen.insert(oid).second) continue;
    if (material.holds_tenants_rows(*read)) {
      tables.push_back(read);
    } else if (read->kind == 'v' || read->kind == 'm') {
      collect(material, *read, seen, tables);
    }
  }
}

std::vector<const Relation*> tables_of(const Material& material, const Relation& view) {
  std::set<Oid> seen;
  std::vector<const Relation*> tables;
  collect(material, view, seen, tables);
  return tables;
}

// A view is open if its owner sees rows of some table that the application does not.
const Relation* open_table(const Material& material, const Relation& view) {
  for (const Relation* table : tables_of(material, view)) {
    if (material.bypasses(view.owner, *table)) return table;
  }
  return nullptr;
}

bool app_may_read(const Material& material, const Relation& view) {
  return material.app() >= 0 &&
         (material.app_was_granted_anything(view) || material.app_acts_as(view.owner));
}

Finding of_view(const Material& material, const Relation& view, const Relation& table) {
  return {.object = material.shown(view),
          .text = "reads " + material.shown(table) + " as its owner " +
                  material.facts.role_name(view.owner) + ", for whom no policy holds, and " +
                  material.app_role_name + " may use it"};
}

void find_open_views(const Material& material, Findings& findings) {
  if (material.facts.version < kFirstWithSecurityInvoker) return;
  for (const auto& [oid, view] : material.facts.relations) {
    if (view.kind != 'v' || view.security_invoker || !app_may_read(material, view)) continue;
    const Relation* table = open_table(material, view);
    if (table == nullptr) continue;
    Finding finding = of_view(material, view, *table);
    const auto statement = [&](const char* value) {
      dialect::SqlWriter sql = material.sql();
      sql << "ALTER VIEW " << material.qualified(view)
          << " SET (security_invoker = " << dialect::SqlText(value) << ")";
      return sql.str();
    };
    finding.fix.push_back({statement("on"), statement("off")});
    findings.add(std::move(finding));
  }
}

void find_old_views(const Material& material, Findings& findings) {
  if (material.facts.version >= kFirstWithSecurityInvoker) return;
  for (const auto& [oid, view] : material.facts.relations) {
    if (view.kind != 'v' || !app_may_read(material, view)) continue;
    const Relation* table = open_table(material, view);
    if (table == nullptr) continue;
    Finding finding = of_view(material, view, *table);
    finding.why_no_fix =
        "give the view to a role for which the policies hold, or revoke it: "
        "PostgreSQL " +
        std::to_string(material.facts.version) + " has no security_invoker";
    findings.add(std::move(finding));
  }
}

void find_materialized(const Material& material, Findings& findings) {
  for (const auto& [oid, view] : material.facts.relations) {
    if (view.kind != 'm' || !app_may_read(material, view)) continue;
    const std::vector<const Relation*> tables = tables_of(material, view);
    if (tables.empty()) continue;
    Finding finding{.object = material.shown(view),
                    .text = "keeps rows of " + material.shown(*tables.front()) +
                            " without policies, and " + material.app_role_name + " may read it"};
    for (const Grant& grant : view.grants) {
      if (grant.of_columns || grant.grantee == view.owner || !material.app_acts_as(grant.grantee)) {
        continue;
      }
      finding.fix.push_back(revoke(material, view, grant.privilege, grant.grantee));
    }
    if (finding.fix.empty()) finding.why_no_fix = "let another role own it";
    findings.add(std::move(finding));
  }
}

constexpr Check kChecks[] = {
    {"TEN25", "open-view", Severity::kError, "A view reads past the policies",
     "A view reads as its owner: SELECT from it gives every tenant's rows.",
     "ALTER VIEW … SET (security_invoker = on).", find_open_views},
    {"TEN26", "open-view-before-15", Severity::kError,
     "A view reads past the policies, and this PostgreSQL has no security_invoker",
     "A view reads as its owner: SELECT from it gives every tenant's rows.",
     "An owner for which the policies hold; PostgreSQL 15 or newer.", find_old_views},
    {"TEN27", "open-materialized-view", Severity::kError,
     "A materialized view with tenants' rows can be read",
     "It has no policies: SELECT gives the rows of all tenants that its owner saw.",
     "REVOKE; or a view.", find_materialized},
};

}  // namespace

std::span<const Check> view_checks() { return kChecks; }

}  // namespace capo::tenancy
