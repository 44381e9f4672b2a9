#include "dialect/dialect.hpp"

#include <gtest/gtest.h>

#include "capo/error.hpp"

namespace capo::dialect {
namespace {

std::vector<Statement> compile(std::string_view dialect, std::string text,
                               bool transactional = true) {
  return find_dialect(dialect)->compile(
      operation::ExecuteSql{std::move(text), transactional, {"versions/7.sql", 12, 1}});
}

std::string error_of(std::string_view dialect, const std::string& text) {
  try {
    compile(dialect, text);
  } catch (const Error& error) {
    return to_string(error.where()) + ": " + error.message() + "\n" + error.source_line() + "\n" +
           error.hint();
  }
  return "no error";
}

TEST(Dialect, IsFoundByName) {
  EXPECT_EQ(find_dialect("postgresql")->name(), "postgresql");
  EXPECT_EQ(find_dialect("postgres"), find_dialect("postgresql"));
  EXPECT_EQ(find_dialect("sqlite")->name(), "sqlite");
  EXPECT_EQ(find_dialect("oracle"), nullptr);
  EXPECT_EQ(find_dialect(""), nullptr);
  EXPECT_EQ(all_dialects().size(), 2U);
}

TEST(Dialect, IsCalledAsInAlembic) {
  EXPECT_EQ(find_dialect("postgresql")->impl_name(), "PostgresqlImpl");
  EXPECT_TRUE(find_dialect("postgresql")->transactional_ddl());
  EXPECT_EQ(find_dialect("sqlite")->impl_name(), "SQLiteImpl");
  EXPECT_FALSE(find_dialect("sqlite")->transactional_ddl());
}

TEST(Dialect, CompilesTextIntoStatementsWithTheirPlaces) {
  const std::vector<Statement> statements = compile(
      "postgresql", "-- first\nCREATE TABLE ä (a int);  SELECT ';' -- end\n;\n\n  DROP TABLE ä\n");
  ASSERT_EQ(statements.size(), 3U);
  EXPECT_EQ(statements[0].sql, "CREATE TABLE ä (a int)");
  EXPECT_EQ(to_string(statements[0].origin), "versions/7.sql:13:1");
  EXPECT_EQ(statements[1].sql, "SELECT ';'");
  EXPECT_EQ(to_string(statements[1].origin), "versions/7.sql:13:26");
  EXPECT_EQ(statements[2].sql, "DROP TABLE ä");
  EXPECT_EQ(to_string(statements[2].origin), "versions/7.sql:16:3");
  EXPECT_TRUE(statements[2].transactional);
  EXPECT_FALSE(compile("postgresql", "VACUUM", false).at(0).transactional);
  EXPECT_TRUE(compile("sqlite", " ;; -- nothing\n").empty());
}

TEST(Dialect, RefusesTransactionControlInATransaction) {
  EXPECT_EQ(error_of("postgresql", "SELECT 1;\n  /* so */ commit;"),
            "versions/7.sql:13:12: COMMIT inside a section that runs in a transaction\n"
            "  /* so */ commit;\n"
            "capo begins and ends the transaction itself: take the statement out; with "
            "transaction=off behind the section's marker, in C++ .transactional = false in "
            "CAPO_REVISION, every statement commits by itself");
  EXPECT_EQ(compile("postgresql", "BEGIN; COMMIT", false).size(), 2U);
}

TEST(Dialect, RefusesWhatCannotRunInATransaction) {
  EXPECT_EQ(error_of("postgresql", "CREATE INDEX CONCURRENTLY i ON t (a)"),
            "versions/7.sql:12:1: CREATE INDEX CONCURRENTLY cannot run inside a transaction\n"
            "CREATE INDEX CONCURRENTLY i ON t (a)\n"
            "for that each statement must commit by itself: transaction=off behind the marker of "
            "the section, as in -- capo:upgrade transaction=off; in C++ .transactional = false in "
            "CAPO_REVISION");
}

TEST(Dialect, KnowsAMissingTable) {
  const Dialect& postgresql = *find_dialect("postgresql");
  EXPECT_TRUE(postgresql.is_missing_table(
      Error(ErrorCode::kDatabase, "relation \"x\" does not exist").sqlstate("42P01")));
  EXPECT_FALSE(postgresql.is_missing_table(Error(ErrorCode::kDatabase, "no").sqlstate("42703")));
  const Dialect& sqlite = *find_dialect("sqlite");
  EXPECT_TRUE(sqlite.is_missing_table(Error(ErrorCode::kDatabase, "no such table: x")));
  EXPECT_FALSE(sqlite.is_missing_table(Error(ErrorCode::kDatabase, "no such column: x")));
}

}  // namespace
}  // namespace capo::dialect
