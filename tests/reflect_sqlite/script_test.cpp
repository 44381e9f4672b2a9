#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "capo/connection.hpp"
#include "capo/error.hpp"
#include "reflect_sqlite/statements.hpp"
#include "support/scratch.hpp"

// A script is tried out where nobody sees it.

namespace capo::test {
namespace {

using dialect::Statement;

class ReflectSqliteScript : public testing::Test {
 protected:
  std::string dump_of(const std::vector<Statement>& statements) {
    return schema::dump(sqlite().reflect_script(*connection_, statements, {}).schema);
  }

  Error failure_of(const std::vector<Statement>& statements) {
    try {
      dump_of(statements);
    } catch (const Error& error) {
      return error;
    }
    return Error(ErrorCode::kInternal, "nothing failed");
  }

  std::unique_ptr<dialect::Connection> connection_ = in_memory();
};

TEST_F(ReflectSqliteScript, TheConnectionIsNotTouched) {
  connection_->query("CREATE TABLE there (a)");
  EXPECT_EQ(dump_of({{.sql = "CREATE TABLE t (a TEXT)"}}), "t(a text)\n");
  EXPECT_EQ(dump_of({}), "");
  EXPECT_EQ(schema::dump(sqlite().reflect(*connection_, {}).schema), "there(a binary)\n");
}

TEST_F(ReflectSqliteScript, AnErrorSaysWhere) {
  const Error error = failure_of(
      {{.sql = "CREATE TABLE t (a TEXT)", .origin = {"schema.sql", 1, 1}},
       {.sql = "CREATE TABLE u (a TEXT,\n  b TEXT CHECK here)", .origin = {"schema.sql", 3, 5}}});
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.message(), "near \"here\": syntax error");
  EXPECT_EQ(to_string(error.where()), "schema.sql:4:16");
  const Error first = failure_of({{.sql = "CREATE VIW v", .origin = {"schema.sql", 3, 5}}});
  EXPECT_EQ(to_string(first.where()), "schema.sql:3:12");
  const Error whole =
      failure_of({{.sql = "CREATE TABLE t (a, a)", .origin = {"schema.sql", 7, 2}}});
  EXPECT_EQ(whole.message(), "duplicate column name: a");
  EXPECT_EQ(to_string(whole.where()), "schema.sql:7:2");
}

TEST_F(ReflectSqliteScript, RebuildsWithForeignKeysOff) {
  const std::vector<Operation> operations = {
      CreateTable{.table = Table("p", {Column("id", Integer(), {.primary_key = true})})},
      CreateTable{.table = Table("c", {Column("p", Integer())},
                                 {.foreign_keys = {{.columns = {"p"}, .referred_table = "p"}}})},
      AddConstraint{.table = "p",
                    .constraint = CheckConstraint{.condition = SqlText("id > 0"), .name = "ck"}}};
  const auto compilation = sqlite().begin_compilation({});
  std::vector<Statement> statements;
  for (const Operation& operation : operations) {
    for (Statement& item : compilation->compile(operation)) statements.push_back(std::move(item));
  }
  EXPECT_EQ(dump_of(statements),
            "c(p integer) fk(p) -> p(id)\n"
            "p(id integer!) pk(id) check ck {id > 0}\n");
}

TEST_F(ReflectSqliteScript, OutsideATransactionAndForAData) {
  Statement data{.sql = "INSERT INTO t VALUES (1); CREATE INDEX i ON t (a)",
                 .data_step = [](capo::Connection&) { FAIL() << "it runs for real"; }};
  EXPECT_EQ(dump_of({{.sql = "PRAGMA journal_mode = WAL", .transactional = false},
                     {.sql = "CREATE TABLE t (a INTEGER)"},
                     {.sql = "VACUUM", .transactional = false},
                     data}),
            "t(a integer) index i(a)\n");
}

TEST_F(ReflectSqliteScript, NoFileIsWritten) {
  const Scratch scratch("reflect");
  EXPECT_EQ(
      dump_of({{.sql = "ATTACH DATABASE '" + scratch.at("other.sqlite") + "' AS other",
                .transactional = false},
               {.sql = "CREATE TABLE other.elsewhere (a)"},
               {.sql = "CREATE TABLE t (a)"},
               {.sql = "VACUUM INTO '" + scratch.at("copy.sqlite") + "'", .transactional = false}}),
      "t(a binary)\n");
  EXPECT_EQ(list_directory(scratch.path()).size(), 0U);
}

}  // namespace
}  // namespace capo::test
