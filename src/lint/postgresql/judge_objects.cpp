// What is made, dropped and renamed: tables, indexes, views, domains.

#include <algorithm>

#include "lint/postgresql/judging.hpp"

namespace capo::lint::postgresql {
namespace {

using K = HazardKind;

void judge_references(Judging& judging, const ObjectName& table, Nodes constraints) {
  for (const PgQuery__Node* node : constraints) {
    if (node->node_case != PG_QUERY__NODE__NODE_CONSTRAINT) continue;
    const PgQuery__Constraint& constraint = *node->constraint;
    if (constraint.contype != PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN) continue;
    const ObjectName referred = judging.names.of(constraint.pktable);
    if (referred != table) {
      judging.add(K::kCreateTableReferencing, table, text(constraint.conname), referred);
    }
  }
}

void drop_table(Judging& judging, const ObjectName& table, bool cascade) {
  judging.add(K::kDropTable, table);
  judging.destroy("every row of " + table.text());
  const KnownRelation* known = judging.catalog.find(table);
  if (known == nullptr) {
    judging.unknown("which tables " + table.text() + " refers to");
    return;
  }
  for (const KnownConstraint& constraint : known->constraints) {
    const bool is_key = constraint.kind == KnownConstraint::Kind::kForeignKey;
    if (is_key && constraint.referred != table) {
      judging.add(K::kDropTableReferencing, table, constraint.name, constraint.referred);
    }
  }
  if (!known->parent.name.empty()) {
    judging.effects.lock(known->parent, LockMode::kAccessExclusive);
  }
  for (const ObjectName& below : judging.with_below(table)) {
    judging.effects.lock(below, LockMode::kAccessExclusive);
  }
  if (!cascade) return;
  for (const auto& [other, key] : judging.catalog.referring(table)) {
    judging.add(K::kDropForeignKey, other, key->name, table);
  }
}

void drop_index(Judging& judging, const ObjectName& index, bool concurrently) {
  const auto [table, known] = judging.catalog.find_index(index);
  const ObjectName on = table == nullptr ? ObjectName{} : table->name;
  if (table == nullptr) judging.unknown("which table the index " + index.text() + " is of");
  judging.add(concurrently ? K::kDropIndexConcurrently : K::kDropIndex, on, index.name);
  judging.effects.lock(
      index, concurrently ? LockMode::kShareUpdateExclusive : LockMode::kAccessExclusive, true);
  if (concurrently) judging.effects.waits_for_transactions = true;
}

/// Of a trigger, policy or rule: `{schema, table, name}`.
void drop_of_table(Judging& judging, K kind, const PgQuery__Node* node) {
  std::vector<std::string> parts = texts(items(node));
  if (parts.empty()) return;
  const std::string name = parts.back();
  parts.pop_back();
  judging.add(kind, judging.names.of(parts), name);
}

}  // namespace

void judge_create_table(Judging& judging, const PgQuery__CreateStmt& statement) {
  const ObjectName table = judging.names.of(statement.relation);
  judging.add(K::kCreateTable, table);
  for (PgQuery__Node* const& node : nodes(statement.table_elts, statement.n_table_elts)) {
    if (node->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) {
      judging.add(K::kCreateTableLike, table, {},
                  judging.names.of(node->table_like_clause->relation));
    } else if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
      judge_references(judging, table,
                       nodes(node->column_def->constraints, node->column_def->n_constraints));
    } else {
      judge_references(judging, table, Nodes(&node, 1));
    }
  }
  for (const PgQuery__Node* node : nodes(statement.inh_relations, statement.n_inh_relations)) {
    const ObjectName parent = judging.names.of(node);
    if (statement.partbound == nullptr) {
      judging.effects.lock(parent, LockMode::kShareUpdateExclusive);
      continue;
    }
    judging.add(K::kCreatePartition, table, {}, parent);
    const KnownRelation* known = judging.catalog.find(parent);
    if (known == nullptr) continue;
    for (const KnownConstraint& constraint : known->constraints) {
      if (constraint.kind == KnownConstraint::Kind::kForeignKey) {
        judging.effects.lock(constraint.referred, LockMode::kShareRowExclusive);
      }
    }
    for (const ObjectName& sibling : known->partitions) {
      const KnownRelation* partition = judging.catalog.find(sibling);
      if (partition == nullptr || !partition->is_default_partition) continue;
      judging.effects.lock(sibling, LockMode::kAccessExclusive);
      judging.effects.scan(sibling);
    }
  }
}

