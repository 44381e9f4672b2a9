// ALTER TABLE as a whole, and what is not a matter of columns or constraints.

#include "lint/postgresql/alter_table.hpp"
#include "lint/postgresql/bounds.hpp"

namespace capo::lint::postgresql {
namespace {

using K = HazardKind;

/// Commands that are one row of the matrix, whatever they say; kUnknown: it takes more to tell.
K simple_kind(PgQuery__AlterTableType command) {
  switch (command) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
      return K::kDropNotNull;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
      return K::kDropExpression;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
      return K::kSetStatistics;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
      return K::kSetColumnOptions;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression:
      return K::kSetStorage;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterConstraint:
      return K::kAlterConstraint;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
      return K::kOwner;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster:
      return K::kClusterOn;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged:
      return K::kSetLogged;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod:
      return K::kSetAccessMethod;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
      return K::kSetTablespace;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
      return K::kSetTableOptions;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrig:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigAll:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser:
      return K::kSwitchTrigger;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableAlwaysRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableReplicaRule:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRule:
      return K::kRule;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ReplicaIdentity:
      return K::kReplicaIdentity;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity:
      return K::kRowSecurity;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      return K::kIdentity;
    default:
      return K::kUnknown;
  }
}

const PgQuery__RangeVar* range_of(const PgQuery__Node* node) {
  return node != nullptr && node->node_case == PG_QUERY__NODE__NODE_RANGE_VAR ? node->range_var
                                                                              : nullptr;
}

void judge_attach(Judging& judging, const PgQuery__RangeVar* table,
                  const PgQuery__PartitionCmd& command) {
  const ObjectName parent = judging.names.of(table);
  const ObjectName child = judging.names.of(command.name);
  const KnownRelation* known = judging.catalog.find(parent);
  const KnownRelation* part = judging.catalog.find(child);
  const bool proved = known != nullptr && part != nullptr && command.bound != nullptr &&
                      is_within(*part, *known, *command.bound);
  judging.add(proved ? K::kAttachPartitionProved : K::kAttachPartition, child, {}, parent);
  if (known == nullptr) return;
  // Rows of the default partition may belong into the new one.
  for (const ObjectName& sibling : known->partitions) {
    const KnownRelation* partition = judging.catalog.find(sibling);
    if (partition == nullptr || !partition->is_default_partition) continue;
    judging.effects.lock(sibling, LockMode::kAccessExclusive);
    judging.effects.scan(sibling);
  }
}

/// Nothing if the index is not known.
ObjectName table_of_index(const Judging& judging, const ObjectName& index) {
  const KnownRelation* table = judging.catalog.find_index(index).first;
  return table == nullptr ? ObjectName{} : table->name;
}

void judge_index_command(Judging& judging, const PgQuery__AlterTableStmt& statement,
                         const PgQuery__AlterTableCmd& command) {
  const ObjectName index = judging.names.of(statement.relation);
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition: {
      const ObjectName part = judging.names.of(command.def->partition_cmd->name);
      const ObjectName table = table_of_index(judging, index);
      judging.add(K::kAttachIndex, table, index.name, table_of_index(judging, part));
      judging.effects.lock(part, LockMode::kAccessExclusive, true);
      break;
    }
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
      judging.add(K::kAlterIndex, {}, index.name);
      judging.effects.rebuilds.push_back(index);
      return judging.effects.lock(index, LockMode::kAccessExclusive, true);
    default:
      judging.add(K::kAlterIndex, {}, index.name);
  }
  judging.effects.lock(index, LockMode::kShareUpdateExclusive, true);
}

void judge_view_command(Judging& judging, const PgQuery__AlterTableStmt& statement) {
  judging.add(K::kAlterView, judging.names.of(statement.relation));
}

void judge_command(Judging& judging, const PgQuery__AlterTableStmt& statement,
                   const PgQuery__AlterTableCmd& command, const std::vector<std::string>& dropped) {
  const PgQuery__RangeVar* table = statement.relation;
  const ObjectName on = judging.names.of(table);
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      return judge_add_column(judging, table, *command.def->column_def);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      return judging.add_below(command.def == nullptr ? K::kDropDefault : K::kSetDefault, table,
                               text(command.name));
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
      return judge_set_not_null(judging, table, text(command.name), dropped);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      return judge_drop_column(judging, table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      return judge_column_type(judging, table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      return judge_add_constraint(judging, table, *command.def->constraint);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      return judge_validate(judging, table, text(command.name));
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      return judge_drop_constraint(judging, table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
      return judging.add(K::kInherit, on, {}, judging.names.of(range_of(command.def)));
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
      return judging.add(K::kNoInherit, on, {}, judging.names.of(range_of(command.def)));
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
      return judge_attach(judging, table, *command.def->partition_cmd);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition: {
      const PgQuery__PartitionCmd& detached = *command.def->partition_cmd;
      return judging.add(
          detached.concurrent ? K::kDetachPartitionConcurrently : K::kDetachPartition,
          judging.names.of(detached.name), {}, on);
    }
    default:
      break;
  }
  const K kind = simple_kind(command.subtype);
  if (kind == K::kUnknown) judging.unknown("this command of ALTER TABLE");
  judging.add_below(kind, table, text(command.name));
  if (kind == K::kUnknown) judging.effects.lock(on, LockMode::kAccessExclusive);
}

}  // namespace

void judge_alter_table(Judging& judging, const PgQuery__AlterTableStmt& statement) {
  std::vector<std::string> dropped;
  for (const PgQuery__Node* node : nodes(statement.cmds, statement.n_cmds)) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint) {
      dropped.push_back(text(command.name));
    }
  }
  for (const PgQuery__Node* node : nodes(statement.cmds, statement.n_cmds)) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    switch (statement.objtype) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
        judge_index_command(judging, statement, command);
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
        judge_view_command(judging, statement);
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
        judging.add(K::kHarmless, judging.names.of(statement.relation));
        break;
      default:
        judge_command(judging, statement, command, dropped);
    }
  }
}

}  // namespace capo::lint::postgresql
