#pragma once

#include "autogenerate/plan.hpp"
#include "autogenerate/sides.hpp"

namespace capo::autogenerate {

/// The type that is left of `serial`, which is no type but says integer, default and sequence at
/// once; any other type as it is.
Type without_serial(const Type& type);

/// Whether rows are numbered in another way, or from another sequence.
bool is_numbered_otherwise(const Column& from, const Column& to);
/// The column as it is once nothing numbers its rows.
Column unnumbered(Column column);

/// What takes the numbering of a column away, and gives it one: the numbers go on where the rows
/// end. `column` is the column as the database has it.
void stop_numbering(const Sides& sides, const Table& table, const Column& column, Plan& plan);
void start_numbering(const Sides& sides, const Table& table, const Column& column, Plan& plan);

}  // namespace capo::autogenerate
