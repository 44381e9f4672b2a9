#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "capo/schema.hpp"
#include "capo/table_operation.hpp"
#include "dialect/reflect.hpp"
#include "dialect/sqlite/reflect_text.hpp"
#include "dialect/sqlite/table_text.hpp"

/// Statements of SQLite's as values, in the form of reflect.hpp. Pure functions.
namespace capo::dialect::sqlite {

/// The type that is written so on SQLite (parts.hpp), or Named() in upper case: SQLite makes no
/// difference. A column without a type is of BLOB's affinity, and becomes Binary().
Type type_of(std::string_view declared);

/// The names that mean something in an expression of the table.
KnownNames names_of(const Table& table);

/// Foreign keys are as the table says them; finish() does the rest. What has no place in the value
/// goes to `lost`.
Table reflect_table(const std::string& name, const TableText& text,
                    std::vector<Unrepresented>& lost);

/// The constraint without a name that means the same as `wanted`, whatever that is called, or null.
const Clause* find_nameless(const TableText& text, const Constraint& wanted);
/// The columns of the primary key, in its order.
Names key_columns(const TableText& text);

/// An index of `table`, which is known already, from `CREATE INDEX`.
Index reflect_index(const std::string& name, std::string_view create_index, const Table& table);

/// Lists in their order, foreign keys with the names that the referred tables have.
void finish(std::vector<Table>& tables);
void sort_parts(Table& table);

}  // namespace capo::dialect::sqlite
