// The guess is made by the code that reads a database, from the statement that would make the
// table.

#include "dialect/sqlite/parts.hpp"
#include "dialect/sqlite/reflect.hpp"
#include "dialect/sqlite/reflect_table.hpp"

namespace capo::dialect::sqlite {

Table expected(const Table& table) {
  const Parts parts;
  try {
    std::vector<Unrepresented> lost;
    Table guess = reflect_table(table.name, TableText(parts.create_table(table, "")), lost);
    for (const Index& index : parts.indexes(table)) {
      const std::string sql = "CREATE " + parts.index("", table.name, index, "");
      guess.options.indexes.push_back(reflect_index(index.name, sql, guess));
    }
    guess.options.schema = table.options.schema;
    sort_parts(guess);
    return guess;
  } catch (const Error&) {
    // SQLite has nothing of the kind. Whoever tries to make it is told.
    return table;
  }
}

}  // namespace capo::dialect::sqlite
