#pragma once

#include <optional>
#include <string>

#include "capo/type.hpp"
#include "capo/values.hpp"

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

/// `GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY`. On SQLite, of a primary key, `INTEGER … PRIMARY
/// KEY AUTOINCREMENT`: the number of a deleted row is not given out again there either.
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
  std::string renamed_from = {};  ///< of a model: what the column was called until now

  friend bool operator==(const ColumnOptions&, const ColumnOptions&) = default;
};

struct Column {
  Column(std::string_view name_, Type type_);
  Column(std::string_view name_, Type type_, ColumnOptions options_);
  Column(const Column&);
  Column(Column&&) noexcept;
  Column& operator=(const Column&);
  Column& operator=(Column&&) noexcept;
  ~Column();

  std::string name;
  Type type;
  ColumnOptions options;

  friend bool operator==(const Column&, const Column&);
};

/// Constraints: an empty name is one that the naming convention, or else the database, chooses.
struct PrimaryKey {
  Names columns = {};
  ConstraintName name = {};

  friend bool operator==(const PrimaryKey&, const PrimaryKey&) = default;
};

struct UniqueConstraint {
  Names columns = {};
  ConstraintName name = {};
  bool nulls_not_distinct = false;  ///< PostgreSQL 15
  bool deferrable = false;
  bool initially_deferred = false;

  friend bool operator==(const UniqueConstraint&, const UniqueConstraint&) = default;
};

struct CheckConstraint {
  SqlText condition;
  ConstraintName name = {};
  bool not_valid = false;  ///< PostgreSQL: rows that are there already are not looked at

  friend bool operator==(const CheckConstraint&, const CheckConstraint&) = default;
};

enum class Action { kNoAction, kRestrict, kCascade, kSetNull, kSetDefault };

struct ForeignKey {
  Names columns = {};
  std::string referred_table = {};
  Names referred_columns = {};
  ConstraintName name = {};
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
  List<Element> elements = {};
  std::string method = "gist";
  ConstraintName name = {};
  std::optional<SqlText> predicate = {};
  bool deferrable = false;
  bool initially_deferred = false;

  friend bool operator==(const ExcludeConstraint&, const ExcludeConstraint&) = default;
};

/// A column of an index, or an expression.
struct IndexElement {
  enum class Nulls { kUsual, kFirst, kLast };

  // NOLINTBEGIN(google-explicit-constructor)
  IndexElement(const char* column_);
  IndexElement(std::string_view column_);
  IndexElement(const std::string& column_);
  IndexElement(SqlText expression_);
  // NOLINTEND(google-explicit-constructor)
  IndexElement(const IndexElement&);
  IndexElement(IndexElement&&) noexcept;
  IndexElement& operator=(const IndexElement&);
  IndexElement& operator=(IndexElement&&) noexcept;
  ~IndexElement();
  IndexElement desc() &&;
  IndexElement nulls_are(Nulls where) &&;
  IndexElement with_class(std::string_view name) &&;
  IndexElement collate(std::string_view name) &&;

  std::string column = {};
  std::optional<SqlText> expression = {};
  bool descending = false;
  Nulls nulls = Nulls::kUsual;
  std::string operator_class = {};
  std::string collation = {};

  friend bool operator==(const IndexElement&, const IndexElement&);
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
  Index(ConstraintName name_, List<IndexElement> elements_);
  Index(ConstraintName name_, List<IndexElement> elements_, IndexOptions options_);
  Index(const Index&);
  Index(Index&&) noexcept;
  Index& operator=(const Index&);
  Index& operator=(Index&&) noexcept;
  ~Index();

  ConstraintName name;
  List<IndexElement> elements;
  IndexOptions options;

  friend bool operator==(const Index&, const Index&);
};

/// The name of a table, with its schema; an empty one is the database's usual.
struct TableName {
  std::string name = {};
  std::string schema = {};

  friend bool operator==(const TableName&, const TableName&) = default;
};

/// PostgreSQL: which table another one is a partition of, and with which of its rows.
struct PartitionOf {
  std::string parent = {};
  SqlText bound;            ///< `FOR VALUES FROM (…) TO (…)`, `FOR VALUES IN (…)`, `DEFAULT`
  std::string schema = {};  ///< of the parent

  friend bool operator==(const PartitionOf&, const PartitionOf&) = default;
};

/// PostgreSQL: whom a row belongs to, and who may see no others. It stands for a policy
/// `tenant_isolation` for all commands, and for row security that is enabled and forced.
struct TenantBy {
  std::string column = {};
  std::string setting = "app.current_user_id";  ///< of the session: whose rows it works with
  Names roles = {};                             ///< none: everybody

  friend bool operator==(const TenantBy&, const TenantBy&) = default;
};

struct TableOptions {
  std::string schema = {};
  std::optional<PrimaryKey> primary_key =
      {};  ///< instead of `.primary_key` of columns: its name, its order
  List<UniqueConstraint> uniques = {};
  List<CheckConstraint> checks = {};
  List<ForeignKey> foreign_keys = {};
  List<ExcludeConstraint> excludes = {};
  List<Index> indexes = {};
  std::string comment = {};
  bool strict = false;         ///< SQLite: `STRICT`
  bool without_rowid = false;  ///< SQLite: `WITHOUT ROWID`
  bool unlogged = false;       ///< PostgreSQL: `UNLOGGED`
  /// PostgreSQL: the rows are in partitions, by `RANGE (created_at)`, `LIST (kind)`, `HASH (id)`.
  std::optional<SqlText> partition_by = {};
  /// PostgreSQL: the columns, and what stands above, are those of the parent; said is only what the
  /// partition has of its own, and never columns.
  std::optional<PartitionOf> partition_of = {};
  List<TableName> inherits = {};  ///< PostgreSQL: tables whose columns and checks it has as well
  std::string renamed_from = {};  ///< of a model: what the table was called until now
  std::optional<TenantBy> tenant_by = {};

  friend bool operator==(const TableOptions&, const TableOptions&) = default;
};

struct Table {
  Table(std::string_view name_, List<Column> columns_);
  Table(std::string_view name_, List<Column> columns_, TableOptions options_);
  Table(const Table&);
  Table(Table&&) noexcept;
  Table& operator=(const Table&);
  Table& operator=(Table&&) noexcept;
  ~Table();

  std::string name;
  List<Column> columns;
  TableOptions options;

  friend bool operator==(const Table&, const Table&);
};

}  // namespace capo
