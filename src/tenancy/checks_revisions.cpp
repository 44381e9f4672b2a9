#include <algorithm>
#include <set>

#include "lint/postgresql/tree.hpp"
#include "tenancy/check.hpp"
#include "tenancy/policies.hpp"

/// Revisions that the database has not: what they do to tables that have policies by now.
namespace capo::tenancy {
namespace {

namespace pg = lint::postgresql;

/// The role that migrates, and where its work is limited by policies.
class Migrator {
 public:
  explicit Migrator(const Material& material) : material_(material) {
    const Role* owner = material.facts.role(material.description.owner);
    role_ = owner != nullptr ? owner : material.facts.role(material.facts.current_role);
  }

  std::string name() const { return role_ == nullptr ? "" : role_->name; }
  const Relation* limited(const PgQuery__RangeVar* range) const {
    if (range == nullptr || role_ == nullptr) return nullptr;
    const std::string schema = pg::text(range->schemaname);
    const std::string table = pg::text(range->relname);
    const Relation* relation = material_.facts.find(schema.empty() ? table : schema + "." + table);
    if (relation == nullptr || unforced_.contains(relation->oid)) return nullptr;
    if (!material_.holds_tenants_rows(*relation)) return nullptr;
    return material_.bypasses(role_->oid, *relation) ? nullptr : relation;
  }
  /// `ALTER TABLE … NO FORCE ROW LEVEL SECURITY` lets an owner work; FORCE ends that.
  void follow(const PgQuery__AlterTableStmt& alter) {
    const Relation* relation = material_.facts.find(pg::text(alter.relation->relname));
    if (relation == nullptr) return;
    for (const PgQuery__Node* node : pg::nodes(alter.cmds, alter.n_cmds)) {
      if (node->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_CMD) continue;
      switch (node->alter_table_cmd->subtype) {
        case PG_QUERY__ALTER_TABLE_TYPE__AT_NoForceRowSecurity:
        case PG_QUERY__ALTER_TABLE_TYPE__AT_DisableRowSecurity:
          unforced_.insert(relation->oid);
          break;
        case PG_QUERY__ALTER_TABLE_TYPE__AT_ForceRowSecurity:
        case PG_QUERY__ALTER_TABLE_TYPE__AT_EnableRowSecurity:
          unforced_.erase(relation->oid);
          break;
        default:
          break;
      }
    }
  }

 private:
  const Material& material_;
  const Role* role_ = nullptr;
  std::set<Oid> unforced_ = {};
};

// Calls `visit` with each statement's tree, in order.
template <typename Visit>
void each_statement(const Material& material, const Visit& visit) {
  for (const PendingRevision& revision : material.pending) {
    for (const dialect::Statement& statement : revision.statements) {
      const pg::Tree tree(statement.sql);
      for (const PgQuery__RawStmt* raw : tree.statements()) {
        if (raw->stmt != nullptr) visit(*raw->stmt, statement);
      }
    }
  }
}

void add(const Material& material, Findings& findings, const Relation& relation,
         const dialect::Statement& statement, const std::string& text, const std::string& by_hand) {
  findings.add({.object = material.shown(relation),
                .text = text,
                .evidence = statement.sql,
                .why_no_fix = by_hand,
                .at = statement.origin});
}

const PgQuery__RangeVar* written(const PgQuery__Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
      return node.update_stmt->relation;
    case PG_QUERY__NODE__NODE_DELETE_STMT:
      return node.delete_stmt->relation;
    case PG_QUERY__NODE__NODE_INSERT_STMT:
      return node.insert_stmt->relation;
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return node.merge_stmt->relation;
    default:
      return nullptr;
  }
}

void find_blind_writes(const Material& material, Findings& findings) {
  Migrator migrator(material);
  each_statement(material, [&](const PgQuery__Node& node, const dialect::Statement& statement) {
    if (node.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) {
      migrator.follow(*node.alter_table_stmt);
    }
    const Relation* relation = migrator.limited(written(node));
    if (relation == nullptr) return;
    add(material, findings, *relation, statement,
        "writes rows as " + migrator.name() +
            ", for which policies hold: with row_security off it fails, else it changes none",
        "put it between NO FORCE and FORCE ROW LEVEL SECURITY, or run it as a role with BYPASSRLS");
  });
}

void find_blind_keys(const Material& material, Findings& findings) {
  Migrator migrator(material);
  each_statement(material, [&](const PgQuery__Node& node, const dialect::Statement& statement) {
    if (node.node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return;
    migrator.follow(*node.alter_table_stmt);
    const Relation* child = migrator.limited(node.alter_table_stmt->relation);
    const auto& alter = *node.alter_table_stmt;
    for (const PgQuery__Node* each : pg::nodes(alter.cmds, alter.n_cmds)) {
      if (each->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_CMD) continue;
      const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
      const Relation* blind = nullptr;
      if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint) {
        blind = child;
      } else if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint &&
                 command.def != nullptr &&
                 command.def->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
                 command.def->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN &&
                 !command.def->constraint->skip_validation) {
        const Relation* parent = migrator.limited(command.def->constraint->pktable);
        blind = child != nullptr ? child : parent;
      }
      if (blind == nullptr) continue;
      add(material, findings, *blind, statement,
          "checks a key as " + migrator.name() +
              ", for which policies hold: rows that they hide are not looked at",
          "put it between NO FORCE and FORCE ROW LEVEL SECURITY, or SET row_security = off, which "
          "makes an error of it");
      return;
    }
  });
}

