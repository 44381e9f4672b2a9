#include "operation/objects.hpp"

namespace capo::operation {

using schema::qualified;
using schema::Schema;

namespace {

void check_text(const std::string& what, const SqlText& sql) {
  if (!sql.sql.empty() || !sql.others.empty()) return;
  throw Error(ErrorCode::kSchema, what + " is empty");
}

}  // namespace

void check(const SchemaName& object) { check_name("a schema", object.name); }
void check(const Extension& object) { check_name("an extension", object.name); }
void check(const Sequence& object) {
  check_name("a sequence", object.name);
  if (object.options.increment == 0) {
    throw Error(ErrorCode::kSchema, "sequence " + object.name + " has an increment of 0");
  }
}
void check(const EnumType& object) {
  check_name("an enum", object.name);
  check_names("the values of the enum " + object.name, object.values);
}
void check(const View& object) {
  check_name("a view", object.name);
  check_text("the query of view " + object.name, object.query);
}
void check(const Function& object) {
  check_name("a function", object.name);
  check_text("the definition of function " + object.name, object.definition);
}
void check(const Trigger& object) {
  check_name("a trigger", object.name);
  check_name("the table of trigger " + object.name, object.table);
  check_text("the event of trigger " + object.name, object.event);
  check_text("the action of trigger " + object.name, object.action);
}
void check(const Policy& object) {
  check_name("a policy", object.name);
  check_name("the table of policy " + object.name, object.table);
  if (object.using_) check_text("the expression of policy " + object.name, *object.using_);
  if (object.with_check) check_text("the check of policy " + object.name, *object.with_check);
  if (object.command == Policy::Command::kInsert && object.using_) {
    throw Error(ErrorCode::kSchema, "policy " + object.name + " is for INSERT, which sees no rows")
        .hint("say .with_check instead of .using_");
  }
}

void validate(const AddEnumValue& operation) {
  check_name("an enum", operation.type);
  check_name("a value of the enum " + operation.type, operation.value);
}

void apply(const AddEnumValue& operation, Schema& schema) {
  EnumType& type = object_like(
      schema, EnumType{.name = operation.type, .values = {}, .schema = operation.schema});
  const auto place_of = [&](const std::string& value) {
    return std::find(type.values.begin(), type.values.end(), value);
  };
  if (place_of(operation.value) != type.values.end()) {
    if (operation.if_not_exists) return;
    throw Error(ErrorCode::kSchema,
                "the enum " + operation.type + " has a value " + operation.value + " already");
  }
  const auto before = operation.before.empty() ? type.values.end() : place_of(operation.before);
  if (!operation.before.empty() && before == type.values.end()) {
    throw Error(ErrorCode::kSchema,
                "the enum " + operation.type + " has no value " + operation.before);
  }
  type.values.insert(before, operation.value);
}

std::optional<Operation> inverse(const AddEnumValue&) { return std::nullopt; }

std::string describe(const AddEnumValue& operation) {
  return "add value " + operation.value + " to enum " + qualified(operation.schema, operation.type);
}

void validate(const SetRowSecurity& operation) { check_name("a table", operation.table); }

void apply(const SetRowSecurity& operation, Schema& schema) {
  table_of(schema, operation.schema, operation.table);
  std::erase_if(schema.securities, [&](const schema::TableSecurity& table) {
    return table.table == operation.table && table.schema == operation.schema;
  });
  if (operation.security != RowSecurity{}) {
    schema.securities.push_back({operation.schema, operation.table, operation.security});
  }
}

std::optional<Operation> inverse(const SetRowSecurity& operation) {
  if (!operation.was) return std::nullopt;
  SetRowSecurity back = operation;
  back.security = *operation.was;
  back.was = operation.security;
  return back;
}

std::string describe(const SetRowSecurity& operation) {
  std::string text = operation.security.enabled ? "enable" : "disable";
  if (operation.security.forced) text += " and force";
  return text + " row security of " + qualified(operation.schema, operation.table);
}

}  // namespace capo::operation
