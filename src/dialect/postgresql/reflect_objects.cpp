// Functions, triggers and policies.

#include <string>

#include "base/text.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/reflect_attach.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/postgresql/reflect_text.hpp"

namespace capo::dialect::postgresql {
namespace {

void take_functions(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Oid oid = cell.oid();
    Function function{.name = {}, .definition = capo::SqlText{""}};
    function.schema = catalog.schema_name(cell.oid());
    function.name = cell.text();
    function.procedure = cell.letter() == 'p';
    const std::string arguments = cell.text();
    const std::string printed = cell.text();
    const bool has_grants = cell.flag();
    const bool is_closed = cell.flag();
    const std::string owner = cell.text();
    // What was dropped a moment ago is printed no more.
    if (catalog.is_of_extension(kFunctions, oid) || printed.empty()) continue;
    for (std::string_view item : list_items(arguments)) {
      // Said of procedures only, and meant anyway.
      if (item.starts_with("IN ")) item.remove_prefix(3);
      function.arguments.emplace_back(item);
    }
    function.definition = capo::SqlText{after_arguments(printed)};
    const std::string described = schema::describe(function);
    const std::string_view kind = function.procedure ? "PROCEDURE" : "FUNCTION";
    std::vector<std::string> types;
    for (const std::string& argument : function.arguments) {
      types.push_back(schema::without_default(argument));
    }
    const std::string signature =
        written({function.schema, function.name}) + "(" + base::join(types, ", ") + ")";
    if (const std::string comment = catalog.take_comment(kFunctions, oid); !comment.empty()) {
      catalog.lose(described, "its comment");
      catalog.attach(described, comment_on(kind, signature, comment));
    }
    catalog.own(described, owner, kind, signature);
    catalog.lose_if(has_grants, "grants on " + described, {});
    if (is_closed) catalog.attach(described, revoke_from_public(kind, signature));
    catalog.grantable.emplace(Address{kFunctions, oid, 0},
                              Grantable{described, std::string(kind) + " " + signature});
    catalog.described.emplace(Address{kFunctions, oid, 0}, described);
    catalog.result.schema.functions.push_back(std::move(function));
  }
}

// What pg_get_functiondef() cannot print are aggregates.
constexpr std::string_view kFunctionQuery =
    "SELECT p.oid, p.pronamespace, p.proname, p.prokind, "
    "pg_catalog.pg_get_function_arguments(p.oid), pg_catalog.pg_get_functiondef(p.oid), "
    "p.proacl <> pg_catalog.acldefault('f', p.proowner), p.proacl IS NOT "
    "NULL AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(p.proacl) x WHERE x.grantee = 0), "
    "pg_catalog.pg_get_userbyid(p.proowner) FROM pg_catalog.pg_proc p WHERE p.pronamespace = ANY "
    "($1::oid[]) AND p.prokind IN ('f', 'p', 'w') AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend "
    "d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype IN ('e', 'i'))";

// As `ALTER TABLE … TRIGGER` has it.
std::string_view firing(char enabled) {
  switch (enabled) {
    case 'D':
      return "DISABLE";
    case 'A':
      return "ENABLE ALWAYS";
    case 'R':
      return "ENABLE REPLICA";
    default:
      return {};
  }
}

void take_triggers(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Relation* relation = catalog.relation(cell.oid());
    if (relation == nullptr || relation->place == kNowhere) continue;
    const Oid oid = cell.oid();
    if (catalog.is_of_extension(kTriggers, oid)) continue;
    Trigger trigger{.name = cell.text(),
                    .table = relation->name,
                    .event = capo::SqlText{""},
                    .action = capo::SqlText{""},
                    .schema = relation->schema};
    const std::string_view not_always = firing(cell.letter());
    const bool is_constraint = cell.flag();
    const std::string printed = cell.text();
    const std::string described = schema::describe(trigger);
    if (is_constraint) {
      catalog.lose("constraint " + described);
      continue;
    }
    const PrintedTrigger text = printed_trigger(printed);
    if (text.event.empty()) continue;
    trigger.event = capo::SqlText{text.event};
    trigger.action = capo::SqlText{settled(text.action)};
    const QualifiedName table{relation->schema, relation->name};
    if (!not_always.empty()) {
      catalog.lose(described, not_always);
      SqlWriter sql(is_reserved);
      sql << "ALTER TABLE " << table << " " << words(not_always) << " TRIGGER "
          << Identifier(trigger.name);
      catalog.attach(described, sql.str());
    }
    if (const std::string comment = catalog.take_comment(kTriggers, oid); !comment.empty()) {
      catalog.lose(described, "its comment");
      catalog.attach(described, comment_on_part("TRIGGER", trigger.name, table, comment));
    }
    catalog.described.emplace(Address{kTriggers, oid, 0}, described);
    catalog.result.schema.triggers.push_back(std::move(trigger));
  }
}

