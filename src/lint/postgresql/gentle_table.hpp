#pragma once

#include <string>

#include "lint/postgresql/gentle_steps.hpp"
#include "lint/postgresql/tree.hpp"

namespace capo::lint::postgresql {

/// Adds the steps that an ALTER TABLE becomes, or none. Gives back why a command stays as it is
/// that others have to wait for.
std::string alter_table(const PgQuery__AlterTableStmt& statement, const Situation& situation,
                        GentleSteps& steps);

/// True if others may be at the table, and it may have rows.
bool is_in_use(const KnownRelation* table, const Situation& situation);

enum class NewName { kIndex, kConstraint };
/// The name that the server gives what `sql` makes on the table without saying one; empty if that
/// is not known.
std::string new_name(const std::string& sql, const ObjectName& table, NewName what,
                     const Situation& situation);

}  // namespace capo::lint::postgresql
