// What touches rows and leaves the schema alone, as far as can be known: rows inserted, SQL, data
// steps.

#include "capo/error.hpp"
#include "operation/checks.hpp"
#include "operation/kinds.hpp"

namespace capo::operation {

using schema::Schema;

void validate(const BulkInsert& operation) {
  check_name("a table", operation.table);
  check_names("the columns of the rows for " + operation.table, operation.columns);
  for (std::size_t i = 0; i < operation.rows.size(); ++i) {
    if (operation.rows[i].size() == operation.columns.size()) continue;
    throw Error(ErrorCode::kSchema, "row " + std::to_string(i + 1) + " for " + operation.table +
                                        " has " + std::to_string(operation.rows[i].size()) +
                                        " values for " + std::to_string(operation.columns.size()) +
                                        " columns");
  }
}

void apply(const BulkInsert& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  for (const std::string& column : operation.columns) column_of(table, column);
}

std::optional<Operation> inverse(const BulkInsert&) { return std::nullopt; }

std::string describe(const BulkInsert& operation) {
  return "insert " + std::to_string(operation.rows.size()) +
         (operation.rows.size() == 1 ? " row into " : " rows into ") +
         schema::qualified(operation.schema, operation.table);
}

// A section of a revision may be empty.
void validate(const ExecuteSql&) {}
void apply(const ExecuteSql&, Schema&) {}
std::optional<Operation> inverse(const ExecuteSql&) { return std::nullopt; }
std::string describe(const ExecuteSql&) { return "execute SQL"; }

void validate(const DataStep& operation) {
  if (operation.run == nullptr) {
    throw Error(ErrorCode::kSchema,
                "the data step \"" + operation.description + "\" has no function");
  }
  if (operation.description.empty()) {
    throw Error(ErrorCode::kSchema, "a data step has no description")
        .hint("say in a few words what it does: it is all that a preview can show");
  }
}

void apply(const DataStep&, Schema&) {}
std::optional<Operation> inverse(const DataStep&) { return std::nullopt; }
std::string describe(const DataStep& operation) { return operation.description; }

}  // namespace capo::operation
