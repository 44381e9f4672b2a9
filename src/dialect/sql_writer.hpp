#pragma once

#include <string>
#include <string_view>
#include <utility>

/// SQL is written from three kinds of thing and no plain string: names, literals, and SQL that is
/// known to be SQL.
namespace capo::dialect {

/// A name of the database: quoted when written. Explicit, so that a run-time string becomes one by
/// decision only.
struct Identifier {
  explicit Identifier(std::string name_) : name(std::move(name_)) {}
  std::string name;
};

/// `schema.name`, or `name` if the schema is empty.
struct QualifiedName {
  std::string schema = {};
  std::string name = {};
};

/// A string value: quoted and escaped when written.
struct Literal {
  explicit Literal(std::string value_) : value(std::move(value_)) {}
  std::string value;
};

/// Text that is SQL already.
struct SqlText {
  explicit SqlText(std::string sql_) : sql(std::move(sql_)) {}
  std::string sql;
};

/// Builds one statement. Names are put in double quotes unless they are lower-case words that are
/// not reserved in the dialect; quotes inside are doubled; empty names and NUL bytes are refused
/// with Error{kUnsupported}.
class SqlWriter {
 public:
  /// `is_reserved` answers for a lower-case word.
  explicit SqlWriter(bool (*is_reserved)(std::string_view word)) : is_reserved_(is_reserved) {}

  /// `sql` must be a literal of the program.
  template <std::size_t N>
  SqlWriter& operator<<(const char (&sql)[N]) {
    sql_.append(sql, N - 1);
    return *this;
  }
  SqlWriter& operator<<(const Identifier& name);
  SqlWriter& operator<<(const QualifiedName& name);
  SqlWriter& operator<<(const Literal& value);
  SqlWriter& operator<<(const SqlText& sql);

  const std::string& str() const { return sql_; }

 private:
  bool (*is_reserved_)(std::string_view word);
  std::string sql_ = {};
};

}  // namespace capo::dialect
