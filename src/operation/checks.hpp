#pragma once

#include <string_view>

#include "capo/operation.hpp"
#include "schema/checks.hpp"

/// What several kinds of operation ask of a schema. All throw Error{kSchema} that names what is
/// missing.
namespace capo::operation {

using schema::check;
using schema::check_column;
using schema::check_constraint;
using schema::check_index;
using schema::check_name;
using schema::check_names;
using schema::check_table;
using schema::columns_of;
using schema::describe_constraint;
using schema::name_of;

/// Throws if it is not there.
Table& table_of(schema::Schema& schema, std::string_view in, std::string_view name);
Column& column_of(Table& table, std::string_view name);
/// Throws if neither the table has it nor a parent, as far as they are known.
void need_column(const schema::Schema& schema, const Table& table, std::string_view name);

}  // namespace capo::operation
