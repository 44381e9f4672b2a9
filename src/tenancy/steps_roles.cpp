// Who works with the database, and the table of tenants.

#include "base/text.hpp"
#include "tenancy/steps.hpp"

namespace capo::tenancy {
namespace {

/// A role that is there already is left as it is: another database of the server may use it.
Operation create_role(const Situation& now, const std::string& role, const char* attributes) {
  dialect::SqlWriter sql = now.dialect.writer();
  sql << "DO $capo$\nBEGIN\n  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = "
      << dialect::Literal(role) << ") THEN\n    CREATE ROLE " << dialect::Identifier(role) << " "
      << dialect::SqlText(attributes) << ";\n  END IF;\nEND\n$capo$";
  return ExecuteSql{.text = sql.str(), .on = "postgresql"};
}

}  // namespace

Step make_roles(const Situation& now) {
  const config::Tenancy& said = now.tenancy;
  Step step{.message = "roles of tenants",
            .why =
                "The owner of the tables migrates; the app's role owns nothing, and policies "
                "count for it; the maintenance role is above them. Roles belong to the whole "
                "server: those that are there are left as they are, and the downgrade drops "
                "none.",
            .then = "give the app's role a password, or another way to log in"};
  const auto need = [&](const std::string& role, const char* attributes) {
    if (role.empty() || holds(now.facts.roles, role)) return;
    step.upgrade.push_back(create_role(now, role, attributes));
  };
  need(said.owner, "NOLOGIN NOSUPERUSER NOBYPASSRLS");
  need(said.app_role, "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS");
  need(said.maintenance_role, "NOLOGIN NOSUPERUSER BYPASSRLS");
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
