// How what is known goes on after a statement.

#include <algorithm>

#include "lint/postgresql/follow_table.hpp"
#include "lint/postgresql/guard.hpp"
#include "lint/postgresql/judge.hpp"

namespace capo::lint::postgresql {
namespace {

void forget(Catalog& catalog, const ObjectName& name) {
  KnownRelation* gone = catalog.find(name);
  if (gone == nullptr) return;
  for (const ObjectName& below : std::vector<ObjectName>(gone->partitions)) {
    const KnownRelation* child = catalog.find(below);
    if (child != nullptr && gone->kind == KnownRelation::Kind::kPartitioned) forget(catalog, below);
  }
  if (KnownRelation* parent = catalog.find(gone->parent)) std::erase(parent->partitions, name);
  for (auto& [other, relation] : catalog.relations) {
    std::erase_if(relation.constraints, [&](const KnownConstraint& constraint) {
      return constraint.kind == KnownConstraint::Kind::kForeignKey && constraint.referred == name;
    });
  }
  catalog.relations.erase(name);
}

void forget_index(Catalog& catalog, const ObjectName& name) {
  const auto [table, index] = catalog.find_index(name);
  if (table == nullptr) return;
  std::erase_if(table->indexes, [&](const KnownIndex& one) { return one.name == name.name; });
}

void follow_drop(Catalog& catalog, const PgQuery__DropStmt& statement) {
  const Names names(catalog.default_schema);
  for (const PgQuery__Node* node : nodes(statement.objects, statement.n_objects)) {
    switch (statement.remove_type) {
      case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
      case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
        forget(catalog, names.of(node));
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
        forget_index(catalog, names.of(node));
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
        catalog.domains.erase(names.of(node));
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
        catalog.functions.erase(names.of(node));
        break;
      case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: {
        const std::string schema = names.of(node).name;
        std::erase_if(catalog.relations,
                      [&](const auto& entry) { return entry.first.schema == schema; });
        break;
      }
      default:
        break;
    }
  }
}

void rename_in(std::vector<std::string>& columns, const std::string& from, const std::string& to) {
  std::replace(columns.begin(), columns.end(), from, to);
}

void rename_column(Catalog& catalog, const ObjectName& table, const std::string& from,
                   const std::string& to) {
  KnownRelation* known = catalog.find(table);
  if (known == nullptr) return;
  if (KnownColumn* column = known->column(from)) column->name = to;
  rename_in(known->partition_columns, from, to);
  for (KnownIndex& index : known->indexes) rename_in(index.columns, from, to);
  for (KnownConstraint& constraint : known->constraints) {
    rename_in(constraint.columns, from, to);
    rename_in(constraint.not_null, from, to);
    for (KnownBound& bound : constraint.bounds) {
      if (bound.column == from) bound.column = to;
    }
  }
  for (auto& [other, relation] : catalog.relations) {
    for (KnownConstraint& constraint : relation.constraints) {
      if (constraint.referred == table) rename_in(constraint.referred_columns, from, to);
    }
  }
}

/// Whoever names the relation follows.
void move_relation(Catalog& catalog, const ObjectName& from, const ObjectName& to) {
  auto moved = catalog.relations.extract(from);
  if (moved.empty()) return;
  moved.key() = to;
  moved.mapped().name = to;
  catalog.relations.insert(std::move(moved));
  for (auto& [name, relation] : catalog.relations) {
    if (relation.parent == from) relation.parent = to;
    std::replace(relation.partitions.begin(), relation.partitions.end(), from, to);
    std::replace(relation.reads.begin(), relation.reads.end(), from, to);
    for (KnownConstraint& constraint : relation.constraints) {
      if (constraint.referred == from) constraint.referred = to;
    }
  }
}

void follow_rename(Catalog& catalog, const PgQuery__RenameStmt& statement) {
  const Names names(catalog.default_schema);
  const ObjectName on = names.of(statement.relation);
  const std::string to = text(statement.newname);
  switch (statement.rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return move_relation(catalog, on, {on.schema, to});
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      return rename_column(catalog, on, text(statement.subname), to);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT: {
      KnownRelation* known = catalog.find(on);
      if (known == nullptr) return;
      const std::string from = text(statement.subname);
      if (KnownConstraint* constraint = known->constraint(from)) constraint->name = to;
      for (KnownIndex& index : known->indexes) {
        if (index.is_of_constraint && index.name == from) index.name = to;
      }
      return;
    }
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: {
      const auto [table, index] = catalog.find_index(on);
      if (table == nullptr) return;
      for (KnownIndex& one : table->indexes) {
        if (one.name == on.name) one.name = to;
      }
      return;
    }
    default:
      return;
  }
}

void add_view(Catalog& catalog, const ObjectName& name, KnownRelation::Kind kind,
              const ProtobufCMessage* query) {
  KnownRelation view{.name = name, .kind = kind, .is_new = true};
  view.reads = relations_in(query, Names(catalog.default_schema));
  if (const KnownRelation* before = catalog.find(name)) view.is_new = before->is_new;
  catalog.relations.insert_or_assign(name, std::move(view));
}

void follow_table_as(Catalog& catalog, const PgQuery__CreateTableAsStmt& statement) {
  const ObjectName name = Names(catalog.default_schema).of(statement.into->rel);
  if (catalog.find(name) != nullptr) return;
  const bool is_view = statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW;
  add_view(catalog, name,
           is_view ? KnownRelation::Kind::kMaterializedView : KnownRelation::Kind::kTable,
           &statement.query->base);
  if (!is_view) catalog.relations.at(name).reads.clear();
}

void follow_domain(Catalog& catalog, const PgQuery__CreateDomainStmt& statement) {
  const ObjectName name =
      Names(catalog.default_schema).of(nodes(statement.domainname, statement.n_domainname));
  KnownDomain domain{.name = name, .base = type_of(statement.type_name)};
  for (const PgQuery__Node* node : nodes(statement.constraints, statement.n_constraints)) {
    const PgQuery__ConstrType type = node->constraint->contype;
    domain.is_constrained = domain.is_constrained || type == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK ||
                            type == PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL;
  }
  catalog.domains.insert_or_assign(name, std::move(domain));
}

void follow_alter_domain(Catalog& catalog, const PgQuery__AlterDomainStmt& statement) {
  const auto found = catalog.domains.find(
      Names(catalog.default_schema).of(nodes(statement.type_name, statement.n_type_name)));
  if (found == catalog.domains.end()) return;
  const std::string command = text(statement.subtype);
  if (command == "C" || command == "O") found->second.is_constrained = true;
}

void follow_function(Catalog& catalog, const PgQuery__CreateFunctionStmt& statement) {
  const ObjectName name =
      Names(catalog.default_schema).of(nodes(statement.funcname, statement.n_funcname));
  char kind = 'v';
  const PgQuery__DefElem* said =
      option(nodes(statement.options, statement.n_options), "volatility");
  if (said != nullptr && said->arg != nullptr &&
      said->arg->node_case == PG_QUERY__NODE__NODE_STRING) {
    const std::string word = text(said->arg->string->sval);
    if (!word.empty()) kind = word.front();
  }
  catalog.functions.insert_or_assign(name, kind);
}

void follow_schema(Catalog& catalog, const PgQuery__AlterObjectSchemaStmt& statement) {
  if (statement.relation == nullptr) return;
  const ObjectName from = Names(catalog.default_schema).of(statement.relation);
  const std::string to = text(statement.newschema);
  move_relation(catalog, from, {to == catalog.default_schema ? "" : to, from.name});
}

}  // namespace

void follow(const std::string& sql, Catalog& catalog) {
  const std::optional<Guard> guard = guard_of(sql);
  const Tree tree(guard ? guard->statement : sql);
  const Names names(catalog.default_schema);
  for (const PgQuery__RawStmt* raw : tree.statements()) {
    const PgQuery__Node& node = *raw->stmt;
    switch (node.node_case) {
      case PG_QUERY__NODE__NODE_CREATE_STMT:
        follow_create_table(catalog, *node.create_stmt);
        break;
      case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
        follow_alter_table(catalog, *node.alter_table_stmt);
        break;
      case PG_QUERY__NODE__NODE_INDEX_STMT:
        follow_index(catalog, *node.index_stmt);
        break;
      case PG_QUERY__NODE__NODE_DROP_STMT:
        follow_drop(catalog, *node.drop_stmt);
        break;
      case PG_QUERY__NODE__NODE_RENAME_STMT:
        follow_rename(catalog, *node.rename_stmt);
        break;
      case PG_QUERY__NODE__NODE_VIEW_STMT:
        add_view(catalog, names.of(node.view_stmt->view), KnownRelation::Kind::kView,
                 &node.view_stmt->query->base);
        break;
      case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
        follow_table_as(catalog, *node.create_table_as_stmt);
        break;
      case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
        follow_domain(catalog, *node.create_domain_stmt);
        break;
      case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT:
        follow_alter_domain(catalog, *node.alter_domain_stmt);
        break;
      case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
        follow_function(catalog, *node.create_function_stmt);
        break;
      case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
        follow_schema(catalog, *node.alter_object_schema_stmt);
        break;
      default:
        break;
    }
  }
}

}  // namespace capo::lint::postgresql
