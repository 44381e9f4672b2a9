// Domains and composite types.

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/postgresql/ddl.hpp"
#include "dialect/postgresql/ddl_guard.hpp"
#include "schema/schema.hpp"

namespace capo::dialect::postgresql {
namespace {

using Attribute = CompositeType::Attribute;

std::string drop(const Parts& parts, std::string_view kind, const QualifiedName& name, bool guard,
                 bool with_cascade) {
  SqlWriter sql = parts.writer();
  sql << "DROP " << words(kind) << " " << words(if_exists(guard)) << name
      << words(cascade(with_cascade));
  return sql.str();
}

std::string collated(const Parts& parts, std::string type, const std::string& collation) {
  SqlWriter sql = parts.writer();
  sql << SqlText(std::move(type));
  if (!collation.empty()) sql << " COLLATE " << Identifier(collation);
  return sql.str();
}

std::string create_domain(const Parts& parts, const Domain& domain) {
  SqlWriter sql = parts.writer();
  sql << "CREATE DOMAIN " << QualifiedName{domain.schema, domain.name} << " AS "
      << SqlText(collated(parts, parts.type(domain.type), domain.collation));
  if (!domain.server_default.is_none()) {
    sql << " DEFAULT " << SqlText(parts.default_value(domain.server_default));
  }
  if (!domain.nullable) sql << " NOT NULL";
  for (const CheckConstraint& check : domain.checks) {
    if (!check.not_valid) sql << "\n    " << SqlText(parts.constraint(check));
  }
  return sql.str();
}

std::string alter_domain(const Parts& parts, const Domain& domain, const std::string& action) {
  SqlWriter sql = parts.writer();
  sql << "ALTER DOMAIN " << QualifiedName{domain.schema, domain.name} << " " << SqlText(action);
  return sql.str();
}

// A domain that is made takes no NOT VALID.
std::vector<std::string> made(const Parts& parts, const Domain& domain) {
  std::vector<std::string> statements = {create_domain(parts, domain)};
  for (const CheckConstraint& check : domain.checks) {
    if (!check.not_valid) continue;
    statements.push_back(alter_domain(parts, domain, "ADD " + parts.constraint(check)));
  }
  return statements;
}

const CheckConstraint* find_check(const Domain& domain, const CheckConstraint& like) {
  const auto found = std::find(domain.checks.begin(), domain.checks.end(), like);
  return found == domain.checks.end() ? nullptr : &*found;
}

const CheckConstraint* find_named(const Domain& domain, const std::string& name) {
  const auto found = std::find_if(domain.checks.begin(), domain.checks.end(),
                                  [&](const CheckConstraint& check) { return check.name == name; });
  return found == domain.checks.end() ? nullptr : &*found;
}

/// What ALTER DOMAIN has to do to the checks, those that go first.
class Checks {
 public:
  Checks(const Parts& parts, const Domain& was, const Domain& now)
      : parts_(parts), was_(was), now_(now) {
    for (const CheckConstraint& check : now.checks) {
      if (find_check(was, check) == nullptr) made_.push_back(check);
    }
  }

  std::vector<std::string> actions() {
    for (const CheckConstraint& check : was_.checks) {
      if (find_check(now_, check) == nullptr) leave(check);
    }
    for (const CheckConstraint& check : made_)
      actions_.push_back("ADD " + parts_.constraint(check));
    return std::move(actions_);
  }

 private:
  void leave(const CheckConstraint& check) {
    if (check.name.empty()) {
      throw Error(ErrorCode::kSchema, schema::describe(now_) + ": a check without a name cannot go")
          .hint("give it the .name that it has in the database");
    }
    CheckConstraint valid = check;
    valid.not_valid = false;
    if (check.not_valid && take(valid)) return add("VALIDATE CONSTRAINT ", check.name);
    const auto renamed =
        std::find_if(made_.begin(), made_.end(), [&](const CheckConstraint& other) {
          return !other.name.empty() && other.condition == check.condition &&
                 other.not_valid == check.not_valid && find_named(was_, other.name) == nullptr;
        });
    if (renamed == made_.end()) return add("DROP CONSTRAINT ", check.name);
    SqlWriter sql = parts_.writer();
    sql << "RENAME CONSTRAINT " << Identifier(check.name) << " TO " << Identifier(renamed->name);
    actions_.push_back(sql.str());
    made_.erase(renamed);
  }

  bool take(const CheckConstraint& like) {
    const auto found = std::find(made_.begin(), made_.end(), like);
    if (found == made_.end()) return false;
    made_.erase(found);
    return true;
  }

  void add(std::string_view action, const std::string& name) {
    SqlWriter sql = parts_.writer();
    sql << words(action) << Identifier(name);
    actions_.push_back(sql.str());
  }

