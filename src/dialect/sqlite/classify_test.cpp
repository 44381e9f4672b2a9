#include "dialect/sqlite/classify.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>

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

// A database in a file; in memory, SQLite answers otherwise.
class Database {
 public:
  Database() : path_(testing::TempDir() + "capo_classify_test.db") {
    remove();
    sqlite3* opened = nullptr;
    sqlite3_open(path_.c_str(), &opened);
    handle_.reset(opened);
    run("CREATE TABLE t (a)");
    run("ATTACH ':memory:' AS d");
  }
  ~Database() {
    handle_.reset();
    remove();
  }

  bool run(const std::string& sql) {
    return sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  }
  std::string value(const std::string& sql) {
    std::string text;
    const auto keep = [](void* to, int, char** values, char**) {
      *static_cast<std::string*>(to) = values[0] == nullptr ? "NULL" : values[0];
      return 0;
    };
    sqlite3_exec(handle_.get(), sql.c_str(), keep, &text, nullptr);
    return text;
  }

 private:
  void remove() const {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      std::filesystem::remove(path_ + suffix);
    }
  }

  std::string path_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> handle_{nullptr, sqlite3_close};
};

// Refused or without effect in a transaction, and neither outside one.
TEST(SqliteOutsideTransaction, IsWhatSqliteAnswers) {
  const struct {
    std::string statement;
    std::string pragma = {};  ///< whose value shows the effect
  } cases[] = {
      {"VACUUM"},
      {"DETACH d"},
      {"PRAGMA foreign_keys = ON", "foreign_keys"},
      {"PRAGMA main.foreign_keys(1)", "foreign_keys"},
      {"PRAGMA journal_mode = WAL", "journal_mode"},
      {"PRAGMA synchronous = OFF", "synchronous"},
      {"PRAGMA legacy_alter_table = ON", "legacy_alter_table"},
      {"PRAGMA recursive_triggers = ON", "recursive_triggers"},
      {"PRAGMA writable_schema = ON", "writable_schema"},
      {"PRAGMA user_version = 5", "user_version"},
      {"PRAGMA cache_size = 100", "cache_size"},
      {"PRAGMA temp_store = MEMORY", "temp_store"},
      {"PRAGMA foreign_keys"},
      {"PRAGMA synchronous"},
      {"PRAGMA foreign_key_check"},
      {"PRAGMA integrity_check"},
      {"ATTACH ':memory:' AS e"},
      {"REINDEX"},
      {"ANALYZE"},
      {"ALTER TABLE t ADD COLUMN b"},
      {"SAVEPOINT s"},
  };
  for (const auto& c : cases) {
    const auto works = [&](bool in_transaction) {
      Database database;
      if (in_transaction) database.run("BEGIN IMMEDIATE");
      const std::string before = database.value("PRAGMA " + c.pragma);
      if (!database.run(c.statement)) return false;
      return c.pragma.empty() || database.value("PRAGMA " + c.pragma) != before;
    };
    EXPECT_TRUE(works(false)) << c.statement;
    EXPECT_EQ(works(true), outside_transaction_reason(c.statement).empty()) << c.statement;
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
