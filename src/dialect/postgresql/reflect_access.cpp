// Roles that are asked for, and what they may do. Both belong to nobody's schema alone, and so are
// read only by their names.

#include <map>
#include <string>

#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/sql_writer.hpp"

namespace capo::dialect::postgresql {
namespace {

void take_roles(Catalog& catalog, const Result& answer) {
  for (const Row& row : answer.rows) {
    Cells cell(row);
    Role role{.name = cell.text()};
    role.login = cell.flag();
    role.inherit = cell.flag();
    role.superuser = cell.flag();
    role.create_database = cell.flag();
    role.create_role = cell.flag();
    role.bypass_row_security = cell.flag();
    for (std::string& group : cell.items()) role.member_of.push_back(std::move(group));
    catalog.result.schema.roles.push_back(std::move(role));
  }
}

// Since 16 who makes a role is its member for administration alone, which is no membership here.
std::string role_query(const std::string& names) {
  return "SELECT r.rolname, r.rolcanlogin, r.rolinherit, r.rolsuper, r.rolcreatedb, "
         "r.rolcreaterole, r.rolbypassrls, (SELECT pg_catalog.array_agg(DISTINCT g.rolname ORDER "
         "BY g.rolname) FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = "
         "m.roleid WHERE m.member = r.oid AND (coalesce((pg_catalog.to_jsonb(m) ->> "
         "'inherit_option')::bool, true) OR coalesce((pg_catalog.to_jsonb(m) ->> "
         "'set_option')::bool, true))) FROM pg_catalog.pg_roles r WHERE r.rolname IN (" +
         names + ") ORDER BY r.rolname";
}

Grant::Kind kind_of(char letter) {
  switch (letter) {
    case 'S':
      return Grant::Kind::kSequence;
    case 'n':
      return Grant::Kind::kSchema;
    case 'f':
      return Grant::Kind::kFunction;
    default:
      return Grant::Kind::kTable;
  }
}

/// As what is not looked at is called.
std::string described(const Catalog& catalog, const Address& address, const Grant& grant) {
  const std::string name = schema::qualified(grant.schema, grant.object);
  if (grant.kind == Grant::Kind::kSchema) return "schema " + name;
  if (const Relation* relation = catalog.relation(address.object);
      relation != nullptr && address.catalog == kRelations && !relation->described.empty()) {
    return relation->described;
  }
  const auto found = catalog.described.find(address);
  return found == catalog.described.end()
             ? schema::describe(Sequence{.name = grant.object, .schema = grant.schema})
             : found->second;
}

void take_privileges(Catalog& catalog, const Result& answer) {
  std::map<std::string, bool> is_all_read;
  for (const Row& row : answer.rows) {
    Cells cell(row);
    Address address;
    address.catalog = cell.oid();
    address.object = cell.oid();
    Grant grant{.kind = kind_of(cell.letter())};
    const Oid schema = cell.oid();
    if (grant.kind != Grant::Kind::kSchema) grant.schema = catalog.schema_name(schema);
    grant.object = cell.text();
    for (std::string& type : cell.items()) grant.arguments.push_back(std::move(type));
    if (std::string column = cell.text(); !column.empty()) {
      grant.columns.push_back(std::move(column));
    }
    grant.role = cell.text();
    grant.with_grant_option = cell.flag();
    grant.privileges.push_back(cell.text());
    const bool is_implied = cell.flag();
    const bool is_named = cell.flag();
    if (catalog.is_of_extension(address.catalog, address.object)) continue;
    if (is_named || !is_implied) {
      is_all_read.try_emplace(described(catalog, address, grant), true).first->second &= is_named;
    }
    if (!is_named) continue;
    (is_implied ? catalog.result.implied : catalog.result.schema.grants)
        .push_back(std::move(grant));
  }
  for (const auto& [object, is_read] : is_all_read) {
    if (is_read) catalog.find_again("grants on " + object);
  }
}

// Implied is what the owner may do anyway, and what everybody may do unless it is taken away.
std::string privilege_query(const std::string& names) {
  return "SELECT a.catalog, a.oid, a.kind, a.schema, a.object, a.arguments, a.part, coalesce("
         "r.rolname, 'public'), x.is_grantable, x.privilege_type, x.grantee = a.owner OR x.grantee "
         "= 0 AND (a.kind = 'f' OR a.kind = 'n' AND a.object = 'public'), coalesce(r.rolname, "
         "'public') IN (" +
         names +
         ") FROM (SELECT 1259 AS "
         "catalog, c.oid, CASE c.relkind WHEN 'S' THEN 'S' ELSE 'r' END AS kind, c.relnamespace AS "
         "schema, c.relname AS object, NULL::text[] AS arguments, NULL::name AS part, c.relowner "
         "AS "
         "owner, c.relacl AS acl FROM pg_catalog.pg_class c WHERE c.relnamespace = ANY ($1::oid[]) "
         "AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relacl IS NOT NULL UNION ALL "
         "SELECT "
         "1259, c.oid, 'r', c.relnamespace, c.relname, NULL, t.attname, c.relowner, t.attacl FROM "
         "pg_catalog.pg_class c JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid WHERE "
         "c.relnamespace = ANY ($1::oid[]) AND t.attacl IS NOT NULL AND NOT t.attisdropped UNION "
         "ALL SELECT 1255, p.oid, 'f', p.pronamespace, p.proname, ARRAY(SELECT "
         "pg_catalog.format_type(u.type, NULL) FROM pg_catalog.unnest(p.proargtypes) WITH "
         "ORDINALITY u(type, place) ORDER BY u.place), NULL, p.proowner, p.proacl FROM "
         "pg_catalog.pg_proc p WHERE p.pronamespace = ANY ($1::oid[]) AND p.proacl IS NOT NULL "
         "UNION ALL SELECT 2615, n.oid, 'n', 0::oid, n.nspname, NULL, NULL, n.nspowner, n.nspacl "
         "FROM pg_catalog.pg_namespace n WHERE n.oid = ANY ($1::oid[]) AND n.nspacl IS NOT NULL) a "
         "CROSS JOIN LATERAL pg_catalog.aclexplode(a.acl) x LEFT JOIN pg_catalog.pg_roles r ON "
         "r.oid = x.grantee";
}

}  // namespace

std::vector<CatalogQuery> access_queries(const std::vector<std::string>& roles) {
  if (roles.empty()) return {};
  SqlWriter names(is_reserved);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (i > 0) names << ", ";
    names << Literal(roles[i]);
  }
  return {{role_query(names.str()), take_roles}, {privilege_query(names.str()), take_privileges}};
}

}  // namespace capo::dialect::postgresql
