#include "lint/postgresql/table_steps.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "dialect/postgresql/expected_names.hpp"
#include "lint/postgresql/gentle_table.hpp"

namespace capo::lint::postgresql {
namespace {

using dialect::Identifier;
using dialect::QualifiedName;
using dialect::SqlWriter;

bool is_partitioned(const KnownRelation& table) {
  return table.kind == KnownRelation::Kind::kPartitioned;
}

PgQuery__Node node_of(PgQuery__AlterTableCmd& command) {
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_CMD;
  node.alter_table_cmd = &command;
  return node;
}

/// Values for rows that are there must be made and stored, in one go.
bool is_filled_by_server(const PgQuery__ColumnDef& column, const Catalog& catalog) {
  const KnownType type = type_of(column.type_name);
  const auto domain = catalog.domains.find({type.schema, type.name});
  if (domain != catalog.domains.end() && domain->second.is_constrained) return true;
  if (type.schema.empty() && type.name.find("serial") != std::string::npos) return true;
  const Nodes all = nodes(column.constraints, column.n_constraints);
  return std::any_of(all.begin(), all.end(), [](const PgQuery__Node* node) {
    return node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY ||
           node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED;
  });
}

}  // namespace

TableSteps::TableSteps(const PgQuery__AlterTableStmt& statement, const KnownRelation& table,
                       const Situation& situation, GentleSteps& steps)
    : statement_(statement), table_(table), situation_(situation), steps_(steps) {}

bool TableSteps::is_to_change(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      return is_constraint_to_change(*command.def->constraint);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
      return may_be_null(text(command.name));
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      return is_column_to_change(command);
    default:
      return false;
  }
}

bool TableSteps::is_constraint_to_change(const PgQuery__Constraint& constraint) {
  const std::string name = text(constraint.conname);
  const bool is_there = !name.empty() && table_.constraint(name) != nullptr;
  if (is_there && !situation_.as_before) return false;
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      if (constraint.skip_validation) return false;
      if (!is_partitioned(table_)) return true;
      kept_ = "a foreign key of a partitioned table cannot be NOT VALID";
      return false;
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      return !constraint.skip_validation;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      if (!is_empty(constraint.indexname)) return false;
      if (!is_partitioned(table_)) return true;
      kept_ = "a key of a partitioned table cannot rest on an index that is there";
      return false;
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
      kept_ = "EXCLUDE has no other way";
      return false;
    default:
      return false;
  }
}

bool TableSteps::is_column_to_change(const PgQuery__AlterTableCmd& command) {
  const PgQuery__ColumnDef& definition = *command.def->column_def;
  if (table_.column(text(definition.colname)) != nullptr && !situation_.as_before) return false;
  if (is_filled_by_server(definition, situation_.catalog)) {
    kept_ =
        "the values of serial, identity and stored generated columns, and of a type with "
        "constraints, are written in one go; add a plain column, backfill it, and make it one "
        "afterwards";
    return false;
  }
  const NewColumn column = take_apart(definition);
  if (column.volatile_default != nullptr && !has_primary_key()) {
    kept_ = "a backfill of the new column would go along the primary key, which " +
            table_.name.text() + " has not";
    return false;
  }
  const bool is_partitioned_key = is_partitioned(table_) && !column.constraints.empty();
  if (is_partitioned_key) return false;
  if (column.volatile_default != nullptr) return true;
  return std::any_of(column.constraints.begin(), column.constraints.end(),
                     [&](const PgQuery__Constraint& constraint) {
                       // Of a column that is NULL everywhere a foreign key reads nothing.
                       return constraint.contype != PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN ||
                              column.has_default;
                     });
}

bool TableSteps::may_be_null(const std::string& column) const {
  if (situation_.as_before) return true;
  const KnownColumn* known = table_.column(column);
  if (known != nullptr && known->not_null) return false;
  return std::none_of(
      table_.constraints.begin(), table_.constraints.end(), [&](const KnownConstraint& constraint) {
        return constraint.is_valid &&
               std::find(constraint.not_null.begin(), constraint.not_null.end(), column) !=
                   constraint.not_null.end();
      });
}

