#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dialect/ddl.hpp"
#include "dialect/sqlite/parts.hpp"
#include "dialect/sqlite/shadow.hpp"
#include "dialect/sqlite/table_text.hpp"

namespace capo::dialect::sqlite {

/// What becomes of a table.
struct Rebuild {
  std::string table = {};
  TableText text;  ///< the new `CREATE TABLE`
  std::string why = {};
  /// Columns that are not copied as they are: the name, and the SQL over the old row.
  std::vector<std::pair<std::string, std::string>> expressions = {};
  Names dropped_indexes = {};
  /// Of these no old row may hold NULL, although SQLite would take it: it numbers what has none.
  Names key = {};
};

/// The statements that put a new table in the place of an old one, with all rows, indexes and
/// triggers, written to the end of `out` and applied to the shadow. They belong into one
/// transaction with foreign keys off.
///
/// The old table is renamed first, and everything is checked by constraints of a temporary table
/// that roll the transaction back: whatever goes wrong, the statements that follow find no old
/// table to drop, even in a script that nobody stops at its first error.
///
/// Throws Error{kSchema} if SQLite refuses the new table, or if a view, a trigger or a foreign key
/// of another table would be broken by it.
void rebuild(Shadow& shadow, const Parts& parts, const Rebuild& plan, Statements& out);

}  // namespace capo::dialect::sqlite
