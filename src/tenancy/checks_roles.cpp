#include <algorithm>

#include "tenancy/check.hpp"
#include "tenancy/fixes.hpp"

/// Roles, and what they were granted.
namespace capo::tenancy {
namespace {

Fix alter_role(const Material& material, Oid role, const std::string& up, const std::string& down) {
  const auto statement = [&](const std::string& what) {
    dialect::SqlWriter sql = material.sql();
    sql << "ALTER ROLE " << role_sql(material, role) << " " << dialect::SqlText(what);
    return sql.str();
  };
  return {statement(up), statement(down)};
}

void find_app_sees_all(const Material& material, Findings& findings) {
  if (material.app_role_name.empty()) {
    findings.add({.object = "[tenancy]",
                  .text = "not judged: it names no app_role, so grants, policies, views and "
                          "functions were not looked at from its side",
                  .why_no_fix = "add app_role, or say --as ROLE",
                  .at = material.description.where});
    return;
  }
  const Role* app = material.facts.role(material.app_role_name);
  if (app == nullptr) {
    findings.add({.object = material.app_role_name,
                  .text = "not judged: there is no such role in the database, so grants, policies, "
                          "views and functions were not looked at from its side",
                  .why_no_fix = "make the role, or say another one with --as",
                  .at = material.description.where});
    return;
  }
  if (app->is_superuser) {
    findings.add({.object = app->name,
                  .text = "is a superuser: no policy holds for it",
                  .fix = {alter_role(material, app->oid, "NOSUPERUSER", "SUPERUSER")}});
  }
  if (app->bypasses_rls) {
    findings.add({.object = app->name,
                  .text = "has BYPASSRLS: no policy holds for it",
                  .fix = {alter_role(material, app->oid, "NOBYPASSRLS", "BYPASSRLS")}});
  }
  for (const Oid oid : material.app_can_become()) {
    const Role* role = material.facts.role(oid);
    if (oid == app->oid || role == nullptr || !role->sees_all()) continue;
    Finding finding{
        .object = app->name,
        .text = "can become " + role->name + ", for which no policy holds: SET ROLE " + role->name};
    for (const Membership& membership : material.facts.memberships) {
      if (membership.role == oid && membership.member == app->oid) {
        finding.fix.push_back(leave_role(material, membership));
      }
    }
    if (finding.fix.empty()) finding.why_no_fix = "take it out of the role between the two";
    findings.add(std::move(finding));
  }
}

void find_grants_past_policies(const Material& material, Findings& findings) {
  for (const auto& [oid, relation] : material.facts.relations) {
    if (!relation.is_table() || material.app() < 0 || !material.holds_tenants_rows(relation)) {
      continue;
    }
    Finding finding{.object = material.shown(relation)};
    for (const Grant& grant : relation.grants) {
      const bool is_one = grant.privilege == "TRUNCATE" || grant.privilege == "REFERENCES" ||
                          grant.privilege == "TRIGGER";
      if (!is_one || grant.of_columns || grant.grantee == relation.owner ||
          !material.app_acts_as(grant.grantee)) {
        continue;
      }
      finding.text += (finding.text.empty() ? "" : ", ") + grant.privilege;
      finding.fix.push_back(revoke(material, relation, grant.privilege, grant.grantee));
    }
    if (finding.fix.empty()) continue;
    finding.text =
        material.app_role_name + " was granted " + finding.text + ", for which no policy holds";
    findings.add(std::move(finding));
  }
}

void find_open_sequences(const Material& material, Findings& findings) {
  for (const auto& [oid, relation] : material.facts.relations) {
    if (relation.kind != 'S' || material.app() < 0) continue;
    const Relation* table = material.facts.relation(relation.sequence_of);
    if (table == nullptr || !material.holds_tenants_rows(*table)) continue;
    for (const Grant& grant : relation.grants) {
      if (grant.privilege == "USAGE" || grant.grantee == relation.owner ||
          !material.app_acts_as(grant.grantee)) {
        continue;
      }
      findings.add({.object = material.shown(relation),
                    .text = "numbers the rows of all tenants of " + material.shown(*table) +
                            ", and " + material.app_role_name + " was granted " + grant.privilege +
                            " on it",
                    .fix = {revoke(material, relation, grant.privilege, grant.grantee)}});
    }
  }
}

void find_blind_maintenance(const Material& material, Findings& findings) {
  const std::string& name = material.description.maintenance_role;
  if (name.empty()) return;
  const Role* role = material.facts.role(name);
  if (role == nullptr) {
    findings.add({.object = name,
                  .text = "is the maintenance_role of [tenancy], and there is no such role",
                  .why_no_fix = "CREATE ROLE, with BYPASSRLS",
                  .at = material.description.where});
  } else if (!role->sees_all()) {
    findings.add({.object = name,
                  .text = "is the maintenance_role, and has no BYPASSRLS: pg_dump fails, reports "
                          "and backfills see no rows",
                  .fix = {alter_role(material, role->oid, "BYPASSRLS", "NOBYPASSRLS")}});
  }
}

void find_blind_subscriptions(const Material& material, Findings& findings) {
  for (const Subscription& subscription : material.facts.subscriptions) {
    const Role* owner = material.facts.role(subscription.owner);
    if (owner == nullptr || owner->sees_all()) continue;
    findings.add({.object = subscription.name,
                  .text = "is a subscription of " + owner->name +
                          ", for which policies hold: replication stops at the first row of a "
                          "table that has them",
                  .why_no_fix = "give it to a role with BYPASSRLS: ALTER SUBSCRIPTION … OWNER TO"});
  }
}

constexpr Check kChecks[] = {
    {"TEN06", "role-bypasses", Severity::kError, "No policy holds for the application's role",
     "A superuser, a role with BYPASSRLS, and one that can become such a role by SET ROLE, reads "
     "and writes every tenant's rows.",
     "NOSUPERUSER NOBYPASSRLS, and no membership in a role that has either.", find_app_sees_all},
    {"TEN31", "grants-past-policies", Severity::kError,
     "The application was granted what policies say nothing to",
     "TRUNCATE empties the table of all tenants; a trigger of one's own sees all rows; a foreign "
     "key tells which keys there are.",
     "REVOKE TRUNCATE, REFERENCES, TRIGGER.", find_grants_past_policies},
    {"TEN32", "open-sequence", Severity::kNote,
     "A sequence that numbers the rows of all tenants can be read or set",
     "Its last value counts what all tenants together have made; setting it makes the others' "
     "inserts fail.",
     "Grant USAGE alone, or use an identity column, which needs no grant.", find_open_sequences},
    {"TEN35", "blind-maintenance", Severity::kWarning, "The maintenance role does not see all rows",
     "No attack: backups fail or, worse, hold no rows, and the backfills of migrations change "
     "nothing, without an error.",
     "ALTER ROLE … BYPASSRLS, for a role that nobody else can become.", find_blind_maintenance},
    {"TEN36", "blind-subscription", Severity::kWarning,
     "Rows are replicated by a role for which policies hold",
     "No attack: replication stops, or rows are missing on the other side.",
     "A subscription whose owner has BYPASSRLS.", find_blind_subscriptions},
};

}  // namespace

std::span<const Check> role_checks() { return kChecks; }

}  // namespace capo::tenancy
