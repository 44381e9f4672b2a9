#include <algorithm>

#include "base/text.hpp"
#include "schema/schema.hpp"

namespace capo::schema {
namespace {

std::string dump(const SqlText& sql) {
  std::string text = "{" + sql.sql;
  for (const auto& [dialect, other] : sql.others) text += "; " + dialect + ": " + other;
  return text + "}";
}

std::string dump(const Literal& literal) {
  switch (literal.kind) {
    case Literal::Kind::kNull:
      return "null";
    case Literal::Kind::kBoolean:
    case Literal::Kind::kNumber:
      return literal.text;
    case Literal::Kind::kString:
      return "'" + literal.text + "'";
  }
  return {};
}

std::string dump(const ServerDefault& value) {
  if (value.sql()) return dump(*value.sql());
  return value.literal() ? dump(*value.literal()) : "none";
}

std::string_view name_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::kSmallInteger:
      return "smallinteger";
    case TypeKind::kInteger:
      return "integer";
    case TypeKind::kBigInteger:
      return "biginteger";
    case TypeKind::kNumeric:
      return "numeric";
    case TypeKind::kReal:
      return "real";
    case TypeKind::kDouble:
      return "double";
    case TypeKind::kBoolean:
      return "boolean";
    case TypeKind::kChar:
      return "char";
    case TypeKind::kString:
      return "string";
    case TypeKind::kText:
      return "text";
    case TypeKind::kBinary:
      return "binary";
    case TypeKind::kDate:
      return "date";
    case TypeKind::kTime:
      return "time";
    case TypeKind::kTimestamp:
      return "timestamp";
    case TypeKind::kInterval:
      return "interval";
    case TypeKind::kUuid:
      return "uuid";
    case TypeKind::kJson:
      return "json";
    case TypeKind::kJsonb:
      return "jsonb";
    case TypeKind::kEnum:
      return "enum";
    case TypeKind::kArray:
      return "array";
    case TypeKind::kInet:
      return "inet";
    case TypeKind::kNamed:
      return "named";
  }
  return {};
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

std::string columns(const Names& names) { return "(" + base::join(names, ", ") + ")"; }

std::string named(std::string_view kind, const std::string& name) {
  std::string text = " " + std::string(kind);
  if (!name.empty()) text += " " + name;
  return text;
}

std::string deferral(bool deferrable, bool initially_deferred) {
  if (initially_deferred) return " deferred";
  return deferrable ? " deferrable" : "";
}

std::string dump(const SequenceOptions& options) {
  std::string text;
  const auto add = [&](std::string_view word, const std::optional<long long>& value) {
    if (value) text.append(" ").append(word).append(" ").append(std::to_string(*value));
  };
  add("start", options.start);
  add("by", options.increment);
  add("min", options.min_value);
  add("max", options.max_value);
  add("cache", options.cache);
  return text + (options.cycle ? " cycle" : "");
}

std::string dump(const UniqueConstraint& unique) {
  return named("unique", unique.name) + columns(unique.columns) +
         (unique.nulls_not_distinct ? " nulls not distinct" : "") +
         deferral(unique.deferrable, unique.initially_deferred);
}

std::string dump(const CheckConstraint& check) {
  return named("check", check.name) + " " + dump(check.condition) +
         (check.not_valid ? " not valid" : "");
}

std::string dump(const ForeignKey& key) {
  std::string text = named("fk", key.name) + columns(key.columns) + " -> " +
                     qualified(key.referred_schema, key.referred_table) +
                     columns(key.referred_columns);
  if (key.on_delete != Action::kNoAction) {
    text.append(" on delete ").append(name_of(key.on_delete));
  }
  if (key.on_update != Action::kNoAction) {
    text.append(" on update ").append(name_of(key.on_update));
  }
  return text + (key.match_full ? " match full" : "") +
         deferral(key.deferrable, key.initially_deferred) + (key.not_valid ? " not valid" : "");
}

std::string dump(const ExcludeConstraint& exclude) {
  std::string text = named("exclude", exclude.name) + " using " + exclude.method;
  for (const ExcludeConstraint::Element& element : exclude.elements) {
    text += " " + dump(element.expression) + " with " + element.with;
  }
  if (exclude.predicate) text += " where " + dump(*exclude.predicate);
  return text + deferral(exclude.deferrable, exclude.initially_deferred);
}

std::string dump(const IndexElement& element) {
  std::string text = element.expression ? dump(*element.expression) : element.column;
  if (!element.collation.empty()) text += " collate " + element.collation;
  if (!element.operator_class.empty()) text += " " + element.operator_class;
  if (element.descending) text += " desc";
  if (element.nulls == IndexElement::Nulls::kFirst) text += " nulls first";
  if (element.nulls == IndexElement::Nulls::kLast) text += " nulls last";
  return text;
}

std::string dump(const Index& index) {
  std::vector<std::string> elements;
  for (const IndexElement& element : index.elements) elements.push_back(dump(element));
  const IndexOptions& options = index.options;
  std::string text = named(options.unique ? "unique index" : "index", index.name);
  if (!options.method.empty()) text += " using " + options.method;
  text += columns(elements);
  if (!options.include.empty()) text += " include" + columns(options.include);
  if (options.nulls_not_distinct) text += " nulls not distinct";
  if (options.where) text += " where " + dump(*options.where);
  return text;
}

template <class Objects, class Write>
void dump_all(std::string& text, const Objects& objects, Write write) {
  for (const auto& object : objects) text.append(write(object)).append("\n");
}

std::string dump(const Domain& domain) {
  std::string text =
      describe(domain) + " " + schema::dump(domain.type) + (domain.nullable ? "" : "!");
  if (!domain.server_default.is_none()) text += " default " + dump(domain.server_default);
  if (!domain.collation.empty()) text += " collate " + domain.collation;
  for (const CheckConstraint& check : domain.checks) text += dump(check);
  return text;
}

std::string dump(const CompositeType& type) {
  std::vector<std::string> attributes;
  for (const CompositeType::Attribute& attribute : type.attributes) {
    attributes.push_back(attribute.name + " " + schema::dump(attribute.type) +
                         (attribute.collation.empty() ? "" : " collate " + attribute.collation));
  }
  return describe(type) + columns(attributes);
}

std::string dump(const View& view) {
  std::string text = describe(view) + (view.security_invoker ? " security invoker " : " ") +
                     dump(view.query) + (view.with_data ? "" : " without data");
  for (const Index& index : view.indexes) text += dump(index);
  return text;
}

std::string dump(const Policy& policy) {
  static constexpr std::string_view kCommands[] = {"all", "select", "insert", "update", "delete"};
  std::string text = describe(policy) + " for ";
  text += kCommands[static_cast<std::size_t>(policy.command)];
  if (!policy.permissive) text += " restrictive";
  if (!policy.roles.empty()) text += " to " + base::join(policy.roles, ", ");
  if (policy.using_) text += " using " + dump(*policy.using_);
  if (policy.with_check) text += " with check " + dump(*policy.with_check);
  return text;
}

std::string dump(const Role& role) {
  std::string text = describe(role);
  if (role.login) text += " login";
  if (!role.inherit) text += " noinherit";
  if (role.superuser) text += " superuser";
  if (role.create_database) text += " createdb";
  if (role.create_role) text += " createrole";
  if (role.bypass_row_security) text += " bypassrls";
  if (!role.member_of.empty()) text += " in " + base::join(role.member_of, ", ");
  return text;
}

}  // namespace

