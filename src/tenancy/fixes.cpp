#include "tenancy/fixes.hpp"

namespace capo::tenancy {
namespace {

using dialect::Identifier;
using dialect::SqlText;

std::string command_name(Command command) { return std::string(to_string(command)); }

bool has_using(Command command) { return command != Command::kInsert; }
bool has_check(Command command) {
  return command != Command::kSelect && command != Command::kDelete;
}

std::string policy_name(const Relation& relation, Command command) {
  std::string name = relation.name + "_tenant";
  const auto taken = [&] {
    for (const Policy& policy : relation.policies) {
      if (policy.name == name) return true;
    }
    return false;
  };
  if (command != Command::kAll) {
    name += "_";
    for (const char c : command_name(command)) name += static_cast<char>(c - 'A' + 'a');
  }
  while (taken()) name += "_";
  return name;
}

std::string alter_policy(const Material& material, const Relation& relation, const Policy& policy,
                         const std::string& using_text, const std::string& check_text) {
  dialect::SqlWriter sql = material.sql();
  sql << "ALTER POLICY " << Identifier(policy.name) << " ON " << material.qualified(relation);
  if (!using_text.empty()) sql << " USING (" << SqlText(using_text) << ")";
  if (!check_text.empty()) sql << " WITH CHECK (" << SqlText(check_text) << ")";
  return sql.str();
}

}  // namespace

SqlText role_sql(const Material& material, Oid role) {
  if (role == kPublic) return SqlText("PUBLIC");
  dialect::SqlWriter sql = material.sql();
  sql << Identifier(material.facts.role_name(role));
  return SqlText(sql.str());
}

SqlText column_list(const Material& material, const Relation& relation,
                    const std::vector<int>& columns) {
  dialect::SqlWriter sql = material.sql();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) sql << ", ";
    sql << Identifier(relation.column(columns[i])->name);
  }
  return SqlText(sql.str());
}

Fix alter_table(const Material& material, const Relation& relation, std::string_view up,
                std::string_view down) {
  const auto statement = [&](std::string_view action) {
    dialect::SqlWriter sql = material.sql();
    sql << "ALTER TABLE " << material.qualified(relation) << " " << SqlText(std::string(action));
    return sql.str();
  };
  return {statement(up), down.empty() ? "" : statement(down)};
}

Fix create_policy(const Material& material, const TenantRelation& table, Command command) {
  const std::string name = policy_name(table.relation, command);
  const std::string condition = material.condition(table);
  dialect::SqlWriter up = material.sql();
  up << "CREATE POLICY " << Identifier(name) << " ON " << material.qualified(table.relation)
     << " FOR " << SqlText(command_name(command)) << " TO " << Identifier(material.app_role_name);
  if (has_using(command)) up << " USING (" << SqlText(condition) << ")";
  if (has_check(command)) up << " WITH CHECK (" << SqlText(condition) << ")";
  dialect::SqlWriter down = material.sql();
  down << "DROP POLICY " << Identifier(name) << " ON " << material.qualified(table.relation);
  return {up.str(), down.str()};
}

Fix set_conditions(const Material& material, const TenantRelation& table, const Policy& policy) {
  const std::string condition = material.condition(table);
  const bool sets_check = has_check(policy.command) &&
                          (policy.check_tree.has_value() || policy.command == Command::kInsert);
  return {alter_policy(material, table.relation, policy, has_using(policy.command) ? condition : "",
                       sets_check ? condition : ""),
          alter_policy(material, table.relation, policy, policy.using_text,
                       sets_check && policy.check_text.empty() ? "true" : policy.check_text)};
}

Fix revoke(const Material& material, const Relation& relation, std::string_view privilege,
           Oid grantee) {
  dialect::SqlWriter up = material.sql();
  dialect::SqlWriter down = material.sql();
  const SqlText what{std::string(privilege)};
  const SqlText kind(relation.kind == 'S' ? "SEQUENCE " : "");
  up << "REVOKE " << what << " ON " << kind << material.qualified(relation) << " FROM "
     << role_sql(material, grantee);
  down << "GRANT " << what << " ON " << kind << material.qualified(relation) << " TO "
       << role_sql(material, grantee);
  return {up.str(), down.str()};
}

Fix leave_role(const Material& material, const Membership& membership) {
  const SqlText role = role_sql(material, membership.role);
  const SqlText member = role_sql(material, membership.member);
  dialect::SqlWriter up = material.sql();
  dialect::SqlWriter down = material.sql();
  up << "REVOKE " << role << " FROM " << member;
  down << "GRANT " << role << " TO " << member;
  if (membership.grantor > 0) {
    up << " GRANTED BY " << role_sql(material, membership.grantor);
    down << " GRANTED BY " << role_sql(material, membership.grantor);
  }
  return {up.str(), down.str()};
}

}  // namespace capo::tenancy
