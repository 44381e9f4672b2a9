// How a table would be read back, guessed without a server.

#include <algorithm>

#include "base/text.hpp"
#include "dialect/postgresql/expected_names.hpp"
#include "dialect/postgresql/expected_text.hpp"
#include "dialect/postgresql/parts.hpp"
#include "dialect/postgresql/reflect.hpp"
#include "dialect/postgresql/reflect_types.hpp"
#include "schema/schema.hpp"

namespace capo::dialect::postgresql {
namespace {

// What is said and would be so anyway is not read back.
void drop_usual(SequenceOptions& options, const Type& type) {
  const SequenceBounds bounds = bounds_of(type.kind);
  const bool up = options.increment.value_or(1) > 0;
  const long long low = options.min_value.value_or(up ? 1 : bounds.low);
  const long long high = options.max_value.value_or(up ? bounds.high : -1);
  const auto drop = [](std::optional<long long>& value, long long usual) {
    if (value == usual) value.reset();
  };
  drop(options.start, up ? low : high);
  drop(options.increment, 1);
  drop(options.min_value, up ? 1 : bounds.low);
  drop(options.max_value, up ? bounds.high : -1);
  drop(options.cache, 1);
}

bool is_serial(const Type& type) {
  return type.kind == TypeKind::kNamed &&
         (type.name == "serial" || type.name == "bigserial" || type.name == "smallserial");
}

capo::SqlText text_of(const capo::SqlText& sql) {
  return capo::SqlText{schema::text_on(sql, "postgresql")};
}

void read_column(Column& column, const Names& key) {
  ColumnOptions& options = column.options;
  column.type = expected_type(column.type);
  const bool in_key = std::find(key.begin(), key.end(), column.name) != key.end();
  if (in_key || options.identity || is_serial(column.type)) options.nullable = false;
  options.primary_key = false;
  options.renamed_from.clear();
  if (options.collation == "default") options.collation.clear();
  options.server_default = expected_default(options.server_default, column.type);
  if (options.identity) drop_usual(options.identity->sequence, column.type);
  if (options.computed) options.computed->expression = text_of(options.computed->expression);
}

void read_index(const Table& table, Index& index) {
  IndexOptions& options = index.options;
  options.method = base::lower(options.method);
  if (options.method == "btree") options.method.clear();
  if (options.where) {
    options.where = capo::SqlText{expected_condition(table, text_of(*options.where).sql)};
  }
  for (IndexElement& element : index.elements) {
    if (element.expression) {
      element.expression =
          capo::SqlText{expected_expression(table, text_of(*element.expression).sql)};
    }
    const IndexElement::Nulls usual =
        element.descending ? IndexElement::Nulls::kFirst : IndexElement::Nulls::kLast;
    if (element.nulls == usual) element.nulls = IndexElement::Nulls::kUsual;
  }
}

template <class Objects>
void sort_by_name(Objects& objects) {
  std::sort(objects.begin(), objects.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace

Table expected(const Table& declared) {
  Table table = declared;
  TableOptions& options = table.options;
  options.renamed_from.clear();
  const Names key = schema::primary_key_columns(table);
  if (!key.empty() && !options.primary_key) options.primary_key = PrimaryKey{.columns = key};
  for (Column& column : table.columns) read_column(column, key);
  if (options.partition_by) options.partition_by = text_of(*options.partition_by);
  if (options.partition_of) options.partition_of->bound = text_of(options.partition_of->bound);
  for (CheckConstraint& check : options.checks) check.condition = text_of(check.condition);
  name_as_the_server(table);
  for (CheckConstraint& check : options.checks) {
    check.condition = capo::SqlText{expected_condition(table, check.condition.sql)};
  }
  for (ExcludeConstraint& exclude : options.excludes) {
    for (ExcludeConstraint::Element& element : exclude.elements) {
      element.expression = text_of(element.expression);
    }
    if (exclude.predicate) exclude.predicate = text_of(*exclude.predicate);
  }
  for (Index& index : options.indexes) read_index(table, index);
  sort_by_name(options.uniques);
  sort_by_name(options.checks);
  sort_by_name(options.foreign_keys);
  sort_by_name(options.excludes);
  sort_by_name(options.indexes);
  return table;
}

}  // namespace capo::dialect::postgresql
