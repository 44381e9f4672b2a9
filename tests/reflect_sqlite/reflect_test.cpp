#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "reflect_sqlite/cases.hpp"
#include "schema/schema.hpp"

// What SQLite keeps as the text that somebody wrote becomes values: the same ones, however it was
// written.

namespace capo::test {
namespace {

using dialect::Reflection;
using dialect::Statement;

const dialect::Dialect& sqlite() { return *dialect::find_dialect("sqlite"); }

std::vector<Statement> statements_of(const std::string& script) {
  std::vector<Statement> statements;
  for (const dialect::Piece& piece : sqlite().splitter()(script, {})) {
    statements.push_back({.sql = script.substr(piece.begin, piece.end - piece.begin)});
  }
  return statements;
}

std::unique_ptr<dialect::Connection> database(const std::vector<Statement>& statements) {
  std::unique_ptr<dialect::Connection> connection = sqlite().connect({.database = ":memory:"});
  for (const Statement& statement : statements) connection->query(statement.sql);
  return connection;
}

std::string text_of(const Reflection& reflection) {
  std::string text = schema::dump(reflection.schema);
  for (const dialect::Unrepresented& item : reflection.unrepresented) {
    text += "! " + item.object + (item.what.empty() ? "" : ": " + item.what) + "\n";
  }
  return text;
}

std::vector<Statement> made_from(const schema::Schema& schema) {
  std::vector<Operation> operations;
  for (const Table& table : schema.tables) operations.push_back(CreateTable{.table = table});
  for (const View& view : schema.views) operations.push_back(Create<View>{.object = view});
  for (const Trigger& trigger : schema.triggers) {
    operations.push_back(Create<Trigger>{.object = trigger});
  }
  const auto compilation = sqlite().begin_compilation({});
  std::vector<Statement> all;
  for (const Operation& operation : operations) {
    for (Statement& statement : compilation->compile(operation))
      all.push_back(std::move(statement));
  }
  return all;
}

class ReflectSqlite : public testing::TestWithParam<ReflectCase> {};

TEST_P(ReflectSqlite, AsExpected) {
  const auto connection = database(statements_of(GetParam().sql));
  EXPECT_EQ(text_of(sqlite().reflect(*connection, {})), GetParam().expected) << GetParam().sql;
}

TEST_P(ReflectSqlite, MadeAgainItIsTheSame) {
  const auto connection = database(statements_of(GetParam().sql));
  const schema::Schema schema = sqlite().reflect(*connection, {}).schema;
  const std::vector<Statement> statements = made_from(schema);
  std::string sql;
  for (const Statement& statement : statements) sql += statement.sql + ";\n";
  const Reflection again = sqlite().reflect_script(*connection, statements, {});
  EXPECT_EQ(schema::dump(again.schema), schema::dump(schema)) << sql;
  EXPECT_TRUE(again.schema == schema) << sql;
  EXPECT_EQ(text_of({.unrepresented = again.unrepresented}), "");
  for (const Table& table : schema.tables) {
    EXPECT_EQ(schema::dump(sqlite().expected(table)), schema::dump(table)) << sql;
    EXPECT_TRUE(sqlite().expected(table) == table);
  }
}

INSTANTIATE_TEST_SUITE_P(, ReflectSqlite, testing::ValuesIn(reflect_cases()),
                         [](const auto& item) { return item.param.name; });

}  // namespace
}  // namespace capo::test
