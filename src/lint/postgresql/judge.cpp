#include "lint/postgresql/judge.hpp"

#include <algorithm>

#include "lint/postgresql/guard.hpp"
#include "lint/postgresql/judging.hpp"

namespace capo::lint::postgresql {
namespace {

using K = HazardKind;

/// The modes of LOCK TABLE, as the parser numbers them, are PostgreSQL's own, from 1.
LockMode lock_mode(int number) {
  return number >= 1 && number <= 8 ? static_cast<LockMode>(number) : LockMode::kAccessExclusive;
}

void judge_lock(Judging& judging, const PgQuery__LockStmt& statement) {
  for (const PgQuery__Node* node : nodes(statement.relations, statement.n_relations)) {
    judging.add_below(K::kLockTable, node->range_var);
    for (const ObjectName& table : judging.with_below(judging.names.of(node))) {
      judging.effects.lock(table, lock_mode(statement.mode));
    }
  }
}

void judge_truncate(Judging& judging, const PgQuery__TruncateStmt& statement) {
  const bool cascade = statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  for (const PgQuery__Node* node : nodes(statement.relations, statement.n_relations)) {
    const ObjectName table = judging.names.of(node);
    judging.add_below(K::kTruncate, node->range_var);
    judging.destroy("every row of " + table.text());
    if (!cascade) continue;
    for (const auto& [other, key] : judging.catalog.referring(table)) {
      judging.add(K::kTruncate, other);
      judging.destroy("every row of " + other.text());
    }
  }
}

void judge_view(Judging& judging, const PgQuery__ViewStmt& statement) {
  const ObjectName view = judging.names.of(statement.view);
  const bool replaces = statement.replace && judging.catalog.find(view) != nullptr;
  judging.add(replaces ? K::kReplaceView : K::kCreateView, view);
  for (const ObjectName& source : relations_in(&statement.query->base, judging.names)) {
    judging.effects.lock(source, LockMode::kAccessShare);
  }
}

void judge_table_as(Judging& judging, const PgQuery__CreateTableAsStmt& statement) {
  const bool is_view = statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW;
  const ObjectName made = judging.names.of(statement.into->rel);
  const std::vector<ObjectName> sources = relations_in(&statement.query->base, judging.names);
  for (const ObjectName& source : sources) {
    judging.add(is_view ? K::kCreateMaterializedView : K::kCreateTableAs, made, {}, source);
    if (!statement.into->skip_data) judging.effects.scan(source);
  }
  if (sources.empty()) judging.add(is_view ? K::kCreateMaterializedView : K::kCreateTableAs, made);
}

void judge_refresh(Judging& judging, const PgQuery__RefreshMatViewStmt& statement) {
  const ObjectName view = judging.names.of(statement.relation);
  const K kind = statement.concurrent ? K::kRefreshConcurrently : K::kRefresh;
  const KnownRelation* known = judging.catalog.find(view);
  if (known == nullptr || known->reads.empty()) {
    judging.add(kind, view);
    return judging.unknown("what " + view.text() + " reads");
  }
  for (const ObjectName& source : known->reads) judging.add(kind, view, {}, source);
}

void judge_reindex(Judging& judging, const PgQuery__ReindexStmt& statement) {
  const bool concurrently = is_on(nodes(statement.params, statement.n_params), "concurrently");
  const K kind = concurrently ? K::kReindexConcurrently : K::kReindex;
  judging.effects.waits_for_transactions = concurrently;
  const ObjectName name = judging.names.of(statement.relation);
  if (statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE) {
    judging.add(kind, name);
    const KnownRelation* table = judging.catalog.find(name);
    if (table == nullptr) return judging.unknown("which indexes " + name.text() + " has");
    for (const KnownIndex& index : table->indexes) {
      judging.effects.rebuilds.push_back({name.schema, index.name});
    }
  } else if (statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX) {
    const auto [table, index] = judging.catalog.find_index(name);
    judging.add(kind, table == nullptr ? ObjectName{} : table->name, name.name);
    judging.effects.rebuilds.push_back(name);
    if (table == nullptr) judging.unknown("which table the index " + name.text() + " is of");
    if (!concurrently) judging.effects.lock(name, LockMode::kAccessExclusive, true);
  } else {
    judging.add(kind, {}, text(statement.name));
    judging.unknown("every table of a schema or database is reindexed");
  }
}

void judge_vacuum(Judging& judging, const PgQuery__VacuumStmt& statement) {
  const Nodes options = nodes(statement.options, statement.n_options);
  const K kind = !statement.is_vacuumcmd  ? K::kAnalyze
                 : is_on(options, "full") ? K::kVacuumFull
                                          : K::kVacuum;
  for (const PgQuery__Node* node : nodes(statement.rels, statement.n_rels)) {
    judging.add_below(kind, node->vacuum_relation->relation);
  }
  if (statement.n_rels == 0) {
    judging.add(kind, {});
    judging.unknown("every table of the database is worked on");
  }
}

void judge_comment(Judging& judging, const PgQuery__CommentStmt& statement) {
  std::vector<std::string> parts = texts(items(statement.object));
  switch (statement.objtype) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return judging.add(K::kComment, judging.names.of(parts));
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE: {
      if (parts.empty()) return judging.add(K::kHarmless, {});
      const std::string part = parts.back();
      parts.pop_back();
      judging.add(K::kComment, judging.names.of(parts), part);
      if (statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT ||
          statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN) {
        return;
      }
      return judging.effects.lock(judging.names.of(parts), LockMode::kAccessShare);
    }
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
      judging.add(K::kHarmless, {}, judging.names.of(parts).name);
      return judging.effects.lock(judging.names.of(parts), LockMode::kShareUpdateExclusive, true);
    default:
      judging.add(K::kHarmless, {});
  }
}

void judge_grant(Judging& judging, const PgQuery__GrantStmt& statement) {
  const bool on_tables = statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE &&
                         statement.targtype == PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_OBJECT;
  if (!on_tables) return judging.add(K::kHarmless, {});
  for (const PgQuery__Node* node : nodes(statement.objects, statement.n_objects)) {
    judging.add(K::kGrant, judging.names.of(node));
  }
}

void judge_schema_or_owner(Judging& judging, K kind, PgQuery__ObjectType type,
                           const PgQuery__RangeVar* relation) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      return judging.add(kind, judging.names.of(relation));
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return judging.add(K::kAlterView, judging.names.of(relation));
    default:
      judging.add(K::kHarmless, {});
  }
}

