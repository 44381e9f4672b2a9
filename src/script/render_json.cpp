#include <utility>

#include "base/json.hpp"
#include "script/render.hpp"

namespace capo::script {
namespace {

using base::Json;

Json to_json(const Column& value);
Json to_json(const PrimaryKey& value);
Json to_json(const UniqueConstraint& value);
Json to_json(const CheckConstraint& value);
Json to_json(const ForeignKey& value);
Json to_json(const ExcludeConstraint& value);
Json to_json(const IndexElement& value);
Json to_json(const Index& value);
Json to_json(const TableName& value);
Json to_json(const Table& value);
Json to_json(const SchemaName& value);
Json to_json(const Extension& value);
Json to_json(const Sequence& value);
Json to_json(const EnumType& value);
Json to_json(const Domain& value);
Json to_json(const CompositeType& value);
Json to_json(const View& value);
Json to_json(const Function& value);
Json to_json(const Trigger& value);
Json to_json(const Policy& value);
Json to_json(const TableSecurity& value);
Json to_json(const Role& value);
Json to_json(const Grant& value);

constexpr auto kToJson = [](const auto& value) { return to_json(value); };

Json text_of(const std::optional<SqlText>& sql) { return sql ? Json(sql->sql) : Json(); }

Json number(const std::optional<long long>& value) { return value ? Json(*value) : Json(); }

template <class Items, class Make>
Json list(const Items& items, Make make) {
  Json array = Json::array();
  for (const auto& item : items) array.add(make(item));
  return array;
}

Json to_json(const SequenceOptions& options) {
  return Json::object()
      .set("start", number(options.start))
      .set("increment", number(options.increment))
      .set("min_value", number(options.min_value))
      .set("max_value", number(options.max_value))
      .set("cache", number(options.cache))
      .set("cycle", options.cycle);
}

Json to_json(const ServerDefault& value) {
  if (value.sql()) return value.sql()->sql;
  if (!value.literal()) return {};
  const Literal& literal = *value.literal();
  if (literal.kind == Literal::Kind::kNull) return "NULL";
  return literal.kind == Literal::Kind::kString ? "'" + literal.text + "'" : literal.text;
}

Json to_json(const Column& column) {
  const ColumnOptions& options = column.options;
  Json identity;
  if (options.identity) {
    identity = Json::object()
                   .set("always", options.identity->always)
                   .set("sequence", to_json(options.identity->sequence));
  }
  Json computed;
  if (options.computed) {
    computed = Json::object()
                   .set("expression", options.computed->expression.sql)
                   .set("stored", options.computed->stored);
  }
  return Json::object()
      .set("name", column.name)
      .set("type", schema::dump(column.type))
      .set("nullable", options.nullable)
      .set("default", to_json(options.server_default))
      .set("identity", std::move(identity))
      .set("computed", std::move(computed))
      .set("collation", Json::text_or_null(options.collation))
      .set("comment", Json::text_or_null(options.comment));
}

std::string_view name_of(Action action) {
  switch (action) {
    case Action::kNoAction:
      return "no action";
    case Action::kRestrict:
      return "restrict";
    case Action::kCascade:
      return "cascade";
    case Action::kSetNull:
      return "set null";
    case Action::kSetDefault:
      return "set default";
  }
  return {};
}

Json to_json(const PrimaryKey& key) {
  return Json::object()
      .set("name", Json::text_or_null(key.name))
      .set("columns", Json::strings(key.columns));
}

Json to_json(const UniqueConstraint& unique) {
  return Json::object()
      .set("name", Json::text_or_null(unique.name))
      .set("columns", Json::strings(unique.columns))
      .set("nulls_not_distinct", unique.nulls_not_distinct)
      .set("deferrable", unique.deferrable)
      .set("initially_deferred", unique.initially_deferred);
}

Json to_json(const CheckConstraint& check) {
  return Json::object()
      .set("name", Json::text_or_null(check.name))
      .set("condition", check.condition.sql)
      .set("not_valid", check.not_valid);
}

Json to_json(const ForeignKey& key) {
  return Json::object()
      .set("name", Json::text_or_null(key.name))
      .set("columns", Json::strings(key.columns))
      .set("referred_schema", Json::text_or_null(key.referred_schema))
      .set("referred_table", key.referred_table)
      .set("referred_columns", Json::strings(key.referred_columns))
      .set("on_delete", name_of(key.on_delete))
      .set("on_update", name_of(key.on_update))
      .set("match_full", key.match_full)
      .set("deferrable", key.deferrable)
      .set("initially_deferred", key.initially_deferred)
      .set("not_valid", key.not_valid);
}

Json to_json(const ExcludeConstraint& exclude) {
  Json elements = list(exclude.elements, [](const ExcludeConstraint::Element& element) {
    return Json::object().set("expression", element.expression.sql).set("with", element.with);
  });
  return Json::object()
      .set("name", Json::text_or_null(exclude.name))
      .set("method", exclude.method)
      .set("elements", std::move(elements))
      .set("predicate", text_of(exclude.predicate))
      .set("deferrable", exclude.deferrable)
      .set("initially_deferred", exclude.initially_deferred);
}

Json to_json(const IndexElement& element) {
  static constexpr std::string_view kNulls[] = {"usual", "first", "last"};
  return Json::object()
      .set("column", Json::text_or_null(element.column))
      .set("expression", text_of(element.expression))
      .set("descending", element.descending)
      .set("nulls", kNulls[static_cast<std::size_t>(element.nulls)])
      .set("operator_class", Json::text_or_null(element.operator_class))
      .set("collation", Json::text_or_null(element.collation));
}

Json to_json(const Index& index) {
  return Json::object()
      .set("name", index.name)
      .set("unique", index.options.unique)
      .set("method", Json::text_or_null(index.options.method))
      .set("elements", list(index.elements, kToJson))
      .set("include", Json::strings(index.options.include))
      .set("where", text_of(index.options.where))
      .set("nulls_not_distinct", index.options.nulls_not_distinct);
}

Json to_json(const PartitionOf& of) {
  return Json::object()
      .set("schema", Json::text_or_null(of.schema))
      .set("parent", of.parent)
      .set("bound", of.bound.sql);
}

Json to_json(const TableName& name) {
  return Json::object().set("schema", Json::text_or_null(name.schema)).set("name", name.name);
}

Json to_json(const Table& table) {
  const TableOptions& options = table.options;
  return Json::object()
      .set("schema", Json::text_or_null(options.schema))
      .set("name", table.name)
      .set("columns", list(table.columns, kToJson))
      .set("primary_key", options.primary_key ? to_json(*options.primary_key) : Json())
      .set("uniques", list(options.uniques, kToJson))
      .set("checks", list(options.checks, kToJson))
      .set("foreign_keys", list(options.foreign_keys, kToJson))
      .set("excludes", list(options.excludes, kToJson))
      .set("indexes", list(options.indexes, kToJson))
      .set("comment", Json::text_or_null(options.comment))
      .set("strict", options.strict)
      .set("without_rowid", options.without_rowid)
      .set("unlogged", options.unlogged)
      .set("partition_by", text_of(options.partition_by))
      .set("partition_of", options.partition_of ? to_json(*options.partition_of) : Json())
      .set("inherits", list(options.inherits, kToJson));
}

// An object of a schema, by its name.
Json named(const std::string& schema, const std::string& name) {
  return Json::object().set("schema", Json::text_or_null(schema)).set("name", name);
}

Json to_json(const SchemaName& schema) { return schema.name; }

Json to_json(const Extension& extension) {
  return named(extension.schema, extension.name)
      .set("version", Json::text_or_null(extension.version));
}

Json to_json(const Sequence& sequence) {
  return named(sequence.schema, sequence.name).set("options", to_json(sequence.options));
}

Json to_json(const EnumType& type) {
  return named(type.schema, type.name).set("values", Json::strings(type.values));
}

Json to_json(const Domain& domain) {
  return named(domain.schema, domain.name)
      .set("type", schema::dump(domain.type))
      .set("nullable", domain.nullable)
      .set("default", to_json(domain.server_default))
      .set("collation", Json::text_or_null(domain.collation))
      .set("checks", list(domain.checks, kToJson));
}

Json to_json(const CompositeType& type) {
  Json attributes = list(type.attributes, [](const CompositeType::Attribute& attribute) {
    return Json::object()
        .set("name", attribute.name)
        .set("type", schema::dump(attribute.type))
        .set("collation", Json::text_or_null(attribute.collation));
  });
  return named(type.schema, type.name).set("attributes", std::move(attributes));
}

Json to_json(const View& view) {
  return named(view.schema, view.name)
      .set("query", view.query.sql)
      .set("materialized", view.materialized)
      .set("with_data", view.with_data)
      .set("security_invoker", view.security_invoker)
      .set("indexes", list(view.indexes, kToJson));
}

Json to_json(const Function& function) {
  return named(function.schema, function.name)
      .set("arguments", Json::strings(function.arguments))
      .set("definition", function.definition.sql)
      .set("procedure", function.procedure);
}

Json to_json(const Trigger& trigger) {
  return named(trigger.schema, trigger.name)
      .set("table", trigger.table)
      .set("event", trigger.event.sql)
      .set("action", trigger.action.sql);
}

Json to_json(const Policy& policy) {
  static constexpr std::string_view kCommands[] = {"all", "select", "insert", "update", "delete"};
  return named(policy.schema, policy.name)
      .set("table", policy.table)
      .set("command", kCommands[static_cast<std::size_t>(policy.command)])
      .set("permissive", policy.permissive)
      .set("roles", Json::strings(policy.roles))
      .set("using", text_of(policy.using_))
      .set("with_check", text_of(policy.with_check));
}

Json to_json(const TableSecurity& table) {
  return Json::object()
      .set("schema", Json::text_or_null(table.schema))
      .set("table", table.table)
      .set("enabled", table.security.enabled)
      .set("forced", table.security.forced);
}

Json to_json(const Role& role) {
  return Json::object()
      .set("name", role.name)
      .set("login", role.login)
      .set("inherit", role.inherit)
      .set("superuser", role.superuser)
      .set("create_database", role.create_database)
      .set("create_role", role.create_role)
      .set("bypass_row_security", role.bypass_row_security)
      .set("member_of", Json::strings(role.member_of));
}

Json to_json(const Grant& grant) {
  static constexpr std::string_view kKinds[] = {"table", "sequence", "schema", "function"};
  return Json::object()
      .set("privileges", Json::strings(grant.privileges))
      .set("columns", Json::strings(grant.columns))
      .set("kind", kKinds[static_cast<std::size_t>(grant.kind)])
      .set("schema", Json::text_or_null(grant.schema))
      .set("object", grant.object)
      .set("arguments", Json::strings(grant.arguments))
      .set("role", grant.role)
      .set("with_grant_option", grant.with_grant_option);
}

}  // namespace

std::string json_schema(const schema::Schema& schema) {
  return Json::object()
      .set("schemas", list(schema.schemas, kToJson))
      .set("extensions", list(schema.extensions, kToJson))
      .set("sequences", list(schema.sequences, kToJson))
      .set("enums", list(schema.enums, kToJson))
      .set("domains", list(schema.domains, kToJson))
      .set("composite_types", list(schema.composite_types, kToJson))
      .set("tables", list(schema.tables, kToJson))
      .set("views", list(schema.views, kToJson))
      .set("functions", list(schema.functions, kToJson))
      .set("triggers", list(schema.triggers, kToJson))
      .set("policies", list(schema.policies, kToJson))
      .set("row_security", list(schema.securities, kToJson))
      .set("roles", list(schema.roles, kToJson))
      .set("grants", list(schema.grants, kToJson))
      .text();
}

}  // namespace capo::script
