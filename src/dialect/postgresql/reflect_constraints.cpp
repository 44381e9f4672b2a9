// Primary keys, unique, check, exclude constraints and foreign keys.

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/postgresql/reflect_text.hpp"

namespace capo::dialect::postgresql {
namespace {

struct ConstraintRow {
  Oid oid = 0;
  std::string name = {};
  char kind = '\0';
  bool deferrable = false;
  bool deferred = false;
  bool validated = true;
  bool no_inherit = false;
  std::vector<std::string> columns = {};  ///< numbers
  Oid referred = 0;
  std::vector<std::string> referred_columns = {};
  char on_update = 'a';
  char on_delete = 'a';
  char match = 's';
  std::string text = {};  ///< a check's condition, an exclude constraint as a whole
  bool nulls_not_distinct = false;
  bool has_included = false;
  bool has_index_settings = false;
  bool sets_some_columns = false;
  Oid referred_schema = 0;
  std::string referred_table = {};
  std::vector<std::string> referred_names = {};  ///< of a table that is not read
  bool not_enforced = false;
  bool is_period = false;
  Oid index = 0;  ///< that it made
  bool is_inherited = false;
};

ConstraintRow read_constraint(Cells& cell) {
  ConstraintRow row;
  row.oid = cell.oid();
  row.name = cell.text();
  row.kind = cell.letter();
  row.deferrable = cell.flag();
  row.deferred = cell.flag();
  row.validated = cell.flag();
  row.no_inherit = cell.flag();
  row.columns = cell.items();
  row.referred = cell.oid();
  row.referred_columns = cell.items();
  row.on_update = cell.letter();
  row.on_delete = cell.letter();
  row.match = cell.letter();
  row.text = cell.text();
  row.nulls_not_distinct = cell.flag();
  row.has_included = cell.flag();
  row.has_index_settings = cell.flag();
  row.sets_some_columns = cell.flag();
  row.referred_schema = cell.oid();
  row.referred_table = cell.text();
  row.referred_names = cell.items();
  row.not_enforced = cell.flag();
  row.is_period = cell.flag();
  row.index = cell.oid();
  row.is_inherited = cell.flag();
  return row;
}

Names names_of(const Relation& relation, const std::vector<std::string>& numbers) {
  Names names;
  for (const std::string& number : numbers) {
    names.push_back(relation.column(static_cast<int>(base::parse_integer(number).value_or(0))));
  }
  return names;
}

Action action_of(char letter) {
  switch (letter) {
    case 'r':
      return Action::kRestrict;
    case 'c':
      return Action::kCascade;
    case 'n':
      return Action::kSetNull;
    case 'd':
      return Action::kSetDefault;
    default:
      return Action::kNoAction;
  }
}

ForeignKey foreign_key(const Catalog& catalog, const Relation& relation, const ConstraintRow& row) {
  ForeignKey key;
  key.name = f(row.name);
  key.columns = names_of(relation, row.columns);
  key.referred_schema = catalog.schema_name(row.referred_schema);
  key.referred_table = row.referred_table;
  const Relation* referred = catalog.relation(row.referred);
  key.referred_columns =
      referred == nullptr ? Names(row.referred_names) : names_of(*referred, row.referred_columns);
  key.on_update = action_of(row.on_update);
  key.on_delete = action_of(row.on_delete);
  key.match_full = row.match == 'f';
  key.deferrable = row.deferrable;
  key.initially_deferred = row.deferred;
  key.not_valid = !row.validated;
  return key;
}

// `EXCLUDE USING gist (room WITH =, during WITH &&) WHERE ((room > 0)) DEFERRABLE`
ExcludeConstraint exclude(const ConstraintRow& row) {
  ExcludeConstraint exclude;
  exclude.name = f(row.name);
  exclude.deferrable = row.deferrable;
  exclude.initially_deferred = row.deferred;
  const Bracketed text = first_parentheses(row.text);
  exclude.method = text.before.substr(text.before.rfind(' ') + 1);
  for (const std::string_view item : list_items(text.inside)) {
    const PrintedExclusion element = printed_exclusion(item);
    exclude.elements.push_back({.expression = capo::SqlText{settled(element.expression)},
                                .with = std::string(element.with)});
  }
  const std::size_t where = text.after.find("WHERE (");
  if (where != std::string_view::npos) {
    exclude.predicate = capo::SqlText{settled(first_parentheses(text.after.substr(where)).inside)};
  }
  return exclude;
}

void add_constraint(Catalog& catalog, Table& table, const Relation& relation,
                    const ConstraintRow& row) {
  TableOptions& options = table.options;
  switch (row.kind) {
    case 'p':
      options.primary_key =
          PrimaryKey{.columns = names_of(relation, row.columns), .name = f(row.name)};
      return;
    case 'u':
      options.uniques.push_back({.columns = names_of(relation, row.columns),
                                 .name = f(row.name),
                                 .nulls_not_distinct = row.nulls_not_distinct,
                                 .deferrable = row.deferrable,
                                 .initially_deferred = row.deferred});
      return;
    case 'c':
      options.checks.push_back({.condition = capo::SqlText{settled(row.text)},
                                .name = f(row.name),
                                .not_valid = !row.validated});
      return;
    case 'f':
      options.foreign_keys.push_back(foreign_key(catalog, relation, row));
      return;
    case 'x':
      options.excludes.push_back(exclude(row));
      return;
    default:
      return;
  }
}

// A name that the server found for NOT NULL ends so, whatever was renamed since; a number may follow.
bool is_of_somebody(std::string_view name) {
  while (!name.empty() && base::is_digit(name.back())) name.remove_suffix(1);
  return !name.ends_with("_not_null");
}

void lose_parts(Catalog& catalog, const std::string& described, const ConstraintRow& row) {
  catalog.lose_comment(described, kConstraints, row.oid);
  catalog.lose_if(!catalog.take_comment(kRelations, row.index).empty(), described,
                  "the comment of its index");
  // A foreign key is NO INHERIT by nature; so are keys.
  catalog.lose_if(row.no_inherit && (row.kind == 'c' || row.kind == 'n'), described, "NO INHERIT");
  catalog.lose_if(row.kind == 'n' && !row.validated, described, "NOT VALID");
  catalog.lose_if(row.kind == 'n' && is_of_somebody(row.name), described, "its name");
  catalog.lose_if(row.has_included, described, "INCLUDE (…)");
  catalog.lose_if(row.has_index_settings, described,
                  "storage parameters, tablespace or CLUSTER ON of its index");
  catalog.lose_if(row.sets_some_columns, described, "the columns of ON DELETE SET …");
  catalog.lose_if(row.kind == 'p' && row.deferrable, described,
                  row.deferred ? "DEFERRABLE INITIALLY DEFERRED" : "DEFERRABLE");
  catalog.lose_if(row.not_enforced, described, "NOT ENFORCED");
  catalog.lose_if(row.is_period, described, "PERIOD, WITHOUT OVERLAPS");
}

// A key makes its columns NOT NULL; otherwise a column that comes from a parent is it by itself.
void lose_own_not_null(Catalog& catalog) {
  for (const OwnNotNull& own : catalog.own_not_null) {
    const Table* table = catalog.table(own.relation);
    if (table == nullptr) continue;
    const Names key = schema::primary_key_columns(*table);
    if (std::find(key.begin(), key.end(), own.column) != key.end()) continue;
    catalog.lose(
        "column " + schema::qualified(table->options.schema, table->name) + "." + own.column,
        "its own NOT NULL");
  }
}

void take_constraints(Catalog& catalog, const Result& answer) {
  for (const Row& cells : answer.rows) {
    Cells cell(cells);
    const Oid oid = cell.oid();
    const Relation* relation = catalog.relation(oid);
    Table* table = catalog.table(oid);
    if (table == nullptr) continue;
    const ConstraintRow row = read_constraint(cell);
    if (Table* detached = catalog.detached(oid)) add_constraint(catalog, *detached, *relation, row);
    if (row.is_inherited) continue;
    add_constraint(catalog, *table, *relation, row);
    lose_parts(
        catalog,
        "constraint " + row.name + " of " + schema::qualified(relation->schema, relation->name),
        row);
  }
}

std::string constraint_query(int version) {
  SqlWriter sql(is_reserved);
  sql << "SELECT k.conrelid, k.oid, k.conname, k.contype, k.condeferrable, k.condeferred, "
         "k.convalidated, k.connoinherit, k.conkey, k.confrelid, k.confkey, k.confupdtype, "
         "k.confdeltype, k.confmatchtype, CASE k.contype WHEN 'c' THEN "
         "pg_catalog.pg_get_expr(k.conbin, k.conrelid) WHEN 'x' THEN "
         "pg_catalog.pg_get_constraintdef(k.oid) END, "
      << words(version >= 15 ? "x.indnullsnotdistinct" : "false")
      << ", x.indnatts > x.indnkeyatts, i.reloptions IS NOT NULL OR i.reltablespace <> 0 OR "
         "x.indisclustered, "
      << words(version >= 15 ? "k.confdelsetcols IS NOT NULL" : "false")
      << ", r.relnamespace, r.relname, CASE WHEN r.relnamespace <> ALL ($1::oid[]) OR r.relkind "
         "NOT IN ('r', 'p', 'f') THEN (SELECT "
         "pg_catalog.array_agg(a.attname ORDER BY u.at) FROM pg_catalog.unnest(k.confkey) WITH "
         "ORDINALITY u (number, at) JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND "
         "a.attnum = u.number) END, "
      << words(version >= 18 ? "NOT k.conenforced, k.conperiod" : "false, false")
      << ", x.indexrelid, k.conparentid <> 0 OR NOT k.conislocal FROM pg_catalog.pg_constraint k "
         "JOIN pg_catalog.pg_class c ON c.oid = "
         "k.conrelid LEFT "
         "JOIN pg_catalog.pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x') "
         "LEFT JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid LEFT JOIN pg_catalog.pg_class r "
         "ON r.oid = k.confrelid LEFT JOIN pg_catalog.pg_constraint q ON q.oid = k.conparentid AND "
         "k.conparentid <> 0 WHERE c.relnamespace = ANY ($1::oid[]) AND k.contype IN ('p', "
         "'u', 'c', 'f', 'x', 'n') AND (k.conparentid = 0 OR q.conrelid <> k.conrelid AND "
         "q.confrelid = "
         "k.confrelid)";
  return sql.str();
}

}  // namespace

std::vector<CatalogQuery> constraint_queries(int version) {
  return {{constraint_query(version), take_constraints, true, lose_own_not_null}};
}

}  // namespace capo::dialect::postgresql