void judge_trigger(Judging& judging, const PgQuery__CreateTrigStmt& statement) {
  judging.add_below(K::kCreateTrigger, statement.relation, text(statement.trigname));
  if (statement.constrrel != nullptr) {
    judging.effects.lock(judging.names.of(statement.constrrel), LockMode::kShareRowExclusive);
  }
}

void judge_policy(Judging& judging, const PgQuery__RangeVar* table, const char* name,
                  const ProtobufCMessage* statement) {
  const ObjectName on = judging.names.of(table);
  judging.add(K::kPolicy, on, text(name));
  for (const ObjectName& source : relations_in(statement, judging.names)) {
    if (source != on) judging.effects.lock(source, LockMode::kAccessShare);
  }
}

void judge_statistics(Judging& judging, const PgQuery__CreateStatsStmt& statement) {
  for (const PgQuery__Node* node : nodes(statement.relations, statement.n_relations)) {
    judging.add(K::kStatistics, judging.names.of(node));
  }
}

/// Kinds of statement that touch no table that is in use.
bool is_harmless(PgQuery__Node__NodeCase statement) {
  switch (statement) {
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
    case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT:
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
    case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT:
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
    case PG_QUERY__NODE__NODE_DEFINE_STMT:
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
    case PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT:
    case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
    case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
    case PG_QUERY__NODE__NODE_ALTER_ROLE_SET_STMT:
    case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
    case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
    case PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT:
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
    case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
    case PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT:
    case PG_QUERY__NODE__NODE_NOTIFY_STMT:
    case PG_QUERY__NODE__NODE_LISTEN_STMT:
    case PG_QUERY__NODE__NODE_UNLISTEN_STMT:
    case PG_QUERY__NODE__NODE_DISCARD_STMT:
    case PG_QUERY__NODE__NODE_CREATE_CAST_STMT:
    case PG_QUERY__NODE__NODE_CREATE_OP_CLASS_STMT:
    case PG_QUERY__NODE__NODE_CREATE_OP_FAMILY_STMT:
    case PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT:
    case PG_QUERY__NODE__NODE_CREATE_FDW_STMT:
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT:
    case PG_QUERY__NODE__NODE_CREATE_USER_MAPPING_STMT:
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
    case PG_QUERY__NODE__NODE_CREATE_PLANG_STMT:
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_SET_STMT:
    case PG_QUERY__NODE__NODE_CHECK_POINT_STMT:
      return true;
    default:
      return false;
  }
}

