// Views, triggers and enums, and what SQLite does not have.

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/column_editor.hpp"
#include "dialect/sqlite/ddl.hpp"
#include "operation/facets.hpp"

namespace capo::dialect::sqlite {
namespace {

std::string_view if_not_exists(bool guarded) { return guarded ? "IF NOT EXISTS " : ""; }
std::string_view if_exists(bool guarded) { return guarded ? "IF EXISTS " : ""; }
SqlText words(std::string_view text) { return SqlText(std::string(text)); }

[[noreturn]] void lacks(std::string_view what, const Operation& operation) {
  throw Error(ErrorCode::kUnsupported,
              operation::describe(operation) + ": SQLite has no " + std::string(what))
      .hint("say .on = \"postgresql\" of an operation that is meant for PostgreSQL alone");
}

void refuse_materialized(const View& view, const Operation& operation) {
  if (view.materialized) lacks("materialised views", operation);
}

std::string create_view(const Parts& parts, const View& view, std::string_view guard) {
  SqlWriter sql = parts.writer();
  sql << "CREATE VIEW " << words(guard) << QualifiedName{view.schema, view.name} << " AS\n"
      << SqlText(parts.text(view.query));
  return sql.str();
}

std::string create_trigger(const Parts& parts, const Trigger& trigger, std::string_view guard) {
  SqlWriter sql = parts.writer();
  sql << "CREATE TRIGGER " << words(guard) << QualifiedName{trigger.schema, trigger.name} << " "
      << SqlText(parts.text(trigger.event)) << " ON " << Identifier(trigger.table) << " "
      << SqlText(parts.text(trigger.action));
  return sql.str();
}

std::string drop(const Parts& parts, std::string_view kind, const QualifiedName& name,
                 bool guarded) {
  SqlWriter sql = parts.writer();
  sql << "DROP " << words(kind) << " " << words(if_exists(guarded)) << name;
  return sql.str();
}

}  // namespace

void Ddl::create_view(const Create<View>& operation, Statements& out) const {
  refuse_materialized(operation.object, operation);
  emit(out, sqlite::create_view(parts_, operation.object, if_not_exists(operation.if_not_exists)));
}

void Ddl::drop_view(const Drop<View>& operation, Statements& out) const {
  const View& view = operation.object;
  refuse_materialized(view, operation);
  emit(out, drop(parts_, "VIEW", {view.schema, view.name}, operation.if_exists));
}

// A view's triggers go with it, and come back.
void Ddl::replace_view(const Replace<View>& operation, Statements& out) const {
  const View& view = operation.object;
  refuse_materialized(view, operation);
  std::vector<ShadowObject> triggers;
  if (view.schema.empty()) triggers = shadow_.belongings(view.name);
  emit(out, drop(parts_, "VIEW", {view.schema, view.name}, false));
  emit(out, sqlite::create_view(parts_, view, ""));
  for (const ShadowObject& trigger : triggers) emit(out, trigger.sql);
}

void Ddl::create_trigger(const Create<Trigger>& operation, Statements& out) const {
  emit(out,
       sqlite::create_trigger(parts_, operation.object, if_not_exists(operation.if_not_exists)));
}

void Ddl::drop_trigger(const Drop<Trigger>& operation, Statements& out) const {
  const Trigger& trigger = operation.object;
  emit(out, drop(parts_, "TRIGGER", {trigger.schema, trigger.name}, operation.if_exists));
}

void Ddl::replace_trigger(const Replace<Trigger>& operation, Statements& out) const {
  const Trigger& trigger = operation.object;
  emit(out, drop(parts_, "TRIGGER", {trigger.schema, trigger.name}, false));
  emit(out, sqlite::create_trigger(parts_, trigger, ""));
}

// Each column of the type checks by itself.
void Ddl::create_enum(const Create<EnumType>&, Statements&) const {}
void Ddl::drop_enum(const Drop<EnumType>&, Statements&) const {}

void Ddl::replace_enum(const Replace<EnumType>& operation, Statements& out) const {
  const EnumType& type = operation.object;
  set_values(
      operation, type.name, [&](const Names&) { return type.values; }, out);
}

void Ddl::add_enum_value(const AddEnumValue& operation, Statements& out) const {
  set_values(
      operation, operation.type,
      [&](Names values) {
        if (std::find(values.begin(), values.end(), operation.value) != values.end()) {
          if (operation.if_not_exists) return values;
          throw Error(ErrorCode::kSchema, "the enum " + operation.type + " has the value " +
                                              operation.value + " already");
        }
        const auto before = std::find(values.begin(), values.end(), operation.before);
        if (before == values.end() && !operation.before.empty()) {
          throw Error(ErrorCode::kSchema,
                      "the enum " + operation.type + " has no value " + operation.before);
        }
        values.insert(before, operation.value);
        return values;
      },
      out);
}

/// Every table with a column of the type is made anew.
void Ddl::set_values(const Operation& operation, const std::string& type,
                     const std::function<Names(const Names&)>& change, Statements& out) const {
  bool is_found = false;
  for (const std::string& table : shadow_.tables()) {
    const TableText before(shadow_.table(table));
    TableText after = before;
    for (const ColumnText& column : before.columns()) {
      ColumnEditor editor(parts_, after.sql(), column.name);
      const std::optional<Names> values = editor.values_of(type);
      if (!values) continue;
      is_found = true;
      editor.set_values(type, change(*values));
      after = editor.text();
    }
    if (after.sql() == before.sql()) continue;
    make_anew({.table = table, .text = std::move(after), .why = operation::describe(operation)},
              out);
  }
  if (is_found) return;
  throw Error(ErrorCode::kSchema, operation::describe(operation) +
                                      ": no column has a check of that name, by which the columns "
                                      "of an enum are known on SQLite")
      .hint(
          "say .on = \"postgresql\" if there is none; a check that was written otherwise is "
          "replaced with drop and add of the constraint");
}

void Ddl::create_schema(const Create<SchemaName>& operation, Statements&) const {
  lacks("schemas", operation);
}
void Ddl::drop_schema(const Drop<SchemaName>& operation, Statements&) const {
  lacks("schemas", operation);
}
void Ddl::replace_schema(const Replace<SchemaName>& operation, Statements&) const {
  lacks("schemas", operation);
}
void Ddl::create_extension(const Create<Extension>& operation, Statements&) const {
  lacks("extensions", operation);
}
void Ddl::drop_extension(const Drop<Extension>& operation, Statements&) const {
  lacks("extensions", operation);
}
void Ddl::replace_extension(const Replace<Extension>& operation, Statements&) const {
  lacks("extensions", operation);
}
void Ddl::create_sequence(const Create<Sequence>& operation, Statements&) const {
  lacks("sequences", operation);
}
void Ddl::drop_sequence(const Drop<Sequence>& operation, Statements&) const {
  lacks("sequences", operation);
}
void Ddl::replace_sequence(const Replace<Sequence>& operation, Statements&) const {
  lacks("sequences", operation);
}
void Ddl::create_domain(const Create<Domain>& operation, Statements&) const {
  lacks("domains", operation);
}
void Ddl::drop_domain(const Drop<Domain>& operation, Statements&) const {
  lacks("domains", operation);
}
void Ddl::replace_domain(const Replace<Domain>& operation, Statements&) const {
  lacks("domains", operation);
}
void Ddl::create_composite_type(const Create<CompositeType>& operation, Statements&) const {
  lacks("composite types", operation);
}
void Ddl::drop_composite_type(const Drop<CompositeType>& operation, Statements&) const {
  lacks("composite types", operation);
}
void Ddl::replace_composite_type(const Replace<CompositeType>& operation, Statements&) const {
  lacks("composite types", operation);
}
void Ddl::create_function(const Create<Function>& operation, Statements&) const {
  lacks("functions of its own", operation);
}
void Ddl::drop_function(const Drop<Function>& operation, Statements&) const {
  lacks("functions of its own", operation);
}
void Ddl::replace_function(const Replace<Function>& operation, Statements&) const {
  lacks("functions of its own", operation);
}
void Ddl::create_policy(const Create<Policy>& operation, Statements&) const {
  lacks("policies", operation);
}
void Ddl::drop_policy(const Drop<Policy>& operation, Statements&) const {
  lacks("policies", operation);
}
void Ddl::replace_policy(const Replace<Policy>& operation, Statements&) const {
  lacks("policies", operation);
}
void Ddl::create_role(const Create<Role>& operation, Statements&) const {
  lacks("roles", operation);
}
void Ddl::drop_role(const Drop<Role>& operation, Statements&) const { lacks("roles", operation); }
void Ddl::replace_role(const Replace<Role>& operation, Statements&) const {
  lacks("roles", operation);
}
void Ddl::create_grant(const Create<Grant>& operation, Statements&) const {
  lacks("grants", operation);
}
void Ddl::drop_grant(const Drop<Grant>& operation, Statements&) const {
  lacks("grants", operation);
}
void Ddl::replace_grant(const Replace<Grant>& operation, Statements&) const {
  lacks("grants", operation);
}
void Ddl::set_row_security(const SetRowSecurity& operation, Statements&) const {
  lacks("row-level security", operation);
}

}  // namespace capo::dialect::sqlite
