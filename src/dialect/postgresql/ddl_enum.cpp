// An enum from one list of values to another.

#include <algorithm>

#include "dialect/postgresql/ddl.hpp"
#include "dialect/postgresql/ddl_guard.hpp"

namespace capo::dialect::postgresql {
namespace {

bool has(const Names& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool only_adds(const Names& old, const Names& values) {
  std::size_t kept = 0;
  for (const std::string& value : values) {
    if (kept < old.size() && old[kept] == value) ++kept;
  }
  return kept == old.size();
}

// Each value in its old place, or a new one in the place of one that is gone.
bool only_renames(const Names& old, const Names& values) {
  if (old.size() != values.size()) return false;
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (old[i] != values[i] && (has(values, old[i]) || has(old, values[i]))) return false;
  }
  return true;
}

// No value can be taken out of an enum: a new one takes its place, in every column that has it. A
// row whose value is gone stops all of it. Defaults are written anew, because they name the type.
constexpr char kChangeColumns[] = R"(;
  FOR used IN
    SELECT a.attrelid::pg_catalog.regclass AS relation, a.attname AS name,
           CASE WHEN a.atttypid = old_type THEN '' ELSE '[]' END AS dimensions,
           pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_text
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    LEFT JOIN pg_catalog.pg_attrdef d
      ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
    WHERE NOT a.attisdropped AND a.attinhcount = 0
      AND a.atttypid IN (old_type, (SELECT t.typarray FROM pg_catalog.pg_type t
                                    WHERE t.oid = old_type))
  LOOP
    IF used.default_text IS NOT NULL THEN
      EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', used.relation,
                                used.name);
    END IF;
    EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I TYPE %s%s USING %I::text%s::%s%s',
                              used.relation, used.name, new_type, used.dimensions, used.name,
                              used.dimensions, new_type, used.dimensions);
    IF used.default_text IS NOT NULL THEN
      EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', used.relation,
                                used.name, pg_catalog.replace(used.default_text, old_type::text,
                                                              new_type::text));
    END IF;
  END LOOP;
  DROP TYPE )";

Literal as_literal(const Parts& parts, const QualifiedName& name) {
  SqlWriter sql = parts.writer();
  sql << name;
  return Literal(sql.str());
}

}  // namespace

void Ddl::replace_enum(const Replace<EnumType>& operation, Statements& out) const {
  const EnumType& type = operation.object;
  const Names old = operation.was ? operation.was->values : Names();
  if (!old.empty() && only_adds(old, type.values)) {
    std::size_t next = 0;  // of the old values, the one before which a new value belongs
    for (const std::string& value : type.values) {
      if (next < old.size() && old[next] == value) {
        ++next;
        continue;
      }
      add_enum_value({.type = type.name,
                      .value = value,
                      .before = next < old.size() ? old[next] : std::string(),
                      .schema = type.schema},
                     out);
    }
    return;
  }
  const QualifiedName name{type.schema, type.name};
  if (!old.empty() && only_renames(old, type.values)) {
    for (std::size_t i = 0; i < old.size(); ++i) {
      if (old[i] == type.values[i]) continue;
      SqlWriter sql = parts_.writer();
      sql << "ALTER TYPE " << name << " RENAME VALUE " << Literal(old[i]) << " TO "
          << Literal(type.values[i]);
      out.push_back(statement(sql.str()));
    }
    return;
  }
  const QualifiedName old_name{type.schema, "capo_old_enum"};
  Statements create;
  create_enum({.object = type}, create);
  SqlWriter body = parts_.writer();
  body << "\nDECLARE\n  used record;\n  old_type pg_catalog.regtype;\n  new_type "
          "pg_catalog.regtype;\nBEGIN\n  ALTER TYPE "
       << name << " RENAME TO " << Identifier(old_name.name) << ";\n  " << SqlText(create[0].sql)
       << ";\n  old_type := " << as_literal(parts_, old_name)
       << ";\n  new_type := " << as_literal(parts_, name) << kChangeColumns << old_name
       << ";\nEND\n";
  out.push_back(statement("DO " + dollar_quoted(body.str())));
}

}  // namespace capo::dialect::postgresql
