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

namespace {

Error refused(const Backfill& operation, const std::string& what) {
  return {ErrorCode::kSchema,
          "the backfill of " + schema::qualified(operation.schema, operation.table) + " " + what};
}

}  // namespace

void validate(const Backfill& operation) {
  check_name("a table", operation.table);
  if (!operation.key.empty()) {
    check_names("the key of the backfill of " + operation.table, operation.key);
  }
  if (operation.set.sql.empty()) throw refused(operation, "sets nothing");
  if (operation.where && operation.where->sql.empty()) {
    throw refused(operation, "has an empty condition").hint("without one it is all rows");
  }
  if (operation.expect_no_rows && operation.expect_no_rows->sql.empty()) {
    throw refused(operation, "expects no rows of an empty condition");
  }
  if (operation.batch < 1) throw refused(operation, "has batches of no row");
  if (operation.duty < 1 || operation.duty > 100) {
    throw refused(operation, "is to be at work " + std::to_string(operation.duty) +
                                 " % of the time, which is none of 1 to 100");
  }
  if (operation.pause_ms < 0 || operation.max_replica_lag_ms < 0 ||
      operation.max_active.value_or(0) < 0 ||
      (operation.expect_rows && operation.expect_rows->rows < 0)) {
    throw refused(operation, "has a number below 0");
  }
}

// Rows are no part of a schema, and SQL names its columns where nobody here can read it.
void apply(const Backfill& operation, Schema& schema) {
  const Table& table = table_of(schema, operation.schema, operation.table);
  Table copy = table;
  for (const std::string& column : operation.key) column_of(copy, column);
}

std::optional<Operation> inverse(const Backfill&) { return std::nullopt; }

std::string describe(const Backfill& operation) {
  if (!operation.description.empty()) return operation.description;
  std::string text = "backfill " + schema::qualified(operation.schema, operation.table) + ": set " +
                     operation.set.sql;
  if (operation.where) text += " where " + operation.where->sql;
  return text;
}

std::string describe(const RowCount& count) {
  const std::string rows = std::to_string(count.rows) + (count.rows == 1 ? " row" : " rows");
  switch (count.bound) {
    case RowCount::Bound::kExactly:
      return "exactly " + rows;
    case RowCount::Bound::kAtLeast:
      return "at least " + rows;
    case RowCount::Bound::kAtMost:
      return "at most " + rows;
  }
  return {};
}

}  // namespace capo::operation