  const Parts& parts_;
  const Domain& was_;
  const Domain& now_;
  std::vector<CheckConstraint> made_ = {};
  std::vector<std::string> actions_ = {};
};

std::string attribute_type(const Parts& parts, const Attribute& attribute) {
  return collated(parts, parts.type(attribute.type), attribute.collation);
}

std::string attribute_text(const Parts& parts, const Attribute& attribute) {
  SqlWriter sql = parts.writer();
  sql << Identifier(attribute.name) << " " << SqlText(attribute_type(parts, attribute));
  return sql.str();
}

const Attribute* find_attribute(const CompositeType& type, const std::string& name) {
  const auto found =
      std::find_if(type.attributes.begin(), type.attributes.end(),
                   [&](const Attribute& attribute) { return attribute.name == name; });
  return found == type.attributes.end() ? nullptr : &*found;
}

std::vector<std::string> attribute_changes(const Parts& parts, const CompositeType& was,
                                           const CompositeType& now) {
  std::vector<std::string> actions;
  const auto add = [&](std::string_view action, const std::string& text) {
    actions.push_back(std::string(action) + " ATTRIBUTE " + text);
  };
  for (const Attribute& attribute : was.attributes) {
    if (find_attribute(now, attribute.name) != nullptr) continue;
    SqlWriter sql = parts.writer();
    sql << Identifier(attribute.name);
    add("DROP", sql.str());
  }
  for (const Attribute& attribute : now.attributes) {
    const Attribute* old = find_attribute(was, attribute.name);
    if (old == nullptr) {
      add("ADD", attribute_text(parts, attribute));
    } else if (attribute_type(parts, *old) != attribute_type(parts, attribute)) {
      SqlWriter sql = parts.writer();
      sql << Identifier(attribute.name) << " TYPE " << SqlText(attribute_type(parts, attribute));
      add("ALTER", sql.str());
    }
  }
  return actions;
}

}  // namespace

void Ddl::create_domain(const Create<Domain>& operation, Statements& out) const {
  const Domain& domain = operation.object;
  std::vector<std::string> statements = made(parts_, domain);
  if (operation.if_not_exists) {
    out.push_back(
        only_if(no_type({domain.schema, domain.name}), base::join(statements, ";\n    ")));
    return;
  }
  for (std::string& sql : statements) out.push_back(statement(std::move(sql)));
}

void Ddl::drop_domain(const Drop<Domain>& operation, Statements& out) const {
  const Domain& domain = operation.object;
  out.push_back(statement(drop(parts_, "DOMAIN", {domain.schema, domain.name}, operation.if_exists,
                               operation.cascade)));
}

// What a domain is over cannot be altered.
void Ddl::replace_domain(const Replace<Domain>& operation, Statements& out) const {
  const Domain& domain = operation.object;
  const bool is_over_the_same = operation.was &&
                                parts_.type(operation.was->type) == parts_.type(domain.type) &&
                                operation.was->collation == domain.collation;
  if (!is_over_the_same) {
    drop_domain({.object = domain}, out);
    create_domain({.object = domain}, out);
    return;
  }
  const Domain& was = *operation.was;
  const auto alter = [&](const std::string& action) {
    out.push_back(statement(alter_domain(parts_, domain, action)));
  };
  if (was.server_default != domain.server_default) {
    alter(domain.server_default.is_none()
              ? "DROP DEFAULT"
              : "SET DEFAULT " + parts_.default_value(domain.server_default));
  }
  if (was.nullable != domain.nullable) alter(domain.nullable ? "DROP NOT NULL" : "SET NOT NULL");
  for (const std::string& action : Checks(parts_, was, domain).actions()) alter(action);
}

void Ddl::create_composite_type(const Create<CompositeType>& operation, Statements& out) const {
  const CompositeType& type = operation.object;
  std::vector<std::string> attributes;
  for (const Attribute& attribute : type.attributes) {
    attributes.push_back(attribute_text(parts_, attribute));
  }
  const QualifiedName name{type.schema, type.name};
  SqlWriter sql = parts_.writer();
  sql << "CREATE TYPE " << name << " AS (" << SqlText(base::join(attributes, ", ")) << ")";
  out.push_back(operation.if_not_exists ? only_if(no_type(name), sql.str()) : statement(sql.str()));
}

void Ddl::drop_composite_type(const Drop<CompositeType>& operation, Statements& out) const {
  const CompositeType& type = operation.object;
  out.push_back(statement(
      drop(parts_, "TYPE", {type.schema, type.name}, operation.if_exists, operation.cascade)));
}

void Ddl::replace_composite_type(const Replace<CompositeType>& operation, Statements& out) const {
  const CompositeType& type = operation.object;
  if (!operation.was) {
    drop_composite_type({.object = type}, out);
    create_composite_type({.object = type}, out);
    return;
  }
  const std::vector<std::string> actions = attribute_changes(parts_, *operation.was, type);
  if (actions.empty()) return;
  SqlWriter sql = parts_.writer();
  sql << "ALTER TYPE " << QualifiedName{type.schema, type.name} << " "
      << SqlText(base::join(actions, ", "));
  out.push_back(statement(sql.str()));
}

}  // namespace capo::dialect::postgresql