std::string_view unknown_reason(PgQuery__Node__NodeCase statement) {
  switch (statement) {
    case PG_QUERY__NODE__NODE_DO_STMT:
      return "what the code of a DO block does";
    case PG_QUERY__NODE__NODE_CALL_STMT:
      return "what the procedure does";
    case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
    case PG_QUERY__NODE__NODE_ALTER_EXTENSION_STMT:
    case PG_QUERY__NODE__NODE_ALTER_EXTENSION_CONTENTS_STMT:
      return "what the script of the extension does";
    default:
      return "this kind of statement";
  }
}

bool holds_rows(PgQuery__Node__NodeCase statement) {
  return statement == PG_QUERY__NODE__NODE_SELECT_STMT ||
         statement == PG_QUERY__NODE__NODE_INSERT_STMT ||
         statement == PG_QUERY__NODE__NODE_UPDATE_STMT ||
         statement == PG_QUERY__NODE__NODE_DELETE_STMT ||
         statement == PG_QUERY__NODE__NODE_MERGE_STMT ||
         statement == PG_QUERY__NODE__NODE_COPY_STMT ||
         statement == PG_QUERY__NODE__NODE_EXPLAIN_STMT;
}

/// False: not one of these.
bool judge_of_table(Judging& judging, const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      judge_trigger(judging, *node.create_trig_stmt);
      return true;
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      judge_policy(judging, node.create_policy_stmt->table, node.create_policy_stmt->policy_name,
                   &node.base);
      return true;
    case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
      judge_policy(judging, node.alter_policy_stmt->table, node.alter_policy_stmt->policy_name,
                   &node.base);
      return true;
    case PG_QUERY__NODE__NODE_RULE_STMT:
      judging.add(K::kRule, judging.names.of(node.rule_stmt->relation),
                  text(node.rule_stmt->rulename));
      return true;
    case PG_QUERY__NODE__NODE_CREATE_STATS_STMT:
      judge_statistics(judging, *node.create_stats_stmt);
      return true;
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
      judge_comment(judging, *node.comment_stmt);
      return true;
    case PG_QUERY__NODE__NODE_GRANT_STMT:
      judge_grant(judging, *node.grant_stmt);
      return true;
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
      judge_schema_or_owner(judging, K::kSetSchema, node.alter_object_schema_stmt->object_type,
                            node.alter_object_schema_stmt->relation);
      return true;
    case PG_QUERY__NODE__NODE_ALTER_OWNER_STMT:
      judge_schema_or_owner(judging, K::kOwner, node.alter_owner_stmt->object_type,
                            node.alter_owner_stmt->relation);
      return true;
    case PG_QUERY__NODE__NODE_ALTER_PUBLICATION_STMT:
      for (const ObjectName& table : relations_in(&node.base, judging.names)) {
        judging.add(K::kPublication, table);
      }
      return true;
    default:
      return false;
  }
}

/// The same.
bool judge_maintenance(Judging& judging, const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
      judge_reindex(judging, *node.reindex_stmt);
      return true;
    case PG_QUERY__NODE__NODE_VACUUM_STMT:
      judge_vacuum(judging, *node.vacuum_stmt);
      return true;
    case PG_QUERY__NODE__NODE_CLUSTER_STMT:
      judging.add(K::kCluster, judging.names.of(node.cluster_stmt->relation));
      if (node.cluster_stmt->relation == nullptr) {
        judging.unknown("every table that was clustered before");
      }
      return true;
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
      judge_refresh(judging, *node.refresh_mat_view_stmt);
      return true;
    case PG_QUERY__NODE__NODE_LOCK_STMT:
      judge_lock(judging, *node.lock_stmt);
      return true;
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      judge_truncate(judging, *node.truncate_stmt);
      return true;
    default:
      return false;
  }
}

