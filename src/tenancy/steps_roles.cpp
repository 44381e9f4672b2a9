// Who works with the database, and the table of tenants.

#include "tenancy/steps.hpp"

namespace capo::tenancy {
Step make_roles(const Situation& now) {
  const config::Tenancy& said = now.tenancy;
  Step step{.message = "roles of tenants",
            .why =
                "The owner of the tables migrates; the app's role owns nothing, and policies "
                "count for it; the maintenance role is above them. Roles belong to the whole "
                "server: those that are there are left as they are, and the downgrade drops "
                "none.",
            .then = "give the app's role a password, or another way to log in"};
  const auto need = [&](Role role) {
    if (role.name.empty() || holds(now.facts.roles, role.name)) return;
    step.upgrade.push_back(
        Create<Role>{.object = std::move(role), .if_not_exists = true, .on = "postgresql"});
  };
  need({.name = said.owner});
  need({.name = said.app_role, .login = true});
  need({.name = said.maintenance_role, .bypass_row_security = true});
  if (said.app_role.empty()) {
    step.by_hand.push_back(
        "[tenancy] names no app_role: policies are for everybody (PUBLIC), and nothing is granted");
  }
  for (const auto& [table, owner] : now.facts.owners) {
    if (said.owner.empty() || owner == said.owner) continue;
    step.by_hand.push_back("table " + table + " belongs to " + owner + ", not to " + said.owner +
                           ": ALTER TABLE " + table + " OWNER TO " + said.owner);
  }
  return step;
}

Step make_tenant_table(const Situation& now) {
  Step step{.message = "tenants",
            .why =
                "The table of tenants, with one for the rows that are there already. The "
                "downgrade drops it."};
  if (schema::find_table(now.now, now.tenants.schema, now.tenants.name) != nullptr) return step;
  const std::string& key = now.tenancy.tenant_key;
  add(step,
      CreateTable{.table =
                      Table(now.tenants.name,
                            {Column(key, now.key_type, {.nullable = false, .identity = Identity{}}),
                             Column("name", Text(), {.nullable = false})},
                            {.schema = now.tenants.schema,
                             .primary_key = PrimaryKey{{key}, now.tenants.name + "_pkey"}})},
      DropTable{.name = now.tenants.name, .schema = now.tenants.schema});
  add(step,
      BulkInsert{.table = now.tenants.name,
                 .columns = {"name"},
                 .rows = {{capo::Literal("legacy")}},
                 .schema = now.tenants.schema},
      std::nullopt);
  return step;
}

}  // namespace capo::tenancy
