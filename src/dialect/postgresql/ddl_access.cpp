// Roles and grants.

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/postgresql/ddl.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "dialect/postgresql/keywords.hpp"
#include "schema/grants.hpp"

namespace capo::dialect::postgresql {
namespace {

/// An attribute of a role, and the words for it and against it.
struct Attribute {
  bool Role::*has;
  std::string_view yes;
  std::string_view no;
};

constexpr Attribute kAttributes[] = {
    {&Role::login, " LOGIN", " NOLOGIN"},
    {&Role::inherit, " INHERIT", " NOINHERIT"},
    {&Role::superuser, " SUPERUSER", " NOSUPERUSER"},
    {&Role::create_database, " CREATEDB", " NOCREATEDB"},
    {&Role::create_role, " CREATEROLE", " NOCREATEROLE"},
    {&Role::bypass_row_security, " BYPASSRLS", " NOBYPASSRLS"},
};

/// Only what differs is said: SUPERUSER and the like are refused to who may not say them, even if
/// they change nothing.
std::string attributes(const Role& role, const Role& was) {
  std::string text;
  for (const Attribute& attribute : kAttributes) {
    if (role.*attribute.has == was.*attribute.has) continue;
    text.append(role.*attribute.has ? attribute.yes : attribute.no);
  }
  return text;
}

std::string all_attributes(const Role& role) {
  std::string text;
  for (const Attribute& attribute : kAttributes) {
    text.append(role.*attribute.has ? attribute.yes : attribute.no);
  }
  return text;
}

std::string written_role(const std::string& name) {
  SqlWriter sql(is_reserved);
  sql << Identifier(name);
  return sql.str();
}

std::string quoted(const std::string& text) {
  SqlWriter sql(is_reserved);
  sql << Literal(text);
  return sql.str();
}

std::string create_role(const Role& role) {
  std::string sql = "CREATE ROLE " + written_role(role.name) + attributes(role, Role{});
  std::vector<std::string> groups;
  for (const std::string& group : role.member_of) groups.push_back(written_role(group));
  if (!groups.empty()) sql += " IN ROLE " + base::join(groups, ", ");
  return sql;
}

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string on_object(const Grant& grant) {
  const QualifiedName name{grant.schema, grant.object};
  SqlWriter sql(is_reserved);
  switch (grant.kind) {
    case Grant::Kind::kTable:
      sql << name;
      break;
    case Grant::Kind::kSequence:
      sql << "SEQUENCE " << name;
      break;
    case Grant::Kind::kSchema:
      sql << "SCHEMA " << name;
      break;
    case Grant::Kind::kFunction:
      // A procedure is one as well.
      sql << "ROUTINE " << name << "(" << words(base::join(grant.arguments, ", ")) << ")";
      break;
  }
  return sql.str();
}

std::string privileges(const Grant& grant) {
  std::string columns;
  for (const std::string& column : grant.columns) {
    columns += (columns.empty() ? " (" : ", ") + written_role(column);
  }
  if (!columns.empty()) columns += ")";
  std::vector<std::string> all;
  for (const std::string& privilege : grant.privileges) all.push_back(privilege + columns);
  return base::join(all, ", ");
}

std::string grant(const Grant& grant) {
  return "GRANT " + privileges(grant) + " ON " + on_object(grant) + " TO " + role_word(grant.role) +
         (grant.with_grant_option ? " WITH GRANT OPTION" : "");
}

std::string revoke(const Grant& grant, std::string_view what = "") {
  return "REVOKE " + std::string(what) + privileges(grant) + " ON " + on_object(grant) + " FROM " +
         role_word(grant.role);
}

}  // namespace

// Somebody else may make it at the same moment, in another database of the server; and who may not
// make roles may still find one.
void Ddl::create_role(const Create<Role>& operation, Statements& out) const {
  const std::string sql = postgresql::create_role(operation.object);
  if (!operation.if_not_exists) {
    out.push_back(statement(sql));
    return;
  }
  out.push_back(statement(
      "DO " + dollar_quoted("\nBEGIN\n  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE "
                            "rolname = " +
                            quoted(operation.object.name) + ") THEN\n    " + sql +
                            ";\n  END IF;\nEXCEPTION WHEN duplicate_object OR unique_violation "
                            "THEN\n  NULL;\nEND\n")));
}

// What keeps a role may lie in another database, which nobody sees from here, and is not this
// one's affair.
void Ddl::drop_role(const Drop<Role>& operation, Statements& out) const {
  const std::string& name = operation.object.name;
  if (operation.cascade) {
    throw Error(ErrorCode::kUnsupported,
                "drop role " + name + ": PostgreSQL drops no role with all that depends on it")
        .hint("drop the grants to it first, or execute DROP OWNED BY " + written_role(name));
  }
  if (!operation.if_exists) {
    out.push_back(statement("DROP ROLE " + written_role(name)));
    return;
  }
  out.push_back(statement(
      "DO " + dollar_quoted("\nBEGIN\n  DROP ROLE IF EXISTS " + written_role(name) +
                            ";\nEXCEPTION WHEN dependent_objects_still_exist THEN\n"
                            "  RAISE NOTICE 'role % stays: it is still needed, here or in another "
                            "database', " +
                            quoted(name) + ";\nEND\n")));
}

void Ddl::replace_role(const Replace<Role>& operation, Statements& out) const {
  const Role& role = operation.object;
  const std::string changed =
      operation.was ? attributes(role, *operation.was) : all_attributes(role);
  const std::string name = written_role(role.name);
  if (!changed.empty()) out.push_back(statement("ALTER ROLE " + name + changed));
  const Names before = operation.was ? operation.was->member_of : Names();
  for (const std::string& group : before) {
    if (has(role.member_of, group)) continue;
    out.push_back(statement("REVOKE " + written_role(group) + " FROM " + name));
  }
  for (const std::string& group : role.member_of) {
    if (has(before, group)) continue;
    out.push_back(statement("GRANT " + written_role(group) + " TO " + name));
  }
}

// ALL is written out, so that it means the same on every version. Granting twice is no error, and
// needs no guard.
void Ddl::create_grant(const Create<Grant>& operation, Statements& out) const {
  for (const Grant& part : schema::grants_of(schema::privileges_of({&operation.object, 1}))) {
    out.push_back(statement(grant(part)));
  }
}

void Ddl::drop_grant(const Drop<Grant>& operation, Statements& out) const {
  std::string sql = revoke(operation.object);
  sql += cascade(operation.cascade);
  if (!operation.if_exists) {
    out.push_back(statement(std::move(sql)));
    return;
  }
  out.push_back(statement(
      "DO " + dollar_quoted("\nBEGIN\n  " + sql +
                            ";\nEXCEPTION WHEN undefined_object OR undefined_table OR "
                            "undefined_column\n    OR undefined_function OR invalid_schema_name "
                            "THEN\n  NULL;\nEND\n")));
}

void Ddl::replace_grant(const Replace<Grant>& operation, Statements& out) const {
  const schema::Privileges now = schema::privileges_of({&operation.object, 1});
  if (!operation.was) {
    Grant everything = operation.object;
    everything.privileges = {"ALL"};
    out.push_back(statement(revoke(everything)));
    for (const Grant& part : schema::grants_of(now)) out.push_back(statement(grant(part)));
    return;
  }
  const schema::Privileges was = schema::privileges_of({&*operation.was, 1});
  schema::Privileges gone;
  schema::Privileges kept;  // but without the option to grant them on
  for (const auto& [one, may_grant] : schema::missing(was, now)) {
    (now.contains(one) ? kept : gone).emplace(one, may_grant);
  }
  for (const Grant& part : schema::grants_of(gone)) out.push_back(statement(revoke(part)));
  for (const Grant& part : schema::grants_of(kept)) {
    out.push_back(statement(revoke(part, "GRANT OPTION FOR ")));
  }
  for (const Grant& part : schema::grants_of(schema::missing(now, was))) {
    out.push_back(statement(grant(part)));
  }
}

}  // namespace capo::dialect::postgresql
