// Schemas, extensions, sequences, enums, views, functions, triggers, policies, row security.

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/postgresql/ddl.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "schema/schema.hpp"

namespace capo::dialect::postgresql {
namespace {

std::string name_in_quotes(const Parts& parts, const QualifiedName& name) {
  SqlWriter qualified = parts.writer();
  qualified << name;
  SqlWriter sql = parts.writer();
  sql << Literal(qualified.str());
  return sql.str();
}

// There is no table, view, sequence or index of that name.
std::string no_relation(const Parts& parts, const QualifiedName& name) {
  return "pg_catalog.to_regclass(" + name_in_quotes(parts, name) + ") IS NULL";
}

// `catalog` is one whose rows belong to a table and have a name: policies, triggers.
std::string has_on_table(const Parts& parts, std::string_view catalog, std::string_view prefix,
                         const QualifiedName& table, const std::string& name) {
  SqlWriter sql = parts.writer();
  sql << "EXISTS (SELECT FROM pg_catalog." << words(catalog) << " WHERE " << words(prefix)
      << "relid = " << SqlText(name_in_quotes(parts, table)) << "::pg_catalog.regclass AND "
      << words(prefix) << "name = " << Literal(name) << ")";
  return sql.str();
}

std::string create_view(const Parts& parts, const View& view, std::string_view verb) {
  SqlWriter sql = parts.writer();
  sql << words(verb) << QualifiedName{view.schema, view.name};
  if (view.security_invoker) sql << " WITH (security_invoker = true)";
  sql << " AS\n" << SqlText(parts.text(view.query));
  if (view.materialized && !view.with_data) sql << "\nWITH NO DATA";
  return sql.str();
}

std::string_view create_view_verb(const View& view) {
  return view.materialized ? "CREATE MATERIALIZED VIEW " : "CREATE VIEW ";
}

std::string signature(const Parts& parts, const Function& function, bool with_defaults) {
  std::vector<std::string> arguments;
  for (const std::string& argument : function.arguments) {
    arguments.push_back(with_defaults ? argument : schema::without_default(argument));
  }
  SqlWriter sql = parts.writer();
  sql << QualifiedName{function.schema, function.name} << "("
      << SqlText(base::join(arguments, ", ")) << ")";
  return sql.str();
}

std::string create_function(const Parts& parts, const Function& function, bool replace) {
  std::string sql = replace ? "CREATE OR REPLACE " : "CREATE ";
  sql += function.procedure ? "PROCEDURE " : "FUNCTION ";
  return sql + signature(parts, function, true) + " " + parts.text(function.definition);
}

std::string create_trigger(const Parts& parts, const Trigger& trigger, bool replace) {
  SqlWriter sql = parts.writer();
  sql << words(replace ? "CREATE OR REPLACE TRIGGER " : "CREATE TRIGGER ")
      << Identifier(trigger.name) << " " << SqlText(parts.text(trigger.event)) << " ON "
      << QualifiedName{trigger.schema, trigger.table} << " " << SqlText(parts.text(trigger.action));
  return sql.str();
}

std::string_view name_of(Policy::Command command) {
  switch (command) {
    case Policy::Command::kAll:
      return "ALL";
    case Policy::Command::kSelect:
      return "SELECT";
    case Policy::Command::kInsert:
      return "INSERT";
    case Policy::Command::kUpdate:
      return "UPDATE";
    case Policy::Command::kDelete:
      return "DELETE";
  }
  return {};
}

std::string roles(const Policy& policy) {
  std::vector<std::string> names;
  for (const std::string& name : policy.roles) names.push_back(role_word(name));
  return names.empty() ? "PUBLIC" : base::join(names, ", ");
}

std::string conditions(const Parts& parts, const Policy& policy) {
  std::string text;
  if (policy.using_) text += "\n    USING (" + parts.text(*policy.using_) + ")";
  if (policy.with_check) text += "\n    WITH CHECK (" + parts.text(*policy.with_check) + ")";
  return text;
}

std::string create_policy(const Parts& parts, const Policy& policy) {
  SqlWriter sql = parts.writer();
  sql << "CREATE POLICY " << Identifier(policy.name) << " ON "
      << QualifiedName{policy.schema, policy.table};
  if (!policy.permissive) sql << " AS RESTRICTIVE";
  sql << " FOR " << words(name_of(policy.command)) << " TO " << SqlText(roles(policy))
      << SqlText(conditions(parts, policy));
  return sql.str();
}

std::string drop(const Parts& parts, std::string_view kind, const QualifiedName& name, bool guard,
                 bool with_cascade) {
  SqlWriter sql = parts.writer();
  sql << "DROP " << words(kind) << " " << words(if_exists(guard)) << name
      << words(cascade(with_cascade));
  return sql.str();
}

std::string drop_on_table(const Parts& parts, std::string_view kind, const std::string& name,
                          const QualifiedName& table, bool guard) {
  SqlWriter sql = parts.writer();
  sql << "DROP " << words(kind) << " " << words(if_exists(guard)) << Identifier(name) << " ON "
      << table;
  return sql.str();
}

}  // namespace

void Ddl::create_schema(const Create<SchemaName>& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << "CREATE SCHEMA " << words(if_not_exists(operation.if_not_exists))
      << Identifier(operation.object.name);
  out.push_back(statement(sql.str()));
}

void Ddl::drop_schema(const Drop<SchemaName>& operation, Statements& out) const {
  out.push_back(statement(drop(parts_, "SCHEMA", {.name = operation.object.name},
                               operation.if_exists, operation.cascade)));
}

void Ddl::replace_schema(const Replace<SchemaName>&, Statements&) const {
  throw Error(ErrorCode::kUnsupported, "a schema has nothing that could be replaced");
}

void Ddl::create_extension(const Create<Extension>& operation, Statements& out) const {
  const Extension& extension = operation.object;
  SqlWriter sql = parts_.writer();
  sql << "CREATE EXTENSION " << words(if_not_exists(operation.if_not_exists))
      << Identifier(extension.name);
  if (!extension.schema.empty()) sql << " SCHEMA " << Identifier(extension.schema);
  if (!extension.version.empty()) sql << " VERSION " << Literal(extension.version);
  out.push_back(statement(sql.str()));
}

void Ddl::drop_extension(const Drop<Extension>& operation, Statements& out) const {
  out.push_back(statement(drop(parts_, "EXTENSION", {.name = operation.object.name},
                               operation.if_exists, operation.cascade)));
}

void Ddl::replace_extension(const Replace<Extension>& operation, Statements& out) const {
  const Extension& extension = operation.object;
  SqlWriter sql = parts_.writer();
  sql << "ALTER EXTENSION " << Identifier(extension.name) << " UPDATE";
  if (!extension.version.empty()) sql << " TO " << Literal(extension.version);
  out.push_back(statement(sql.str()));
  if (operation.was && operation.was->schema != extension.schema && !extension.schema.empty()) {
    SqlWriter move = parts_.writer();
    move << "ALTER EXTENSION " << Identifier(extension.name) << " SET SCHEMA "
         << Identifier(extension.schema);
    out.push_back(statement(move.str()));
  }
}

void Ddl::create_sequence(const Create<Sequence>& operation, Statements& out) const {
  const Sequence& sequence = operation.object;
  SqlWriter sql = parts_.writer();
  sql << "CREATE SEQUENCE " << words(if_not_exists(operation.if_not_exists))
      << QualifiedName{sequence.schema, sequence.name}
      << SqlText(parts_.sequence_options(sequence.options));
  out.push_back(statement(sql.str()));
}

void Ddl::drop_sequence(const Drop<Sequence>& operation, Statements& out) const {
  const Sequence& sequence = operation.object;
  out.push_back(statement(drop(parts_, "SEQUENCE", {sequence.schema, sequence.name},
                               operation.if_exists, operation.cascade)));
}

// What is not said goes back to what PostgreSQL takes if nothing is said. Where the sequence stands
// stays.
void Ddl::replace_sequence(const Replace<Sequence>& operation, Statements& out) const {
  const Sequence& sequence = operation.object;
  SequenceOptions options = sequence.options;
  if (!options.increment) options.increment = 1;
  if (!options.cache) options.cache = 1;
  if (!options.start) {
    options.start =
        *options.increment > 0 ? options.min_value.value_or(1) : options.max_value.value_or(-1);
  }
  SqlWriter sql = parts_.writer();
  sql << "ALTER SEQUENCE " << QualifiedName{sequence.schema, sequence.name}
      << SqlText(parts_.sequence_options(options));
  if (!options.min_value) sql << " NO MINVALUE";
  if (!options.max_value) sql << " NO MAXVALUE";
  if (!options.cycle) sql << " NO CYCLE";
  out.push_back(statement(sql.str()));
}

void Ddl::create_enum(const Create<EnumType>& operation, Statements& out) const {
  const EnumType& type = operation.object;
  const QualifiedName name{type.schema, type.name};
  SqlWriter sql = parts_.writer();
  sql << "CREATE TYPE " << name << " AS ENUM (";
  bool first = true;
  for (const std::string& value : type.values) {
    if (!first) sql << ", ";
    first = false;
    sql << Literal(value);
  }
  sql << ")";
  out.push_back(operation.if_not_exists ? only_if(no_type(name), sql.str()) : statement(sql.str()));
}

void Ddl::drop_enum(const Drop<EnumType>& operation, Statements& out) const {
  const EnumType& type = operation.object;
  out.push_back(statement(
      drop(parts_, "TYPE", {type.schema, type.name}, operation.if_exists, operation.cascade)));
}

void Ddl::add_enum_value(const AddEnumValue& operation, Statements& out) const {
  SqlWriter sql = parts_.writer();
  sql << "ALTER TYPE " << QualifiedName{operation.schema, operation.type} << " ADD VALUE "
      << words(if_not_exists(operation.if_not_exists)) << Literal(operation.value);
  if (!operation.before.empty()) sql << " BEFORE " << Literal(operation.before);
  out.push_back(statement(sql.str()));
}

void Ddl::create_view(const Create<View>& operation, Statements& out) const {
  const View& view = operation.object;
  const std::string sql = postgresql::create_view(parts_, view, create_view_verb(view));
  out.push_back(operation.if_not_exists
                    ? only_if(no_relation(parts_, {view.schema, view.name}), sql)
                    : statement(sql));
  for (const Index& index : view.indexes) {
    create_index({.table = view.name,
                  .index = index,
                  .schema = view.schema,
                  .if_not_exists = operation.if_not_exists},
                 out);
  }
}

void Ddl::drop_view(const Drop<View>& operation, Statements& out) const {
  const View& view = operation.object;
  out.push_back(statement(drop(parts_, view.materialized ? "MATERIALIZED VIEW" : "VIEW",
                               {view.schema, view.name}, operation.if_exists, operation.cascade)));
}

// A view that is replaced in place must keep its columns; the server says so if it does not.
void Ddl::replace_view(const Replace<View>& operation, Statements& out) const {
  const View& view = operation.object;
  if (!view.materialized) {
    out.push_back(statement(postgresql::create_view(parts_, view, "CREATE OR REPLACE VIEW ")));
    return;
  }
  drop_view({.object = operation.was.value_or(view)}, out);
  create_view({.object = view}, out);
}

void Ddl::create_function(const Create<Function>& operation, Statements& out) const {
  const Function& function = operation.object;
  const std::string sql = postgresql::create_function(parts_, function, false);
  if (!operation.if_not_exists) {
    out.push_back(statement(sql));
    return;
  }
  // The catalog's names of types are not those that were written: the server decides.
  out.push_back(statement("DO " + dollar_quoted("\nBEGIN\n  " + sql +
                                                ";\nEXCEPTION WHEN duplicate_function THEN\n"
                                                "  NULL;\nEND\n")));
}

void Ddl::drop_function(const Drop<Function>& operation, Statements& out) const {
  const Function& function = operation.object;
  std::string sql = function.procedure ? "DROP PROCEDURE " : "DROP FUNCTION ";
  sql.append(if_exists(operation.if_exists)).append(signature(parts_, function, false));
  out.push_back(statement(sql.append(cascade(operation.cascade))));
}

void Ddl::replace_function(const Replace<Function>& operation, Statements& out) const {
  out.push_back(statement(postgresql::create_function(parts_, operation.object, true)));
}

void Ddl::create_trigger(const Create<Trigger>& operation, Statements& out) const {
  const Trigger& trigger = operation.object;
  const std::string sql = postgresql::create_trigger(parts_, trigger, false);
  const std::string exists =
      has_on_table(parts_, "pg_trigger", "tg", {trigger.schema, trigger.table}, trigger.name);
  out.push_back(operation.if_not_exists ? only_if("NOT " + exists, sql) : statement(sql));
}

void Ddl::drop_trigger(const Drop<Trigger>& operation, Statements& out) const {
  const Trigger& trigger = operation.object;
  out.push_back(statement(drop_on_table(parts_, "TRIGGER", trigger.name,
                                        {trigger.schema, trigger.table}, operation.if_exists)));
}

void Ddl::replace_trigger(const Replace<Trigger>& operation, Statements& out) const {
  out.push_back(statement(postgresql::create_trigger(parts_, operation.object, true)));
}

void Ddl::create_policy(const Create<Policy>& operation, Statements& out) const {
  const Policy& policy = operation.object;
  const std::string sql = postgresql::create_policy(parts_, policy);
  const std::string exists =
      has_on_table(parts_, "pg_policy", "pol", {policy.schema, policy.table}, policy.name);
  out.push_back(operation.if_not_exists ? only_if("NOT " + exists, sql) : statement(sql));
}

void Ddl::drop_policy(const Drop<Policy>& operation, Statements& out) const {
  const Policy& policy = operation.object;
  out.push_back(statement(drop_on_table(parts_, "POLICY", policy.name,
                                        {policy.schema, policy.table}, operation.if_exists)));
}

// Altered where that can be, so that at no moment a table is open. What cannot be altered is made
// anew; both statements are in one transaction.
void Ddl::replace_policy(const Replace<Policy>& operation, Statements& out) const {
  const Policy& policy = operation.object;
  const bool same_kind = operation.was && operation.was->command == policy.command &&
                         operation.was->permissive == policy.permissive &&
                         operation.was->using_.has_value() == policy.using_.has_value() &&
                         operation.was->with_check.has_value() == policy.with_check.has_value();
  if (!same_kind) {
    drop_policy({.object = policy}, out);
    create_policy({.object = policy}, out);
    return;
  }
  SqlWriter sql = parts_.writer();
  sql << "ALTER POLICY " << Identifier(policy.name) << " ON "
      << QualifiedName{policy.schema, policy.table} << " TO " << SqlText(roles(policy))
      << SqlText(conditions(parts_, policy));
  out.push_back(statement(sql.str()));
}

void Ddl::set_row_security(const SetRowSecurity& operation, Statements& out) const {
  const auto alter = [&](std::string_view action) {
    SqlWriter sql = parts_.writer();
    sql << "ALTER TABLE " << QualifiedName{operation.schema, operation.table} << " "
        << words(action);
    out.push_back(statement(sql.str()));
  };
  alter(operation.security.enabled ? "ENABLE ROW LEVEL SECURITY" : "DISABLE ROW LEVEL SECURITY");
  alter(operation.security.forced ? "FORCE ROW LEVEL SECURITY" : "NO FORCE ROW LEVEL SECURITY");
}

const DdlCompiler& ddl() {
  static const Ddl compiler;
  return compiler;
}

}  // namespace capo::dialect::postgresql
