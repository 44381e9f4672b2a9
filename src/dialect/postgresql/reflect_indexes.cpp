// Indexes that no constraint made.

#include <string>

#include "base/text.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "dialect/postgresql/reflect_catalog.hpp"
#include "dialect/postgresql/reflect_text.hpp"

namespace capo::dialect::postgresql {
namespace {

struct IndexRow {
  Oid oid = 0;
  std::string name = {};
  std::string method = {};
  bool is_unique = false;
  bool is_valid = true;
  bool nulls_not_distinct = false;
  std::size_t keys = 0;
  std::string column_numbers = {};  ///< 0 for an expression
  std::string definition = {};
  std::string predicate = {};
  bool has_tablespace = false;
  std::vector<std::string> options = {};
  bool is_clustered = false;
  bool has_statistics = false;
  bool is_inherited = false;
};

IndexRow read_index(Cells& cell) {
  IndexRow row;
  row.oid = cell.oid();
  row.name = cell.text();
  row.method = cell.text();
  row.is_unique = cell.flag();
  row.is_valid = cell.flag();
  row.nulls_not_distinct = cell.flag();
  row.keys = static_cast<std::size_t>(cell.number());
  row.column_numbers = cell.text();
  row.definition = cell.text();
  row.predicate = cell.text();
  row.has_tablespace = cell.flag();
  row.options = cell.items();
  row.is_clustered = cell.flag();
  row.has_statistics = cell.flag();
  row.is_inherited = cell.flag();
  return row;
}

IndexElement element_of(Catalog& catalog, const std::string& described, std::string_view text) {
  const PrintedElement printed = printed_element(text);
  IndexElement element = printed.column.empty()
                             ? IndexElement(capo::SqlText{settled(printed.expression)})
                             : IndexElement(printed.column);
  element.collation = printed.collation;
  element.operator_class = printed.operator_class;
  element.descending = printed.descending;
  if (printed.nulls_first) element.nulls = IndexElement::Nulls::kFirst;
  if (printed.nulls_last) element.nulls = IndexElement::Nulls::kLast;
  catalog.lose_if(printed.collation_is_qualified, described, "the schema of a collation");
  return element;
}

Index index_of(Catalog& catalog, const Relation& relation, const std::string& described,
               const IndexRow& row) {
  Index index(f(row.name), {});
  IndexOptions& options = index.options;
  options.unique = row.is_unique;
  options.nulls_not_distinct = row.nulls_not_distinct;
  if (row.method != "btree") options.method = row.method;
  if (!row.predicate.empty()) options.where = capo::SqlText{settled(row.predicate)};
  const Bracketed printed = first_parentheses(row.definition);
  for (const std::string_view text : list_items(printed.inside)) {
    index.elements.push_back(element_of(catalog, described, text));
  }
  const std::vector<std::string_view> numbers = base::split(row.column_numbers, ' ');
  for (std::size_t i = row.keys; i < numbers.size(); ++i) {
    options.include.push_back(
        relation.column(static_cast<int>(base::parse_integer(numbers[i]).value_or(0))));
  }
  return index;
}

void take_indexes(Catalog& catalog, const Result& answer) {
  for (const Row& cells : answer.rows) {
    Cells cell(cells);
    const Oid oid = cell.oid();
    const Relation* relation = catalog.relation(oid);
    if (relation == nullptr || relation->place == kNowhere) continue;
    const IndexRow row = read_index(cell);
    if (row.definition.empty()) continue;  // Dropped a moment ago.
    const std::string described =
        "index " + row.name + " of " + schema::qualified(relation->schema, relation->name);
    const Index index = index_of(catalog, *relation, described, row);
    if (Table* detached = catalog.detached(oid)) detached->options.indexes.push_back(index);
    if (row.is_inherited) continue;
    if (!row.is_valid) catalog.lose(described, "it is invalid");
    catalog.lose_comment(described, kRelations, row.oid);
    catalog.lose_if(row.has_tablespace, described, "its tablespace");
    catalog.lose_if(row.is_clustered, described, "CLUSTER ON");
    catalog.lose_if(row.has_statistics, described, "SET STATISTICS");
    for (const std::string& option : row.options) catalog.lose(described, "WITH (" + option + ")");
    std::vector<Index>& indexes = relation->is_view()
                                      ? catalog.result.schema.views[relation->place].indexes
                                      : catalog.table(oid)->options.indexes;
    indexes.push_back(index);
  }
}

std::string index_query(int version) {
  SqlWriter sql(is_reserved);
  sql << "SELECT x.indrelid, x.indexrelid, i.relname, m.amname, x.indisunique, x.indisvalid, "
      << words(version >= 15 ? "x.indnullsnotdistinct" : "false")
      << ", x.indnkeyatts, x.indkey, pg_catalog.pg_get_indexdef(x.indexrelid), "
         "pg_catalog.pg_get_expr(x.indpred, x.indrelid), i.reltablespace <> 0, i.reloptions, "
         "x.indisclustered, i.relnatts > 0 AND x.indexprs IS NOT NULL AND EXISTS (SELECT FROM "
         "pg_catalog.pg_attribute a WHERE a.attrelid = x.indexrelid AND "
      << words(version >= 17 ? "COALESCE(a.attstattarget, -1) >= 0" : "a.attstattarget > 0")
      << "), h.inhrelid IS NOT NULL FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid "
         "= x.indexrelid JOIN "
         "pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_am m ON m.oid = i.relam "
         "LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = x.indexrelid AND k.contype IN ('p', "
         "'u', 'x') LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = x.indexrelid WHERE "
         "c.relnamespace = ANY ($1::oid[]) AND c.relkind IN ('r', 'p', 'm') AND k.oid IS "
         "NULL ORDER BY x.indexrelid";
  return sql.str();
}

}  // namespace

std::vector<CatalogQuery> index_queries(int version) {
  return {{index_query(version), take_indexes, true}};
}

}  // namespace capo::dialect::postgresql
