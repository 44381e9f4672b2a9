#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "reflect_sqlite/cases.hpp"
#include "reflect_sqlite/statements.hpp"

// What SQLite keeps as the text that somebody wrote becomes values: the same ones, however it was
// written.

namespace capo::test {
namespace {

using dialect::Reflection;
using dialect::Statement;

std::unique_ptr<dialect::Connection> database(const std::string& script) {
  std::unique_ptr<dialect::Connection> connection = in_memory();
  for (const Statement& statement : statements_of(script)) connection->query(statement.sql);
  return connection;
}

class ReflectSqlite : public testing::TestWithParam<ReflectCase> {};

TEST_P(ReflectSqlite, AsExpected) {
  const auto connection = database(GetParam().sql);
  EXPECT_EQ(text_of(sqlite().reflect(*connection, {})), GetParam().expected) << GetParam().sql;
}

TEST_P(ReflectSqlite, MadeAgainItIsTheSame) {
  const auto connection = database(GetParam().sql);
  const schema::Schema schema = sqlite().reflect(*connection, {}).schema;
  const std::vector<Statement> statements = statements_of(schema);
  std::string sql;
  for (const Statement& statement : statements) sql += statement.sql + ";\n";
  const Reflection again = sqlite().reflect_script(*connection, statements, {});
  EXPECT_EQ(text_of(again), schema::dump(schema)) << sql;
  EXPECT_TRUE(again.schema == schema) << sql;
  for (const Table& table : schema.tables) {
    EXPECT_EQ(schema::dump(sqlite().expected(table)), schema::dump(table)) << sql;
    EXPECT_TRUE(sqlite().expected(table) == table);
  }
}

INSTANTIATE_TEST_SUITE_P(, ReflectSqlite, testing::ValuesIn(reflect_cases()),
                         [](const auto& item) { return item.param.name; });

}  // namespace
}  // namespace capo::test