std::string trigger_query(int version) {
  SqlWriter sql(is_reserved);
  sql << "SELECT t.tgrelid, t.oid, t.tgname, t.tgenabled, t.tgconstraint <> 0, "
         "pg_catalog.pg_get_triggerdef(t.oid) FROM pg_catalog.pg_trigger t JOIN "
         "pg_catalog.pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = ANY ($1::oid[]) AND "
         "NOT t.tgisinternal"
      << words(version >= 13 ? " AND t.tgparentid = 0" : "");
  return sql.str();
}

Policy::Command command_of(char letter) {
  switch (letter) {
    case 'r':
      return Policy::Command::kSelect;
    case 'a':
      return Policy::Command::kInsert;
    case 'w':
      return Policy::Command::kUpdate;
    case 'd':
      return Policy::Command::kDelete;
    default:
      return Policy::Command::kAll;
  }
}

void take_policies(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    const Relation* relation = catalog.relation(cell.oid());
    if (relation == nullptr || relation->place == kNowhere) continue;
    const Oid oid = cell.oid();
    Policy policy{.name = cell.text(), .table = relation->name, .schema = relation->schema};
    policy.command = command_of(cell.letter());
    policy.permissive = cell.flag();
    policy.roles = cell.items();
    if (cell.is_null()) {
      cell.skip();
    } else {
      policy.using_ = capo::SqlText{settled(cell.text())};
    }
    if (!cell.is_null()) policy.with_check = capo::SqlText{settled(cell.text())};
    const std::string described = schema::describe(policy);
    if (const std::string comment = catalog.take_comment(kPolicies, oid); !comment.empty()) {
      catalog.lose(described, "its comment");
      catalog.attach(described, comment_on_part("POLICY", policy.name,
                                                {relation->schema, relation->name}, comment));
    }
    catalog.described.emplace(Address{kPolicies, oid, 0}, described);
    catalog.result.schema.policies.push_back(std::move(policy));
  }
}

constexpr std::string_view kPolicyQuery =
    "SELECT p.polrelid, p.oid, p.polname, p.polcmd, p.polpermissive, (SELECT "
    "pg_catalog.array_agg(r.rolname ORDER BY r.rolname) FROM pg_catalog.pg_roles r WHERE r.oid = "
    "ANY (p.polroles)), pg_catalog.pg_get_expr(p.polqual, p.polrelid), "
    "pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) FROM pg_catalog.pg_policy p JOIN "
    "pg_catalog.pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = ANY ($1::oid[])";

// Of views and functions, which are made again when something below them changes.
void take_grants(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    Address address;
    address.catalog = cell.oid();
    address.object = cell.oid();
    const std::string column = cell.text();
    const std::string role = cell.text();
    const bool may_grant = cell.flag();
    const std::vector<std::string> privileges = cell.items();
    const auto found = catalog.grantable.find(address);
    if (found == catalog.grantable.end()) continue;
    const Grantable& object = found->second;
    if (!column.empty()) catalog.lose("grants on " + object.described);
    catalog.attach(object.described, grant(privileges, column, object.written, role, may_grant));
  }
}

constexpr std::string_view kGrantQuery =
    "SELECT g.catalog, g.object, g.part, r.rolname, g.is_grantable, pg_catalog.array_agg("
    "g.privilege_type ORDER BY g.privilege_type) FROM (SELECT 1259 AS catalog, c.oid AS object, "
    "NULL::name AS part, x.grantee, x.is_grantable, x.privilege_type FROM pg_catalog.pg_class c "
    "CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) x WHERE c.relnamespace = ANY ($1::oid[]) "
    "AND c.relkind IN ('v', 'm') AND x.grantee <> c.relowner UNION ALL SELECT 1259, c.oid, "
    "a.attname, x.grantee, x.is_grantable, x.privilege_type FROM pg_catalog.pg_class c JOIN "
    "pg_catalog.pg_attribute a ON a.attrelid = c.oid CROSS JOIN LATERAL "
    "pg_catalog.aclexplode(a.attacl) x WHERE c.relnamespace = ANY ($1::oid[]) AND c.relkind IN "
    "('v', 'm') AND a.attacl IS NOT NULL UNION ALL SELECT 1255, p.oid, NULL, x.grantee, "
    "x.is_grantable, x.privilege_type FROM pg_catalog.pg_proc p CROSS JOIN LATERAL "
    "pg_catalog.aclexplode(p.proacl) x WHERE p.pronamespace = ANY ($1::oid[]) AND x.grantee <> "
    "p.proowner) g LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee GROUP BY g.catalog, "
    "g.object, g.part, r.rolname, g.is_grantable ORDER BY g.catalog, g.object, g.part NULLS FIRST, "
    "r.rolname NULLS FIRST, g.is_grantable";

}  // namespace

std::vector<CatalogQuery> object_queries(int version) {
  return {{std::string(kFunctionQuery), take_functions},
          {trigger_query(version), take_triggers},
          {std::string(kPolicyQuery), take_policies},
          {std::string(kGrantQuery), take_grants}};
}

}  // namespace capo::dialect::postgresql
