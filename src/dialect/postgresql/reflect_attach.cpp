#include "dialect/postgresql/reflect_attach.hpp"

#include "dialect/postgresql/ddl_guard.hpp"
#include "dialect/postgresql/keywords.hpp"

namespace capo::dialect::postgresql {

std::string written(const QualifiedName& name) {
  SqlWriter sql(is_reserved);
  sql << name;
  return sql.str();
}

std::string comment_on(std::string_view kind, const std::string& object,
                       const std::string& comment) {
  SqlWriter sql(is_reserved);
  sql << "COMMENT ON " << words(kind) << " " << words(object) << " IS " << Literal(comment);
  return sql.str();
}

std::string comment_on_column(const QualifiedName& table, const std::string& column,
                              const std::string& comment) {
  SqlWriter sql(is_reserved);
  sql << "COMMENT ON COLUMN " << table << "." << Identifier(column) << " IS " << Literal(comment);
  return sql.str();
}

std::string comment_on_part(std::string_view kind, const std::string& name,
                            const QualifiedName& table, const std::string& comment) {
  SqlWriter sql(is_reserved);
  sql << "COMMENT ON " << words(kind) << " " << Identifier(name) << " ON " << table << " IS "
      << Literal(comment);
  return sql.str();
}

std::string alter_owner(std::string_view kind, const std::string& object,
                        const std::string& owner) {
  SqlWriter sql(is_reserved);
  sql << "ALTER " << words(kind) << " " << words(object) << " OWNER TO " << Identifier(owner);
  return sql.str();
}

std::string revoke_from_public(std::string_view kind, const std::string& object) {
  SqlWriter sql(is_reserved);
  sql << "REVOKE ALL ON " << words(kind) << " " << words(object) << " FROM PUBLIC";
  return sql.str();
}

std::string grant(const std::vector<std::string>& privileges, const std::string& column,
                  const std::string& on, const std::string& role, bool may_grant) {
  SqlWriter sql(is_reserved);
  sql << "GRANT ";
  bool first = true;
  for (const std::string& privilege : privileges) {
    if (!first) sql << ", ";
    first = false;
    sql << words(privilege);
    if (!column.empty()) sql << " (" << Identifier(column) << ")";
  }
  sql << " ON " << words(on) << " TO ";
  if (role.empty()) {
    sql << "PUBLIC";
  } else {
    sql << Identifier(role);
  }
  if (may_grant) sql << " WITH GRANT OPTION";
  return sql.str();
}

}  // namespace capo::dialect::postgresql
