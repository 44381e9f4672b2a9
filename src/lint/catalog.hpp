#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/effects.hpp"

/// What is known of the database at some point of a history, as far as it decides what a statement
/// does to it. It is followed statement by statement from an empty database, or from what a live
/// one holds; what it does not know is taken for there and in use.
namespace capo::lint {

/// A type as the catalog calls it (`int4`, not `integer`).
struct KnownType {
  std::string schema = {};  ///< of a type of the user's own
  std::string name = {};
  std::vector<int> arguments = {};  ///< `{10, 2}` of numeric(10,2)
  bool is_array = false;

  friend bool operator==(const KnownType&, const KnownType&) = default;
};

struct KnownColumn {
  std::string name = {};
  KnownType type = {};
  std::string collation = {};
  bool not_null = false;
  bool has_default = false;
  bool is_generated = false;
};

/// What a check says of one column, in constants.
struct KnownBound {
  enum class Kind { kAtLeast, kBelow, kOneOf };

  std::string column = {};
  Kind kind = Kind::kOneOf;
  std::vector<std::string> values = {};  ///< one, but for kOneOf; a text has a quote before it
};

struct KnownConstraint {
  enum class Kind { kPrimaryKey, kUnique, kCheck, kForeignKey, kExclude, kNotNull };

  std::string name = {};  ///< as PostgreSQL would choose it, where nobody said
  Kind kind = Kind::kCheck;
  std::vector<std::string> columns = {};  ///< of a check: all that it mentions
  ObjectName referred = {};
  std::vector<std::string> referred_columns = {};
  bool is_valid = true;
  std::vector<std::string> not_null = {};  ///< of a check: columns that it keeps from being NULL
  std::vector<KnownBound> bounds = {};     ///< of a check: as far as it can be seen through
};

struct KnownIndex {
  std::string name = {};
  std::vector<std::string> columns = {};  ///< all that it mentions
  bool is_unique = false;
  bool is_plain = true;  ///< columns only, no predicate, so that a key can rest on it
  bool is_valid = true;
  bool is_of_constraint = false;
};

struct KnownRelation {
  enum class Kind { kTable, kPartitioned, kView, kMaterializedView };

  ObjectName name = {};
  Kind kind = Kind::kTable;
  std::vector<KnownColumn> columns = {};
  std::vector<KnownConstraint> constraints = {};
  std::vector<KnownIndex> indexes = {};
  std::vector<ObjectName> partitions = {};  ///< also children by inheritance
  ObjectName parent = {};
  bool is_default_partition = false;
  std::vector<std::string> partition_columns = {};  ///< of a partitioned table
  bool is_partitioned_plainly = false;  ///< by the columns themselves, not by what is made of them
  std::vector<ObjectName> reads = {};               ///< of a view: what it selects from
  /// Made in the run that is looked at: nobody uses it yet, and it has what rows this run puts in.
  bool is_new = false;
  /// Of a live database, as its statistics have it; nothing: unknown.
  std::optional<double> rows = {};
  std::optional<double> bytes = {};  ///< with indexes and TOAST
  bool is_empty = false;             ///< of a live database: it has no rows, for certain

  const KnownColumn* column(std::string_view column_name) const;
  KnownColumn* column(std::string_view column_name);
  const KnownConstraint* constraint(std::string_view constraint_name) const;
  KnownConstraint* constraint(std::string_view constraint_name);
  const KnownIndex* index(std::string_view index_name) const;
};

struct KnownDomain {
  ObjectName name = {};
  KnownType base = {};
  bool is_constrained = false;
};

struct Catalog {
  std::string default_schema = "public";
  std::map<ObjectName, KnownRelation> relations = {};
  std::map<ObjectName, KnownDomain> domains = {};
  /// Of functions that a history makes, `v`, `s` or `i`.
  std::map<ObjectName, char> functions = {};
  /// Whether all that there is was seen: what is not here is then not there.
  bool is_whole = true;

  const KnownRelation* find(const ObjectName& name) const;
  KnownRelation* find(const ObjectName& name);
  /// The relation that has this index, and the index; nulls if it is not known.
  std::pair<KnownRelation*, const KnownIndex*> find_index(const ObjectName& name);
  std::pair<const KnownRelation*, const KnownIndex*> find_index(const ObjectName& name) const;
  /// Foreign keys of other tables to this one.
  std::vector<std::pair<ObjectName, const KnownConstraint*>> referring(
      const ObjectName& name) const;

  /// From here on another run begins: what is there is old.
  void begin_run();
};

}  // namespace capo::lint
