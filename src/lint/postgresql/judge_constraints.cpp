// ALTER TABLE: constraints.

#include <algorithm>

#include "lint/postgresql/alter_table.hpp"

namespace capo::lint::postgresql {
namespace {

using K = HazardKind;
using Kind = KnownConstraint::Kind;

bool may_be_null(const KnownRelation* table, const std::string& column) {
  if (table == nullptr) return false;
  const KnownColumn* known = table->column(column);
  if (known == nullptr || known->not_null) return false;
  return std::none_of(
      table->constraints.begin(), table->constraints.end(), [&](const KnownConstraint& constraint) {
        return constraint.is_valid &&
               std::find(constraint.not_null.begin(), constraint.not_null.end(), column) !=
                   constraint.not_null.end();
      });
}

K key_kind(const KnownRelation* table, const PgQuery__Constraint& constraint) {
  const bool is_primary = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  const bool uses_index = !is_empty(constraint.indexname);
  std::vector<std::string> columns = texts(nodes(constraint.keys, constraint.n_keys));
  if (uses_index && table != nullptr) {
    if (const KnownIndex* index = table->index(text(constraint.indexname))) {
      columns = index->columns;
    }
  }
  const bool nullable =
      is_primary && std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
        return may_be_null(table, column);
      });
  if (uses_index) return nullable ? K::kAddPrimaryKeyUsingIndexNullable : K::kAddKeyUsingIndex;
  if (!is_primary) return K::kAddUnique;
  return nullable ? K::kAddPrimaryKeyNullable : K::kAddPrimaryKey;
}

}  // namespace

void judge_add_constraint(Judging& judging, const PgQuery__RangeVar* table,
                          const PgQuery__Constraint& constraint) {
  const std::string name = text(constraint.conname);
  const ObjectName on = judging.names.of(table);
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      judging.add_below(constraint.skip_validation ? K::kAddCheckNotValid : K::kAddCheck, table,
                        name);
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      judging.add_below(constraint.skip_validation ? K::kAddForeignKeyNotValid : K::kAddForeignKey,
                        table, name, judging.names.of(constraint.pktable));
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      judging.add_below(key_kind(judging.catalog.find(on), constraint), table, name);
      if (!is_empty(constraint.indexname)) {
        judging.effects.lock({on.schema, text(constraint.indexname)},
                             LockMode::kShareUpdateExclusive, true);
      }
      return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
      judging.add_below(K::kAddExclude, table, name);
      return;
    default:
      judging.add(K::kUnknown, on, name);
      judging.unknown("this kind of constraint");
  }
}

void judge_validate(Judging& judging, const PgQuery__RangeVar* table, const std::string& name) {
  const ObjectName on = judging.names.of(table);
  const KnownRelation* known = judging.catalog.find(on);
  const KnownConstraint* constraint = known == nullptr ? nullptr : known->constraint(name);
  if (constraint == nullptr) {
    judging.add(K::kValidateCheck, on, name);
    return judging.unknown("whether " + name + " is a foreign key");
  }
  if (constraint->is_valid) {
    judging.add(K::kHarmless, on, name);
    return judging.effects.lock(on, LockMode::kShareUpdateExclusive);
  }
  if (constraint->kind == Kind::kForeignKey) {
    return judging.add(K::kValidateForeignKey, on, name, constraint->referred);
  }
  judging.add_below(K::kValidateCheck, table, name);
}

void judge_drop_constraint(Judging& judging, const PgQuery__RangeVar* table,
                           const PgQuery__AlterTableCmd& command) {
  const std::string name = text(command.name);
  const ObjectName on = judging.names.of(table);
  const KnownRelation* known = judging.catalog.find(on);
  const KnownConstraint* constraint = known == nullptr ? nullptr : known->constraint(name);
  if (constraint == nullptr) {
    judging.add_below(K::kDropConstraint, table, name);
    if (!command.missing_ok || known == nullptr) {
      judging.unknown("whether " + name + " is a foreign key");
    }
    return;
  }
  if (constraint->kind == Kind::kForeignKey) {
    return judging.add_below(K::kDropForeignKey, table, name, constraint->referred);
  }
  judging.add_below(K::kDropConstraint, table, name);
  if (command.behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) return;
  const bool is_key = constraint->kind == Kind::kPrimaryKey || constraint->kind == Kind::kUnique;
  for (const auto& [other, key] : judging.catalog.referring(on)) {
    if (is_key && (key->referred_columns.empty() || key->referred_columns == constraint->columns)) {
      judging.add(K::kDropForeignKey, other, key->name, on);
    }
  }
}

}  // namespace capo::lint::postgresql
