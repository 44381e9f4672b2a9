#pragma once

#include <span>
#include <string_view>

#include "lint/lock_mode.hpp"

/// The matrix: what each kind of statement of PostgreSQL locks, rewrites and scans, as data. Every
/// row was measured on the majors it names; tests/lint/matrix_test.cpp measures it again.
namespace capo::lint {

enum class HazardKind {
  kHarmless,  ///< locks no table that others use
  kUnknown,
  // Columns
  kAddColumn,
  kAddColumnRewriting,
  kAddColumnChecked,
  kAddColumnReferencing,
  kAddColumnReferencingWithDefault,
  kAddColumnUnique,
  kAddColumnRequired,
  kDropColumn,
  kSetDefault,
  kDropDefault,
  kDropNotNull,
  kDropExpression,
  kSetExpression,
  kIdentity,
  kSetNotNull,
  kSetNotNullProved,
  kSetStatistics,
  kSetColumnOptions,
  kSetStorage,
  // Types
  kTypeUnchanged,
  kTypeChecked,
  kTypeIndexes,
  kTypeRewriting,
  // Constraints
  kAddCheck,
  kAddCheckNotValid,
  kAddForeignKey,
  kAddForeignKeyNotValid,
  kValidateCheck,
  kValidateForeignKey,
  kAddUnique,
  kAddPrimaryKey,
  kAddPrimaryKeyNullable,
  kAddKeyUsingIndex,
  kAddPrimaryKeyUsingIndexNullable,
  kAddExclude,
  kAlterConstraint,
  kDropConstraint,
  kDropForeignKey,
  // Indexes
  kCreateIndex,
  kCreateIndexConcurrently,
  kDropIndex,
  kDropIndexConcurrently,
  kReindex,
  kReindexConcurrently,
  kAlterIndex,
  kAttachIndex,
  // Tables
  kRenameColumn,
  kRenameTable,
  kRenameConstraint,
  kRenameIndex,
  kSetSchema,
  kOwner,
  kSetLogged,
  kSetTablespace,
  kSetAccessMethod,
  kSetTableOptions,
  kClusterOn,
  kReplicaIdentity,
  kInherit,
  kNoInherit,
  kRowSecurity,
  kPolicy,
  kCreateTrigger,
  kSwitchTrigger,
  kDropTrigger,
  kRule,
  kCreateTable,
  kCreateTableReferencing,
  kCreateTableLike,
  kCreateTableAs,
  kCreatePartition,
  kAttachPartition,
  kAttachPartitionProved,
  kDetachPartition,
  kDetachPartitionConcurrently,
  kDropTable,
  kDropTableReferencing,
  kTruncate,
  kCluster,
  kVacuumFull,
  kVacuum,
  kAnalyze,
  kStatistics,
  kComment,
  kGrant,
  kPublication,
  // Views
  kCreateView,
  kReplaceView,
  kAlterView,
  kDropView,
  kCreateMaterializedView,
  kRefresh,
  kRefreshConcurrently,
  // Types and functions
  kDomainCheck,
  kDomainCheckNotValid,
  kDomainNotNull,
  kEnumAddValue,
  kFunction,
  // Rows
  kRead,
  kReadForUpdate,
  kInsert,
  kUpdate,
  kDelete,
  kLockTable,
};

/// What a hazard does to its table, and to the other one that it names.
struct HazardRow {
  HazardKind kind = HazardKind::kHarmless;
  std::string_view name = {};  ///< `add_foreign_key`
  std::string_view what = {};  ///< in words, for `capo explain` and the documentation
  LockMode lock = LockMode::kNone;
  LockMode lock_other = LockMode::kNone;
  bool rewrites = false;
  bool scans = false;
  bool scans_other = false;
  bool builds = false;  ///< a new index
  int since = 12;       ///< the first major version of PostgreSQL that this holds for
  int until = 0;        ///< the last one; 0: every later one
};

/// All of it.
std::span<const HazardRow> hazard_rows();
/// The row of a kind on a major version, 12 to 18; a later one is taken for the last that is
/// known, an earlier one for the first. Each kind has one for every version.
const HazardRow& hazard_row(HazardKind kind, int version);

}  // namespace capo::lint