void judge_index(Judging& judging, const PgQuery__IndexStmt& statement) {
  const std::string name = text(statement.idxname);
  if (!statement.concurrent) {
    const ObjectName table = judging.names.of(statement.relation);
    const KnownRelation* known = judging.catalog.find(table);
    const bool is_there = statement.if_not_exists && known != nullptr && !name.empty() &&
                          judging.catalog.find_index({table.schema, name}).second != nullptr;
    // Nothing is built then, but the lock is taken.
    if (is_there) return judging.effects.lock(table, LockMode::kShare);
    return judging.add_below(K::kCreateIndex, statement.relation, name);
  }
  judging.add(K::kCreateIndexConcurrently, judging.names.of(statement.relation), name);
  judging.effects.waits_for_transactions = true;
}

void judge_drop(Judging& judging, const PgQuery__DropStmt& statement) {
  const bool cascade = statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  for (const PgQuery__Node* node : nodes(statement.objects, statement.n_objects)) {
    switch (statement.remove_type) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
        drop_table(judging, judging.names.of(node), cascade);
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
        drop_index(judging, judging.names.of(node), statement.concurrent != 0);
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
        judging.add(K::kDropView, judging.names.of(node));
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
        drop_of_table(judging, K::kDropTrigger, node);
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
        drop_of_table(judging, K::kPolicy, node);
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
        drop_of_table(judging, K::kRule, node);
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
        judging.add(K::kHarmless, {}, judging.names.of(node).name);
        if (cascade) judging.unknown("what DROP SCHEMA … CASCADE takes with it");
        break;
      default:
        judging.add(K::kHarmless, {}, judging.names.of(node).name);
        if (cascade) judging.unknown("what CASCADE takes with it");
    }
  }
}

void judge_rename(Judging& judging, const PgQuery__RenameStmt& statement) {
  const ObjectName on = judging.names.of(statement.relation);
  switch (statement.rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      return judging.add_below(K::kRenameColumn, statement.relation, text(statement.subname));
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
      return judging.add_below(K::kRenameConstraint, statement.relation, text(statement.subname));
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      return judging.add(K::kRenameTable, on);
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return judging.add(K::kAlterView, on);
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
      judging.add(K::kRenameIndex, {}, on.name);
      return judging.effects.lock(on, LockMode::kShareUpdateExclusive, true);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
      return judging.add(K::kPolicy, on, text(statement.subname));
    default:
      judging.add(K::kHarmless, on);
  }
}

void judge_domain(Judging& judging, const PgQuery__AlterDomainStmt& statement) {
  const ObjectName domain = judging.names.of(nodes(statement.type_name, statement.n_type_name));
  const std::string command = text(statement.subtype);
  const bool adds = command == "C";
  const bool not_valid = adds && statement.def != nullptr &&
                         statement.def->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
                         statement.def->constraint->skip_validation;
  if (not_valid) return judging.add(K::kDomainCheckNotValid, {}, domain.text());
  const bool reads = adds || command == "V" || command == "O";
  if (!reads) return judging.add(K::kHarmless, {}, domain.text());
  const K kind = command == "O" ? K::kDomainNotNull : K::kDomainCheck;
  bool is_used = false;
  for (const auto& [name, relation] : judging.catalog.relations) {
    const bool uses =
        relation.kind == KnownRelation::Kind::kTable &&
        std::any_of(relation.columns.begin(), relation.columns.end(),
                    [&](const KnownColumn& column) {
                      return ObjectName{column.type.schema, column.type.name} == domain;
                    });
    if (!uses) continue;
    judging.add(kind, name, domain.text());
    is_used = true;
  }
  if (!is_used) judging.add(K::kHarmless, {}, domain.text());
}

}  // namespace capo::lint::postgresql
