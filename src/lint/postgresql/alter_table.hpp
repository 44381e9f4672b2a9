#pragma once

#include <string>
#include <vector>

#include "lint/postgresql/judging.hpp"

/// The commands of ALTER TABLE, by what they are about.
namespace capo::lint::postgresql {

void judge_add_column(Judging& judging, const PgQuery__RangeVar* table,
                      const PgQuery__ColumnDef& column);
void judge_drop_column(Judging& judging, const PgQuery__RangeVar* table,
                       const PgQuery__AlterTableCmd& command);
void judge_column_type(Judging& judging, const PgQuery__RangeVar* table,
                       const PgQuery__AlterTableCmd& command);
/// `dropped`: constraints that go in the same statement, and so prove nothing.
void judge_set_not_null(Judging& judging, const PgQuery__RangeVar* table, const std::string& name,
                        const std::vector<std::string>& dropped);
void judge_add_constraint(Judging& judging, const PgQuery__RangeVar* table,
                          const PgQuery__Constraint& constraint);
void judge_validate(Judging& judging, const PgQuery__RangeVar* table, const std::string& name);
void judge_drop_constraint(Judging& judging, const PgQuery__RangeVar* table,
                           const PgQuery__AlterTableCmd& command);

}  // namespace capo::lint::postgresql
