#pragma once

#include <string>
#include <string_view>

#include "dialect/dialect.hpp"

/// Names in SQL texts that a database renames when the column or table is renamed. Texts are those
/// that a database printed or took.
namespace capo::autogenerate {

/// An expression over the rows of `table`, with the column `from` under a new name, which is SQL
/// already. A function, a type, a collation or a field of that name, one in a string literal, a
/// column of another table and anything unqualified in a subquery stay.
std::string with_column_renamed(const dialect::Dialect& dialect, std::string_view text,
                                std::string_view table, std::string_view from, std::string_view to);
/// An expression, query or trigger with the table `from` under a new name: where rows come from or
/// go to, and before the dot of a column.
std::string with_table_renamed(const dialect::Dialect& dialect, std::string_view text,
                               std::string_view from, std::string_view to);

}  // namespace capo::autogenerate
