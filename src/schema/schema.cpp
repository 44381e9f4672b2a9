#include "schema/schema.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "schema/grants.hpp"

namespace capo::schema {
namespace {

template <class List>
auto* find_named(List& list, std::string_view name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
  return found == list.end() ? nullptr : &*found;
}

template <class AnySchema>
auto* find_in(AnySchema& schema, std::string_view in, std::string_view name) {
  const auto found = std::find_if(
      schema.tables.begin(), schema.tables.end(),
      [&](const Table& table) { return table.name == name && table.options.schema == in; });
  return found == schema.tables.end() ? nullptr : &*found;
}

}  // namespace

std::string qualified(std::string_view schema, std::string_view name) {
  std::string text(schema);
  if (!text.empty()) text += '.';
  return text.append(name);
}

std::string describe(const SchemaName& object) { return "schema " + object.name; }
std::string describe(const Extension& object) { return "extension " + object.name; }
std::string describe(const Sequence& object) {
  return "sequence " + qualified(object.schema, object.name);
}
std::string describe(const EnumType& object) {
  return "enum " + qualified(object.schema, object.name);
}
std::string describe(const Domain& object) {
  return "domain " + qualified(object.schema, object.name);
}
std::string describe(const CompositeType& object) {
  return "composite type " + qualified(object.schema, object.name);
}
std::string describe(const View& object) {
  return (object.materialized ? "materialised view " : "view ") +
         qualified(object.schema, object.name);
}
std::string without_default(std::string_view argument) {
  bool is_quoted = false;
  for (std::size_t at = 0; at < argument.size(); ++at) {
    if (argument[at] == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    const bool is_word = argument[at] == ' ' && argument.size() > at + 8 &&
                         argument[at + 8] == ' ' &&
                         base::equals_ignoring_case(argument.substr(at + 1, 7), "default");
    if (is_word || argument[at] == '=') return std::string(base::trim(argument.substr(0, at)));
  }
  return std::string(argument);
}

std::string describe(const Function& object) {
  std::vector<std::string> arguments;
  for (const std::string& argument : object.arguments) {
    arguments.push_back(without_default(argument));
  }
  return (object.procedure ? "procedure " : "function ") + qualified(object.schema, object.name) +
         "(" + base::join(arguments, ", ") + ")";
}
std::string describe(const Trigger& object) {
  return "trigger " + object.name + " on " + qualified(object.schema, object.table);
}
std::string describe(const Policy& object) {
  return "policy " + object.name + " on " + qualified(object.schema, object.table);
}
std::string describe(const TableSecurity& object) {
  return "row security of " + qualified(object.schema, object.table);
}

std::string describe(const Role& object) { return "role " + object.name; }
std::string describe(const Grant& object) {
  return "grant on " + grants_object(object) + " to " + object.role;
}

std::vector<SchemaName>& objects_like(Schema& schema, const SchemaName&) { return schema.schemas; }
std::vector<Extension>& objects_like(Schema& schema, const Extension&) { return schema.extensions; }
std::vector<Sequence>& objects_like(Schema& schema, const Sequence&) { return schema.sequences; }
std::vector<EnumType>& objects_like(Schema& schema, const EnumType&) { return schema.enums; }
std::vector<Domain>& objects_like(Schema& schema, const Domain&) { return schema.domains; }
std::vector<CompositeType>& objects_like(Schema& schema, const CompositeType&) {
  return schema.composite_types;
}
std::vector<View>& objects_like(Schema& schema, const View&) { return schema.views; }
std::vector<Function>& objects_like(Schema& schema, const Function&) { return schema.functions; }
std::vector<Trigger>& objects_like(Schema& schema, const Trigger&) { return schema.triggers; }
std::vector<Policy>& objects_like(Schema& schema, const Policy&) { return schema.policies; }
std::vector<Role>& objects_like(Schema& schema, const Role&) { return schema.roles; }

const Table* find_table(const Schema& schema, std::string_view in, std::string_view name) {
  return find_in(schema, in, name);
}
Table* find_table(Schema& schema, std::string_view in, std::string_view name) {
  return find_in(schema, in, name);
}
const Column* find_column(const Table& table, std::string_view name) {
  return find_named(table.columns, name);
}
Column* find_column(Table& table, std::string_view name) { return find_named(table.columns, name); }
const Index* find_index(const Table& table, std::string_view name) {
  return find_named(table.options.indexes, name);
}

Names primary_key_columns(const Table& table) {
  if (table.options.primary_key) return table.options.primary_key->columns;
  Names names;
  for (const Column& column : table.columns) {
    if (column.options.primary_key) names.push_back(column.name);
  }
  return names;
}

const std::string& text_on(const SqlText& sql, std::string_view dialect) {
  for (const auto& [name, text] : sql.others) {
    if (name == dialect) return text;
  }
  return sql.sql;
}

}  // namespace capo::schema
