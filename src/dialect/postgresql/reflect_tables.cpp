// Tables, views, and their columns.

#include <string>

#include "base/text.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/reflect_attach.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/postgresql/reflect_text.hpp"

namespace capo::dialect::postgresql {
namespace {

// `security_invoker` is a part of a view's value; the others are put back when it is made again.
void take_view_options(Catalog& catalog, View& view, const std::vector<std::string>& options) {
  const std::string described = schema::describe(view);
  for (const std::string& option : options) {
    const std::size_t equals = option.find('=');
    const std::string name = option.substr(0, equals);
    const std::string value = equals == std::string::npos ? "true" : option.substr(equals + 1);
    if (name == "security_invoker") {
      view.security_invoker = value == "true" || value == "on" || value == "1" || value == "yes";
      continue;
    }
    catalog.lose(described, name + " = " + value);
    SqlWriter sql(is_reserved);
    sql << "ALTER " << words(view.materialized ? "MATERIALIZED VIEW " : "VIEW ")
        << QualifiedName{view.schema, view.name} << " SET (" << words(option) << ")";
    catalog.attach(described, sql.str());
  }
}

struct RelationRow {
  Oid oid = 0;
  char persistence = 'p';
  bool is_typed = false;
  std::string bound = {};                        ///< of a partition
  std::string partition_key = {};                ///< of a partitioned table
  std::vector<std::string> parent_schemas = {};  ///< numbers
  std::vector<std::string> parents = {};
  bool is_leaving = false;  ///< DETACH … CONCURRENTLY did not come to its end
  RowSecurity security = {};
  bool has_tablespace = false;
  std::vector<std::string> options = {};
  std::string method = {};
  char identity = 'd';
  std::string owner = {};
  bool has_grants = false;
  std::string query = {};
};

std::string_view kind_of(char kind, const RelationRow& row) {
  if (kind == 'f') return "foreign table ";
  if (kind == 'v') return "view ";
  if (kind == 'm') return "materialised view ";
  return row.is_typed ? "typed table " : "table ";
}

void take_view(Catalog& catalog, Relation& relation, const RelationRow& row) {
  // `SELECT …;` with a space before it. Whether a materialised one is filled at the moment is no
  // part of what it is.
  std::string_view query = base::trim(row.query);
  if (query.ends_with(';')) query.remove_suffix(1);
  View view{.name = relation.name,
            .query = capo::SqlText{settled(query)},
            .schema = relation.schema,
            .materialized = relation.kind == 'm'};
  take_view_options(catalog, view, row.options);
  const std::string described = schema::describe(view);
  const std::string_view kind = view.materialized ? "MATERIALIZED VIEW" : "VIEW";
  const std::string name = written({view.schema, view.name});
  if (const std::string comment = catalog.take_comment(kRelations, row.oid); !comment.empty()) {
    catalog.lose(described, "its comment");
    catalog.attach(described, comment_on(kind, name, comment));
  }
  catalog.own(described, row.owner, kind, name);
  catalog.grantable.emplace(Address{kRelations, row.oid, 0}, Grantable{described, name});
  catalog.lose_if(row.has_grants, "grants on " + described, {});
  catalog.lose_if(row.has_tablespace, described, "its tablespace");
  catalog.lose_if(!row.method.empty() && row.method != "heap", described, "USING " + row.method);
  relation.place = catalog.result.schema.views.size();
  catalog.result.schema.views.push_back(std::move(view));
}

void take_parents(const Catalog& catalog, const RelationRow& row, TableOptions& options) {
  if (!row.partition_key.empty()) options.partition_by = capo::SqlText{row.partition_key};
  for (std::size_t i = 0; i < row.parents.size(); ++i) {
    const auto in = static_cast<Oid>(base::parse_integer(row.parent_schemas.at(i)).value_or(0));
    if (row.bound.empty()) {
      options.inherits.push_back({.name = row.parents[i], .schema = catalog.schema_name(in)});
    } else {
      options.partition_of = PartitionOf{.parent = row.parents[i],
                                         .bound = capo::SqlText{row.bound},
                                         .schema = catalog.schema_name(in)};
    }
  }
}

void take_table(Catalog& catalog, Relation& relation, const RelationRow& row) {
  const std::string& described = relation.described;
  TableOptions options;
  options.schema = relation.schema;
  options.unlogged = row.persistence == 'u';
  options.comment = catalog.take_comment(kRelations, row.oid);
  take_parents(catalog, row, options);
  catalog.lose_if(row.is_leaving, described, "DETACH PENDING");
  catalog.owned.push_back({.described = described, .owner = row.owner});
  catalog.lose_if(row.has_grants, "grants on " + described, {});
  catalog.lose_if(row.has_tablespace, described, "its tablespace");
  catalog.lose_if(!row.method.empty() && row.method != "heap", described, "USING " + row.method);
  for (const std::string& option : row.options) catalog.lose(described, "WITH (" + option + ")");
  catalog.lose_if(row.identity == 'f', described, "REPLICA IDENTITY FULL");
  catalog.lose_if(row.identity == 'n', described, "REPLICA IDENTITY NOTHING");
  catalog.lose_if(row.identity == 'i', described, "REPLICA IDENTITY USING INDEX");
  if (row.security.enabled || row.security.forced) {
    catalog.result.schema.securities.push_back(
        {.table = relation.name, .security = row.security, .schema = relation.schema});
  }
  relation.place = catalog.result.schema.tables.size();
  const bool is_partition = options.partition_of.has_value();
  catalog.result.schema.tables.emplace_back(relation.name, List<Column>(), std::move(options));
  if (!is_partition) return;
  relation.detached = catalog.result.detached.size();
  catalog.result.detached.push_back(catalog.result.schema.tables.back());
  catalog.result.detached.back().options.partition_of.reset();
}

RelationRow read_relation(Cells& cell) {
  RelationRow row;
  row.persistence = cell.letter();
  row.is_typed = cell.flag();
  row.bound = cell.text();
  row.partition_key = cell.text();
  row.parent_schemas = cell.items();
  row.parents = cell.items();
  row.is_leaving = cell.flag();
  row.security.enabled = cell.flag();
  row.security.forced = cell.flag();
  row.has_tablespace = cell.flag();
  row.options = cell.items();
  row.method = cell.text();
  row.identity = cell.letter();
  row.owner = cell.text();
  row.has_grants = cell.flag();
  row.query = cell.text();
  return row;
}

void take_relations(Catalog& catalog, const Result& answer) {
  for (const Row& cells : answer.rows) {
    Cells cell(cells);
    const Oid oid = cell.oid();
    const Oid row_type = cell.oid();
    Relation relation;
    relation.schema = catalog.schema_name(cell.oid());
    relation.name = cell.text();
    relation.kind = cell.letter();
    RelationRow row = read_relation(cell);
    row.oid = oid;
    if (catalog.is_of_extension(kRelations, oid)) continue;
    // One that was dropped a moment ago is printed no more.
    if (relation.is_view() && row.query.empty()) continue;
    relation.described = std::string(kind_of(relation.kind, row)) +
                         schema::qualified(relation.schema, relation.name);
    if (relation.is_view()) {
      take_view(catalog, relation, row);
    } else if ((relation.kind == 'r' || relation.kind == 'p') && !row.is_typed) {
      take_table(catalog, relation, row);
    } else {
      catalog.lose(relation.described);
    }
    if (relation.place != kNowhere) {
      catalog.described.emplace(Address{kRelations, oid, 0}, relation.described);
      catalog.row_types.emplace(row_type, oid);
    }
    catalog.relations.emplace(oid, std::move(relation));
  }
}

std::string relation_query(int version) {
  SqlWriter sql(is_reserved);
  sql << "SELECT c.oid, c.reltype, c.relnamespace, c.relname, c.relkind, c.relpersistence, "
         "c.reloftype <> 0, CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, "
         "c.oid) END, CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, "
         "i.schemas, i.names, i.is_leaving, c.relrowsecurity, "
         "c.relforcerowsecurity, c.reltablespace <> 0, c.reloptions || "
         "(SELECT pg_catalog.array_agg('toast.' || o) FROM pg_catalog.unnest(t.reloptions) o), "
         "m.amname, c.relreplident, pg_catalog.pg_get_userbyid(c.relowner), c.relacl <> "
         "pg_catalog.acldefault('r', c.relowner), CASE WHEN c.relkind IN ('v', "
         "'m') THEN pg_catalog.pg_get_viewdef(c.oid) END FROM pg_catalog.pg_class c LEFT JOIN "
         "pg_catalog.pg_class t ON t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL LEFT JOIN "
         "pg_catalog.pg_am m ON m.oid = c.relam LEFT JOIN (SELECT h.inhrelid, pg_catalog.array_agg("
         "p.relnamespace ORDER BY h.inhseqno) AS schemas, pg_catalog.array_agg(p.relname ORDER BY "
         "h.inhseqno) AS names, "
      << words(version >= 14 ? "pg_catalog.bool_or(h.inhdetachpending)" : "false")
      << " AS is_leaving FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = "
         "h.inhparent AND p.relkind IN ('r', 'p', 'f') GROUP BY h.inhrelid) i ON i.inhrelid = "
         "c.oid WHERE c.relnamespace = ANY ($1::oid[]) "
         "AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY c.oid";
  return sql.str();
}

// `serial` is a sequence of the column's own, as it would be made.
bool take_serial(Catalog& catalog, Oid table, int number, Column& column,
                 const std::string& default_value) {
  const auto owned = catalog.owned_sequences.find(column_key(table, number));
  if (owned == catalog.owned_sequences.end() || column.options.nullable) return false;
  SequenceRow& sequence = catalog.sequences.at(owned->second);
  const std::string printed = "nextval(" + sequence.printed + "::regclass)";
  const bool same_place = sequence.sequence.schema == catalog.relation(table)->schema;
  if (sequence.is_identity || !sequence.is_plain || !same_place || default_value != printed) {
    return false;
  }
  const auto becomes = [&](TypeKind kind, std::string_view type, std::string_view serial) {
    if (column.type.kind != kind || sequence.type != type) return false;
    column.type = Named(serial);
    sequence.is_used_up = true;
    return true;
  };
  return becomes(TypeKind::kInteger, "integer", "serial") ||
         becomes(TypeKind::kBigInteger, "bigint", "bigserial") ||
         becomes(TypeKind::kSmallInteger, "smallint", "smallserial");
}

void take_default(Catalog& catalog, Oid table, int number, Column& column, char generated,
                  std::string text) {
  if (text.empty()) return;
  text = settled(text);
  if (generated != '\0') {
    column.options.computed = Computed{capo::SqlText{text}, generated == 's'};
    return;
  }
  // A default of NULL is the same as none.
  if (text == "NULL" || text.starts_with("NULL::")) return;
  if (!take_serial(catalog, table, number, column, text)) {
    column.options.server_default = capo::SqlText{text};
  }
}

// What a column of a view has of its own: it is put back when the view is made again.
void take_view_column(Catalog& catalog, Oid oid, const Relation& relation, int number,
                      const std::string& default_value) {
  const View& view = catalog.result.schema.views[relation.place];
  const std::string described = schema::describe(view);
  const QualifiedName name{relation.schema, relation.name};
  const std::string& column = relation.column(number);
  if (const std::string comment = catalog.take_comment(kRelations, oid, number); !comment.empty()) {
    catalog.lose(described, "comments on its columns");
    catalog.attach(described, comment_on_column(name, column, comment));
  }
  if (default_value.empty()) return;
  catalog.lose(described, "defaults of its columns");
  SqlWriter sql(is_reserved);
  sql << "ALTER VIEW " << name << " ALTER COLUMN " << Identifier(column) << " SET DEFAULT "
      << words(default_value);
  catalog.attach(described, sql.str());
}

struct ColumnRow {
  int number = 0;
  std::string name = {};
  Oid type = 0;
  std::string printed_type = {};
  bool not_null = false;
  char identity = '\0';
  char generated = '\0';
  std::string default_value = {};
  std::string collation = {};
  bool collation_is_visible = true;
  std::string storage = {};
  std::string compression = {};
  bool has_statistics = false;
  bool has_grants = false;
  bool has_options = false;
  bool is_own = true;  ///< said by the table itself, of one that inherits
  bool is_inherited = false;
  bool has_own_default = false;
  bool has_own_not_null = false;
};

ColumnRow read_column(Cells& cell) {
  ColumnRow row;
  row.number = static_cast<int>(cell.number());
  row.name = cell.text();
  row.type = cell.oid();
  row.printed_type = cell.text();
  row.not_null = cell.flag();
  row.identity = cell.letter();
  row.generated = cell.letter();
  row.default_value = cell.text();
  row.collation = cell.text();
  row.collation_is_visible = cell.flag();
  row.storage = cell.text();
  row.compression = cell.text();
  row.has_statistics = cell.flag();
  row.has_grants = cell.flag();
  row.has_options = cell.flag();
  row.is_own = cell.flag();
  row.is_inherited = cell.flag();
  row.has_own_default = cell.flag();
  row.has_own_not_null = cell.flag();
  return row;
}

void lose_settings(Catalog& catalog, const std::string& table, const std::string& described,
                   const ColumnRow& row) {
  catalog.lose_if(!row.storage.empty(), described, "STORAGE " + row.storage);
  catalog.lose_if(!row.compression.empty(), described, "COMPRESSION " + row.compression);
  catalog.lose_if(row.has_statistics, described, "SET STATISTICS");
  catalog.lose_if(row.has_options, described, "its options");
  catalog.lose_if(row.has_grants, "grants on " + table, {});
  if (!row.collation.empty() && !row.collation_is_visible) {
    catalog.lose(described, "the schema of its collation");
  }
}

// What a column that comes from a parent has of its own has no place in the table's value.
void lose_own(Catalog& catalog, Oid oid, const std::string& described, const ColumnRow& row,
              const Column& column) {
  catalog.lose_if(row.has_own_default, described, "its own DEFAULT");
  catalog.lose_if(!column.options.comment.empty(), described, "its comment");
  if (row.has_own_not_null) {
    catalog.own_not_null.push_back({.relation = oid, .column = column.name});
  }
}

void take_table_column(Catalog& catalog, Oid oid, const Relation& relation, ColumnRow& row) {
  const std::string described =
      "column " + schema::qualified(relation.schema, relation.name) + "." + row.name;
  Column column(row.name, column_type(catalog, row.type, row.printed_type));
  column.options.nullable = !row.not_null;
  column.options.collation = row.collation;
  column.options.comment = catalog.take_comment(kRelations, oid, row.number);
  take_default(catalog, oid, row.number, column, row.generated, std::move(row.default_value));
  const bool is_partition = relation.detached != kNowhere;
  if (row.identity != '\0' && !is_partition) {
    Identity identity{.always = row.identity == 'a'};
    const auto owned = catalog.owned_sequences.find(column_key(oid, row.number));
    if (owned != catalog.owned_sequences.end()) {
      SequenceRow& sequence = catalog.sequences.at(owned->second);
      identity.sequence = sequence.sequence.options;
      sequence.is_used_up = true;
    }
    column.options.identity = identity;
  }
  lose_settings(catalog, relation.described, described, row);
  if (row.is_inherited && !row.is_own) lose_own(catalog, oid, described, row, column);
  if (is_partition) {
    catalog.result.detached[relation.detached].columns.push_back(std::move(column));
  } else if (row.is_own) {
    catalog.result.schema.tables[relation.place].columns.push_back(std::move(column));
  }
}

// Lists that grow by doubling would be a third larger than they need to be.
void reserve_columns(Catalog& catalog, Relation& relation, std::size_t count) {
  relation.columns.reserve(count);
  if (relation.place == kNowhere || relation.is_view()) return;
  catalog.result.schema.tables[relation.place].columns.reserve(count);
}

void take_columns(Catalog& catalog, const Result& answer) {
  for (const Row& cells : answer.rows) {
    Cells cell(cells);
    const Oid oid = cell.oid();
    const auto found = catalog.relations.find(oid);
    if (found == catalog.relations.end()) continue;
    Relation& relation = found->second;
    const auto count = static_cast<std::size_t>(cell.number());
    const bool is_dropped = cell.flag();
    ColumnRow row = read_column(cell);
    if (row.number == 1) reserve_columns(catalog, relation, count);
    relation.columns.push_back(is_dropped ? std::string() : row.name);
    if (is_dropped || relation.place == kNowhere) continue;
    if (relation.is_view()) {
      take_view_column(catalog, oid, relation, row.number, row.default_value);
    } else {
      take_table_column(catalog, oid, relation, row);
    }
  }
}

// Minor releases since November 2026 keep a number of their own, pg_attver, among the options.
std::string column_query(int version) {
  SqlWriter sql(is_reserved);
  sql << "SELECT a.attrelid, c.relnatts, a.attisdropped, a.attnum, a.attname, a.atttypid, "
         "pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, "
         "a.attgenerated, pg_catalog.pg_get_expr(d.adbin, d.adrelid), o.collname, "
         "pg_catalog.pg_collation_is_visible(o.oid), CASE WHEN a.attstorage <> "
         "COALESCE(q.attstorage, "
         "t.typstorage) THEN "
         "CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' "
         "ELSE 'EXTENDED' END END, "
      << words(version >= 14 ? "CASE NULLIF(a.attcompression, q.attcompression) WHEN 'p' THEN "
                               "'pglz' WHEN 'l' THEN 'lz4' END"
                             : "NULL")
      << ", " << words(version >= 17 ? "COALESCE(a.attstattarget, -1) >= 0" : "a.attstattarget > 0")
      << ", a.attacl IS NOT NULL, pg_catalog.array_to_string(a.attoptions, ',') !~ "
         "'^pg_attver=[0-9]+$', a.attislocal AND NOT c.relispartition, "
         "a.attinhcount > 0, pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM "
         "q.default_text, a.attnotnull AND NOT q.attnotnull FROM pg_catalog.pg_attribute a JOIN "
         "pg_catalog.pg_class c ON c.oid = a.attrelid LEFT JOIN pg_catalog.pg_type t ON t.oid = "
         "a.atttypid LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = "
         "a.attnum LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation AND "
         "a.attcollation <> t.typcollation LEFT JOIN (SELECT DISTINCT ON (h.inhrelid, b.attname) "
         "h.inhrelid, b.attname, b.attstorage, b.attnotnull, "
      << words(version >= 14 ? "b.attcompression, " : "")
      << "pg_catalog.pg_get_expr(e.adbin, e.adrelid) AS default_text FROM pg_catalog.pg_inherits h "
         "JOIN pg_catalog.pg_class p ON p.oid = h.inhparent AND p.relkind IN ('r', 'p', 'f') JOIN "
         "pg_catalog.pg_attribute b ON b.attrelid = h.inhparent AND b.attnum > 0 AND NOT "
         "b.attisdropped LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid = b.attrelid AND e.adnum = "
         "b.attnum ORDER BY h.inhrelid, b.attname, h.inhseqno) q ON q.inhrelid = a.attrelid AND "
         "q.attname = a.attname WHERE c.relnamespace = ANY ($1::oid[]) AND c.relkind IN "
         "('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 ORDER BY a.attrelid, a.attnum";
  return sql.str();
}

}  // namespace

std::vector<CatalogQuery> table_queries(int version) {
  const auto relations_end = [](Catalog& catalog) { catalog.result.schema.tables.shrink_to_fit(); };
  return {{relation_query(version), take_relations, true, relations_end},
          {column_query(version), take_columns, true, take_free_sequences}};
}

}  // namespace capo::dialect::postgresql
