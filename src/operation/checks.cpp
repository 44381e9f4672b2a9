#include "operation/checks.hpp"

#include "capo/error.hpp"
#include "schema/partitions.hpp"

namespace capo::operation {

Table& table_of(schema::Schema& schema, std::string_view in, std::string_view name) {
  if (Table* table = schema::find_table(schema, in, name)) return *table;
  throw Error(ErrorCode::kSchema, "there is no table " + schema::qualified(in, name));
}

Column& column_of(Table& table, std::string_view name) {
  if (Column* column = schema::find_column(table, name)) return *column;
  throw Error(ErrorCode::kSchema, "table " + table.name + " has no column " + std::string(name));
}

void need_column(const schema::Schema& schema, const Table& table, std::string_view name) {
  if (schema::find_any_column(schema, table, name) != nullptr) return;
  if (!schema::knows_all_columns(schema, table)) return;
  throw Error(ErrorCode::kSchema, "table " + table.name + " has no column " + std::string(name));
}

}  // namespace capo::operation
