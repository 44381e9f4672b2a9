// Tables: made, dropped, renamed, commented, made another kind of table.

#include <algorithm>

#include "capo/error.hpp"
#include "operation/checks.hpp"
#include "operation/kinds.hpp"
#include "schema/grants.hpp"

namespace capo::operation {

using schema::qualified;
using schema::Schema;

namespace {

// What belongs to a table and is kept apart from it goes with it, or takes its new name.
void forget(Schema& schema, const std::string& in, const std::string& table) {
  const auto is_of = [&](const auto& object) {
    return object.table == table && object.schema == in;
  };
  std::erase_if(schema.triggers, is_of);
  std::erase_if(schema.policies, is_of);
  std::erase_if(schema.securities, is_of);
}

void rename_parent(TableOptions& options, const RenameTable& operation) {
  if (auto& of = options.partition_of;
      of && of->parent == operation.from && of->schema == operation.schema) {
    of->parent = operation.to;
  }
  for (TableName& parent : options.inherits) {
    if (parent.name == operation.from && parent.schema == operation.schema) {
      parent.name = operation.to;
    }
  }
}

void rename_in(auto& objects, const RenameTable& operation) {
  for (auto& object : objects) {
    if (object.table == operation.from && object.schema == operation.schema) {
      object.table = operation.to;
    }
  }
}

}  // namespace

void validate(const CreateTable& operation) {
  check_table(operation.table);
  if (!operation.table.options.tenant_by) return;
  throw Error(ErrorCode::kSchema,
              "create table " + operation.table.name + ": .tenant_by is no part of a table")
      .hint("it is a policy and row security, which operations of their own make");
}

void apply(const CreateTable& operation, Schema& schema) {
  const Table& table = operation.table;
  if (find_table(schema, table.options.schema, table.name) == nullptr) {
    schema.tables.push_back(table);
  } else if (!operation.if_not_exists) {
    throw Error(ErrorCode::kSchema,
                "there is a table " + qualified(table.options.schema, table.name) + " already");
  }
}

std::optional<Operation> inverse(const CreateTable& operation) {
  const Table& table = operation.table;
  return DropTable{.name = table.name,
                   .schema = table.options.schema,
                   .if_exists = operation.if_not_exists,
                   .was = table,
                   .on = operation.on};
}

std::string describe(const CreateTable& operation) {
  return "create table " + qualified(operation.table.options.schema, operation.table.name);
}

void validate(const DropTable& operation) { check_name("a table", operation.name); }

void apply(const DropTable& operation, Schema& schema) {
  if (find_table(schema, operation.schema, operation.name) == nullptr && operation.if_exists) {
    return;
  }
  table_of(schema, operation.schema, operation.name);
  std::erase_if(schema.tables, [&](const Table& table) {
    return table.name == operation.name && table.options.schema == operation.schema;
  });
  forget(schema, operation.schema, operation.name);
}

std::optional<Operation> inverse(const DropTable& operation) {
  if (!operation.was || operation.cascade) return std::nullopt;
  return CreateTable{
      .table = *operation.was, .if_not_exists = operation.if_exists, .on = operation.on};
}

std::string describe(const DropTable& operation) {
  return "drop table " + qualified(operation.schema, operation.name);
}

void validate(const RenameTable& operation) {
  check_name("the table to rename", operation.from);
  check_name("the new name of table " + operation.from, operation.to);
}

namespace {

void rename_in_grants(Schema& schema, const RenameTable& operation) {
  if (schema.grants.empty()) return;
  for (Grant& grant : schema.grants) {
    if (grant.kind == Grant::Kind::kTable && grant.object == operation.from &&
        grant.schema == operation.schema) {
      grant.object = operation.to;
    }
  }
  schema.grants = schema::grants_of(schema::privileges_of(schema.grants));
}

}  // namespace

void apply(const RenameTable& operation, Schema& schema) {
  if (find_table(schema, operation.schema, operation.from) == nullptr && operation.if_exists) {
    return;
  }
  Table& table = table_of(schema, operation.schema, operation.from);
  if (find_table(schema, operation.schema, operation.to) != nullptr) {
    throw Error(ErrorCode::kSchema,
                "there is a table " + qualified(operation.schema, operation.to) + " already");
  }
  table.name = operation.to;
  for (Table& other : schema.tables) {
    rename_parent(other.options, operation);
    for (ForeignKey& key : other.options.foreign_keys) {
      if (key.referred_table == operation.from && key.referred_schema == operation.schema) {
        key.referred_table = operation.to;
      }
    }
  }
  rename_in(schema.triggers, operation);
  rename_in(schema.policies, operation);
  rename_in(schema.securities, operation);
  rename_in_grants(schema, operation);
}

std::optional<Operation> inverse(const RenameTable& operation) {
  RenameTable back = operation;
  std::swap(back.from, back.to);
  return back;
}

std::string describe(const RenameTable& operation) {
  return "rename table " + qualified(operation.schema, operation.from) + " to " + operation.to;
}

void validate(const CommentTable& operation) { check_name("a table", operation.table); }

void apply(const CommentTable& operation, Schema& schema) {
  table_of(schema, operation.schema, operation.table).options.comment = operation.comment;
}

std::optional<Operation> inverse(const CommentTable& operation) {
  if (!operation.was) return std::nullopt;
  CommentTable back = operation;
  back.comment = *operation.was;
  back.was = operation.comment;
  return back;
}

std::string describe(const CommentTable& operation) {
  return (operation.comment.empty() ? "remove the comment of table " : "comment table ") +
         qualified(operation.schema, operation.table);
}

void validate(const AlterTable& operation) {
  check_name("a table", operation.table);
  if (operation.strict || operation.without_rowid) return;
  throw Error(ErrorCode::kSchema,
              "nothing of table " + qualified(operation.schema, operation.table) + " is to change");
}

void apply(const AlterTable& operation, Schema& schema) {
  if (find_table(schema, operation.schema, operation.table) == nullptr && operation.if_exists) {
    return;
  }
  TableOptions& options = table_of(schema, operation.schema, operation.table).options;
  if (operation.strict) options.strict = *operation.strict;
  if (operation.without_rowid) options.without_rowid = *operation.without_rowid;
}

std::optional<Operation> inverse(const AlterTable& operation) {
  AlterTable back = operation;
  if (back.strict) back.strict = !*back.strict;
  if (back.without_rowid) back.without_rowid = !*back.without_rowid;
  return back;
}

std::string describe(const AlterTable& operation) {
  std::string text = "alter table " + qualified(operation.schema, operation.table) + ":";
  const auto say = [&](const std::optional<bool>& is_so, const char* what) {
    if (!is_so) return;
    text += text.ends_with(':') ? " " : ", ";
    text += (*is_so ? "" : "not ") + std::string(what);
  };
  say(operation.strict, "STRICT");
  say(operation.without_rowid, "WITHOUT ROWID");
  return text;
}

}  // namespace capo::operation
