#include "dialect/sqlite/classify.hpp"

#include <gtest/gtest.h>

namespace capo::dialect::sqlite {
namespace {

TEST(SqliteTransactionControl, IsToldByTheFirstWords) {
  const struct {
    std::string_view statement, word;
  } cases[] = {
      {"BEGIN IMMEDIATE", "BEGIN"},
      {"/* a */ -- b\n commit", "COMMIT"},
      {"END TRANSACTION", "END"},
      {"ROLLBACK", "ROLLBACK"},
      {"ROLLBACK TRANSACTION", "ROLLBACK"},
      {"ROLLBACK TO s", ""},
      {"ROLLBACK TRANSACTION TO SAVEPOINT s", ""},
      {"SAVEPOINT s", ""},
      {"RELEASE s", ""},
      {"[COMMIT]", ""},
      {"SELECT 1", ""},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(transaction_control(c.statement), c.word) << c.statement;
}

// Each line was tried on SQLite 3.40 inside BEGIN IMMEDIATE.
TEST(SqliteOutsideTransaction, IsToldByTheFirstWords) {
  const struct {
    std::string_view statement, reason;
  } cases[] = {
      {"VACUUM", "VACUUM cannot run inside a transaction"},
      {"vacuum main into 'x.db'", "VACUUM cannot run inside a transaction"},
      {"DETACH d", "DETACH cannot run inside a transaction"},
      {"PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys does nothing inside a transaction"},
      {"pragma /* so */ main.Foreign_Keys(0)",
       "PRAGMA foreign_keys does nothing inside a transaction"},
      {"PRAGMA journal_mode=WAL", "PRAGMA journal_mode cannot change inside a transaction"},
      {"PRAGMA synchronous = OFF", "PRAGMA synchronous cannot change inside a transaction"},
      {"PRAGMA foreign_keys", ""},
      {"PRAGMA main.journal_mode", ""},
      {"PRAGMA foreign_key_check", ""},
      {"PRAGMA defer_foreign_keys = ON", ""},
      {"PRAGMA legacy_alter_table = ON", ""},
      {"PRAGMA user_version = 5", ""},
      {"PRAGMA", ""},
      {"ATTACH 'x.db' AS d", ""},
      {"REINDEX", ""},
      {"ANALYZE", ""},
      {"SELECT 'VACUUM'", ""},
      {"", ""},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(outside_transaction_reason(c.statement), c.reason) << c.statement;
  }
}

TEST(SqliteSessionState, IsToldByTheFirstWord) {
  for (const std::string_view statement :
       {"PRAGMA foreign_keys = ON", "attach 'x' AS y", "DETACH y"}) {
    EXPECT_TRUE(is_session_state(statement)) << statement;
  }
  for (const std::string_view statement : {"SELECT 1", "CREATE TABLE pragma (a)", ""}) {
    EXPECT_FALSE(is_session_state(statement)) << statement;
  }
}

}  // namespace
}  // namespace capo::dialect::sqlite
