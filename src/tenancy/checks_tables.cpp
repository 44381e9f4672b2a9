#include <algorithm>

#include "tenancy/check.hpp"
#include "tenancy/fixes.hpp"
#include "tenancy/policies.hpp"

/// Tables: whose they are, and whether row-level security is on.
namespace capo::tenancy {
namespace {

void find_no_tenant_column(const Material& material, Findings& findings) {
  if (material.facts.find(material.description.tenant_table) == nullptr) {
    findings.add({.object = material.description.tenant_table,
                  .text = "is the tenant_table of [tenancy], and not in the database",
                  .why_no_fix = "make it, or correct its name in [tenancy]",
                  .at = material.description.where});
  }
  for (const config::TenantTable& table : material.description.tables) {
    if (material.facts.find(table.name) != nullptr) continue;
    findings.add({.object = table.name,
                  .text = "is in the tables of [tenancy], and not in the database",
                  .why_no_fix = "make it, or take it out of [tenancy]",
                  .at = table.where});
  }
  for (const TenantRelation& table : material.tenants()) {
    const std::string& column = table.described.column;
    if (table.through != nullptr) {
      findings.add({.object = material.shown(table.relation),
                    .text = "has no column " + column + ": whose a row is, only the row that " +
                            table.through->name + " refers to says, at each look",
                    .why_no_fix = "give it a column of its own, filled from there"},
                   Severity::kNote);
    } else if (table.tenant == nullptr) {
      findings.add({.object = material.shown(table.relation),
                    .text = "has no column " + column + " that says whose a row is",
                    .why_no_fix =
                        "add it without a default, fill it batch by batch, then make it NOT NULL"});
    } else if (!table.tenant->not_null) {
      dialect::SqlWriter name = material.sql();
      name << dialect::Identifier(column);
      Finding finding{.object = material.shown(table.relation),
                      .text = "takes rows of nobody: " + column + " may be NULL"};
      if (material.facts.has_row_security) {
        finding.fix.push_back(alter_table(material, table.relation,
                                          "ALTER COLUMN " + name.str() + " SET NOT NULL",
                                          "ALTER COLUMN " + name.str() + " DROP NOT NULL"));
      } else {
        finding.why_no_fix = "make the column NOT NULL in a revision";
      }
      findings.add(std::move(finding));
    }
  }
}

void add_policy_if_none(const Material& material, const TenantRelation& table, Finding& finding) {
  if (!applicable(material, table.relation).empty() || material.app() < 0) return;
  if (material.condition(table).empty()) {
    finding.why_no_fix = "write a policy by hand: the table has no column that leads to the tenant";
    finding.fix.clear();
    return;
  }
  finding.fix.push_back(create_policy(material, table, Command::kAll));
}

void find_not_enabled(const Material& material, Findings& findings) {
  for (const TenantRelation& table : material.tenants()) {
    const Relation& relation = table.relation;
    if (!relation.is_table() || relation.has_rls || !relation.policies.empty()) continue;
    Finding finding{.object = material.shown(relation),
                    .text = "row-level security is not enabled, and there is no policy"};
    finding.fix.push_back(
        alter_table(material, relation, "ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY"));
    if (!relation.is_forced) {
      finding.fix.push_back(alter_table(material, relation, "FORCE ROW LEVEL SECURITY",
                                        "NO FORCE ROW LEVEL SECURITY"));
    }
    add_policy_if_none(material, table, finding);
    findings.add(std::move(finding));
  }
}

void find_policies_asleep(const Material& material, Findings& findings) {
  for (const auto& [oid, relation] : material.facts.relations) {
    if (relation.policies.empty() || relation.has_rls || relation.is_of_extension) continue;
    findings.add({.object = material.shown(relation),
                  .text = "has policies, and row-level security is not enabled: none of them holds",
                  .fix = {alter_table(material, relation, "ENABLE ROW LEVEL SECURITY",
                                      "DISABLE ROW LEVEL SECURITY")}});
  }
}

void find_no_policy(const Material& material, Findings& findings) {
  for (const TenantRelation& table : material.tenants()) {
    const Relation& relation = table.relation;
    if (!relation.has_rls || material.app() < 0) continue;
    for (const Command command :
         {Command::kSelect, Command::kInsert, Command::kUpdate, Command::kDelete}) {
      const bool may = material.app_was_granted(relation, to_string(command)) ||
                       material.app_acts_as(relation.owner);
      if (!may || material.bypasses(material.app(), relation)) continue;
      const auto policies = applicable(material, relation, command);
      if (std::any_of(policies.begin(), policies.end(),
                      [](const Policy* policy) { return policy->is_permissive; })) {
        continue;
      }
      Finding finding{.object = material.shown(relation),
                      .text = material.app_role_name + " may " + std::string(to_string(command)) +
                              ", and no policy lets it: it sees and changes nothing, without an "
                              "error"};
      if (!material.condition(table).empty()) {
        finding.fix.push_back(create_policy(material, table, command));
      } else {
        finding.why_no_fix = "write a policy that looks at the parent";
      }
      findings.add(std::move(finding));
    }
  }
}

void find_not_forced(const Material& material, Findings& findings) {
  for (const TenantRelation& table : material.tenants()) {
    const Relation& relation = table.relation;
    const bool owns =
        material.app_acts_as(relation.owner) || material.app_can_become().contains(relation.owner);
    if (!relation.is_table() || !owns) continue;
    const std::string owner = material.facts.role_name(relation.owner);
    const std::string how = relation.owner == material.app()
                                ? material.app_role_name + " owns the table"
                                : material.app_role_name + " is a member of its owner " + owner;
    if (!relation.is_forced) {
      findings.add({.object = material.shown(relation),
                    .text = how + ", and row-level security is not forced: no policy holds for it",
                    .fix = {alter_table(material, relation, "FORCE ROW LEVEL SECURITY",
                                        "NO FORCE ROW LEVEL SECURITY")}});
    } else {
      findings.add({.object = material.shown(relation),
                    .text = how + ": it could switch row-level security off",
                    .why_no_fix = "let another role own the tables"},
                   Severity::kNote);
    }
  }
}

void find_open_partitions(const Material& material, Findings& findings) {
  for (const auto& [oid, relation] : material.facts.relations) {
    if (relation.parents.empty() || relation.has_rls || relation.kind == 'f') continue;
    if (material.tenant_table(oid) != nullptr || !material.holds_tenants_rows(relation)) continue;
    if (!material.app_was_granted_anything(relation)) continue;
    Finding finding{.object = material.shown(relation),
                    .text = "is a part of a table with policies, has none itself, and " +
                            material.app_role_name + " may use it directly"};
    for (const Grant& grant : relation.grants) {
      if (grant.of_columns || grant.grantee == relation.owner ||
          !material.app_acts_as(grant.grantee)) {
        continue;
      }
      finding.fix.push_back(revoke(material, relation, grant.privilege, grant.grantee));
    }
    if (finding.fix.empty()) finding.why_no_fix = "revoke what was granted of its columns";
    findings.add(std::move(finding));
  }
}

// What capo and Alembic keep for themselves.
bool is_of_tool(const Relation& relation) {
  return relation.name == "alembic_version" || relation.name.starts_with("capo_");
}

bool is_named(const Material& material, const Relation& relation) {
  const auto is_it = [&](const std::string& name) {
    return material.facts.find(name) == &relation;
  };
  const config::Tenancy& described = material.description;
  return is_it(described.tenant_table) || material.tenant_table(relation.oid) != nullptr ||
         std::any_of(described.shared_tables.begin(), described.shared_tables.end(), is_it) ||
         std::any_of(described.other_tables.begin(), described.other_tables.end(), is_it);
}

void find_undescribed(const Material& material, Findings& findings) {
  for (const auto& [oid, relation] : material.facts.relations) {
    if (!relation.is_table() || relation.is_of_extension || is_of_tool(relation)) continue;
    // Part of a table that is named.
    if (!relation.parents.empty() && material.holds_tenants_rows(relation)) continue;
    if (relation.is_partition) continue;
    if (is_named(material, relation)) continue;
    findings.add({.object = material.shown(relation),
                  .text = "is in none of tables, shared_tables and other_tables of [tenancy]: "
                          "nobody said whose its rows are",
                  .why_no_fix = "add it to one of them"});
  }
}

void find_foreign_tables(const Material& material, Findings& findings) {
  for (const auto& [oid, relation] : material.facts.relations) {
    if (relation.kind != 'f' || relation.is_of_extension) continue;
    if (!material.holds_tenants_rows(relation) && !material.app_was_granted_anything(relation)) {
      continue;
    }
    Finding finding{.object = material.shown(relation),
                    .text =
                        "is a foreign table: no policy holds for its rows here, and there "
                        "those of the role of the connection do"};
    for (const Grant& grant : relation.grants) {
      if (!grant.of_columns && grant.grantee != relation.owner &&
          material.app_acts_as(grant.grantee)) {
        finding.fix.push_back(revoke(material, relation, grant.privilege, grant.grantee));
      }
    }
    if (finding.fix.empty()) finding.why_no_fix = "keep tenants' rows in tables of this database";
    findings.add(std::move(finding));
  }
}

constexpr Check kChecks[] = {
    {"TEN01", "no-tenant-column", Severity::kError,
     "A table of tenants does not say whose a row is",
     "A row without a tenant belongs to nobody or to everybody: what shows it to one shows it to "
     "all, "
     "and no key can keep it with its tenant's other rows.",
     "A column for the tenant, NOT NULL, filled for the rows that are there.",
     find_no_tenant_column, true},
    {"TEN02", "not-enabled", Severity::kError, "Row-level security is not enabled",
     "Any query of the application that forgets its WHERE, and any injected one, gives every "
     "tenant's rows.",
     "A policy, and ENABLE and FORCE ROW LEVEL SECURITY.", find_not_enabled},
    {"TEN03", "policies-asleep", Severity::kError,
     "There are policies, but row-level security is not enabled",
     "The table looks safe to whoever reads its policies; every tenant's rows are open all the "
     "same.",
     "ALTER TABLE … ENABLE ROW LEVEL SECURITY.", find_policies_asleep},
    {"TEN04", "no-policy", Severity::kError,
     "A command is granted and no policy lets it do anything",
     "Nobody gets in: the application sees no rows and changes none, and no error says why. Such a "
     "table is soon \"repaired\" by switching row-level security off.",
     "A policy for the command, or no grant.", find_no_policy},
    {"TEN05", "owner-not-forced", Severity::kError,
     "The application owns a table whose row-level security is not forced",
     "Policies do not hold for an owner: every query gives every tenant's rows, as if there were "
     "none.",
     "FORCE ROW LEVEL SECURITY; better, an application that does not own its tables.",
     find_not_forced},
    {"TEN30", "open-partition", Severity::kError,
     "A partition can be used directly, past the policies of its parent",
     "Policies are those of the table that a query names: SELECT from the partition gives every "
     "tenant's rows.",
     "No grants on partitions: the application needs those of the parent only.",
     find_open_partitions},
    {"TEN40", "undescribed-table", Severity::kError, "Nobody said whose the rows of a table are",
     "A table that came later, without a tenant column and without policies, is open to all; no "
     "check looks at it, because none knows of it.",
     "Add it to tables, shared_tables or other_tables of [tenancy].", find_undescribed, true},
    {"TEN41", "foreign-table", Severity::kWarning, "A foreign table holds rows of tenants",
     "Policies of this database are not applied there: whoever may read it reads all that the role "
     "of the connection may.",
     "Keep tenants' rows in tables of this database, or let only the maintenance role read it.",
     find_foreign_tables},
};

}  // namespace

std::span<const Check> table_checks() { return kChecks; }

}  // namespace capo::tenancy
