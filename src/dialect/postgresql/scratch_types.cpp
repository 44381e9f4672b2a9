#include "dialect/postgresql/scratch_types.hpp"

#include <utility>
#include <vector>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/lexer.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/postgresql/reflect_text.hpp"
#include "dialect/sql_writer.hpp"

namespace capo::dialect::postgresql {
namespace {

// In the order in which they were made, because one may be over another. A constraint that is not
// valid cannot be made with its domain.
constexpr std::string_view kTypeQuery = R"sql(
SELECT t.typname, CASE t.typtype
  WHEN 'd' THEN 'CREATE DOMAIN '
  ELSE 'CREATE TYPE ' END, CASE t.typtype
  WHEN 'd' THEN ' AS ' || pg_catalog.format_type(t.typbasetype, t.typtypmod)
    || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
    || coalesce((SELECT pg_catalog.string_agg(' CONSTRAINT ' || pg_catalog.quote_ident(k.conname) || ' '
         || pg_catalog.pg_get_constraintdef(k.oid), '' ORDER BY k.conname)
       FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated), '')
  ELSE ' AS (' || coalesce((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' '
         || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
       FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '')
    || ')' END
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE n.nspname = $1 AND (t.typtype = 'd' OR (t.typtype = 'c' AND c.relkind = 'c'))
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
    AND e.objid = t.oid AND e.deptype = 'e')
ORDER BY t.oid)sql";

using Reader = StatementReader<Lexer>;

// Of a statement that makes something whose name no type can have: `TABLE`, `DOMAIN`.
bool makes_named(Reader& reader) {
  if (!reader.accept("CREATE")) return false;
  if (reader.accept("OR")) reader.accept("REPLACE");
  for (const std::string_view word : {"GLOBAL", "LOCAL", "TEMPORARY", "TEMP", "UNLOGGED", "FOREIGN",
                                      "MATERIALIZED", "RECURSIVE"}) {
    reader.accept(word);
  }
  for (const std::string_view kind : {"DOMAIN", "TYPE", "TABLE", "VIEW", "SEQUENCE"}) {
    if (!reader.accept(kind)) continue;
    if (reader.accept("IF") && reader.accept("NOT")) reader.accept("EXISTS");
    return true;
  }
  return false;
}

std::set<std::string> made_names(const ScratchScript& script) {
  std::set<std::string> names;
  for (const ScratchScript::Item& item : script.items) {
    Reader reader(item.sql);
    if (!makes_named(reader)) continue;
    std::string name;
    for (;;) {  // the last part of a qualified name
      const bool is_word = reader.kind() == TokenKind::kWord;
      name = is_word ? base::lower(reader.text()) : unquoted(reader.text());
      reader.skip();
      if (reader.kind() != TokenKind::kDot) break;
      reader.skip();
    }
    names.insert(std::move(name));
  }
  return names;
}

}  // namespace

std::set<std::string> copy_types(Connection& connection, const ScratchScript& script,
                                 const std::string& from, const std::string& into) {
  std::set<std::string> copied;
  const Result types = connection.query(kTypeQuery, std::vector<Value>{from});
  if (types.rows.empty()) return copied;
  const std::set<std::string> made = made_names(script);
  for (const Row& row : types.rows) {
    Cells cell(row);
    const std::string name = cell.text();
    if (made.contains(name)) continue;
    copied.insert(name);
    SqlWriter sql(is_reserved);
    sql << SqlText(cell.text()) << QualifiedName{into, name};
    sql << SqlText(cell.text());
    connection.query("SAVEPOINT capo_type");
    try {
      connection.query(sql.str());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kDatabase) throw;
      connection.query("ROLLBACK TO SAVEPOINT capo_type");
    }
    connection.query("RELEASE SAVEPOINT capo_type");
  }
  return copied;
}

}  // namespace capo::dialect::postgresql