bool TableSteps::has_primary_key() const {
  return std::any_of(table_.constraints.begin(), table_.constraints.end(),
                     [](const KnownConstraint& constraint) {
                       return constraint.kind == KnownConstraint::Kind::kPrimaryKey;
                     });
}

TableSteps::NewColumn TableSteps::take_apart(const PgQuery__ColumnDef& definition) const {
  NewColumn column;
  for (const PgQuery__Node* node : nodes(definition.constraints, definition.n_constraints)) {
    const PgQuery__Constraint& constraint = *node->constraint;
    switch (constraint.contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        column.not_null = true;
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        column.has_default = !is_null_constant(constraint.raw_expr);
        if (is_volatile(constraint.raw_expr, situation_.catalog)) {
          column.volatile_default = constraint.raw_expr;
        }
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
      case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
        column.constraints.push_back(constraint);
        break;
      // What is said of the constraint before it.
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE:
        if (!column.constraints.empty()) column.constraints.back().deferrable = 1;
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED:
        if (!column.constraints.empty()) {
          column.constraints.back().deferrable = column.constraints.back().initdeferred = 1;
        }
        break;
      default:
        break;
    }
  }
  return column;
}

void TableSteps::change(const PgQuery__AlterTableCmd& command) {
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      return add_constraint(*command.def->constraint);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
      return add_not_null(text(command.name));
    default:
      return add_column(command);
  }
}

void TableSteps::add_as_they_are(std::vector<PgQuery__Node*> commands) {
  std::string what = "as it is";
  for (const PgQuery__Node* command : commands) {
    what += " " + std::to_string(command->alter_table_cmd->subtype) + " " +
            text(command->alter_table_cmd->name);
  }
  steps_.add(std::move(what), alter(std::move(commands)), std::nullopt);
}

void TableSteps::add_constraint(PgQuery__Constraint constraint) {
  std::string name = name_of(constraint);
  constraint.conname = name.data();
  const bool is_key = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY ||
                      constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE;
  if (is_key) {
    add_key(constraint, name);
  } else {
    add_validated(constraint, name);
  }
}

void TableSteps::add_validated(PgQuery__Constraint& constraint, const std::string& name) {
  constraint.skip_validation = 1;
  constraint.initially_valid = 0;
  SqlWriter undo = altering();
  undo << "DROP CONSTRAINT IF EXISTS " << Identifier(name);
  steps_.add("not valid " + name, adding(constraint), undo.str());
  SqlWriter validate = altering();
  validate << "VALIDATE CONSTRAINT " << Identifier(name);
  steps_.add("validate " + name, validate.str(), "", Guarded::kIfThere);
}

void TableSteps::add_key(PgQuery__Constraint& constraint, const std::string& name) {
  const bool is_primary = constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  for (const std::string& column : texts(nodes(constraint.keys, constraint.n_keys))) {
    if (is_primary && may_be_null(column)) add_not_null(column);
  }
  SqlWriter drop = situation_.dialect.writer();
  drop << "DROP INDEX CONCURRENTLY IF EXISTS " << QualifiedName{table_name().schema, name};
  steps_.add("index " + name, unique_index(constraint, name), drop.str(), Guarded::kNo);
  SqlWriter key = altering();
  key << "ADD CONSTRAINT " << Identifier(name);
  if (is_primary) {
    key << " PRIMARY KEY USING INDEX " << Identifier(name);
  } else {
    key << " UNIQUE USING INDEX " << Identifier(name);
  }
  if (constraint.deferrable) key << " DEFERRABLE";
  if (constraint.initdeferred) key << " INITIALLY DEFERRED";
  SqlWriter undo = altering();
  undo << "DROP CONSTRAINT IF EXISTS " << Identifier(name);
  steps_.add("key " + name, key.str(), undo.str());
}

