#pragma once

#include "lint/postgresql/tree.hpp"

/// How a table goes on after a statement about it.
namespace capo::lint::postgresql {

void follow_create_table(Catalog& catalog, const PgQuery__CreateStmt& statement);
void follow_alter_table(Catalog& catalog, const PgQuery__AlterTableStmt& statement);
void follow_index(Catalog& catalog, const PgQuery__IndexStmt& statement);

}  // namespace capo::lint::postgresql
