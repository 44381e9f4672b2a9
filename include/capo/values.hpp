#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "capo/list.hpp"

/// SQL, values, and defaults of columns: three types, so that a text is never mistaken for the
/// other. `SqlText{"now()"}` is written as it is, `Literal{"now()"}` is a string in quotes.
namespace capo {

/// SQL as the database understands it. Where databases differ, on_dialect() gives one of them
/// another text.
///
///     SqlText{"now()"}.on_dialect("sqlite", "CURRENT_TIMESTAMP")
struct SqlText {
  explicit SqlText(std::string_view sql_);
  SqlText(const SqlText&);
  SqlText(SqlText&&) noexcept;
  SqlText& operator=(const SqlText&);
  SqlText& operator=(SqlText&&) noexcept;
  ~SqlText();
  SqlText on_dialect(std::string_view dialect, std::string_view sql_) &&;

  std::string sql;
  List<std::pair<std::string, std::string>> others;  ///< dialect, SQL

  friend bool operator==(const SqlText&, const SqlText&);
};

/// A value, written as each database writes it (`Literal{false}` is `false` or `0`).
struct Literal {
  enum class Kind { kNull, kBoolean, kNumber, kString };

  Literal();  ///< NULL
  explicit Literal(bool value);
  explicit Literal(int value);
  explicit Literal(long value);
  explicit Literal(long long value);
  explicit Literal(std::string_view value);
  explicit Literal(const char* value);           ///< without it, a text would become a bool
  explicit Literal(decltype(nullptr)) = delete;  ///< NULL is `Literal{}`
  /// A number with all its digits: `Literal::number("0.00")`. Refused later if it is none.
  static Literal number(std::string_view digits);
  Literal(const Literal&);
  Literal(Literal&&) noexcept;
  Literal& operator=(const Literal&);
  Literal& operator=(Literal&&) noexcept;
  ~Literal();

  Kind kind = Kind::kNull;
  std::string text;

  friend bool operator==(const Literal&, const Literal&);
};

/// The name of a constraint or an index: empty for one that is to be chosen. A naming convention
/// (metadata.hpp) gives the empty ones a name, and may make more of others; f() keeps it away.
class ConstraintName : public std::string {
 public:
  ConstraintName();
  // NOLINTBEGIN(google-explicit-constructor)
  ConstraintName(const char* name);
  ConstraintName(std::string_view name);
  ConstraintName(std::string name);
  // NOLINTEND(google-explicit-constructor)
  ConstraintName(const ConstraintName&);
  ConstraintName(ConstraintName&&) noexcept;
  ConstraintName& operator=(const ConstraintName&);
  ConstraintName& operator=(ConstraintName&&) noexcept;
  ~ConstraintName();

  bool is_final = false;  ///< no convention changes it any more
};

/// This very name, whatever the naming convention says: `f("ck_items_order")`. What is longer than
/// the database can take is cut as a convention's names are.
ConstraintName f(std::string_view name);

/// What a column holds if a row does not say: nothing, a value, or an expression. A bare string
/// does not compile: it could be either.
class ServerDefault {
 public:
  ServerDefault();
  ServerDefault(SqlText sql);      // NOLINT(google-explicit-constructor)
  ServerDefault(Literal literal);  // NOLINT(google-explicit-constructor)
  ServerDefault(const ServerDefault&);
  ServerDefault(ServerDefault&&) noexcept;
  ServerDefault& operator=(const ServerDefault&);
  ServerDefault& operator=(ServerDefault&&) noexcept;
  ~ServerDefault();
  static ServerDefault none();

  bool is_none() const;
  const std::optional<SqlText>& sql() const { return sql_; }
  const std::optional<Literal>& literal() const { return literal_; }

  friend bool operator==(const ServerDefault&, const ServerDefault&);

 private:
  std::optional<SqlText> sql_;
  std::optional<Literal> literal_;
};

}  // namespace capo
