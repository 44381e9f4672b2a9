// Partitions: attached to their table, and detached from it.

#include <algorithm>

#include "capo/error.hpp"
#include "operation/checks.hpp"
#include "operation/kinds.hpp"
#include "schema/partitions.hpp"

namespace capo::operation {

using schema::find_table;
using schema::qualified;
using schema::Schema;

namespace {

bool is_of(const Table& table, const std::string& in, const std::string& parent) {
  const auto& of = table.options.partition_of;
  return of && of->parent == parent && of->schema == in;
}

// What the partition has from its parent from now on, by whatever name, is no longer its own.
template <class Items>
void give_up(Items& own, const Items& of_parent, bool by_name) {
  std::erase_if(own, [&](auto item) {
    return std::any_of(of_parent.begin(), of_parent.end(), [&](auto other) {
      if (by_name) return other.name == item.name;
      other.name = item.name;
      return other == item;
    });
  });
}

void become_partition(Table& table, const Table& parent) {
  TableOptions& options = table.options;
  if (!schema::primary_key_columns(parent).empty()) options.primary_key.reset();
  table.columns.clear();
  give_up(options.uniques, parent.options.uniques, false);
  give_up(options.indexes, parent.options.indexes, false);
  give_up(options.foreign_keys, parent.options.foreign_keys, false);
  give_up(options.checks, parent.options.checks, true);
}

}  // namespace

void validate(const AttachPartition& operation) {
  check_name("a partition", operation.table);
  check_name("the table that " + operation.table + " is to be a partition of", operation.of.parent);
  if (operation.of.bound.sql.empty() && operation.of.bound.others.empty()) {
    throw Error(ErrorCode::kSchema, "the partition " +
                                        qualified(operation.schema, operation.table) +
                                        " says no rows that are its own")
        .hint("say .bound = SqlText{\"FOR VALUES …\"}, or \"DEFAULT\"");
  }
}

void apply(const AttachPartition& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  const PartitionOf& of = operation.of;
  if (operation.if_not_exists && is_of(table, of.schema, of.parent)) return;
  if (const auto& already = table.options.partition_of) {
    throw Error(ErrorCode::kSchema, "table " + qualified(operation.schema, operation.table) +
                                        " is a partition of " +
                                        qualified(already->schema, already->parent) + " already");
  }
  const Table parent = schema::whole(schema, table_of(schema, of.schema, of.parent));
  become_partition(table, parent);
  table.options.partition_of = of;
}

std::optional<Operation> inverse(const AttachPartition& operation) {
  return DetachPartition{.table = operation.table,
                         .parent = operation.of.parent,
                         .parent_schema = operation.of.schema,
                         .schema = operation.schema,
                         .if_exists = operation.if_not_exists,
                         .was = operation.of,
                         .on = operation.on};
}

std::string describe(const AttachPartition& operation) {
  return "attach partition " + qualified(operation.schema, operation.table) + " to " +
         qualified(operation.of.schema, operation.of.parent);
}

void validate(const DetachPartition& operation) {
  check_name("a partition", operation.table);
  check_name("the table that " + operation.table + " is a partition of", operation.parent);
}

void apply(const DetachPartition& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  if (!is_of(table, operation.parent_schema, operation.parent)) {
    if (operation.if_exists) return;
    throw Error(ErrorCode::kSchema, "table " + qualified(operation.schema, operation.table) +
                                        " is no partition of " +
                                        qualified(operation.parent_schema, operation.parent));
  }
  table = schema::whole(schema, table);
  table.options.partition_of.reset();
}

std::optional<Operation> inverse(const DetachPartition& operation) {
  if (!operation.was) return std::nullopt;
  return AttachPartition{.table = operation.table,
                         .of = *operation.was,
                         .schema = operation.schema,
                         .if_not_exists = operation.if_exists,
                         .on = operation.on};
}

std::string describe(const DetachPartition& operation) {
  return "detach partition " + qualified(operation.schema, operation.table) + " from " +
         qualified(operation.parent_schema, operation.parent);
}

}  // namespace capo::operation
