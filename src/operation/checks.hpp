#pragma once

#include <string>
#include <string_view>

#include "capo/operation.hpp"
#include "schema/schema.hpp"

/// What several kinds of operation ask of their parts. All throw Error{kSchema} that names the
/// table and the part.
namespace capo::operation {

/// `what` in words: "the table", "an index of items".
void check_name(std::string_view what, const std::string& name);
/// At least one, none twice, none empty.
void check_names(std::string_view what, const Names& names);
void check_column(std::string_view table, const Column& column);
void check_constraint(std::string_view table, const Constraint& constraint);
void check_index(std::string_view table, const Index& index);
/// The parts, and that they know each other: keys and indexes name columns of the table.
void check_table(const Table& table);

/// Throws if it is not there.
Table& table_of(schema::Schema& schema, std::string_view in, std::string_view name);
Column& column_of(Table& table, std::string_view name);

/// `constraint uq of items`, `foreign key of items`.
std::string describe_constraint(const Constraint& constraint);
const std::string& name_of(const Constraint& constraint);
/// The columns of its own table that a constraint is over, as far as it says; none for expressions.
Names columns_of(const Constraint& constraint);

}  // namespace capo::operation