// The policies of a table that look at a column.
std::string policies_with(const Relation& relation, const Column& column) {
  std::string names;
  for (const Policy& policy : relation.policies) {
    for (const std::optional<Node>* tree : {&policy.using_tree, &policy.check_tree}) {
      if (!*tree) continue;
      const std::vector<int> read = columns_read(**tree);
      if (std::find(read.begin(), read.end(), column.number) == read.end()) continue;
      names += (names.empty() ? "" : ", ") + policy.name;
      break;
    }
  }
  return names;
}

void find_needed_columns(const Material& material, Findings& findings) {
  std::set<std::string> dropped;
  each_statement(material, [&](const PgQuery__Node& node, const dialect::Statement& statement) {
    if (node.node_case == PG_QUERY__NODE__NODE_DROP_STMT) {
      const auto& drop = *node.drop_stmt;
      if (drop.remove_type != PG_QUERY__OBJECT_TYPE__OBJECT_POLICY) return;
      for (const PgQuery__Node* each : pg::nodes(drop.objects, drop.n_objects)) {
        const std::vector<std::string> parts = pg::texts(pg::items(each));
        if (!parts.empty()) dropped.insert(parts.back());
      }
      return;
    }
    if (node.node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_STMT) return;
    const auto& alter = *node.alter_table_stmt;
    const Relation* relation = material.facts.find(pg::text(alter.relation->relname));
    if (relation == nullptr) return;
    for (const PgQuery__Node* each : pg::nodes(alter.cmds, alter.n_cmds)) {
      if (each->node_case != PG_QUERY__NODE__NODE_ALTER_TABLE_CMD) continue;
      const PgQuery__AlterTableCmd& command = *each->alter_table_cmd;
      if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn &&
          command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType) {
        continue;
      }
      const Column* column = relation->column(std::string_view(command.name));
      const std::string names = column == nullptr ? "" : policies_with(*relation, *column);
      if (names.empty() || dropped.contains(names)) continue;
      add(material, findings, *relation, statement,
          "drops or changes " + column->name + ", at which " + names +
              " looks: PostgreSQL refuses it",
          "drop the policy before, and make it again after");
    }
  });
}

constexpr Check kChecks[] = {
    {"TEN07", "blind-write", Severity::kError,
     "A revision writes rows as a role for which policies hold",
     "No attack: `UPDATE 0`, and no error. What was to be repaired or filled is not, and later "
     "rows are taken for somebody's.",
     "NO FORCE ROW LEVEL SECURITY around it, or a role with BYPASSRLS.", find_blind_writes},
    {"TEN08", "blind-key", Severity::kError,
     "A revision checks a foreign key as a role for which policies hold",
     "The check sees what the policies let it see: a key becomes valid while rows break it, and "
     "such a row can be of a tenant that is gone, or of another.",
     "NO FORCE ROW LEVEL SECURITY around it, or row_security = off.", find_blind_keys},
    {"TEN42", "policy-needs-column", Severity::kError,
     "A revision drops or changes a column that a policy looks at",
     "No attack: the deployment stops there; and CASCADE would take the policy with the column.",
     "DROP POLICY, the change, CREATE POLICY, in one transaction.", find_needed_columns},
};

}  // namespace

std::span<const Check> revision_checks() { return kChecks; }

}  // namespace capo::tenancy
