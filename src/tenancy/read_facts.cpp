#include "tenancy/read_facts.hpp"

#include <algorithm>

#include "capo/error.hpp"

namespace capo::tenancy {
namespace {

dialect::Identifier name_of(const Relation& relation, int column) {
  return dialect::Identifier(relation.column(column)->name);
}

bool has_columns(const Relation& relation, const std::vector<int>& columns) {
  return std::all_of(columns.begin(), columns.end(),
                     [&](int number) { return relation.column(number) != nullptr; });
}

// A row that refers to nothing: none of its columns is NULL, and no such row is there.
std::string violation_query(const dialect::Dialect& dialect, const Relation& child,
                            const Relation& parent, const Constraint& key) {
  dialect::SqlWriter sql = dialect.writer();
  sql << "SELECT 1 FROM " << dialect::QualifiedName{child.schema, child.name} << " AS c WHERE ";
  for (const int column : key.columns) sql << "c." << name_of(child, column) << " IS NOT NULL AND ";
  sql << "NOT EXISTS (SELECT 1 FROM " << dialect::QualifiedName{parent.schema, parent.name}
      << " AS p WHERE ";
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    if (i > 0) sql << " AND ";
    sql << "p." << name_of(parent, key.referred_columns[i]) << " = c."
        << name_of(child, key.columns[i]);
  }
  sql << ") LIMIT 1";
  return sql.str();
}

bool is_described(const config::Tenancy& description, const TenancyFacts& facts, Oid oid) {
  return std::any_of(description.tables.begin(), description.tables.end(),
                     [&](const config::TenantTable& table) {
                       const Relation* relation = facts.find(table.name);
                       return relation != nullptr && relation->oid == oid;
                     });
}

// One that fails must not spoil the transaction of the others.
std::optional<Violation> look(dialect::Connection& connection, const std::string& query,
                              const Relation& child, const Constraint& key) {
  connection.query("SAVEPOINT capo_key");
  try {
    const bool is_violated = !connection.query(query).rows.empty();
    connection.query("RELEASE SAVEPOINT capo_key");
    if (!is_violated) return std::nullopt;
    return Violation{.relation = child.oid, .constraint = key.name};
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDatabase && error.code() != ErrorCode::kLocked) throw;
    connection.query("ROLLBACK TO SAVEPOINT capo_key");
    return Violation{
        .relation = child.oid, .constraint = key.name, .why_not_judged = error.message()};
  }
}

}  // namespace

std::vector<Violation> read_violations(dialect::Connection& connection,
                                       const dialect::Dialect& dialect, const TenancyFacts& facts,
                                       const config::Tenancy& description) {
  std::vector<Violation> violations;
  // What a policy would hide becomes an error.
  connection.query("SELECT set_config('row_security', 'off', true)");
  for (const auto& [oid, child] : facts.relations) {
    for (const Constraint& key : child.constraints) {
      const Relation* parent = facts.relation(key.referred);
      if (key.kind != 'f' || !key.is_valid || parent == nullptr) continue;
      if (!is_described(description, facts, oid) &&
          !is_described(description, facts, parent->oid)) {
        continue;
      }
      if (!has_columns(child, key.columns) || !has_columns(*parent, key.referred_columns)) continue;
      const auto violation =
          look(connection, violation_query(dialect, child, *parent, key), child, key);
      if (violation) violations.push_back(*violation);
    }
  }
  return violations;
}

TenancyFacts read_facts(dialect::Connection& connection, const dialect::Dialect& dialect,
                        const config::Tenancy& description) {
  connection.begin();
  try {
    TenancyFacts facts;
    if (dialect.name() == "postgresql") {
      facts = read_postgresql_facts(connection);
      facts.violations = read_violations(connection, dialect, facts, description);
    } else {
      facts = read_sqlite_facts(connection);
    }
    connection.rollback();
    return facts;
  } catch (const Error&) {
    connection.rollback();
    throw;
  }
}

}  // namespace capo::tenancy
