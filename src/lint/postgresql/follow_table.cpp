#include "lint/postgresql/follow_table.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "dialect/postgresql/expected_names.hpp"
#include "lint/postgresql/bounds.hpp"

namespace capo::lint::postgresql {
namespace {

using Kind = KnownConstraint::Kind;

bool mentions(const std::vector<std::string>& columns, std::string_view column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

/// The name that PostgreSQL chooses; a number behind it where that one is taken.
template <class IsTaken>
std::string free_name(const std::string& table, const std::vector<std::string>& columns,
                      std::string_view label, IsTaken is_taken) {
  const std::string joined = base::join(columns, "_");
  for (int number = 0;; ++number) {
    const std::string with_number =
        std::string(label) + (number == 0 ? "" : std::to_string(number));
    std::string name = dialect::postgresql::object_name(table, joined, with_number);
    if (!is_taken(name)) return name;
  }
}

/// Names of indexes and of the constraints that have one are taken in the whole schema.
bool is_index_taken(const Catalog& catalog, const std::string& schema, const std::string& name) {
  return catalog.find({schema, name}) != nullptr ||
         catalog.find_index({schema, name}).second != nullptr;
}

void set_not_null(KnownRelation& table, const std::vector<std::string>& columns) {
  for (const std::string& name : columns) {
    if (KnownColumn* column = table.column(name)) column->not_null = true;
  }
}

void add_key(Catalog& catalog, KnownRelation& table, const PgQuery__Constraint& source,
             std::vector<std::string> columns) {
  const bool is_primary = source.contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
  KnownConstraint constraint{.name = text(source.conname),
                             .kind = is_primary ? Kind::kPrimaryKey : Kind::kUnique,
                             .columns = std::move(columns)};
  if (!is_empty(source.indexname)) {
    const std::string index_name = text(source.indexname);
    for (KnownIndex& index : table.indexes) {
      if (index.name != index_name) continue;
      constraint.columns = index.columns;
      if (constraint.name.empty()) constraint.name = index.name;
      index.name = constraint.name;
      index.is_of_constraint = true;
    }
    if (constraint.name.empty()) constraint.name = index_name;
  } else {
    if (constraint.name.empty()) {
      std::vector<std::string> named_by;
      if (!is_primary) named_by = constraint.columns;
      for (std::string& column : texts(nodes(source.including, source.n_including))) {
        if (!is_primary) named_by.push_back(std::move(column));
      }
      constraint.name = free_name(table.name.name, named_by, is_primary ? "pkey" : "key",
                                  [&](const std::string& name) {
                                    return is_index_taken(catalog, table.name.schema, name);
                                  });
    }
    table.indexes.push_back({.name = constraint.name,
                             .columns = constraint.columns,
                             .is_unique = true,
                             .is_of_constraint = true});
  }
  if (is_primary) set_not_null(table, constraint.columns);
  table.constraints.push_back(std::move(constraint));
}

/// No columns behind REFERENCES are the primary key's.
std::vector<std::string> primary_key_of(const Catalog& catalog, const ObjectName& name) {
  const KnownRelation* table = catalog.find(name);
  if (table == nullptr) return {};
  for (const KnownConstraint& constraint : table->constraints) {
    if (constraint.kind == Kind::kPrimaryKey) return constraint.columns;
  }
  return {};
}

void add_other(const Catalog& catalog, KnownRelation& table, const PgQuery__Constraint& source,
               std::vector<std::string> columns) {
  const Names names(catalog.default_schema);
  KnownConstraint constraint{.name = text(source.conname),
                             .columns = std::move(columns),
                             .is_valid = !source.skip_validation};
  std::string_view label = "check";
  std::vector<std::string> named_by;
  if (source.contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN) {
    constraint.kind = Kind::kForeignKey;
    constraint.referred = names.of(source.pktable);
    constraint.referred_columns = texts(nodes(source.pk_attrs, source.n_pk_attrs));
    if (constraint.referred_columns.empty()) {
      constraint.referred_columns = primary_key_of(catalog, constraint.referred);
    }
    label = "fkey";
    named_by = constraint.columns;
  } else {
    constraint.columns = columns_in(source.raw_expr);
    constraint.not_null = kept_from_null(source.raw_expr);
    constraint.bounds = bounds_in(source.raw_expr, table);
    if (constraint.columns.size() == 1) named_by = constraint.columns;
  }
  if (constraint.name.empty()) {
    constraint.name = free_name(table.name.name, named_by, label, [&](const std::string& name) {
      return table.constraint(name) != nullptr;
    });
  }
  table.constraints.push_back(std::move(constraint));
}

void add_exclude(Catalog& catalog, KnownRelation& table, const PgQuery__Constraint& source) {
  std::vector<std::string> columns;
  for (const PgQuery__Node* node : nodes(source.exclusions, source.n_exclusions)) {
    for (const PgQuery__Node* part : items(node)) {
      if (part->node_case != PG_QUERY__NODE__NODE_INDEX_ELEM) continue;
      if (!is_empty(part->index_elem->name)) columns.push_back(text(part->index_elem->name));
    }
  }
  KnownConstraint constraint{
      .name = text(source.conname), .kind = Kind::kExclude, .columns = columns};
  if (constraint.name.empty()) {
    constraint.name = free_name(table.name.name, columns, "excl", [&](const std::string& name) {
      return is_index_taken(catalog, table.name.schema, name);
    });
  }
  table.indexes.push_back(
      {.name = constraint.name, .columns = columns, .is_plain = false, .is_of_constraint = true});
  table.constraints.push_back(std::move(constraint));
}

/// `column`: of one that is said behind a column.
void add_constraint(Catalog& catalog, KnownRelation& table, const PgQuery__Constraint& source,
                    const std::string& column = {}) {
  std::vector<std::string> columns;
  if (!column.empty()) columns = {column};
  switch (source.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
      if (column.empty()) columns = texts(nodes(source.keys, source.n_keys));
      return add_key(catalog, table, source, std::move(columns));
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
      if (column.empty()) columns = texts(nodes(source.fk_attrs, source.n_fk_attrs));
      return add_other(catalog, table, source, std::move(columns));
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
      return add_other(catalog, table, source, {});
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
      return add_exclude(catalog, table, source);
    default:
      return;
  }
}

void add_column(Catalog& catalog, KnownRelation& table, const PgQuery__ColumnDef& source) {
  KnownColumn column{.name = text(source.colname),
                     .type = type_of(source.type_name),
                     .collation = collation_of(source.coll_clause)};
  if (table.column(column.name) != nullptr) return;
  const bool is_serial = column.type.name.find("serial") != std::string::npos;
  if (is_serial) {
    column.type.name = column.type.name == "bigserial"     ? "int8"
                       : column.type.name == "smallserial" ? "int2"
                                                           : "int4";
    column.not_null = column.has_default = true;
  }
  const Nodes constraints = nodes(source.constraints, source.n_constraints);
  for (const PgQuery__Node* node : constraints) {
    switch (node->constraint->contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        column.not_null = true;
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        column.has_default = !is_null_constant(node->constraint->raw_expr);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY:
        column.not_null = column.has_default = true;
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
        column.is_generated = true;
        break;
      default:
        break;
    }
  }
  const std::string name = column.name;
  table.columns.push_back(std::move(column));
  for (const PgQuery__Node* node : constraints) {
    add_constraint(catalog, table, *node->constraint, name);
  }
}

void drop_column(KnownRelation& table, const std::string& name) {
  std::erase_if(table.columns, [&](const KnownColumn& column) { return column.name == name; });
  std::erase_if(table.indexes,
                [&](const KnownIndex& index) { return mentions(index.columns, name); });
  std::erase_if(table.constraints, [&](const KnownConstraint& constraint) {
    return mentions(constraint.columns, name);
  });
}

/// A key with a primary key behind it that names no columns means that one's.
void drop_constraint(KnownRelation& table, const std::string& name) {
  std::erase_if(table.constraints,
                [&](const KnownConstraint& constraint) { return constraint.name == name; });
  std::erase_if(table.indexes, [&](const KnownIndex& index) {
    return index.is_of_constraint && index.name == name;
  });
}

void like(Catalog& catalog, KnownRelation& table, const PgQuery__TableLikeClause& clause) {
  const KnownRelation* source = catalog.find(Names(catalog.default_schema).of(clause.relation));
  if (source == nullptr) return;
  for (KnownColumn column : source->columns) table.columns.push_back(std::move(column));
}

void attach(Catalog& catalog, const ObjectName& parent, const ObjectName& child,
            const PgQuery__PartitionBoundSpec* bound) {
  if (KnownRelation* known = catalog.find(parent)) known->partitions.push_back(child);
  KnownRelation* known = catalog.find(child);
  if (known == nullptr) return;
  known->parent = parent;
  known->is_default_partition = bound != nullptr && bound->is_default;
}

void detach(Catalog& catalog, const ObjectName& parent, const ObjectName& child) {
  if (KnownRelation* known = catalog.find(parent)) std::erase(known->partitions, child);
  if (KnownRelation* known = catalog.find(child)) {
    known->parent = {};
    known->is_default_partition = false;
  }
}

void inherit(Catalog& catalog, KnownRelation& table, const PgQuery__CreateStmt& statement) {
  const Names names(catalog.default_schema);
  for (const PgQuery__Node* node : nodes(statement.inh_relations, statement.n_inh_relations)) {
    const KnownRelation* parent = catalog.find(names.of(node));
    if (parent == nullptr) continue;
    table.columns.insert(table.columns.end(), parent->columns.begin(), parent->columns.end());
    for (const KnownConstraint& constraint : parent->constraints) {
      const bool is_partition = statement.partbound != nullptr;
      if (is_partition || constraint.kind == Kind::kCheck) table.constraints.push_back(constraint);
    }
  }
}

void alter_column_type(Catalog& catalog, KnownRelation& table,
                       const PgQuery__AlterTableCmd& command) {
  (void)catalog;
  KnownColumn* column = table.column(text(command.name));
  if (column == nullptr) return;
  column->type = type_of(command.def->column_def->type_name);
  column->collation = collation_of(command.def->column_def->coll_clause);
}

ObjectName partition_of(const PgQuery__AlterTableCmd& command, const Names& names) {
  return names.of(command.def->partition_cmd->name);
}

void follow_command(Catalog& catalog, KnownRelation& table, const PgQuery__AlterTableCmd& command) {
  const Names names(catalog.default_schema);
  const std::string name = text(command.name);
  KnownColumn* column = table.column(name);
  switch (command.subtype) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
      return add_column(catalog, table, *command.def->column_def);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
      return drop_column(table, name);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
      if (column != nullptr) column->has_default = command.def != nullptr;
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
      if (column != nullptr) {
        column->not_null = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull;
      }
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
      return alter_column_type(catalog, table, command);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
      return add_constraint(catalog, table, *command.def->constraint);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
      return drop_constraint(table, name);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      if (KnownConstraint* constraint = table.constraint(name)) constraint->is_valid = true;
      return;
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition:
      return attach(catalog, table.name, partition_of(command, names),
                    command.def->partition_cmd->bound);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition:
      return detach(catalog, table.name, partition_of(command, names));
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
      return attach(catalog, names.of(command.def), table.name, nullptr);
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
      return detach(catalog, names.of(command.def), table.name);
    default:
      return;
  }
}

bool goes_below(PgQuery__AlterTableType command) {
  switch (command) {
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
    case PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint:
      return true;
    default:
      return false;
  }
}

}  // namespace

void follow_create_table(Catalog& catalog, const PgQuery__CreateStmt& statement) {
  const Names names(catalog.default_schema);
  const ObjectName name = names.of(statement.relation);
  if (catalog.find(name) != nullptr) return;
  KnownRelation made{.name = name, .is_new = true};
  if (statement.partspec != nullptr) {
    made.kind = KnownRelation::Kind::kPartitioned;
    made.is_partitioned_plainly = true;
    for (const PgQuery__Node* node :
         nodes(statement.partspec->part_params, statement.partspec->n_part_params)) {
      const PgQuery__PartitionElem& element = *node->partition_elem;
      made.is_partitioned_plainly = made.is_partitioned_plainly && !is_empty(element.name);
      if (!is_empty(element.name)) made.partition_columns.push_back(text(element.name));
      for (std::string& column : columns_in(element.expr)) {
        made.partition_columns.push_back(std::move(column));
      }
    }
  }
  inherit(catalog, made, statement);
  KnownRelation& table = catalog.relations.emplace(name, std::move(made)).first->second;
  for (const PgQuery__Node* node : nodes(statement.table_elts, statement.n_table_elts)) {
    if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
      add_column(catalog, table, *node->column_def);
    } else if (node->node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) {
      like(catalog, table, *node->table_like_clause);
    }
  }
  for (const PgQuery__Node* node : nodes(statement.table_elts, statement.n_table_elts)) {
    if (node->node_case == PG_QUERY__NODE__NODE_CONSTRAINT) {
      add_constraint(catalog, table, *node->constraint);
    }
  }
  for (const PgQuery__Node* node : nodes(statement.inh_relations, statement.n_inh_relations)) {
    attach(catalog, names.of(node), name, statement.partbound);
  }
}

