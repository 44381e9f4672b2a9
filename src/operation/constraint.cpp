// Constraints: added, dropped, renamed, validated.

#include <algorithm>

#include "capo/error.hpp"
#include "operation/checks.hpp"
#include "operation/kinds.hpp"

namespace capo::operation {

using schema::qualified;
using schema::Schema;

namespace {

// Calls `function` with the table's constraints of each kind.
template <class Function>
void for_each_list(Table& table, Function function) {
  function(table.options.uniques);
  function(table.options.checks);
  function(table.options.foreign_keys);
  function(table.options.excludes);
}

bool has(Table& table, const std::string& name) {
  if (name.empty()) return false;
  bool found = table.options.primary_key && table.options.primary_key->name == name;
  for_each_list(table, [&](const auto& list) {
    found = found || std::any_of(list.begin(), list.end(),
                                 [&](const auto& item) { return item.name == name; });
  });
  return found;
}

void need(Table& table, const std::string& name) {
  if (has(table, name)) return;
  throw Error(ErrorCode::kSchema, "table " + table.name + " has no constraint " + name);
}

struct Add {
  Table& table;

  void operator()(const PrimaryKey& key) const {
    if (!schema::primary_key_columns(table).empty()) {
      throw Error(ErrorCode::kSchema, "table " + table.name + " has a primary key already");
    }
    table.options.primary_key = key;
  }
  void operator()(const UniqueConstraint& unique) const { table.options.uniques.push_back(unique); }
  void operator()(const CheckConstraint& check) const { table.options.checks.push_back(check); }
  void operator()(const ForeignKey& key) const { table.options.foreign_keys.push_back(key); }
  void operator()(const ExcludeConstraint& exclude) const {
    table.options.excludes.push_back(exclude);
  }
};

std::string on_table(const auto& operation) {
  return " on " + qualified(operation.schema, operation.table);
}

}  // namespace

void validate(const AddConstraint& operation) {
  check_name("a table", operation.table);
  check_constraint(operation.table, operation.constraint);
  if (operation.if_not_exists && name_of(operation.constraint).empty()) {
    throw Error(ErrorCode::kSchema, "a constraint of " + operation.table +
                                        " that is added if it does not exist needs a name");
  }
}

void apply(const AddConstraint& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  const std::string& name = name_of(operation.constraint);
  if (has(table, name)) {
    if (operation.if_not_exists) return;
    throw Error(ErrorCode::kSchema,
                "table " + table.name + " has a constraint " + name + " already");
  }
  for (const std::string& column : columns_of(operation.constraint)) {
    need_column(schema, table, column);
  }
  std::visit(Add{table}, operation.constraint);
}

std::optional<Operation> inverse(const AddConstraint& operation) {
  if (name_of(operation.constraint).empty()) return std::nullopt;
  return DropConstraint{.table = operation.table,
                        .name = name_of(operation.constraint),
                        .schema = operation.schema,
                        .if_exists = operation.if_not_exists,
                        .was = operation.constraint,
                        .on = operation.on};
}

std::string describe(const AddConstraint& operation) {
  return "add " + describe_constraint(operation.constraint) + on_table(operation);
}

void validate(const DropConstraint& operation) {
  check_name("a table", operation.table);
  // SQLite: one without a name is found by what it is.
  if (!operation.was) check_name("a constraint of " + operation.table, operation.name);
}

void apply(const DropConstraint& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  if (!has(table, operation.name) && operation.if_exists) return;
  need(table, operation.name);
  if (table.options.primary_key && table.options.primary_key->name == operation.name) {
    table.options.primary_key.reset();
    return;
  }
  for_each_list(table, [&](auto& list) {
    std::erase_if(list, [&](const auto& item) { return item.name == operation.name; });
  });
}

std::optional<Operation> inverse(const DropConstraint& operation) {
  if (!operation.was || operation.cascade) return std::nullopt;
  return AddConstraint{.table = operation.table,
                       .constraint = *operation.was,
                       .schema = operation.schema,
                       .if_not_exists = operation.if_exists,
                       .on = operation.on};
}

std::string describe(const DropConstraint& operation) {
  return "drop " +
         (operation.was ? describe_constraint(*operation.was) : "constraint " + operation.name) +
         on_table(operation);
}

void validate(const RenameConstraint& operation) {
  check_name("a table", operation.table);
  check_name("the constraint of " + operation.table + " to rename", operation.from);
  check_name("the new name of constraint " + operation.from, operation.to);
}

void apply(const RenameConstraint& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  if (!has(table, operation.from) && operation.if_exists) return;
  need(table, operation.from);
  if (has(table, operation.to)) {
    throw Error(ErrorCode::kSchema,
                "table " + table.name + " has a constraint " + operation.to + " already");
  }
  const auto rename = [&](auto& item) {
    if (item.name == operation.from) item.name = operation.to;
  };
  if (table.options.primary_key) rename(*table.options.primary_key);
  for_each_list(table, [&](auto& list) { std::for_each(list.begin(), list.end(), rename); });
}

std::optional<Operation> inverse(const RenameConstraint& operation) {
  RenameConstraint back = operation;
  std::swap(back.from, back.to);
  return back;
}

std::string describe(const RenameConstraint& operation) {
  return "rename constraint " + operation.from + " to " + operation.to + on_table(operation);
}

void validate(const ValidateConstraint& operation) {
  check_name("a table", operation.table);
  check_name("a constraint of " + operation.table, operation.name);
}

void apply(const ValidateConstraint& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  need(table, operation.name);
  const auto validate_it = [&](auto& item) {
    if (item.name == operation.name) item.not_valid = false;
  };
  for (CheckConstraint& check : table.options.checks) validate_it(check);
  for (ForeignKey& key : table.options.foreign_keys) validate_it(key);
}

// What was found to be true stays true.
std::optional<Operation> inverse(const ValidateConstraint&) { return std::nullopt; }

std::string describe(const ValidateConstraint& operation) {
  return "validate constraint " + operation.name + on_table(operation);
}

}  // namespace capo::operation