/// A valid CHECK proves it, so that nothing is read under the strong lock; then it is in the way.
void TableSteps::add_not_null(const std::string& column) {
  const std::string name = dialect::postgresql::object_name(table_.name.name, column, "capo_nn");
  SqlWriter check = altering();
  check << "ADD CONSTRAINT " << Identifier(name) << " CHECK (" << Identifier(column)
        << " IS NOT NULL) NOT VALID";
  SqlWriter drop = altering();
  drop << "DROP CONSTRAINT IF EXISTS " << Identifier(name);
  steps_.add("not valid " + name, check.str(), drop.str());
  SqlWriter validate = altering();
  validate << "VALIDATE CONSTRAINT " << Identifier(name);
  steps_.add("validate " + name, validate.str(), "", Guarded::kIfThere);
  SqlWriter set = altering();
  set << "ALTER COLUMN " << Identifier(column) << " SET NOT NULL";
  SqlWriter back = altering();
  back << "ALTER COLUMN " << Identifier(column) << " DROP NOT NULL";
  steps_.add("not null " + column, set.str(), back.str());
  SqlWriter gone = altering();
  gone << "DROP CONSTRAINT " << Identifier(name);
  steps_.add_to_last("drop " + name, gone.str());
}

/// New rows have the default from the moment that the column is there; those that are there get it
/// by and by.
void TableSteps::add_column(const PgQuery__AlterTableCmd& command) {
  const PgQuery__ColumnDef& definition = *command.def->column_def;
  const std::string name = text(definition.colname);
  const NewColumn column = take_apart(definition);

  PgQuery__ColumnDef plain = definition;
  std::vector<PgQuery__Node*> staying;
  for (PgQuery__Node* node : nodes(definition.constraints, definition.n_constraints)) {
    const PgQuery__ConstrType type = node->constraint->contype;
    const bool stays =
        column.volatile_default == nullptr && (type == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL ||
                                               type == PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT);
    if (stays) staying.push_back(node);
  }
  plain.constraints = staying.data();
  plain.n_constraints = staying.size();
  PgQuery__Node plain_node = *command.def;
  plain_node.column_def = &plain;
  PgQuery__AlterTableCmd add = command;
  add.def = &plain_node;
  PgQuery__Node add_node = node_of(add);
  std::vector<PgQuery__Node*> commands = {&add_node};

  std::string default_name = name;
  PgQuery__AlterTableCmd set_default = PG_QUERY__ALTER_TABLE_CMD__INIT;
  set_default.subtype = PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault;
  set_default.name = default_name.data();
  set_default.behavior = command.behavior;
  // Only read from here on.
  set_default.def = const_cast<PgQuery__Node*>(column.volatile_default);
  PgQuery__Node default_node = node_of(set_default);
  if (column.volatile_default != nullptr) commands.push_back(&default_node);

  SqlWriter undo = altering();
  undo << "DROP COLUMN IF EXISTS " << Identifier(name);
  steps_.add("column " + name, alter(std::move(commands)), undo.str());
  if (column.volatile_default != nullptr) fill_column(name, column.not_null);
  for (PgQuery__Constraint constraint : column.constraints) {
    std::string key_name = name;
    PgQuery__String string = PG_QUERY__STRING__INIT;
    string.sval = key_name.data();
    PgQuery__Node key = PG_QUERY__NODE__INIT;
    key.node_case = PG_QUERY__NODE__NODE_STRING;
    key.string = &string;
    PgQuery__Node* keys[] = {&key};
    if (constraint.contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN) {
      constraint.fk_attrs = keys;
      constraint.n_fk_attrs = 1;
    } else if (constraint.contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK) {
      constraint.keys = keys;
      constraint.n_keys = 1;
    }
    add_constraint(constraint);
  }
}

void TableSteps::fill_column(const std::string& name, bool not_null) {
  SqlWriter set = situation_.dialect.writer();
  set << Identifier(name) << " = DEFAULT";
  SqlWriter missing = situation_.dialect.writer();
  missing << Identifier(name) << " IS NULL";
  // Small batches with rests: who wants a row, or the disk, waits for one of them at most.
  Backfill backfill{{.set = capo::SqlText{set.str()},
                     .where = capo::SqlText{missing.str()},
                     .batch = 500,
                     .duty = 60},
                    table_name().name,
                    {}};
  backfill.schema = table_name().schema;
  if (not_null) backfill.expect_no_rows = capo::SqlText{missing.str()};
  steps_.add_backfill("backfill " + name, backfill);
  if (not_null) add_not_null(name);
}

