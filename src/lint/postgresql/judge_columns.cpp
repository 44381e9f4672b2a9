// ALTER TABLE: columns and their types.

#include <algorithm>

#include "lint/postgresql/alter_table.hpp"
#include "lint/postgresql/type_change.hpp"

namespace capo::lint::postgresql {
namespace {

using K = HazardKind;

bool is_serial(const KnownType& type) {
  return type.schema.empty() && (type.name.find("serial") != std::string::npos);
}

/// What an added column's definition says.
struct Added {
  bool is_filled = false;    ///< every row gets a value that must be computed and stored
  bool has_default = false;  ///< other than NULL
  bool not_null = false;
};

Added read(const PgQuery__ColumnDef& column, const Catalog& catalog) {
  Added added;
  const KnownType type = type_of(column.type_name);
  const auto domain = catalog.domains.find({type.schema, type.name});
  added.is_filled =
      is_serial(type) || (domain != catalog.domains.end() && domain->second.is_constrained);
  added.has_default = is_serial(type);
  for (const PgQuery__Node* node : nodes(column.constraints, column.n_constraints)) {
    const PgQuery__Constraint& constraint = *node->constraint;
    switch (constraint.contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
      case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        added.not_null = true;
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        added.has_default = !is_null_constant(constraint.raw_expr);
        added.is_filled = added.is_filled || is_volatile(constraint.raw_expr, catalog);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
      case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
        added.has_default = true;
        added.is_filled = true;
        break;
      default:
        break;
    }
  }
  return added;
}

bool is_mentioned(const std::vector<std::string>& columns, const std::string& column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

/// USING that says no more than the type does: `c`, `c::type`.
bool is_plain_conversion(const PgQuery__Node* expression, const std::string& column,
                         const KnownType& to) {
  if (expression == nullptr) return true;
  if (expression->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) {
    return type_of(expression->type_cast->type_name) == to &&
           is_plain_conversion(expression->type_cast->arg, column, to);
  }
  return expression->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
         columns_in(expression) == std::vector<std::string>{column};
}

/// Foreign keys over the column are made anew: the tables at their other ends are locked.
void add_keys_over(Judging& judging, const KnownRelation& table, const std::string& column,
                   bool is_rewritten) {
  for (const KnownConstraint& constraint : table.constraints) {
    const bool is_over = constraint.kind == KnownConstraint::Kind::kForeignKey &&
                         is_mentioned(constraint.columns, column);
    if (!is_over) continue;
    judging.effects.lock(constraint.referred, LockMode::kAccessExclusive);
    if (is_rewritten) judging.effects.scan(constraint.referred);
  }
  for (const auto& [other, key] : judging.catalog.referring(table.name)) {
    if (!is_mentioned(key->referred_columns, column)) continue;
    judging.effects.lock(other, LockMode::kAccessExclusive);
    if (is_rewritten) judging.effects.scan(other);
  }
}

}  // namespace

void judge_add_column(Judging& judging, const PgQuery__RangeVar* table,
                      const PgQuery__ColumnDef& column) {
  const Added added = read(column, judging.catalog);
  const std::string name = text(column.colname);
  const bool is_required = added.not_null && !added.has_default;
  judging.add_below(added.is_filled ? K::kAddColumnRewriting
                    : is_required   ? K::kAddColumnRequired
                                    : K::kAddColumn,
                    table, name);
  for (const PgQuery__Node* node : nodes(column.constraints, column.n_constraints)) {
    const PgQuery__Constraint& constraint = *node->constraint;
    switch (constraint.contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        judging.add_below(K::kAddColumnChecked, table, name);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        judging.add_below(K::kAddColumnUnique, table, name);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
        judging.add_below(
            added.has_default ? K::kAddColumnReferencingWithDefault : K::kAddColumnReferencing,
            table, name, judging.names.of(constraint.pktable));
        break;
      default:
        break;
    }
  }
}

void judge_column_type(Judging& judging, const PgQuery__RangeVar* table,
                       const PgQuery__AlterTableCmd& command) {
  const std::string name = text(command.name);
  const ObjectName on = judging.names.of(table);
  const PgQuery__ColumnDef& definition = *command.def->column_def;
  const KnownType to = type_of(definition.type_name);
  const KnownRelation* known = judging.catalog.find(on);
  const KnownColumn* column = known == nullptr ? nullptr : known->column(name);
  if (column == nullptr) {
    judging.add_below(K::kTypeRewriting, table, name);
    return judging.unknown("the type that " + on.text() + "." + name +
                           " has now, so the worst is taken");
  }
  TypeJudgement judgement =
      judge_type_change(column->type, to, judging.catalog, judging.server.is_utc);
  if (!is_plain_conversion(definition.raw_default, name, to)) {
    judgement = {TypeChange::kRewrite, Loss::kNone};
  }
  const std::string collation = collation_of(definition.coll_clause);
  if (judgement.change == TypeChange::kNothing && collation != column->collation) {
    judgement.change = TypeChange::kIndexes;
  }
  const bool is_indexed =
      std::any_of(known->indexes.begin(), known->indexes.end(),
                  [&](const KnownIndex& index) { return is_mentioned(index.columns, name); });
  const bool is_checked = std::any_of(known->constraints.begin(), known->constraints.end(),
                                      [&](const KnownConstraint& constraint) {
                                        return constraint.kind == KnownConstraint::Kind::kCheck &&
                                               is_mentioned(constraint.columns, name);
                                      });
  const bool only_indexes = judgement.change == TypeChange::kIndexes && is_indexed;
  const K kind = judgement.change == TypeChange::kRewrite ? K::kTypeRewriting
                 : only_indexes                           ? K::kTypeIndexes
                 : is_checked                             ? K::kTypeChecked
                                                          : K::kTypeUnchanged;
  judging.add_below(kind, table, name);
  if (only_indexes) {
    for (const KnownIndex& index : known->indexes) {
      if (is_mentioned(index.columns, name)) {
        judging.effects.rebuilds.push_back({on.schema, index.name});
      }
    }
  }
  add_keys_over(judging, *known, name, judgement.change == TypeChange::kRewrite);
  if (judgement.loss == Loss::kLoses) {
    judging.destroy("what of the values of " + on.text() + "." + name + " does not fit " + to.name);
  }
}

void judge_set_not_null(Judging& judging, const PgQuery__RangeVar* table, const std::string& name,
                        const std::vector<std::string>& dropped) {
  const KnownRelation* known = judging.catalog.find(judging.names.of(table));
  const KnownColumn* column = known == nullptr ? nullptr : known->column(name);
  bool is_proved = column != nullptr && column->not_null;
  if (known != nullptr) {
    for (const KnownConstraint& constraint : known->constraints) {
      is_proved = is_proved || (constraint.is_valid && is_mentioned(constraint.not_null, name) &&
                                !is_mentioned(dropped, constraint.name));
    }
  }
  judging.add_below(is_proved ? K::kSetNotNullProved : K::kSetNotNull, table, name);
}

void judge_drop_column(Judging& judging, const PgQuery__RangeVar* table,
                       const PgQuery__AlterTableCmd& command) {
  const std::string name = text(command.name);
  const ObjectName on = judging.names.of(table);
  judging.add_below(K::kDropColumn, table, name);
  judging.destroy("the values of " + on.text() + "." + name);
  const KnownRelation* known = judging.catalog.find(on);
  if (known == nullptr) return;
  // Constraints over it go with it.
  for (const KnownConstraint& constraint : known->constraints) {
    const bool goes = constraint.kind == KnownConstraint::Kind::kForeignKey &&
                      is_mentioned(constraint.columns, name);
    if (goes) judging.effects.lock(constraint.referred, LockMode::kAccessExclusive);
  }
  for (const auto& [other, key] : judging.catalog.referring(on)) {
    if (is_mentioned(key->referred_columns, name)) {
      judging.effects.lock(other, LockMode::kAccessExclusive);
    }
  }
}

}  // namespace capo::lint::postgresql
