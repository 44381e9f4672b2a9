#include "lint/postgresql/features.hpp"

#include <algorithm>

#include "dialect/postgresql/tokens.hpp"
#include "lint/postgresql/guard.hpp"
#include "lint/postgresql/tree.hpp"

namespace capo::lint::postgresql {
namespace {

void add_column(Features& features, const std::string& table, const PgQuery__ColumnDef& column) {
  Features::NewColumn added{
      .table = table, .name = text(column.colname), .type = type_of(column.type_name)};
  added.is_serial = added.type.name.find("serial") != std::string::npos;
  for (const PgQuery__Node* node : nodes(column.constraints, column.n_constraints)) {
    const PgQuery__Constraint& constraint = *node->constraint;
    if (constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) added.is_key = true;
    if (!is_empty(constraint.conname)) features.names.push_back(text(constraint.conname));
  }
  features.names.push_back(added.name);
  features.columns.push_back(std::move(added));
}

void read_constraint(Features& features, const PgQuery__Constraint& constraint) {
  if (!is_empty(constraint.conname)) features.names.push_back(text(constraint.conname));
  if (constraint.contype != PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY) return;
  const std::vector<std::string> keys = texts(nodes(constraint.keys, constraint.n_keys));
  if (keys.size() != 1) return;
  for (Features::NewColumn& column : features.columns) {
    if (column.name == keys.front()) column.is_key = true;
  }
}

void read_create(Features& features, const PgQuery__CreateStmt& statement) {
  const std::string table = text(statement.relation->relname);
  features.names.push_back(table);
  features.has_if_not_exists = statement.if_not_exists;
  features.lacks_guard = !statement.if_not_exists;
  for (const PgQuery__Node* node : nodes(statement.table_elts, statement.n_table_elts)) {
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
      add_column(features, table, *node->column_def);
    } else if (node->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) {
      read_constraint(features, *node->constraint);
    }
  }
}

void read_alter(Features& features, const PgQuery__AlterTableStmt& statement) {
  const std::string table = text(statement.relation->relname);
  for (const PgQuery__Node* node : nodes(statement.cmds, statement.n_cmds)) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    features.is_cascade =
        features.is_cascade || command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
    switch (command.subtype) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
        add_column(features, table, *command.def->column_def);
        features.lacks_guard = features.lacks_guard || !command.missing_ok;
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
        read_constraint(features, *command.def->constraint);
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
        features.lacks_guard = features.lacks_guard || !command.missing_ok;
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
        features.is_concurrent = command.def->partition_cmd->concurrent;
        break;
      default:
        break;
    }
  }
}

void read_index(Features& features, const PgQuery__IndexStmt& statement) {
  if (!is_empty(statement.idxname)) features.names.push_back(text(statement.idxname));
  features.is_concurrent = statement.concurrent;
  features.has_if_not_exists = statement.if_not_exists;
  features.lacks_guard = !statement.if_not_exists;
}

void read_drop(Features& features, const PgQuery__DropStmt& statement) {
  features.is_concurrent = statement.concurrent;
  features.lacks_guard = !statement.missing_ok;
  features.is_cascade = statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
}

void read_writes(Features& features, const ProtobufCMessage* message) {
  walk(message, [&](const ProtobufCMessage* below) {
    if (const auto* update = as<PgQuery__UpdateStmt>(below, pg_query__update_stmt__descriptor)) {
      features.writes = true;
      if (update->where_clause == nullptr) features.writes_every_row = true;
    }
    if (const auto* gone = as<PgQuery__DeleteStmt>(below, pg_query__delete_stmt__descriptor)) {
      features.writes = true;
      if (gone->where_clause == nullptr) features.writes_every_row = true;
    }
    if (below->descriptor == &pg_query__insert_stmt__descriptor ||
        below->descriptor == &pg_query__merge_stmt__descriptor) {
      features.writes = true;
    }
    return true;
  });
}

bool is_definition(PgQuery__Node__NodeCase statement) {
  switch (statement) {
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
    case PG_QUERY__NODE__NODE_COPY_STMT:
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
    case PG_QUERY__NODE__NODE_DO_STMT:
    case PG_QUERY__NODE__NODE_CALL_STMT:
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
    case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
    case PG_QUERY__NODE__NODE_LOCK_STMT:
    case PG_QUERY__NODE__NODE_VACUUM_STMT:
      return false;
    default:
      return true;
  }
}

void read(Features& features, const PgQuery__Node& node) {
  features.defines = features.defines || is_definition(node.node_case);
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return read_create(features, *node.create_stmt);
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return read_alter(features, *node.alter_table_stmt);
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return read_index(features, *node.index_stmt);
    case PG_QUERY__NODE__NODE_DROP_STMT:
      return read_drop(features, *node.drop_stmt);
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      features.names.push_back(text(node.rename_stmt->newname));
      return;
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      features.is_cascade = node.truncate_stmt->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
      return;
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
      features.is_concurrent =
          is_on(nodes(node.reindex_stmt->params, node.reindex_stmt->n_params), "concurrently");
      return;
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
      features.controls_transaction = true;
      return;
    case PG_QUERY__NODE__NODE_COPY_STMT:
      features.writes = node.copy_stmt->is_from;
      return;
    default:
      read_writes(features, &node.base);
  }
}

/// The parser gives names as they are kept, cut already.
void add_cut_names(Features& features, const std::string& sql) {
  constexpr std::size_t kKept = 63;
  const dialect::postgresql::Tokens tokens(sql);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens.is_name(i)) continue;
    std::string name(tokens.text(i));
    if (name.front() == '"') name = name.substr(1, name.size() - 2);
    const bool is_known =
        std::find(features.names.begin(), features.names.end(), name) != features.names.end();
    if (name.size() > kKept && !is_known) features.names.push_back(std::move(name));
  }
}

}  // namespace

Features features(const std::string& sql) {
  if (const std::optional<Guard> guard = guard_of(sql)) {
    Features guarded = features(guard->statement);
    guarded.lacks_guard = false;
    return guarded;
  }
  Features features;
  const Tree tree(sql);
  features.is_understood = tree.error().empty();
  for (const PgQuery__RawStmt* raw : tree.statements()) read(features, *raw->stmt);
  if (features.is_understood) add_cut_names(features, sql);
  return features;
}

}  // namespace capo::lint::postgresql
