#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lint/postgresql/gentle_steps.hpp"
#include "lint/postgresql/tree.hpp"

namespace capo::lint::postgresql {

/// The commands of one ALTER TABLE on their way to steps.
class TableSteps {
 public:
  /// Keeps references.
  TableSteps(const PgQuery__AlterTableStmt& statement, const KnownRelation& table,
             const Situation& situation, GentleSteps& steps);

  /// True if there is a gentle way for the command, and it is needed.
  bool is_to_change(const PgQuery__AlterTableCmd& command);
  /// Adds the steps of such a command.
  void change(const PgQuery__AlterTableCmd& command);
  /// Adds one step for commands that need no other way.
  void add_as_they_are(std::vector<PgQuery__Node*> commands);
  /// Why a command that others have to wait for was not one to change; empty: there was none.
  const std::string& kept() const { return kept_; }

 private:
  /// A column's definition, taken apart.
  struct NewColumn {
    const PgQuery__Node* volatile_default = nullptr;
    bool has_default = false;
    bool not_null = false;
    std::vector<PgQuery__Constraint> constraints = {};  ///< to be added afterwards
  };

  bool is_constraint_to_change(const PgQuery__Constraint& constraint);
  bool is_column_to_change(const PgQuery__AlterTableCmd& command);
  bool may_be_null(const std::string& column) const;
  bool has_primary_key() const;
  NewColumn take_apart(const PgQuery__ColumnDef& definition) const;

  void add_constraint(PgQuery__Constraint constraint);
  void add_validated(PgQuery__Constraint& constraint, const std::string& name);
  void add_key(PgQuery__Constraint& constraint, const std::string& name);
  void add_not_null(const std::string& column);
  void add_column(const PgQuery__AlterTableCmd& command);
  void fill_column(const std::string& name, bool not_null);

  std::string name_of(PgQuery__Constraint& constraint) const;
  std::string unique_index(const PgQuery__Constraint& constraint, const std::string& name) const;
  std::string alter(std::vector<PgQuery__Node*> commands) const;
  std::string alter(PgQuery__AlterTableCmd command) const;
  std::string adding(PgQuery__Constraint constraint) const;
  /// `ALTER TABLE items `, for what follows.
  dialect::SqlWriter altering() const;
  dialect::QualifiedName table_name() const;

  const PgQuery__AlterTableStmt& statement_;
  const KnownRelation& table_;
  const Situation& situation_;
  GentleSteps& steps_;
  std::string kept_ = {};
};

}  // namespace capo::lint::postgresql