std::string TableSteps::name_of(PgQuery__Constraint& constraint) const {
  if (!is_empty(constraint.conname)) return text(constraint.conname);
  return new_name(adding(constraint), table_.name, NewName::kConstraint, situation_);
}

std::string TableSteps::unique_index(const PgQuery__Constraint& constraint,
                                     const std::string& name) const {
  SqlWriter sql = situation_.dialect.writer();
  sql << "CREATE UNIQUE INDEX CONCURRENTLY ";
  if (steps_.is_guarded()) sql << "IF NOT EXISTS ";
  sql << Identifier(name) << " ON " << table_name() << " (";
  const auto list = [&sql](const std::vector<std::string>& columns) {
    bool is_first = true;
    for (const std::string& column : columns) {
      if (!std::exchange(is_first, false)) sql << ", ";
      sql << Identifier(column);
    }
    sql << ")";
  };
  list(texts(nodes(constraint.keys, constraint.n_keys)));
  const std::vector<std::string> including =
      texts(nodes(constraint.including, constraint.n_including));
  if (!including.empty()) {
    sql << " INCLUDE (";
    list(including);
  }
  if (constraint.nulls_not_distinct) sql << " NULLS NOT DISTINCT";
  if (constraint.n_options == 0 && is_empty(constraint.indexspace)) return sql.str();

  const Tree tree(sql.str());
  if (tree.statements().empty()) return {};
  PgQuery__Node& node = *tree.statements().front()->stmt;
  PgQuery__IndexStmt changed = *node.index_stmt;
  changed.options = constraint.options;
  changed.n_options = constraint.n_options;
  changed.table_space = constraint.indexspace;
  PgQuery__Node changed_node = node;
  changed_node.index_stmt = &changed;
  return deparse(changed_node);
}

std::string TableSteps::alter(std::vector<PgQuery__Node*> commands) const {
  PgQuery__AlterTableStmt changed = statement_;
  changed.cmds = commands.data();
  changed.n_cmds = commands.size();
  PgQuery__Node node = PG_QUERY__NODE__INIT;
  node.node_case = PG_QUERY__NODE__NODE_ALTER_TABLE_STMT;
  node.alter_table_stmt = &changed;
  return deparse(node);
}

std::string TableSteps::alter(PgQuery__AlterTableCmd command) const {
  PgQuery__Node node = node_of(command);
  return alter(std::vector<PgQuery__Node*>{&node});
}

/// Its name is put in here, because libpg_query would not quote it.
std::string TableSteps::adding(PgQuery__Constraint constraint) const {
  std::string place(kNameToCome);
  const std::string name = text(constraint.conname);
  if (!name.empty()) constraint.conname = place.data();
  PgQuery__Node def = PG_QUERY__NODE__INIT;
  def.node_case = PG_QUERY__NODE__NODE_CONSTRAINT;
  def.constraint = &constraint;
  PgQuery__AlterTableCmd command = PG_QUERY__ALTER_TABLE_CMD__INIT;
  command.subtype = PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint;
  command.def = &def;
  command.behavior = PG_QUERY__DROP_BEHAVIOR__DROP_RESTRICT;
  if (name.empty()) return alter(command);
  SqlWriter quoted = situation_.dialect.writer();
  quoted << Identifier(name);
  return with_name(alter(command), quoted.str());
}

SqlWriter TableSteps::altering() const {
  SqlWriter sql = situation_.dialect.writer();
  sql << "ALTER TABLE ";
  if (statement_.missing_ok) sql << "IF EXISTS ";
  if (!statement_.relation->inh) sql << "ONLY ";
  sql << table_name() << " ";
  return sql;
}

QualifiedName TableSteps::table_name() const {
  return {text(statement_.relation->schemaname), text(statement_.relation->relname)};
}

}  // namespace capo::lint::postgresql
