#include "lint/hazard.hpp"

#include <algorithm>
#include <array>

namespace capo::lint {
namespace {

using K = HazardKind;

constexpr LockMode kNone = LockMode::kNone;
constexpr LockMode AS = LockMode::kAccessShare;
constexpr LockMode RS = LockMode::kRowShare;
constexpr LockMode RX = LockMode::kRowExclusive;
constexpr LockMode SUX = LockMode::kShareUpdateExclusive;
constexpr LockMode S = LockMode::kShare;
constexpr LockMode SRX = LockMode::kShareRowExclusive;
constexpr LockMode X = LockMode::kExclusive;
constexpr LockMode AX = LockMode::kAccessExclusive;

// clang-format off
constexpr auto kRows = std::to_array<HazardRow>({
    {.kind = K::kHarmless, .name = "harmless", .what = "locks no table that others use"},
    {.kind = K::kUnknown, .name = "unknown", .what = "cannot be judged from its text"},

    {.kind = K::kAddColumn, .name = "add_column", .what = "ADD COLUMN without a default, or with a constant or stable one", .lock = AX},
    {.kind = K::kAddColumnRewriting, .name = "add_column_rewriting", .what = "ADD COLUMN with a volatile default, an identity, serial, a stored expression, or a type with constraints", .lock = AX, .rewrites = true, .scans = true},
    {.kind = K::kAddColumnChecked, .name = "add_column_checked", .what = "ADD COLUMN with a CHECK", .lock = AX, .scans = true},
    {.kind = K::kAddColumnReferencing, .name = "add_column_referencing", .what = "ADD COLUMN … REFERENCES, without a default", .lock = AX, .lock_other = SRX},
    {.kind = K::kAddColumnReferencingWithDefault, .name = "add_column_referencing_with_default", .what = "ADD COLUMN … REFERENCES, with a default", .lock = AX, .lock_other = SRX, .scans = true, .scans_other = true},
    {.kind = K::kAddColumnUnique, .name = "add_column_unique", .what = "ADD COLUMN … UNIQUE or PRIMARY KEY", .lock = AX, .scans = true, .builds = true},
    {.kind = K::kAddColumnRequired, .name = "add_column_required", .what = "ADD COLUMN … NOT NULL without a default: fails if there are rows", .lock = AX},
    {.kind = K::kDropColumn, .name = "drop_column", .what = "DROP COLUMN", .lock = AX},
    {.kind = K::kSetDefault, .name = "set_default", .what = "SET DEFAULT", .lock = AX},
    {.kind = K::kDropDefault, .name = "drop_default", .what = "DROP DEFAULT", .lock = AX},
    {.kind = K::kDropNotNull, .name = "drop_not_null", .what = "DROP NOT NULL", .lock = AX},
    {.kind = K::kDropExpression, .name = "drop_expression", .what = "DROP EXPRESSION", .lock = AX},
    {.kind = K::kSetExpression, .name = "set_expression", .what = "SET EXPRESSION of a stored column", .lock = AX, .rewrites = true, .scans = true},
    {.kind = K::kIdentity, .name = "identity", .what = "ADD, SET or DROP IDENTITY on a column that is there", .lock = AX},
    {.kind = K::kSetNotNull, .name = "set_not_null", .what = "SET NOT NULL", .lock = AX, .scans = true},
    {.kind = K::kSetNotNullProved, .name = "set_not_null_proved", .what = "SET NOT NULL where a valid CHECK says so already, or the column is NOT NULL", .lock = AX},
    {.kind = K::kSetStatistics, .name = "set_statistics", .what = "SET STATISTICS", .lock = SUX},
    {.kind = K::kSetColumnOptions, .name = "set_column_options", .what = "SET (n_distinct …) of a column", .lock = SUX},
    {.kind = K::kSetStorage, .name = "set_storage", .what = "SET STORAGE, SET COMPRESSION", .lock = AX},

    {.kind = K::kTypeUnchanged, .name = "type_unchanged", .what = "TYPE that keeps what is stored: a wider varchar, varchar to text", .lock = AX},
    {.kind = K::kTypeChecked, .name = "type_checked", .what = "TYPE that keeps what is stored, of a column in a CHECK", .lock = AX, .scans = true},
    {.kind = K::kTypeIndexes, .name = "type_indexes", .what = "TYPE that keeps the rows and builds the column's indexes anew: another collation, timestamp to timestamptz in UTC", .lock = AX, .scans = true},
    {.kind = K::kTypeRewriting, .name = "type_rewriting", .what = "TYPE that changes what is stored", .lock = AX, .rewrites = true, .scans = true},

    {.kind = K::kAddCheck, .name = "add_check", .what = "ADD CHECK", .lock = AX, .scans = true},
    {.kind = K::kAddCheckNotValid, .name = "add_check_not_valid", .what = "ADD CHECK … NOT VALID", .lock = AX},
    {.kind = K::kAddForeignKey, .name = "add_foreign_key", .what = "ADD FOREIGN KEY", .lock = SRX, .lock_other = SRX, .scans = true, .scans_other = true},
    {.kind = K::kAddForeignKeyNotValid, .name = "add_foreign_key_not_valid", .what = "ADD FOREIGN KEY … NOT VALID", .lock = SRX, .lock_other = SRX},
    {.kind = K::kValidateCheck, .name = "validate_check", .what = "VALIDATE CONSTRAINT of a CHECK", .lock = SUX, .scans = true},
    {.kind = K::kValidateForeignKey, .name = "validate_foreign_key", .what = "VALIDATE CONSTRAINT of a foreign key", .lock = SUX, .lock_other = RS, .scans = true, .scans_other = true},
    {.kind = K::kAddUnique, .name = "add_unique", .what = "ADD UNIQUE", .lock = AX, .scans = true, .builds = true},
    {.kind = K::kAddPrimaryKey, .name = "add_primary_key", .what = "ADD PRIMARY KEY over columns that are NOT NULL", .lock = AX, .scans = true, .builds = true},
    {.kind = K::kAddPrimaryKeyNullable, .name = "add_primary_key_nullable", .what = "ADD PRIMARY KEY over a column that may be NULL: read twice", .lock = AX, .scans = true, .builds = true},
    {.kind = K::kAddKeyUsingIndex, .name = "add_key_using_index", .what = "ADD UNIQUE or PRIMARY KEY … USING INDEX", .lock = AX},
    {.kind = K::kAddPrimaryKeyUsingIndexNullable, .name = "add_primary_key_using_index_nullable", .what = "ADD PRIMARY KEY … USING INDEX over a column that may be NULL", .lock = AX, .scans = true},
    {.kind = K::kAddExclude, .name = "add_exclude", .what = "ADD EXCLUDE: read twice, and there is no gentler way", .lock = AX, .scans = true, .builds = true},
    {.kind = K::kAlterConstraint, .name = "alter_constraint", .what = "ALTER CONSTRAINT … DEFERRABLE", .lock = AX},
    {.kind = K::kDropConstraint, .name = "drop_constraint", .what = "DROP CONSTRAINT of a CHECK, a key or an exclusion", .lock = AX},
    {.kind = K::kDropForeignKey, .name = "drop_foreign_key", .what = "DROP CONSTRAINT of a foreign key", .lock = AX, .lock_other = AX},

    {.kind = K::kCreateIndex, .name = "create_index", .what = "CREATE INDEX", .lock = S, .scans = true, .builds = true},
    {.kind = K::kCreateIndexConcurrently, .name = "create_index_concurrently", .what = "CREATE INDEX CONCURRENTLY", .lock = SUX, .scans = true, .builds = true},
    {.kind = K::kDropIndex, .name = "drop_index", .what = "DROP INDEX", .lock = AX},
    {.kind = K::kDropIndexConcurrently, .name = "drop_index_concurrently", .what = "DROP INDEX CONCURRENTLY", .lock = SUX},
    {.kind = K::kReindex, .name = "reindex", .what = "REINDEX", .lock = S, .scans = true},
    {.kind = K::kReindexConcurrently, .name = "reindex_concurrently", .what = "REINDEX CONCURRENTLY", .lock = SUX, .scans = true},
    {.kind = K::kAlterIndex, .name = "alter_index", .what = "ALTER INDEX … SET: locks the index, no table", .lock = kNone},
    {.kind = K::kAttachIndex, .name = "attach_index", .what = "ALTER INDEX … ATTACH PARTITION", .lock = AS, .lock_other = AS},

    {.kind = K::kRenameColumn, .name = "rename_column", .what = "RENAME COLUMN", .lock = AX},
    {.kind = K::kRenameTable, .name = "rename_table", .what = "RENAME TO of a table", .lock = AX},
    {.kind = K::kRenameConstraint, .name = "rename_constraint", .what = "RENAME CONSTRAINT", .lock = AX},
    {.kind = K::kRenameIndex, .name = "rename_index", .what = "ALTER INDEX … RENAME TO: locks the index, no table", .lock = kNone},
    {.kind = K::kSetSchema, .name = "set_schema", .what = "SET SCHEMA", .lock = AX},
    {.kind = K::kOwner, .name = "owner", .what = "OWNER TO", .lock = AX},
    {.kind = K::kSetLogged, .name = "set_logged", .what = "SET LOGGED, SET UNLOGGED", .lock = AX, .rewrites = true, .scans = true},
    {.kind = K::kSetTablespace, .name = "set_tablespace", .what = "SET TABLESPACE: the table is copied", .lock = AX, .rewrites = true},
    {.kind = K::kSetAccessMethod, .name = "set_access_method", .what = "SET ACCESS METHOD", .lock = AX, .rewrites = true, .scans = true},
    {.kind = K::kSetTableOptions, .name = "set_table_options", .what = "SET (fillfactor, autovacuum_…, parallel_workers)", .lock = SUX},
    {.kind = K::kClusterOn, .name = "cluster_on", .what = "CLUSTER ON, SET WITHOUT CLUSTER", .lock = SUX},
    {.kind = K::kReplicaIdentity, .name = "replica_identity", .what = "REPLICA IDENTITY", .lock = AX},
    {.kind = K::kInherit, .name = "inherit", .what = "INHERIT", .lock = AX, .lock_other = SUX},
    {.kind = K::kNoInherit, .name = "no_inherit", .what = "NO INHERIT", .lock = AX, .lock_other = AS},
    {.kind = K::kRowSecurity, .name = "row_security", .what = "ENABLE, DISABLE, FORCE, NO FORCE ROW LEVEL SECURITY", .lock = AX},
    {.kind = K::kPolicy, .name = "policy", .what = "CREATE, ALTER, DROP POLICY", .lock = AX},
    {.kind = K::kCreateTrigger, .name = "create_trigger", .what = "CREATE TRIGGER", .lock = SRX},
    {.kind = K::kSwitchTrigger, .name = "switch_trigger", .what = "ENABLE, DISABLE TRIGGER", .lock = SRX},
    {.kind = K::kDropTrigger, .name = "drop_trigger", .what = "DROP TRIGGER", .lock = AX},
    {.kind = K::kRule, .name = "rule", .what = "CREATE, DROP RULE, ENABLE and DISABLE of one", .lock = AX},
    {.kind = K::kCreateTable, .name = "create_table", .what = "CREATE TABLE", .lock = kNone},
    {.kind = K::kCreateTableReferencing, .name = "create_table_referencing", .what = "CREATE TABLE with a foreign key", .lock = kNone, .lock_other = SRX},
    {.kind = K::kCreateTableLike, .name = "create_table_like", .what = "CREATE TABLE … (LIKE …)", .lock = kNone, .lock_other = AS},
    {.kind = K::kCreateTableAs, .name = "create_table_as", .what = "CREATE TABLE AS, SELECT INTO", .lock = kNone, .lock_other = AS},
    {.kind = K::kCreatePartition, .name = "create_partition", .what = "CREATE TABLE … PARTITION OF", .lock = kNone, .lock_other = AX},
    {.kind = K::kAttachPartition, .name = "attach_partition", .what = "ATTACH PARTITION: the partition is read", .lock = AX, .lock_other = SUX, .scans = true},
    {.kind = K::kAttachPartitionProved, .name = "attach_partition_proved", .what = "ATTACH PARTITION where valid CHECKs keep the rows within the bounds, and from NULL", .lock = AX, .lock_other = SUX},
    {.kind = K::kDetachPartition, .name = "detach_partition", .what = "DETACH PARTITION", .lock = SUX, .lock_other = AX, .until = 13},
    {.kind = K::kDetachPartition, .name = "detach_partition", .what = "DETACH PARTITION", .lock = AX, .lock_other = AX, .since = 14},
    {.kind = K::kDetachPartitionConcurrently, .name = "detach_partition_concurrently", .what = "DETACH PARTITION … CONCURRENTLY (PostgreSQL 14)", .lock = AX, .lock_other = SUX},
    {.kind = K::kDropTable, .name = "drop_table", .what = "DROP TABLE", .lock = AX},
    {.kind = K::kDropTableReferencing, .name = "drop_table_referencing", .what = "DROP TABLE of one with a foreign key", .lock = AX, .lock_other = AX},
    {.kind = K::kTruncate, .name = "truncate", .what = "TRUNCATE: a new empty file each table", .lock = AX, .rewrites = true},
    {.kind = K::kCluster, .name = "cluster", .what = "CLUSTER", .lock = AX, .rewrites = true, .scans = true},
    {.kind = K::kVacuumFull, .name = "vacuum_full", .what = "VACUUM FULL", .lock = AX, .rewrites = true, .scans = true},
    {.kind = K::kVacuum, .name = "vacuum", .what = "VACUUM", .lock = SUX},
    {.kind = K::kAnalyze, .name = "analyze", .what = "ANALYZE", .lock = SUX},
    {.kind = K::kStatistics, .name = "statistics", .what = "CREATE STATISTICS", .lock = SUX},
    {.kind = K::kComment, .name = "comment", .what = "COMMENT ON a table, its columns, constraints …", .lock = SUX},
    {.kind = K::kGrant, .name = "grant", .what = "GRANT, REVOKE", .lock = kNone, .until = 17},
    {.kind = K::kGrant, .name = "grant", .what = "GRANT, REVOKE", .lock = AS, .since = 18},
    {.kind = K::kPublication, .name = "publication", .what = "ALTER PUBLICATION … ADD TABLE", .lock = SUX},

    {.kind = K::kCreateView, .name = "create_view", .what = "CREATE VIEW", .lock = kNone, .lock_other = AS},
    {.kind = K::kReplaceView, .name = "replace_view", .what = "CREATE OR REPLACE VIEW of one that is there", .lock = AX, .lock_other = AS},
    {.kind = K::kAlterView, .name = "alter_view", .what = "ALTER VIEW", .lock = AX},
    {.kind = K::kDropView, .name = "drop_view", .what = "DROP VIEW", .lock = AX},
    {.kind = K::kCreateMaterializedView, .name = "create_materialized_view", .what = "CREATE MATERIALIZED VIEW", .lock = kNone, .lock_other = AS, .scans_other = true},
    {.kind = K::kRefresh, .name = "refresh", .what = "REFRESH MATERIALIZED VIEW", .lock = AX, .lock_other = AS, .rewrites = true, .scans = true, .scans_other = true},
    {.kind = K::kRefreshConcurrently, .name = "refresh_concurrently", .what = "REFRESH MATERIALIZED VIEW CONCURRENTLY: readers go on", .lock = X, .lock_other = AS, .scans = true, .scans_other = true},

    {.kind = K::kDomainCheck, .name = "domain_check", .what = "ALTER DOMAIN … ADD CHECK, VALIDATE: every table that uses it", .lock = S, .scans = true},
    {.kind = K::kDomainCheckNotValid, .name = "domain_check_not_valid", .what = "ALTER DOMAIN … ADD CHECK … NOT VALID", .lock = kNone},
    {.kind = K::kDomainNotNull, .name = "domain_not_null", .what = "ALTER DOMAIN … SET NOT NULL: every table that uses it", .lock = S, .scans = true},
    {.kind = K::kEnumAddValue, .name = "enum_add_value", .what = "ALTER TYPE … ADD VALUE: not to be used in the same transaction", .lock = kNone},
    {.kind = K::kFunction, .name = "function", .what = "CREATE OR REPLACE FUNCTION", .lock = kNone},

    {.kind = K::kRead, .name = "read", .what = "SELECT", .lock = AS},
    {.kind = K::kReadForUpdate, .name = "read_for_update", .what = "SELECT … FOR UPDATE", .lock = RS},
    {.kind = K::kInsert, .name = "insert", .what = "INSERT, COPY FROM", .lock = RX},
    {.kind = K::kUpdate, .name = "update", .what = "UPDATE: each row stays locked until the transaction ends", .lock = RX},
    {.kind = K::kDelete, .name = "delete", .what = "DELETE: each row stays locked until the transaction ends", .lock = RX},
    {.kind = K::kLockTable, .name = "lock_table", .what = "LOCK TABLE, in the mode that it says"},
});
// clang-format on

constexpr int kOldest = 12;
constexpr int kNewest = 18;

}  // namespace

std::span<const HazardRow> hazard_rows() { return kRows; }

const HazardRow& hazard_row(HazardKind kind, int version) {
  const int major = std::clamp(version, kOldest, kNewest);
  const auto* found = std::find_if(kRows.begin(), kRows.end(), [&](const HazardRow& row) {
    return row.kind == kind && row.since <= major && (row.until == 0 || major <= row.until);
  });
  return found == kRows.end() ? kRows[1] : *found;
}

}  // namespace capo::lint
