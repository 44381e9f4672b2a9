#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capo/type.hpp"

/// The objects of a database schema, as values: what models declare, what operations carry, what a
/// database is read into.
///
///     Table("items",
///           {Column("id", Integer(), {.primary_key = true, .identity = Identity{}}),
///            Column("title", String(255), {.nullable = false}),
///            Column("created_at", TimestampTz(), {.server_default = SqlText{"now()"}})},
///           {.indexes = {Index("idx_items_title", {"title"})}})
///
/// Objects name each other and never point at each other, so that each can be copied, compared and
/// changed by itself. SQL and values are different types: `SqlText{"now()"}` is written as it is,
/// `Literal{"now()"}` is a string in quotes. Nothing is checked here; what contradicts itself is
/// refused, by name, by the operation or MetaData that takes it.
namespace capo {

/// SQL as the database understands it. Where databases differ, on_dialect() gives one of them
/// another text.
struct SqlText {
  explicit SqlText(std::string sql_) : sql(std::move(sql_)) {}
  SqlText on_dialect(std::string dialect, std::string sql_) && {
    others.emplace_back(std::move(dialect), std::move(sql_));
    return std::move(*this);
  }

  std::string sql;
  std::vector<std::pair<std::string, std::string>> others = {};  ///< dialect, SQL

  friend bool operator==(const SqlText&, const SqlText&) = default;
};

/// A value, written as each database writes it (`Literal{false}` is `false` or `0`).
struct Literal {
  enum class Kind { kNull, kBoolean, kNumber, kString };

  Literal() = default;  ///< NULL
  explicit Literal(bool value) : kind(Kind::kBoolean), text(value ? "true" : "false") {}
  explicit Literal(int value) : Literal(static_cast<long long>(value)) {}
  explicit Literal(long value) : Literal(static_cast<long long>(value)) {}
  explicit Literal(long long value) : kind(Kind::kNumber), text(std::to_string(value)) {}
  explicit Literal(std::string value) : kind(Kind::kString), text(std::move(value)) {}
  explicit Literal(const char* value) : Literal(std::string(value)) {}
  /// A number with all its digits: `Literal::number("0.00")`. Refused later if it is none.
  static Literal number(std::string digits) {
    Literal literal(std::move(digits));
    literal.kind = Kind::kNumber;
    return literal;
  }

  Kind kind = Kind::kNull;
  std::string text = {};

  friend bool operator==(const Literal&, const Literal&) = default;
};

/// What a column holds if a row does not say: nothing, a value, or an expression. A bare string
/// does not compile: it could be either.
class ServerDefault {
 public:
  ServerDefault() = default;
  ServerDefault(SqlText sql) : sql_(std::move(sql)) {}  // NOLINT(google-explicit-constructor)
  ServerDefault(Literal literal)
      : literal_(std::move(literal)) {}  // NOLINT(google-explicit-constructor)
  static ServerDefault none() { return {}; }

  bool is_none() const { return !sql_ && !literal_; }
  const std::optional<SqlText>& sql() const { return sql_; }
  const std::optional<Literal>& literal() const { return literal_; }

  friend bool operator==(const ServerDefault&, const ServerDefault&) = default;

 private:
  std::optional<SqlText> sql_ = {};
  std::optional<Literal> literal_ = {};
};

/// Numbers given out by a sequence: the options of `CREATE SEQUENCE`. What is left out is the
/// database's default.
struct SequenceOptions {
  std::optional<long long> start = {};
  std::optional<long long> increment = {};
  std::optional<long long> min_value = {};
  std::optional<long long> max_value = {};
  std::optional<long long> cache = {};
  bool cycle = false;

  friend bool operator==(const SequenceOptions&, const SequenceOptions&) = default;
};

/// `GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY`. On SQLite, the integer primary key that SQLite
/// numbers by itself.
struct Identity {
  bool always = false;
  SequenceOptions sequence = {};

  friend bool operator==(const Identity&, const Identity&) = default;
};

/// `GENERATED ALWAYS AS (expression) {STORED | VIRTUAL}`.
struct Computed {
  SqlText expression;
  bool stored = true;

  friend bool operator==(const Computed&, const Computed&) = default;
};

struct ColumnOptions {
  bool nullable = true;  ///< of a primary key it is false whatever is said here
  bool primary_key = false;
  bool unique = false;  ///< a constraint of its own over this column
  bool index = false;   ///< an index of its own over this column
  ServerDefault server_default = {};
  std::optional<Identity> identity = {};
  std::optional<Computed> computed = {};
  std::string comment = {};
  std::string collation = {};

  friend bool operator==(const ColumnOptions&, const ColumnOptions&) = default;
};

struct Column {
  Column(std::string name_, Type type_, ColumnOptions options_ = {})
      : name(std::move(name_)), type(std::move(type_)), options(std::move(options_)) {}

  std::string name;
  Type type;
  ColumnOptions options;

