#include "dialect/postgresql/reflect_attach.hpp"

#include "dialect/postgresql/ddl_guard.hpp"
#include "dialect/postgresql/keywords.hpp"

namespace capo::dialect::postgresql {

std::string comment_on(std::string_view kind, const QualifiedName& name,
                       const std::string& comment) {
  SqlWriter sql(is_reserved);
  sql << "COMMENT ON " << words(kind) << " " << name << " IS " << Literal(comment);
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

}  // namespace capo::dialect::postgresql
