#include "dialect/sql_writer.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::dialect {
namespace {

bool starts_plain_name(char c) { return (c >= 'a' && c <= 'z') || c == '_'; }
bool continues_plain_name(char c) { return starts_plain_name(c) || base::is_digit(c) || c == '$'; }

// A name that means the same with and without quotes in every database: nothing that is folded to
// another case.
bool is_plain_name(std::string_view name) {
  return starts_plain_name(name.front()) &&
         std::all_of(name.begin(), name.end(), continues_plain_name);
}

void refuse_nul(std::string_view text, const char* what) {
  if (text.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::kUnsupported, std::string(what) + " contains a NUL byte");
  }
}

void append_quoted(std::string& sql, std::string_view text, char quote) {
  sql += quote;
  for (const char c : text) {
    if (c == quote) sql += quote;
    sql += c;
  }
  sql += quote;
}

}  // namespace

SqlWriter& SqlWriter::operator<<(const Identifier& name) {
  if (name.name.empty()) throw Error(ErrorCode::kUnsupported, "a name in SQL must not be empty");
  refuse_nul(name.name, "a name in SQL");
  if (is_plain_name(name.name) && !is_reserved_(name.name)) {
    sql_ += name.name;
  } else {
    append_quoted(sql_, name.name, '"');
  }
  return *this;
}

SqlWriter& SqlWriter::operator<<(const QualifiedName& name) {
  if (!name.schema.empty()) *this << Identifier(name.schema) << ".";
  return *this << Identifier(name.name);
}

SqlWriter& SqlWriter::operator<<(const Literal& value) {
  refuse_nul(value.value, "a string in SQL");
  append_quoted(sql_, value.value, '\'');
  return *this;
}

SqlWriter& SqlWriter::operator<<(const SqlText& sql) {
  sql_ += sql.sql;
  return *this;
}

}  // namespace capo::dialect