  friend bool operator==(const Column&, const Column&) = default;
};

using Names = std::vector<std::string>;

/// Constraints: an empty name is one that the naming convention, or else the database, chooses.
struct PrimaryKey {
  Names columns = {};
  std::string name = {};

  friend bool operator==(const PrimaryKey&, const PrimaryKey&) = default;
};

struct UniqueConstraint {
  Names columns = {};
  std::string name = {};
  bool nulls_not_distinct = false;  ///< PostgreSQL 15
  bool deferrable = false;
  bool initially_deferred = false;

  friend bool operator==(const UniqueConstraint&, const UniqueConstraint&) = default;
};

struct CheckConstraint {
  SqlText condition;
  std::string name = {};
  bool not_valid = false;  ///< PostgreSQL: rows that are there already are not looked at

  friend bool operator==(const CheckConstraint&, const CheckConstraint&) = default;
};

enum class Action { kNoAction, kRestrict, kCascade, kSetNull, kSetDefault };

struct ForeignKey {
  Names columns = {};
  std::string referred_table = {};
  Names referred_columns = {};
  std::string name = {};
  std::string referred_schema = {};
  Action on_delete = Action::kNoAction;
  Action on_update = Action::kNoAction;
  bool match_full = false;
  bool deferrable = false;
  bool initially_deferred = false;
  bool not_valid = false;  ///< PostgreSQL: rows that are there already are not looked at

  friend bool operator==(const ForeignKey&, const ForeignKey&) = default;
};

/// PostgreSQL: `EXCLUDE USING method (element WITH operator, …) WHERE (predicate)`.
struct ExcludeConstraint {
  struct Element {
    SqlText expression;     ///< a column's name or an expression in parentheses, with an operator
                            ///< class if need be
    std::string with = {};  ///< the operator

    friend bool operator==(const Element&, const Element&) = default;
  };
  std::vector<Element> elements = {};
  std::string method = "gist";
  std::string name = {};
  std::optional<SqlText> predicate = {};
  bool deferrable = false;
  bool initially_deferred = false;

  friend bool operator==(const ExcludeConstraint&, const ExcludeConstraint&) = default;
};

/// A column of an index, or an expression.
struct IndexElement {
  enum class Nulls { kUsual, kFirst, kLast };

  IndexElement(std::string column_)
      : column(std::move(column_)) {}                     // NOLINT(google-explicit-constructor)
  IndexElement(const char* column_) : column(column_) {}  // NOLINT(google-explicit-constructor)
  IndexElement(SqlText expression_)
      : expression(std::move(expression_)) {}  // NOLINT(google-explicit-constructor)
  IndexElement desc() && { return descending = true, std::move(*this); }
  IndexElement nulls_are(Nulls where) && { return nulls = where, std::move(*this); }
  IndexElement with_class(std::string name) && {
    return operator_class = std::move(name), std::move(*this);
  }
  IndexElement collate(std::string name) && {
    return collation = std::move(name), std::move(*this);
  }

  std::string column = {};
  std::optional<SqlText> expression = {};
  bool descending = false;
  Nulls nulls = Nulls::kUsual;
  std::string operator_class = {};
  std::string collation = {};

  friend bool operator==(const IndexElement&, const IndexElement&) = default;
};

struct IndexOptions {
  bool unique = false;
  std::optional<SqlText> where = {};  ///< only rows of which this is true
  Names include = {};                 ///< PostgreSQL: columns that are only carried along
  std::string method = {};            ///< PostgreSQL: "gin", "brin", …; empty: "btree"
  bool nulls_not_distinct = false;    ///< PostgreSQL 15

  friend bool operator==(const IndexOptions&, const IndexOptions&) = default;
};

struct Index {
  Index(std::string name_, std::vector<IndexElement> elements_, IndexOptions options_ = {})
      : name(std::move(name_)), elements(std::move(elements_)), options(std::move(options_)) {}

  std::string name;
  std::vector<IndexElement> elements;
  IndexOptions options;

  friend bool operator==(const Index&, const Index&) = default;
};

struct TableOptions {
  std::string schema = {};
  std::optional<PrimaryKey> primary_key =
      {};  ///< instead of `.primary_key` of columns: its name, its order
  std::vector<UniqueConstraint> uniques = {};
  std::vector<CheckConstraint> checks = {};
  std::vector<ForeignKey> foreign_keys = {};
  std::vector<ExcludeConstraint> excludes = {};
  std::vector<Index> indexes = {};
  std::string comment = {};
  bool strict = false;         ///< SQLite: `STRICT`
  bool without_rowid = false;  ///< SQLite: `WITHOUT ROWID`
  bool unlogged = false;       ///< PostgreSQL: `UNLOGGED`

  friend bool operator==(const TableOptions&, const TableOptions&) = default;
};

struct Table {
  Table(std::string name_, std::vector<Column> columns_, TableOptions options_ = {})
      : name(std::move(name_)), columns(std::move(columns_)), options(std::move(options_)) {}

  std::string name;
  std::vector<Column> columns;
  TableOptions options;

  friend bool operator==(const Table&, const Table&) = default;
};

}  // namespace capo
