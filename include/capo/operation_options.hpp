#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "capo/schema.hpp"

/// What the calls of `Operations` take besides the object that they are about.
namespace capo {

/// Says of an operation when it does nothing, and where. `if_not_exists` and `if_exists` below
/// stand for the usual ones.
struct CreateOptions {
  bool if_not_exists = false;
  std::string schema = {};  ///< of the object, or of its table; empty: the database's usual one
  std::string on = {};      ///< the only database it is meant for; elsewhere it is left out
  bool concurrently =
      false;  ///< an index on PostgreSQL: without keeping writers out, outside a transaction
};

struct DropOptions {
  bool if_exists = false;
  std::string schema = {};
  std::string on = {};
  bool concurrently = false;
  bool cascade = false;  ///< with all that depends on it
};

inline constexpr struct IfNotExists {
  operator CreateOptions() const {
    return {.if_not_exists = true};
  }  // NOLINT(google-explicit-constructor)
} if_not_exists;

inline constexpr struct IfExists {
  operator DropOptions() const {
    return {.if_exists = true};
  }  // NOLINT(google-explicit-constructor)
} if_exists;

/// What is set is changed, the rest stays.
struct ColumnChanges {
  std::optional<Type> type = {};
  std::optional<SqlText> using_ = {};  ///< PostgreSQL: how old values become new ones
  std::optional<bool> nullable = {};
  std::optional<ServerDefault> server_default = {};  ///< ServerDefault::none() removes it
  std::optional<std::string> comment = {};           ///< "" removes it
  std::optional<std::string> rename_to = {};
  std::optional<std::optional<Identity>> identity = {};  ///< an empty one removes it
  std::optional<Column> was = {};  ///< before: some databases must say the whole column again
};

/// The same of a table: what is set is changed, the rest stays.
struct TableChanges {
  std::optional<bool> strict = {};         ///< SQLite: `STRICT`
  std::optional<bool> without_rowid = {};  ///< SQLite: `WITHOUT ROWID`
};

struct ForeignKeyOptions {
  Action on_delete = Action::kNoAction;
  Action on_update = Action::kNoAction;
  std::string referred_schema = {};
  bool match_full = false;
  bool deferrable = false;
  bool initially_deferred = false;
  bool not_valid = false;  ///< PostgreSQL: rows that are there already are not looked at
};

struct UniqueOptions {
  bool nulls_not_distinct = false;  ///< PostgreSQL 15
  bool deferrable = false;
  bool initially_deferred = false;
};

struct ExecuteOptions {
  bool transactional = true;  ///< false: each statement commits by itself
  std::string on = {};
};

enum class ConstraintKind { kPrimaryKey, kUnique, kCheck, kForeignKey, kExclude };

using Columns = std::initializer_list<std::string_view>;

}  // namespace capo
