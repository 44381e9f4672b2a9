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
  std::vector<Index>* indexes = nullptr;  ///< of a table or view; null: there is none
  std::size_t index = 0;
};

Found find(Schema& schema, const std::string& in, const std::string& name) {
  Found result;
  const auto look_into = [&](const std::string& its_schema, std::vector<Index>& indexes) {
    if (its_schema != in || result.indexes != nullptr) return;
    const auto found = std::find_if(indexes.begin(), indexes.end(),
                                    [&](const Index& index) { return index.name == name; });
    if (found == indexes.end()) return;
    result = {&indexes, static_cast<std::size_t>(found - indexes.begin())};
  };
  for (Table& table : schema.tables) look_into(table.options.schema, table.options.indexes);
  for (View& view : schema.views) look_into(view.schema, view.indexes);
  return result;
}

View* materialized_view(Schema& schema, const std::string& in, const std::string& name) {
  const auto found = std::find_if(schema.views.begin(), schema.views.end(), [&](const View& view) {
    return view.materialized && view.name == name && view.schema == in;
  });
  return found == schema.views.end() ? nullptr : &*found;
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
  View* view = materialized_view(schema, operation.schema, operation.table);
  Table* table = view ? nullptr : &table_of(schema, operation.schema, operation.table);
  if (find(schema, operation.schema, operation.index.name).indexes != nullptr) {
    if (operation.if_not_exists) return;
    taken(operation.schema, operation.index.name);
  }
  if (view != nullptr) {  // what columns it has, only the database knows
    view->indexes.push_back(operation.index);
    return;
  }
  for (const IndexElement& element : operation.index.elements) {
    if (!element.expression) need_column(schema, *table, element.column);
  }
  table->options.indexes.push_back(operation.index);
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
  if (found.indexes == nullptr) {
    if (operation.if_exists) return;
    missing(operation.schema, operation.name);
  }
  found.indexes->erase(found.indexes->begin() + static_cast<std::ptrdiff_t>(found.index));
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
  if (found.indexes == nullptr) {
    if (operation.if_exists) return;
    missing(operation.schema, operation.from);
  }
  if (find(schema, operation.schema, operation.to).indexes != nullptr) {
    taken(operation.schema, operation.to);
  }
  (*found.indexes)[found.index].name = operation.to;
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