/// The same.
bool judge_definition(Judging& judging, const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      judge_alter_table(judging, *node.alter_table_stmt);
      return true;
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      judge_create_table(judging, *node.create_stmt);
      return true;
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      judge_index(judging, *node.index_stmt);
      return true;
    case PG_QUERY__NODE__NODE_DROP_STMT:
      judge_drop(judging, *node.drop_stmt);
      return true;
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      judge_rename(judging, *node.rename_stmt);
      return true;
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      judge_view(judging, *node.view_stmt);
      return true;
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      judge_table_as(judging, *node.create_table_as_stmt);
      return true;
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT:
      judge_domain(judging, *node.alter_domain_stmt);
      return true;
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
      judging.add(K::kEnumAddValue, {});
      return true;
    case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
      judging.add(K::kFunction, {});
      return true;
    default:
      return false;
  }
}

}  // namespace

void Judging::add(HazardKind kind, const ObjectName& on, std::string object,
                  const ObjectName& other) {
  const HazardRow& row = hazard_row(kind, server.version);
  effects.hazards.push_back({kind, on, std::move(object), other});
  take(row, on);
  effects.lock(other, row.lock_other);
  if (row.scans_other && has_rows(other)) effects.scan(other);
}

void Judging::add_below(HazardKind kind, const PgQuery__RangeVar* table, const std::string& object,
                        const ObjectName& other) {
  const ObjectName on = names.of(table);
  add(kind, on, object, other);
  if (table == nullptr || !table->inh) return;
  for (const ObjectName& below : with_below(on)) {
    if (below != on) take(hazard_row(kind, server.version), below);
  }
}

void Judging::take(const HazardRow& row, const ObjectName& on) {
  effects.lock(on, row.lock);
  if (row.builds) effects.build(on);
  if (!has_rows(on)) return;
  if (row.rewrites) effects.rewrite(on);
  if (row.scans) effects.scan(on);
}

/// A partitioned table has them in its partitions.
bool Judging::has_rows(const ObjectName& relation) const {
  const KnownRelation* known = catalog.find(relation);
  return known == nullptr || known->kind != KnownRelation::Kind::kPartitioned;
}

std::vector<ObjectName> Judging::with_below(const ObjectName& table) const {
  std::vector<ObjectName> all = {table};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const KnownRelation* known = catalog.find(all[i]);
    if (known == nullptr) continue;
    for (const ObjectName& below : known->partitions) {
      if (std::find(all.begin(), all.end(), below) == all.end()) all.push_back(below);
    }
  }
  return all;
}

Effects judge(const std::string& sql, const Catalog& catalog, const Server& server) {
  Judging judging(catalog, server);
  const std::optional<Guard> guard = guard_of(sql);
  const std::string& text = guard ? guard->statement : sql;
  const Tree tree(text);
  if (!tree.error().empty() && !judge_newer(judging, text)) {
    judging.add(K::kUnknown, {});
    judging.unknown("the text, which the parser of PostgreSQL 15 does not take: " + tree.error());
  }
  for (const PgQuery__RawStmt* raw : tree.statements()) {
    const PgQuery__Node& node = *raw->stmt;
    if (judge_definition(judging, node) || judge_of_table(judging, node) ||
        judge_maintenance(judging, node)) {
      continue;
    }
    if (holds_rows(node.node_case)) {
      judge_rows(judging, node);
      if (judging.effects.hazards.empty()) judging.add(K::kHarmless, {});  // SELECT 1
    } else if (is_harmless(node.node_case)) {
      judging.add(K::kHarmless, {});
    } else {
      judging.add(K::kUnknown, {});
      judging.unknown(unknown_reason(node.node_case));
    }
  }
  return std::move(judging.effects);
}

Effects on_others(const Effects& effects, const Catalog& catalog) {
  const auto is_own = [&](const ObjectName& name) {
    const KnownRelation* known = catalog.find(name);
    if (known != nullptr) return known->is_new;
    const auto [table, index] = catalog.find_index(name);
    return table != nullptr && table->is_new;
  };
  Effects rest = effects;
  std::erase_if(rest.locks, [&](const RelationLock& lock) { return is_own(lock.relation); });
  std::erase_if(rest.rewrites, is_own);
  std::erase_if(rest.rebuilds, is_own);
  std::erase_if(rest.builds, is_own);
  std::erase_if(rest.scans, is_own);
  std::erase_if(rest.hazards, [&](const Hazard& hazard) {
    return is_own(hazard.on) && (hazard.other.name.empty() || is_own(hazard.other));
  });
  if (rest.hazards.empty()) rest.destroys.clear();
  return rest;
}

}  // namespace capo::lint::postgresql
