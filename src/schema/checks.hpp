#pragma once

#include <string>
#include <string_view>

#include "capo/objects.hpp"
#include "capo/table_operation.hpp"
#include "schema/schema.hpp"

/// What makes a schema value whole, whatever else the schema holds. All throw Error{kSchema} that
/// names the table and the part.
namespace capo::schema {

/// `what` in words: "the table", "an index of items".
void check_name(std::string_view what, const std::string& name);
/// At least one, none twice, none empty.
void check_names(std::string_view what, const Names& names);
void check_column(std::string_view table, const Column& column);
void check_constraint(std::string_view table, const Constraint& constraint);
void check_index(std::string_view table, const Index& index);
/// The parts, and that they know each other: keys and indexes name columns of the table.
void check_table(const Table& table);

void check(const SchemaName& object);
void check(const Extension& object);
void check(const Sequence& object);
void check(const EnumType& object);
void check(const Domain& object);
void check(const CompositeType& object);
void check(const View& object);
void check(const Function& object);
void check(const Trigger& object);
void check(const Policy& object);
void check(const Role& object);
void check(const Grant& object);

/// `constraint uq of items`, `foreign key of items`.
std::string describe_constraint(const Constraint& constraint);
const std::string& name_of(const Constraint& constraint);
/// The columns of its own table that a constraint is over, as far as it says; none for expressions.
Names columns_of(const Constraint& constraint);

}  // namespace capo::schema
