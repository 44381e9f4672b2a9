#include <set>

#include "base/text.hpp"
#include "tenancy/conversion.hpp"

namespace capo::tenancy {
namespace {

using Rows = std::vector<dialect::Row>;

std::string in_list(const dialect::Dialect& dialect, const std::set<std::string>& values) {
  dialect::SqlWriter sql = dialect.writer();
  bool first = true;
  for (const std::string& value : values) {
    if (!first) sql << ", ";
    first = false;
    sql << dialect::Literal(value);
  }
  return first ? "NULL" : sql.str();
}

// As reflection calls it: without the default schema.
constexpr const char* kName =
    "CASE WHEN n.nspname = current_schema() THEN c.relname ELSE n.nspname || '.' || c.relname END";

Rows ask(dialect::Connection& connection, const std::string& sql) {
  return connection.query(sql).rows;
}

void read_grants(dialect::Connection& connection, const std::string& roles,
                 ConversionFacts& facts) {
  const auto take = [&](const std::string& sql) {
    for (const dialect::Row& row : ask(connection, sql)) {
      facts.grants.push_back(
          {row.at(0).value_or(""), row.at(1).value_or(""), row.at(2).value_or("")});
    }
  };
  const std::string name = kName;
  const std::string of_roles = " AND r.rolname IN (" + roles + ")";
  const std::string visible =
      " AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";
  take("SELECT r.rolname, " + name +
       ", p.privilege FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
       "c.relnamespace CROSS JOIN pg_catalog.pg_roles r CROSS JOIN (VALUES ('SELECT'), ('INSERT'), "
       "('UPDATE'), ('DELETE')) AS p (privilege) WHERE c.relkind IN ('r', 'p', 'v', 'm')" +
       visible + of_roles +
       " AND CASE WHEN p.privilege = 'DELETE' THEN has_table_privilege(r.oid, c.oid, p.privilege) "
       "ELSE has_any_column_privilege(r.oid, c.oid, p.privilege) END");
  take("SELECT r.rolname, " + name +
       ", 'USAGE' FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
       "c.relnamespace CROSS JOIN pg_catalog.pg_roles r WHERE c.relkind = 'S'" +
       visible + of_roles + " AND has_sequence_privilege(r.oid, c.oid, 'USAGE')");
  take(
      "SELECT r.rolname, n.nspname, 'USAGE' FROM pg_catalog.pg_namespace n CROSS JOIN "
      "pg_catalog.pg_roles r WHERE has_schema_privilege(r.oid, n.oid, 'USAGE')" +
      visible + of_roles);
}

/// A table of the description, with its column.
struct Column {
  std::string schema = {};
  std::string table = {};
  std::string column = {};
};

// As the description names it: a name may hold a dot where the schema has not been said.
Column column_of(const config::TenantTable& said) {
  const std::size_t dot = said.name.find('.');
  if (dot == std::string::npos) return {{}, said.name, said.column};
  return {said.name.substr(0, dot), said.name.substr(dot + 1), said.column};
}

dialect::QualifiedName name_of(const Column& column) { return {column.schema, column.table}; }

bool has_column(dialect::Connection& connection, const dialect::Dialect& dialect,
                const Column& column) {
  dialect::SqlWriter sql = dialect.writer();
  if (dialect.name() == "sqlite") {
    sql << "SELECT 1 FROM pragma_table_info(" << dialect::Literal(column.table)
        << ") WHERE lower(name) = lower(" << dialect::Literal(column.column) << ")";
    return !ask(connection, sql.str()).empty();
  }
  const std::string table = (dialect.writer() << name_of(column)).str();
  sql << "SELECT 1 FROM pg_catalog.pg_attribute a WHERE a.attrelid = to_regclass("
      << dialect::Literal(table) << ") AND a.attname = " << dialect::Literal(column.column)
      << " AND NOT a.attisdropped";
  return !ask(connection, sql.str()).empty();
}

// Who does not see all rows cannot tell what is not there.
bool sees_all(dialect::Connection& connection, const dialect::Dialect& dialect,
              const Column& column) {
  dialect::SqlWriter sql = dialect.writer();
  const std::string table = (dialect.writer() << name_of(column)).str();
  if (dialect.name() == "sqlite") {
    sql << "SELECT 1 FROM sqlite_master WHERE type = 'table' AND lower(name) = lower("
        << dialect::Literal(column.table) << ")";
  } else {
    sql << "SELECT 1 WHERE NOT row_security_active(to_regclass(" << dialect::Literal(table)
        << ")) AND has_table_privilege(to_regclass(" << dialect::Literal(table) << "), 'SELECT')";
  }
  return !ask(connection, sql.str()).empty();
}

void read_filled(dialect::Connection& connection, const dialect::Dialect& dialect,
                 const config::Tenancy& tenancy, ConversionFacts& facts) {
  for (const config::TenantTable& said : tenancy.tables) {
    const Column column = column_of(said);
    if (!sees_all(connection, dialect, column)) continue;
    const bool has_own = has_column(connection, dialect, column);
    const auto has_rows = [&](const std::vector<std::string>& without) {
      dialect::SqlWriter sql = dialect.writer();
      sql << "SELECT 1 FROM " << name_of(column);
      const char* word = " WHERE ";
      for (const std::string& name : without) {
        sql << dialect::SqlText(word) << dialect::Identifier(name) << " IS NULL";
        word = " AND ";
      }
      sql << " LIMIT 1";
      return !ask(connection, sql.str()).empty();
    };
    std::vector<std::string> without;
    if (has_own) {
      without.push_back(said.column);
      if (!has_rows(without)) {
        facts.filled.push_back(said.name);
        continue;
      }
    }
    if (!said.through.empty() && said.through != said.column) {
      if (!has_column(connection, dialect, {column.schema, column.table, said.through})) continue;
      without.push_back(said.through);
    }
    if (has_rows(without)) facts.ownerless.push_back(said.name);
  }
}

void read_old_rows(dialect::Connection& connection, const dialect::Dialect& dialect,
                   const config::Tenancy& tenancy, ConversionFacts& facts) {
  std::string_view query = base::trim(tenancy.old_rows);
  while (query.ends_with(';')) query = base::trim(query.substr(0, query.size() - 1));
  const Column key = column_of({.name = tenancy.tenant_table, .column = tenancy.tenant_key});
  // Where there is one tenant only, rows can belong to no other.
  const std::string of_all =
      (dialect.writer() << "SELECT " << dialect::Identifier(key.column) << " FROM " << name_of(key))
          .str();
  if (query.empty()) query = of_all;
  if (!has_column(connection, dialect, key)) return;
  dialect::SqlWriter sql = dialect.writer();
  sql << "WITH owners (tenant) AS (" << dialect::SqlText(std::string(query))
      << ") SELECT tenant, (SELECT count(*) FROM " << name_of(key) << " AS one WHERE one."
      << dialect::Identifier(key.column) << " = owners.tenant) FROM owners LIMIT 2";
  ConversionFacts::OldRows found;
  // A query that writes has no business here.
  connection.begin();
  try {
    if (dialect.name() == "postgresql") ask(connection, "SET TRANSACTION READ ONLY");
    const Rows rows = ask(connection, sql.str());
    found.rows = static_cast<int>(rows.size());
    if (!rows.empty()) {
      found.is_null = !rows.front().at(0);
      found.value = rows.front().at(0).value_or("");
      found.is_tenant = rows.front().at(1) == "1";
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDatabase) throw;
    found.error = error.message();
  }
  connection.rollback();
  facts.old_rows = std::move(found);
}

}  // namespace

ConversionFacts read_conversion_facts(dialect::Connection& connection,
                                      const dialect::Dialect& dialect,
                                      const config::Tenancy& tenancy) {
  ConversionFacts facts;
  facts.is_complete = true;
  read_filled(connection, dialect, tenancy, facts);
  read_old_rows(connection, dialect, tenancy, facts);
  if (dialect.name() != "postgresql") return facts;
  std::set<std::string> roles = {tenancy.owner, tenancy.app_role, tenancy.maintenance_role};
  roles.erase("");
  const std::string in_roles = in_list(dialect, roles);
  for (const dialect::Row& row :
       ask(connection,
           "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN (" + in_roles + ")")) {
    facts.roles.push_back(row.at(0).value_or(""));
  }
  read_grants(connection, in_roles, facts);
  std::set<std::string> tables;
  for (const config::TenantTable& table : tenancy.tables) tables.insert(table.name);
  tables.insert(tenancy.shared_tables.begin(), tenancy.shared_tables.end());
  const std::string name = kName;
  const std::string of_tables = " WHERE " + name + " IN (" + in_list(dialect, tables) + ")";
  for (const dialect::Row& row :
       ask(connection, "SELECT " + name +
                           ", pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c JOIN "
                           "pg_catalog.pg_namespace n ON n.oid = c.relnamespace" +
                           of_tables + " AND c.relkind IN ('r', 'p') ORDER BY 1")) {
    facts.owners.emplace_back(row.at(0).value_or(""), row.at(1).value_or(""));
  }
  // Identity columns need no grant on their sequence.
  for (const dialect::Row& row :
       ask(connection,
           "SELECT " + name +
               ", CASE WHEN m.nspname = current_schema() THEN s.relname ELSE m.nspname || '.' || "
               "s.relname END FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = "
               "c.relnamespace JOIN pg_catalog.pg_attrdef a ON a.adrelid = c.oid JOIN "
               "pg_catalog.pg_depend d ON d.classid = 2604 AND d.objid = a.oid AND d.refclassid = "
               "1259 JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S' JOIN "
               "pg_catalog.pg_namespace m ON m.oid = s.relnamespace" +
               of_tables + " ORDER BY 1, 2")) {
    facts.sequences.emplace_back(row.at(0).value_or(""), row.at(1).value_or(""));
  }
  const auto version = ask(connection, "SHOW server_version_num");
  facts.has_security_invoker =
      base::parse_integer(version.at(0).at(0).value_or("")).value_or(0) >= 150000;
  return facts;
}

}  // namespace capo::tenancy
