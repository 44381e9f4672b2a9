#include "lint/postgresql/gentle.hpp"

#include <algorithm>

#include "lint/postgresql/gentle_steps.hpp"
#include "lint/postgresql/gentle_table.hpp"
#include "lint/postgresql/judge.hpp"
#include "lint/postgresql/tree.hpp"

namespace capo::lint::postgresql {
namespace {

using Kind = KnownRelation::Kind;

/// What a statement becomes in one situation.
struct Made {
  GentleForm form = {};
  std::string kept = {};
};

Made made_of(GentleSteps& steps, std::string kept = {}) {
  Made made{.form = steps.take(), .kept = std::move(kept)};
  if (made.form.empty() && !steps.empty()) made.kept = "libpg_query cannot write its steps";
  return made;
}

std::string drop_concurrently(const dialect::Dialect& dialect, const std::string& schema,
                              const std::string& name) {
  dialect::SqlWriter sql = dialect.writer();
  sql << "DROP INDEX CONCURRENTLY IF EXISTS " << dialect::QualifiedName{schema, name};
  return sql.str();
}

Made create_index(const PgQuery__IndexStmt& statement, const dialect::Statement& original,
                  const Situation& situation) {
  const KnownRelation* table =
      situation.catalog.find(Names(situation.catalog.default_schema).of(statement.relation));
  if (statement.concurrent || !is_in_use(table, situation)) return {};
  if (table->kind == Kind::kPartitioned) {
    return {.kept =
                "an index of a partitioned table cannot be built concurrently; build one on "
                "each partition, and attach them"};
  }
  std::string name = text(statement.idxname);
  const bool is_there = statement.if_not_exists && table->index(name) != nullptr;
  if (is_there && !situation.as_before) return {};
  if (name.empty()) {
    name = new_name(original.sql, table->name, NewName::kIndex, situation);
    if (name.empty()) return {};
  }
  PgQuery__IndexStmt changed = statement;
  changed.concurrent = 1;
  std::string place(kNameToCome);
  changed.idxname = place.data();
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_INDEX_STMT;
  node.index_stmt = &changed;
  GentleSteps steps(original, situation.dialect, nullptr);
  dialect::SqlWriter quoted = situation.dialect.writer();
  quoted << dialect::Identifier(name);
  steps.add("index " + name, with_name(deparse(node), quoted.str()),
            drop_concurrently(situation.dialect, text(statement.relation->schemaname), name));
  return made_of(steps);
}

/// An index alone: what rests on it, or its partitions' indexes, goes in one piece.
Made drop_index(const PgQuery__DropStmt& statement, const dialect::Statement& original,
                const Situation& situation) {
  const bool is_index = statement.remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX;
  if (!is_index || statement.concurrent ||
      statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) {
    return {};
  }
  const Names names(situation.catalog.default_schema);
  GentleSteps steps(original, situation.dialect, nullptr);
  for (PgQuery__Node* object : nodes(statement.objects, statement.n_objects)) {
    const ObjectName name = names.of(object);
    const auto [table, index] = situation.catalog.find_index(name);
    const bool goes_alone = index != nullptr && !index->is_of_constraint &&
                            table->kind != Kind::kPartitioned && is_in_use(table, situation);
    if (!goes_alone && !situation.as_before) return {};
    PgQuery__DropStmt one = statement;
    one.concurrent = 1;
    one.n_objects = 1;
    one.objects = &object;
    PgQuery__Node node = PG_QUERY__NODE__INIT;
    node.node_case = PG_QUERY__NODE__NODE_DROP_STMT;
    node.drop_stmt = &one;
    steps.add("drop index " + name.text(), deparse(node), std::nullopt);
  }
  return made_of(steps);
}

Made make(const PgQuery__Node& node, const dialect::Statement& original, const Guard* guard,
          const Situation& situation) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return guard != nullptr ? Made() : create_index(*node.index_stmt, original, situation);
    case PG_QUERY__NODE__NODE_DROP_STMT:
      return guard != nullptr ? Made() : drop_index(*node.drop_stmt, original, situation);
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT: {
      GentleSteps steps(original, situation.dialect, guard);
      std::string kept = alter_table(*node.alter_table_stmt, situation, steps);
      return made_of(steps, std::move(kept));
    }
    default:
      return {};
  }
}

}  // namespace

Gentle gentle(const dialect::Statement& statement, const Catalog& catalog,
              const dialect::Dialect& dialect) {
  const std::optional<Guard> found = guard_of(statement.sql);
  const Guard* const guard = found ? &*found : nullptr;
  const Tree tree(found ? found->statement : statement.sql);
  if (tree.statements().size() != 1) return {};
  const PgQuery__Node& node = *tree.statements().front()->stmt;
  Gentle gentle;
  Made now = make(node, statement, guard, {.catalog = catalog, .dialect = dialect});
  Made before =
      make(node, statement, guard, {.catalog = catalog, .dialect = dialect, .as_before = true});
  gentle.kept = std::move(now.kept);
  gentle.forms.push_back(std::move(now.form));
  if (!before.form.empty() && before.form != gentle.forms.front()) {
    gentle.forms.push_back(std::move(before.form));
  }
  return gentle;
}

std::string needs_its_transaction(const std::string& sql) {
  const Tree tree(sql);
  for (const PgQuery__RawStmt* raw : tree.statements()) {
    const PgQuery__Node& node = *raw->stmt;
    switch (node.node_case) {
      case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
        if (node.variable_set_stmt->is_local) return "SET LOCAL ends with it";
        break;
      case PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT:
        return "SET CONSTRAINTS ends with it";
      case PG_QUERY__NODE__NODE_LOCK_STMT:
        return "LOCK TABLE ends with it";
      case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
        return "a cursor ends with it";
      case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
        return "it has a savepoint";
      case PG_QUERY__NODE__NODE_CREATE_STMT:
        if (node.create_stmt->oncommit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP ||
            node.create_stmt->oncommit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DELETE_ROWS) {
          return "a temporary table ends with it";
        }
        break;
      case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT: {
        const PgQuery__IntoClause* into = node.create_table_as_stmt->into;
        if (into != nullptr &&
            (into->on_commit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP ||
             into->on_commit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DELETE_ROWS)) {
          return "a temporary table ends with it";
        }
        break;
      }
      case PG_QUERY__NODE__NODE_SELECT_STMT:
        for (const std::vector<std::string>& function : functions_in(&node.base)) {
          if (!function.empty() && function.back() == "set_config") {
            return "set_config() may end with it";
          }
        }
        break;
      default:
        break;
    }
  }
  return {};
}

}  // namespace capo::lint::postgresql
