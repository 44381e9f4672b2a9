// Columns: added, dropped, altered.

#include <algorithm>

#include "capo/error.hpp"
#include "operation/checks.hpp"
#include "operation/kinds.hpp"
#include "schema/grants.hpp"
#include "schema/partitions.hpp"

namespace capo::operation {

using schema::find_column;
using schema::qualified;
using schema::Schema;

namespace {

bool names(const Names& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

bool is_over(const Index& index, const std::string& column) {
  return names(index.options.include, column) ||
         std::any_of(index.elements.begin(), index.elements.end(),
                     [&](const IndexElement& e) { return !e.expression && e.column == column; });
}

// With a column go the indexes and constraints that name it, as on every database.
void drop_what_names(Table& table, const std::string& column) {
  TableOptions& options = table.options;
  const auto is_of = [&](const auto& constraint) { return names(constraint.columns, column); };
  if (options.primary_key && is_of(*options.primary_key)) options.primary_key.reset();
  std::erase_if(options.uniques, is_of);
  std::erase_if(options.foreign_keys, is_of);
  std::erase_if(options.indexes, [&](const Index& index) { return is_over(index, column); });
}

void rename_in(Names& columns, const std::string& from, const std::string& to) {
  std::replace(columns.begin(), columns.end(), from, to);
}

// Calls `function` with each table that has the columns of `table`, and those that have its.
template <class Function>
void for_each_heir(Schema& schema, const Table& table, Function&& function) {
  const std::string key = qualified(table.options.schema, table.name);
  for (Table& other : schema.tables) {
    const std::vector<std::string> parents = schema::parent_keys(other);
    if (std::find(parents.begin(), parents.end(), key) == parents.end()) continue;
    function(other);
    for_each_heir(schema, other, function);
  }
}

// Wherever the column is named by name. Expressions are text; the database rewrites its own.
void rename(Schema& schema, Table& table, const std::string& from, const std::string& to) {
  TableOptions& options = table.options;
  if (options.primary_key) rename_in(options.primary_key->columns, from, to);
  for (UniqueConstraint& unique : options.uniques) rename_in(unique.columns, from, to);
  for (ForeignKey& key : options.foreign_keys) rename_in(key.columns, from, to);
  for (Index& index : options.indexes) {
    rename_in(index.options.include, from, to);
    for (IndexElement& element : index.elements) {
      if (!element.expression && element.column == from) element.column = to;
    }
  }
  for (Table& other : schema.tables) {
    for (ForeignKey& key : other.options.foreign_keys) {
      if (key.referred_table == table.name && key.referred_schema == options.schema) {
        rename_in(key.referred_columns, from, to);
      }
    }
  }
}

void rename_with_heirs(Schema& schema, Table& table, const std::string& from,
                       const std::string& to) {
  rename(schema, table, from, to);
  for_each_heir(schema, table, [&](Table& heir) { rename(schema, heir, from, to); });
}

std::string where(const auto& operation, const std::string& column) {
  return qualified(operation.schema, operation.table) + "." + column;
}

}  // namespace

void validate(const AddColumn& operation) {
  check_name("a table", operation.table);
  check_column(operation.table, operation.column);
}

void apply(const AddColumn& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  if (find_column(table, operation.column.name) == nullptr) {
    table.columns.push_back(operation.column);
  } else if (!operation.if_not_exists) {
    throw Error(ErrorCode::kSchema, "table " + qualified(operation.schema, operation.table) +
                                        " has a column " + operation.column.name + " already");
  }
}

std::optional<Operation> inverse(const AddColumn& operation) {
  return DropColumn{.table = operation.table,
                    .column = operation.column.name,
                    .schema = operation.schema,
                    .if_exists = operation.if_not_exists,
                    .was = operation.column,
                    .on = operation.on};
}

std::string describe(const AddColumn& operation) {
  return "add column " + where(operation, operation.column.name);
}

void validate(const DropColumn& operation) {
  check_name("a table", operation.table);
  check_name("a column of " + operation.table, operation.column);
}

void apply(const DropColumn& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  if (find_column(table, operation.column) == nullptr && operation.if_exists) return;
  column_of(table, operation.column);
  drop_what_names(table, operation.column);
  for_each_heir(schema, table, [&](Table& heir) { drop_what_names(heir, operation.column); });
  std::erase_if(table.columns,
                [&](const Column& column) { return column.name == operation.column; });
}

std::optional<Operation> inverse(const DropColumn& operation) {
  if (!operation.was || operation.cascade) return std::nullopt;
  return AddColumn{.table = operation.table,
                   .column = *operation.was,
                   .schema = operation.schema,
                   .if_not_exists = operation.if_exists,
                   .on = operation.on};
}

std::string describe(const DropColumn& operation) {
  return "drop column " + where(operation, operation.column);
}

void validate(const AlterColumn& operation) {
  check_name("a table", operation.table);
  check_name("a column of " + operation.table, operation.column);
  const std::string column = where(operation, operation.column);
  const bool changes = operation.type || operation.nullable || operation.server_default ||
                       operation.comment || operation.rename_to || operation.identity;
  if (!changes) throw Error(ErrorCode::kSchema, "nothing is to be changed of column " + column);
  if (operation.using_ && !operation.type) {
    throw Error(ErrorCode::kSchema, "column " + column + ": using_ without a new type");
  }
  if (operation.collation && !operation.type) {
    throw Error(ErrorCode::kSchema, "column " + column + ": a collation without its type");
  }
  if (operation.rename_to) check_name("the new name of column " + column, *operation.rename_to);
  Column result(operation.column, operation.type.value_or(Integer()));
  if (operation.server_default) result.options.server_default = *operation.server_default;
  if (operation.identity) result.options.identity = *operation.identity;
  check_column(operation.table, result);
}

namespace {

void rename_in_grants(Schema& schema, const AlterColumn& operation) {
  if (schema.grants.empty()) return;
  for (Grant& grant : schema.grants) {
    if (grant.kind != Grant::Kind::kTable || grant.object != operation.table ||
        grant.schema != operation.schema) {
      continue;
    }
    std::replace(grant.columns.begin(), grant.columns.end(), operation.column,
                 *operation.rename_to);
  }
  schema.grants = schema::grants_of(schema::privileges_of(schema.grants));
}

}  // namespace

void apply(const AlterColumn& operation, Schema& schema) {
  Table& table = table_of(schema, operation.schema, operation.table);
  if (find_column(table, operation.column) == nullptr && operation.if_exists) return;
  Column& column = column_of(table, operation.column);
  if (operation.rename_to && *operation.rename_to != operation.column) {
    if (find_column(table, *operation.rename_to) != nullptr) {
      throw Error(ErrorCode::kSchema, "table " + qualified(operation.schema, operation.table) +
                                          " has a column " + *operation.rename_to + " already");
    }
    rename_with_heirs(schema, table, operation.column, *operation.rename_to);
    rename_in_grants(schema, operation);
    column.name = *operation.rename_to;
  }
  ColumnOptions& options = column.options;
  if (operation.type) column.type = *operation.type;
  if (operation.collation) options.collation = *operation.collation;
  if (operation.nullable) options.nullable = *operation.nullable;
  if (operation.server_default) options.server_default = *operation.server_default;
  if (operation.comment) options.comment = *operation.comment;
  if (operation.identity) options.identity = *operation.identity;
}

std::optional<Operation> inverse(const AlterColumn& operation) {
  AlterColumn back{.table = operation.table,
                   .column = operation.rename_to.value_or(operation.column),
                   .schema = operation.schema,
                   .if_exists = operation.if_exists,
                   .on = operation.on};
  if (operation.rename_to) back.rename_to = operation.column;
  const bool only_renames = !operation.type && !operation.nullable && !operation.server_default &&
                            !operation.comment && !operation.identity;
  if (only_renames) return back;
  // How values would come back through an expression, nobody has said.
  if (!operation.was || operation.using_) return std::nullopt;
  const Column& was = *operation.was;
  if (operation.type) back.type = was.type;
  if (operation.collation) back.collation = was.options.collation;
  if (operation.nullable) back.nullable = was.options.nullable;
  if (operation.server_default) back.server_default = was.options.server_default;
  if (operation.comment) back.comment = was.options.comment;
  if (operation.identity) back.identity = was.options.identity;
  // And this one can be taken back in its turn.
  Column now = was;
  now.name = back.column;
  if (operation.type) now.type = *operation.type;
  if (operation.collation) now.options.collation = *operation.collation;
  if (operation.nullable) now.options.nullable = *operation.nullable;
  if (operation.server_default) now.options.server_default = *operation.server_default;
  if (operation.comment) now.options.comment = *operation.comment;
  if (operation.identity) now.options.identity = *operation.identity;
  back.was = std::move(now);
  return back;
}

std::string describe(const AlterColumn& operation) {
  const std::string column = where(operation, operation.column);
  std::string what;
  const auto add = [&](bool changes, std::string_view word) {
    if (changes) what.append(what.empty() ? "" : ", ").append(word);
  };
  add(operation.type.has_value(), "type");
  add(operation.nullable.has_value(), operation.nullable.value_or(false) ? "null" : "not null");
  add(operation.server_default.has_value(), "default");
  add(operation.identity.has_value(), "identity");
  add(operation.comment.has_value(), "comment");
  if (!operation.rename_to) return "alter column " + column + ": " + what;
  const std::string renamed = "rename column " + column + " to " + *operation.rename_to;
  return what.empty() ? renamed : renamed + ", alter " + what;
}

}  // namespace capo::operation
