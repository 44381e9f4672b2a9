#include "lint/postgresql/gentle_table.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "dialect/postgresql/expected_names.hpp"
#include "lint/postgresql/judge.hpp"
#include "lint/postgresql/table_steps.hpp"

namespace capo::lint::postgresql {
namespace {

using Kind = KnownRelation::Kind;

bool is_empty_table(const KnownRelation& table, const Catalog& catalog) {
  if (table.kind != Kind::kPartitioned) return table.is_empty && table.partitions.empty();
  return std::all_of(table.partitions.begin(), table.partitions.end(), [&](const ObjectName& name) {
    const KnownRelation* below = catalog.find(name);
    return below != nullptr && is_empty_table(*below, catalog);
  });
}

/// In which order PostgreSQL carries out the commands of one ALTER TABLE, whatever the order they
/// are written in (AlterTablePass of its tablecmds.c).
int rank(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression:
      return 0;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      return command.def == nullptr ? 0 : 5;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      return 1;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      return 2;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetIdentity:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropIdentity:
      return 3;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint: {
      const PgQuery__ConstrType type = command.def->constraint->contype;
      const bool has_index = type == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY ||
                             type == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE ||
                             type == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION;
      return has_index ? 4 : 5;
    }
    default:
      return 6;
  }
}

/// A constraint that is put in the place of another: nobody is to see the table without either.
bool replaces_constraint(const PgQuery__AlterTableStmt& statement) {
  bool drops = false;
  bool adds = false;
  for (const PgQuery__Node* node : nodes(statement.cmds, statement.n_cmds)) {
    const PgQuery__AlterTableType type = node->alter_table_cmd->subtype;
    drops = drops || type == PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint;
    adds = adds || type == PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint;
  }
  return drops && adds;
}

}  // namespace

bool is_in_use(const KnownRelation* table, const Situation& situation) {
  if (table == nullptr) return false;
  if (situation.as_before) return true;
  return !table->is_new && !is_empty_table(*table, situation.catalog);
}

std::string new_name(const std::string& sql, const ObjectName& table, NewName what,
                     const Situation& situation) {
  Catalog after = situation.catalog;
  follow(sql, after);
  const KnownRelation* before = situation.catalog.find(table);
  const KnownRelation* made = after.find(table);
  if (before == nullptr || made == nullptr) return {};
  std::string name;
  if (what == NewName::kIndex) {
    for (const KnownIndex& index : made->indexes) {
      if (before->index(index.name) == nullptr) name = index.name;
    }
  } else {
    for (const KnownConstraint& constraint : made->constraints) {
      if (before->constraint(constraint.name) == nullptr) name = constraint.name;
    }
  }
  if (!situation.as_before) return name;
  // What an earlier run made has the name before the next free one.
  const std::size_t digits = name.find_last_not_of("0123456789") + 1;
  const auto number = base::parse_integer(name.substr(digits));
  if (!number) return name;
  return name.substr(0, digits) + (*number == 1 ? "" : std::to_string(*number - 1));
}

std::string alter_table(const PgQuery__AlterTableStmt& statement, const Situation& situation,
                        GentleSteps& steps) {
  if (statement.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) return {};
  const KnownRelation* table =
      situation.catalog.find(Names(situation.catalog.default_schema).of(statement.relation));
  const bool is_table =
      table != nullptr && (table->kind == Kind::kTable || table->kind == Kind::kPartitioned);
  if (!is_table || !is_in_use(table, situation)) return {};

  if (replaces_constraint(statement)) {
    return "one constraint takes the place of another in it; add the new one under another name "
           "first, and drop the old one in a statement of its own";
  }
  std::vector<PgQuery__Node*> commands(statement.cmds, statement.cmds + statement.n_cmds);
  std::stable_sort(commands.begin(), commands.end(),
                   [](const PgQuery__Node* a, const PgQuery__Node* b) {
                     return rank(*a->alter_table_cmd) < rank(*b->alter_table_cmd);
                   });
  TableSteps rewriting(statement, *table, situation, steps);
  bool is_any_changed = false;
  std::vector<PgQuery__Node*> as_they_are;
  const auto flush = [&] {
    if (as_they_are.empty()) return;
    rewriting.add_as_they_are(std::exchange(as_they_are, {}));
  };
  // Those that stay together before one that is changed come before its steps.
  for (PgQuery__Node* command : commands) {
    if (!rewriting.is_to_change(*command->alter_table_cmd)) {
      as_they_are.push_back(command);
      continue;
    }
    flush();
    rewriting.change(*command->alter_table_cmd);
    is_any_changed = true;
  }
  if (is_any_changed) flush();
  return rewriting.kept();
}

}  // namespace capo::lint::postgresql
