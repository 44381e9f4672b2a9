#pragma once

#include <optional>
#include <string>
#include <variant>

#include "capo/schema.hpp"

/// Operations on tables and what belongs to one: columns, constraints, indexes, comments, rows.
/// What is common to all operations is said in operation.hpp.
namespace capo {

struct CreateTable {
  Table table;
  bool if_not_exists = false;
  std::string on = {};

  friend bool operator==(const CreateTable&, const CreateTable&) = default;
};

struct DropTable {
  std::string name = {};
  std::string schema = {};
  bool if_exists = false;
  bool cascade = false;  ///< with what depends on it: cannot be reversed
  std::optional<Table> was = {};
  std::string on = {};

  friend bool operator==(const DropTable&, const DropTable&) = default;
};

struct RenameTable {
  std::string from = {};
  std::string to = {};
  std::string schema = {};
  bool if_exists = false;
  std::string on = {};

  friend bool operator==(const RenameTable&, const RenameTable&) = default;
};

/// An empty text removes the comment.
struct CommentTable {
  std::string table = {};
  std::string comment = {};
  std::string schema = {};
  std::optional<std::string> was = {};
  std::string on = {};

  friend bool operator==(const CommentTable&, const CommentTable&) = default;
};

/// What kind of table it is on SQLite; elsewhere it does nothing. Whatever is set is changed. Taken
/// back, each becomes the opposite: of a table that was so already, nothing is known.
struct AlterTable {
  std::string table = {};
  std::optional<bool> strict = {};
  std::optional<bool> without_rowid = {};
  std::string schema = {};
  bool if_exists = false;
  std::string on = {};

  friend bool operator==(const AlterTable&, const AlterTable&) = default;
};

struct AddColumn {
  std::string table = {};
  Column column;
  std::string schema = {};
  bool if_not_exists = false;
  std::string on = {};

  friend bool operator==(const AddColumn&, const AddColumn&) = default;
};

struct DropColumn {
  std::string table = {};
  std::string column = {};
  std::string schema = {};
  bool if_exists = false;
  bool cascade = false;
  std::optional<Column> was = {};
  std::string on = {};

  friend bool operator==(const DropColumn&, const DropColumn&) = default;
};

/// Whatever is set is changed. One operation, because some databases must say the whole column
/// again: `was` is the column before.
struct AlterColumn {
  std::string table = {};
  std::string column = {};
  std::optional<Type> type = {};
  std::optional<SqlText> using_ = {};         ///< PostgreSQL: how the old values become new ones
  std::optional<std::string> collation = {};  ///< with `type`; nothing: as it was
  std::optional<bool> nullable = {};
  std::optional<ServerDefault> server_default = {};
  std::optional<std::string> comment = {};
  std::optional<std::string> rename_to = {};
  std::optional<std::optional<Identity>> identity = {};
  std::string schema = {};
  bool if_exists = false;
  std::optional<Column> was = {};
  std::string on = {};

  friend bool operator==(const AlterColumn&, const AlterColumn&) = default;
};

/// A table's constraint, of any kind.
using Constraint =
    std::variant<PrimaryKey, UniqueConstraint, CheckConstraint, ForeignKey, ExcludeConstraint>;

struct AddConstraint {
  std::string table = {};
  Constraint constraint;
  std::string schema = {};
  bool if_not_exists = false;
  std::string on = {};

  friend bool operator==(const AddConstraint&, const AddConstraint&) = default;
};

struct DropConstraint {
  std::string table = {};
  std::string name = {};
  std::string schema = {};
  bool if_exists = false;
  bool cascade = false;
  std::optional<Constraint> was = {};
  std::string on = {};

  friend bool operator==(const DropConstraint&, const DropConstraint&) = default;
};

struct RenameConstraint {
  std::string table = {};
  std::string from = {};
  std::string to = {};
  std::string schema = {};
  bool if_exists = false;
  std::string on = {};

  friend bool operator==(const RenameConstraint&, const RenameConstraint&) = default;
};

/// PostgreSQL: the rows that a constraint `NOT VALID` has not been checked against. Undone, it does
/// nothing.
struct ValidateConstraint {
  std::string table = {};
  std::string name = {};
  std::string schema = {};
  std::string on = {};

  friend bool operator==(const ValidateConstraint&, const ValidateConstraint&) = default;
};

/// PostgreSQL: a table becomes a partition. It has the columns and checks of its parent already;
/// keys and indexes of the parent that it lacks are made. As a guard: where it is one of that
/// parent's already.
struct AttachPartition {
  std::string table = {};
  PartitionOf of;
  std::string schema = {};
  bool if_not_exists = false;
  std::string on = {};

  friend bool operator==(const AttachPartition&, const AttachPartition&) = default;
};

/// PostgreSQL: a partition becomes a table of its own, with its rows and all that it has from its
/// parent.
struct DetachPartition {
  std::string table = {};
  std::string parent = {};
  std::string parent_schema = {};
  std::string schema = {};
  bool if_exists = false;     ///< where it is no partition of that parent
  bool concurrently = false;  ///< without keeping others out; outside a transaction
  std::optional<PartitionOf> was = {};
  std::string on = {};

  friend bool operator==(const DetachPartition&, const DetachPartition&) = default;
};

struct CreateIndex {
  std::string table = {};
  Index index;
  std::string schema = {};
  bool if_not_exists = false;
  bool concurrently = false;  ///< PostgreSQL: without keeping writers out; outside a transaction
  std::string on = {};

  friend bool operator==(const CreateIndex&, const CreateIndex&) = default;
};

struct DropIndex {
  std::string name = {};
  std::string table = {};
  std::string schema = {};
  bool if_exists = false;
  bool concurrently = false;
  std::optional<Index> was = {};
  std::string on = {};

  friend bool operator==(const DropIndex&, const DropIndex&) = default;
};

struct RenameIndex {
  std::string from = {};
  std::string to = {};
  std::string schema = {};
  bool if_exists = false;
  std::string on = {};

  friend bool operator==(const RenameIndex&, const RenameIndex&) = default;
};

/// Rows, the same columns in each. Cannot be reversed: nobody knows which rows of the table were
/// these.
struct BulkInsert {
  std::string table = {};
  Names columns = {};
  List<List<Literal>> rows = {};
  std::string schema = {};
  std::string on = {};

  friend bool operator==(const BulkInsert&, const BulkInsert&) = default;
};

}  // namespace capo