std::string dump(const Type& type) {
  std::string text(name_of(type.kind));
  if (!type.name.empty()) text += " " + qualified(type.schema, type.name);
  for (const Type& element : type.element) text += " of " + dump(element);
  if (type.length > 0) text += "(" + std::to_string(type.length) + ")";
  if (type.precision) {
    text += "(" + std::to_string(*type.precision);
    text += (type.kind == TypeKind::kNumeric ? "," + std::to_string(type.scale) : "") + ")";
  }
  if (type.with_time_zone) text += " tz";
  if (!type.values.empty()) text += columns(type.values);
  for (const auto& [dialect, variant] : type.variants) {
    text += " | " + dialect + ": " + dump(variant);
  }
  return text;
}

std::string dump(const Column& column) {
  const ColumnOptions& options = column.options;
  std::string text = column.name + " " + dump(column.type) + (options.nullable ? "" : "!");
  if (options.primary_key) text += " pk";
  if (options.unique) text += " unique";
  if (options.index) text += " index";
  if (options.identity) {
    text += options.identity->always ? " identity always" : " identity";
    text += dump(options.identity->sequence);
  }
  if (options.computed) {
    text +=
        " = " + dump(options.computed->expression) + (options.computed->stored ? "" : " virtual");
  }
  if (!options.server_default.is_none()) text += " default " + dump(options.server_default);
  if (!options.collation.empty()) text += " collate " + options.collation;
  if (!options.comment.empty()) text += " \"" + options.comment + "\"";
  return text;
}

