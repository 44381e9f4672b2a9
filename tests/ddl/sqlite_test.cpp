#include <gtest/gtest.h>

#include "capo/error.hpp"
#include "ddl/cases.hpp"
#include "ddl/sqlite_start.hpp"
#include "dialect/dialect.hpp"
#include "dialect/sqlite/table_text.hpp"
#include "operation/facets.hpp"
#include "support/golden.hpp"

// What each operation becomes on SQLite where there is something for it to change, and that SQLite
// takes it: nothing is lost, and what capo believes is there afterwards is there.

namespace capo::test {
namespace {

using dialect::Statement;

const dialect::Dialect& sqlite() { return *dialect::find_dialect("sqlite"); }

std::vector<DdlCase> all_cases() {
  std::vector<DdlCase> cases = table_cases();
  for (DdlCase& item : object_cases()) cases.push_back(std::move(item));
  return cases;
}

std::unique_ptr<dialect::Connection> database(const DdlCase& item) {
  std::unique_ptr<dialect::Connection> connection = sqlite().connect({.database = ":memory:"});
  // A table of another schema is one of an attached file.
  connection->query("ATTACH ':memory:' AS reports");
  connection->query("CREATE TABLE reports.items (id INTEGER)");
  for (const std::string& sql : sqlite_start(item.name)) connection->query(sql);
  return connection;
}

std::vector<Statement> compile(const DdlCase& item, dialect::Connection& connection) {
  return sqlite()
      .begin_compilation([&] { return sqlite().read_schema(connection); })
      ->compile(item.operation);
}

std::string outcome(const DdlCase& item) {
  const auto connection = database(item);
  std::string text = "-- " + operation::describe(item.operation) + "\n";
  try {
    bool is_begun = false;
    for (const Statement& statement : compile(item, *connection)) {
      EXPECT_TRUE(statement.transactional || statement.backfill != nullptr) << statement.sql;
      if (statement.foreign_keys_off && !std::exchange(is_begun, true)) {
        text += "\n-- with foreign keys off\n";
      }
      if (!statement.comment.empty()) text += "\n-- " + statement.comment;
      text += "\n" + statement.sql + ";\n";
    }
  } catch (const Error& error) {
    text += "\nerror: " + error.message() + "\n";
    if (!error.hint().empty()) text += "hint: " + error.hint() + "\n";
  }
  return text;
}

std::string schema_of(dialect::Connection& connection) {
  std::string text;
  for (const Statement& statement : sqlite().read_schema(connection)) {
    text += dialect::sqlite::normalised(statement.sql) + "\n";
  }
  return text;
}

std::string count_of(dialect::Connection& connection, const std::string& table) {
  try {
    return connection.query("SELECT count(*) FROM " + table).rows.at(0).at(0).value_or("");
  } catch (const Error& error) {
    return error.message();
  }
}

TEST(DdlSqlite, Golden) {
  for (const DdlCase& item : all_cases()) {
    expect_golden("ddl/sqlite/" + item.name + ".sql", outcome(item));
  }
  expect_no_orphans("ddl/sqlite");
}

TEST(DdlSqlite, SqliteTakesItAll) {
  int taken = 0;
  for (const DdlCase& item : all_cases()) {
    SCOPED_TRACE(item.name);
    // SQLite wants a column, has other collations, and these name no table of the start.
    if (item.name == "create_table_empty" || item.name == "create_table_collation") continue;
    const auto connection = database(item);
    std::vector<Statement> statements;
    try {
      statements = compile(item, *connection);
    } catch (const Error&) {
      continue;  // Told by the golden file.
    }
    const std::string rows = count_of(*connection, "items");
    connection->begin_without_foreign_keys();
    for (const Statement& statement : statements) {
      ASSERT_NO_THROW(connection->query(statement.sql)) << statement.sql;
      ++taken;
    }
    connection->commit();
    if (rows == "2" && item.name.starts_with("a")) {
      EXPECT_EQ(count_of(*connection, "items"), rows);
    }
    EXPECT_EQ(schema_of(*connection).find("capo_"), std::string::npos) << schema_of(*connection);
  }
  EXPECT_GT(taken, 150);
}

}  // namespace
}  // namespace capo::test
