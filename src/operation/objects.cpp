#include "operation/objects.hpp"

namespace capo::operation {

using schema::qualified;
using schema::Schema;

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
  std::erase_if(schema.securities, [&](const TableSecurity& table) {
    return table.table == operation.table && table.schema == operation.schema;
  });
  if (operation.security != RowSecurity{}) {
    schema.securities.push_back(
        {.table = operation.table, .security = operation.security, .schema = operation.schema});
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
