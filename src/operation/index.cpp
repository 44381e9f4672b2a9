// Indexes: created, dropped, renamed. Their names are unique in a schema, not in a table.

#include <algorithm>

#include "capo/error.hpp"
#include "operation/checks.hpp"
#include "operation/kinds.hpp"

namespace capo::operation {

using schema::qualified;
using schema::Schema;

namespace {

struct Found {
  Table* table = nullptr;
  std::size_t index = 0;
};

Found find(Schema& schema, const std::string& in, const std::string& name) {
  for (Table& table : schema.tables) {
    if (table.options.schema != in) continue;
    const std::vector<Index>& indexes = table.options.indexes;
    const auto found = std::find_if(indexes.begin(), indexes.end(),
                                    [&](const Index& index) { return index.name == name; });
    if (found != indexes.end()) return {&table, static_cast<std::size_t>(found - indexes.begin())};
  }
  return {};
}

[[noreturn]] void missing(const std::string& in, const std::string& name) {
  throw Error(ErrorCode::kSchema, "there is no index " + qualified(in, name));
}

[[noreturn]] void taken(const std::string& in, const std::string& name) {
  throw Error(ErrorCode::kSchema, "there is an index " + qualified(in, name) + " already");
}

}  // namespace

void validate(const CreateIndex& operation) {
  check_name("a table", operation.table);
  check_name("an index of " + operation.table, operation.index.name);
  check_index(operation.table, operation.index);
}

void apply(const CreateIndex& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  if (find(schema, operation.schema, operation.index.name).table != nullptr) {
    if (operation.if_not_exists) return;
    taken(operation.schema, operation.index.name);
  }
  for (const IndexElement& element : operation.index.elements) {
    if (!element.expression) need_column(schema, table, element.column);
  }
  table.options.indexes.push_back(operation.index);
}

std::optional<Operation> inverse(const CreateIndex& operation) {
  return DropIndex{.name = operation.index.name,
                   .table = operation.table,
                   .schema = operation.schema,
                   .if_exists = operation.if_not_exists,
                   .concurrently = operation.concurrently,
                   .was = operation.index,
                   .on = operation.on};
}

std::string describe(const CreateIndex& operation) {
  return std::string("create ") + (operation.index.options.unique ? "unique index " : "index ") +
         operation.index.name + " on " + qualified(operation.schema, operation.table);
}

void validate(const DropIndex& operation) { check_name("an index", operation.name); }

void apply(const DropIndex& operation, Schema& schema) {
  const Found found = find(schema, operation.schema, operation.name);
  if (found.table == nullptr) {
    if (operation.if_exists) return;
    missing(operation.schema, operation.name);
  }
  std::vector<Index>& indexes = found.table->options.indexes;
  indexes.erase(indexes.begin() + static_cast<std::ptrdiff_t>(found.index));
}

std::optional<Operation> inverse(const DropIndex& operation) {
  if (!operation.was || operation.table.empty()) return std::nullopt;
  return CreateIndex{.table = operation.table,
                     .index = *operation.was,
                     .schema = operation.schema,
                     .if_not_exists = operation.if_exists,
                     .concurrently = operation.concurrently,
                     .on = operation.on};
}

std::string describe(const DropIndex& operation) {
  return "drop index " + qualified(operation.schema, operation.name);
}

void validate(const RenameIndex& operation) {
  check_name("the index to rename", operation.from);
  check_name("the new name of index " + operation.from, operation.to);
}

void apply(const RenameIndex& operation, Schema& schema) {
  const Found found = find(schema, operation.schema, operation.from);
  if (found.table == nullptr) {
    if (operation.if_exists) return;
    missing(operation.schema, operation.from);
  }
  if (find(schema, operation.schema, operation.to).table != nullptr) {
    taken(operation.schema, operation.to);
  }
  found.table->options.indexes[found.index].name = operation.to;
}

std::optional<Operation> inverse(const RenameIndex& operation) {
  RenameIndex back = operation;
  std::swap(back.from, back.to);
  return back;
}

std::string describe(const RenameIndex& operation) {
  return "rename index " + qualified(operation.schema, operation.from) + " to " + operation.to;
}

}  // namespace capo::operation
