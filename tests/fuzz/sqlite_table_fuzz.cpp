// Texts of tables as SQLite keeps them. SQLite itself says which bytes are one; of those, every
// column and constraint is found, and what is changed elsewhere in the text is a table again that
// SQLite takes.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "capo/error.hpp"
#include "dialect/sqlite/connection.hpp"
#include "dialect/sqlite/table_text.hpp"
#include "fuzz.hpp"

using capo::fuzz::require;
namespace dialect = capo::dialect;
namespace sqlite = capo::dialect::sqlite;

namespace {

std::unique_ptr<dialect::Connection> database_with(const std::string& sql) {
  auto memory = sqlite::connect({.database = ":memory:"});
  try {
    memory->query(sql);
  } catch (const capo::Error&) {
    return nullptr;
  }
  return memory;
}

std::vector<std::string> columns_of(dialect::Connection& memory) {
  std::vector<std::string> names;
  for (const dialect::Row& row :
       memory
           .query("SELECT c.name FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE "
                  "t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY c.cid")
           .rows) {
    names.push_back(row.at(0).value_or(""));
  }
  return names;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  try {
    const sqlite::TableText any(input);
    require(any.sql() == input, "a text that nothing changed is the same");
  } catch (const capo::Error&) {
    // No table.
  }
  const auto memory = database_with("CREATE TABLE " + input);
  if (!memory) return 0;
  const auto kept = memory->query(
      "SELECT sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
  if (kept.rows.size() != 1 || !kept.rows[0].at(0)) return 0;
  const std::string sql = *kept.rows[0].at(0);
  const std::vector<std::string> columns = columns_of(*memory);

  sqlite::TableText text(sql);
  require(text.sql() == sql, "a text that nothing changed is the same");
  for (const std::string& column : columns) {
    require(text.find_column(column) != nullptr, "every column of SQLite's is found");
  }
  text.add_column("capo_added INTEGER");
  text.add_constraint("CONSTRAINT capo_check CHECK (1)");
  require(text.find_column("capo_added") != nullptr, "what was added is found");
  require(text.find_constraint("capo_check") != nullptr, "what was added is found");
  const auto again = database_with(text.sql());
  require(again != nullptr, "SQLite takes the changed text");
  std::vector<std::string> wanted = columns;
  wanted.emplace_back("capo_added");
  require(columns_of(*again) == wanted, "nothing but the new column has come");
  return 0;
}
