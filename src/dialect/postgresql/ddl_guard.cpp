#include "dialect/postgresql/ddl_guard.hpp"

#include "base/text.hpp"
#include "dialect/postgresql/keywords.hpp"

namespace capo::dialect::postgresql {

Statement statement(std::string sql) {
  Statement statement;
  statement.sql = std::move(sql);
  return statement;
}

std::string dollar_quoted(std::string_view text) {
  std::string quote = "$capo$";
  for (int i = 1; text.find(quote) != std::string_view::npos; ++i) {
    quote = "$capo" + std::to_string(i) + "$";
  }
  return quote + std::string(text) + quote;
}

std::string no_type(const QualifiedName& name) {
  SqlWriter qualified(is_reserved);
  qualified << name;
  SqlWriter sql(is_reserved);
  sql << "pg_catalog.to_regtype(" << Literal(qualified.str()) << ") IS NULL";
  return sql.str();
}

std::string role_word(const std::string& name) {
  for (const std::string_view word : {"public", "current_role", "current_user", "session_user"}) {
    if (base::equals_ignoring_case(name, word)) return name;
  }
  SqlWriter sql(is_reserved);
  sql << Identifier(name);
  return sql.str();
}

Statement only_if(std::string_view condition, std::string_view sql) {
  std::string body = "\nBEGIN\n  IF ";
  body.append(condition).append(" THEN\n    ").append(sql).append(";\n  END IF;\nEND\n");
  return statement("DO " + dollar_quoted(body));
}

}  // namespace capo::dialect::postgresql