void follow_alter_table(Catalog& catalog, const PgQuery__AlterTableStmt& statement) {
  const ObjectName name = Names(catalog.default_schema).of(statement.relation);
  KnownRelation* table = catalog.find(name);
  if (table == nullptr) return;
  for (const PgQuery__Node* node : nodes(statement.cmds, statement.n_cmds)) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    follow_command(catalog, *table, command);
    if (!statement.relation->inh || !goes_below(command.subtype)) continue;
    std::vector<ObjectName> below = table->partitions;
    for (std::size_t i = 0; i < below.size(); ++i) {
      KnownRelation* child = catalog.find(below[i]);
      if (child == nullptr) continue;
      follow_command(catalog, *child, command);
      below.insert(below.end(), child->partitions.begin(), child->partitions.end());
    }
  }
}

void follow_index(Catalog& catalog, const PgQuery__IndexStmt& statement) {
  KnownRelation* table = catalog.find(Names(catalog.default_schema).of(statement.relation));
  if (table == nullptr) return;
  KnownIndex index{.name = text(statement.idxname),
                   .is_unique = statement.unique != 0,
                   .is_plain = statement.where_clause == nullptr};
  std::vector<std::string> named_by;
  for (const PgQuery__Node* node : nodes(statement.index_params, statement.n_index_params)) {
    const PgQuery__IndexElem& element = *node->index_elem;
    if (!is_empty(element.name)) {
      index.columns.push_back(text(element.name));
      named_by.push_back(text(element.name));
      continue;
    }
    index.is_plain = false;
    named_by.emplace_back("expr");
    for (std::string& column : columns_in(element.expr)) index.columns.push_back(std::move(column));
  }
  for (const PgQuery__Node* node :
       nodes(statement.index_including_params, statement.n_index_including_params)) {
    named_by.push_back(text(node->index_elem->name));
  }
  for (std::string& column : columns_in(statement.where_clause)) {
    index.columns.push_back(std::move(column));
  }
  if (index.name.empty()) {
    index.name = free_name(table->name.name, named_by, "idx", [&](const std::string& name) {
      return is_index_taken(catalog, table->name.schema, name);
    });
  }
  if (!is_index_taken(catalog, table->name.schema, index.name)) table->indexes.push_back(index);
}

}  // namespace capo::lint::postgresql
