#include "dialect/postgresql/aftermath.hpp"

#include <optional>
#include <string>

#include "base/text.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/lexer.hpp"

namespace capo::dialect::postgresql {
namespace {

using Kind = Aftermath::Kind;
using Reader = StatementReader<Lexer>;

/// A name as the catalog has it: unquoted ones fold to lower case.
std::optional<std::string> read_name(Reader& reader) {
  std::string name;
  if (reader.kind() == TokenKind::kWord) {
    name = base::lower(reader.text());
  } else if (reader.kind() == TokenKind::kName && reader.text().front() == '"') {
    const std::string_view quoted = reader.text();
    name = base::replace_all(quoted.substr(1, quoted.size() - 2), "\"\"", "\"");
  } else {
    return std::nullopt;
  }
  reader.skip();
  return name;
}

/// `name` or `schema.name`, quoted where it must be.
std::optional<std::string> read_qualified_name(Reader& reader) {
  std::optional<std::string> first = read_name(reader);
  if (!first) return std::nullopt;
  SqlWriter sql(is_reserved);
  if (!reader.accept(TokenKind::kDot)) {
    sql << Identifier(*first);
    return sql.str();
  }
  std::optional<std::string> second = read_name(reader);
  if (!second) return std::nullopt;
  sql << QualifiedName{*first, *second};
  return sql.str();
}

bool accept_if(Reader& reader, bool negated) {
  if (!reader.accept("IF")) return true;
  return (!negated || reader.accept("NOT")) && reader.accept("EXISTS");
}

/// After `CREATE [UNIQUE] INDEX CONCURRENTLY`.
Aftermath create_index(Connection& connection, Reader& reader) {
  if (!accept_if(reader, true) || reader.accept("ON")) return {};
  const std::optional<std::string> index = read_name(reader);
  if (!index || !reader.accept("ON")) return {};
  reader.accept("ONLY");
  const std::optional<std::string> table = read_qualified_name(reader);
  if (!table) return {};
  const Value parameters[] = {*index, *table};
  const Result found = connection.query(
      "SELECT i.indisvalid, n.nspname FROM pg_catalog.pg_index i"
      " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " WHERE c.relname = $1 AND i.indrelid = pg_catalog.to_regclass($2)",
      parameters);
  if (found.rows.empty()) return {.kind = Kind::kNotDone};
  const Row& row = found.rows.front();
  if (row.at(0) == "t") return {.kind = Kind::kDone};
  SqlWriter cleanup(is_reserved);
  cleanup << "DROP INDEX CONCURRENTLY " << QualifiedName{row.at(1).value_or(""), *index};
  return {.kind = Kind::kLeftover, .cleanup = cleanup.str()};
}

/// After `DROP INDEX CONCURRENTLY`.
Aftermath drop_index(Connection& connection, Reader& reader) {
  if (!accept_if(reader, false)) return {};
  const std::optional<std::string> index = read_qualified_name(reader);
  if (!index) return {};
  const Value parameters[] = {*index};
  const Result found = connection.query("SELECT pg_catalog.to_regclass($1) IS NULL", parameters);
  return {.kind = found.rows.at(0).at(0) == "t" ? Kind::kDone : Kind::kNotDone};
}

/// After `CREATE DATABASE` or `DROP DATABASE`.
Aftermath database(Connection& connection, Reader& reader, bool created) {
  if (!created && !accept_if(reader, false)) return {};
  const std::optional<std::string> name = read_name(reader);
  if (!name) return {};
  const Value parameters[] = {*name};
  const Result found = connection.query(
      "SELECT count(*) FROM pg_catalog.pg_database WHERE datname = $1", parameters);
  const bool exists = found.rows.at(0).at(0) != "0";
  return {.kind = exists == created ? Kind::kDone : Kind::kNotDone};
}

}  // namespace

Aftermath aftermath(Connection& connection, std::string_view statement) {
  Reader reader(statement);
  for (const std::string_view word :
       {"VACUUM", "ANALYZE", "REINDEX", "REFRESH", "CLUSTER", "CHECKPOINT"}) {
    if (reader.accept(word)) return {.kind = Kind::kRepeatable};
  }
  if (reader.accept("ALTER")) {
    return {.kind = reader.accept("SYSTEM") ? Kind::kRepeatable : Kind::kUnknown};
  }
  const bool created = reader.accept("CREATE");
  if (!created && !reader.accept("DROP")) return {};
  if (reader.accept("DATABASE")) return database(connection, reader, created);
  if (created) reader.accept("UNIQUE");
  if (!reader.accept("INDEX") || !reader.accept("CONCURRENTLY")) return {};
  return created ? create_index(connection, reader) : drop_index(connection, reader);
}

}  // namespace capo::dialect::postgresql
