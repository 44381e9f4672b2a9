#pragma once

#include <string>
#include <string_view>

#include "capo/schema.hpp"

/// How PostgreSQL would print what somebody wrote, for the forms that are written most. What is not
/// known comes back as it is: it may be right all the same, and if not, the server is asked.
namespace capo::dialect::postgresql {

/// The type as it is read from a database.
Type expected_type(const Type& type);
/// Its name behind `::`; empty if it is not known.
std::string cast_name(const Type& type);
/// A default of a column, whose type is as expected_type() gives it. Nothing for NULL.
ServerDefault expected_default(const ServerDefault& value, const Type& type);
/// A condition about columns of the table: `(a > 0)`.
std::string expected_condition(const Table& table, std::string_view text);
/// An expression in an index: `lower((title)::text)`.
std::string expected_expression(const Table& table, std::string_view text);

}  // namespace capo::dialect::postgresql