std::string dump(const Table& table) {
  const TableOptions& options = table.options;
  std::vector<std::string> fields;
  for (const Column& column : table.columns) fields.push_back(dump(column));
  std::string text = qualified(options.schema, table.name) + columns(fields);
  if (options.primary_key) {
    text += named("pk", options.primary_key->name) + columns(options.primary_key->columns);
  }
  for (const UniqueConstraint& unique : options.uniques) text += dump(unique);
  for (const CheckConstraint& check : options.checks) text += dump(check);
  for (const ForeignKey& key : options.foreign_keys) text += dump(key);
  for (const ExcludeConstraint& exclude : options.excludes) text += dump(exclude);
  for (const Index& index : options.indexes) text += dump(index);
  if (const auto& of = options.partition_of) {
    text += " partition of " + qualified(of->schema, of->parent) + " " + dump(of->bound);
  }
  if (options.partition_by) text += " partition by " + dump(*options.partition_by);
  for (const TableName& parent : options.inherits) {
    text += " inherits " + qualified(parent.schema, parent.name);
  }
  if (options.strict) text += " strict";
  if (options.without_rowid) text += " without rowid";
  if (options.unlogged) text += " unlogged";
  if (!options.comment.empty()) text += " \"" + options.comment + "\"";
  return text;
}

std::string dump(const Schema& schema) {
  std::string text;
  dump_all(text, schema.schemas, [](const SchemaName& name) { return describe(name); });
  dump_all(text, schema.extensions, [](const Extension& extension) {
    return describe(extension) + (extension.version.empty() ? "" : " " + extension.version);
  });
  dump_all(text, schema.sequences,
           [](const Sequence& sequence) { return describe(sequence) + dump(sequence.options); });
  dump_all(text, schema.enums,
           [](const EnumType& type) { return describe(type) + columns(type.values); });
  dump_all(text, schema.domains, [](const Domain& domain) { return dump(domain); });
  dump_all(text, schema.composite_types, [](const CompositeType& type) { return dump(type); });
  dump_all(text, schema.tables, [](const Table& table) { return dump(table); });
  dump_all(text, schema.views, [](const View& view) { return dump(view); });
  dump_all(text, schema.functions, [](const Function& function) {
    return describe(function) + " " + dump(function.definition);
  });
  dump_all(text, schema.triggers, [](const Trigger& trigger) {
    return describe(trigger) + " " + dump(trigger.event) + " " + dump(trigger.action);
  });
  dump_all(text, schema.policies, [](const Policy& policy) { return dump(policy); });
  dump_all(text, schema.securities, [](const TableSecurity& table) {
    return describe(table) + (table.security.enabled ? "" : " off") +
           (table.security.forced ? " forced" : "");
  });
  dump_all(text, schema.roles, [](const Role& role) { return dump(role); });
  dump_all(text, schema.grants, [](const Grant& grant) {
    return describe(grant) + ": " + base::join(grant.privileges, ", ") +
           (grant.with_grant_option ? " with grant option" : "");
  });
  return text;
}

}  // namespace capo::schema
