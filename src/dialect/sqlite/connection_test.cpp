#include "dialect/sqlite/connection.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "capo/error.hpp"
#include "support/scratch.hpp"

namespace capo::dialect::sqlite {
namespace {

using std::chrono::milliseconds;

std::unique_ptr<Connection> open(const std::string& path,
                                 std::vector<std::pair<std::string, std::string>> parameters = {}) {
  ConnectOptions options;
  options.database = path;
  options.parameters = std::move(parameters);
  return connect(options);
}

// The error that `action` throws; a failure if it throws none.
template <class Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error";
  return {ErrorCode::kInternal, "no error"};
}

std::string cell(Connection& connection, std::string_view sql) {
  const Result result = connection.query(sql);
  return result.rows.at(0).at(0).value_or("NULL");
}

TEST(SqliteConnection, RowsAndCounts) {
  const auto memory = open("");
  EXPECT_EQ(memory->query("CREATE TABLE t (i integer, r real, s text, b blob)").affected, 0);
  const std::vector<Value> row = {"7", std::nullopt, "caf\u00e9", std::string("a\0b", 3)};
  EXPECT_EQ(memory->query("INSERT INTO t VALUES (?1, ?2, ?3, ?4)", row).affected, 1);
  EXPECT_EQ(memory->query("INSERT INTO t SELECT i + 1, 2.5, '', x'00ff' FROM t").affected, 1);
  const Result result = memory->query("SELECT i, r, s, b FROM t ORDER BY i");
  EXPECT_EQ(result.affected, 2);
  ASSERT_EQ(result.rows.size(), 2U);
  EXPECT_EQ(result.rows[0], (Row{"7", std::nullopt, "caf\u00e9", std::string("a\0b", 3)}));
  EXPECT_EQ(result.rows[1], (Row{"8", "2.5", "", std::string("\0\xff", 2)}));
  EXPECT_EQ(memory->query("UPDATE t SET r = 1").affected, 2);
  EXPECT_EQ(memory->query("UPDATE t SET r = 1 WHERE i > 99").affected, 0);
  EXPECT_EQ(memory->query("ALTER TABLE t ADD COLUMN x").affected, 0);
  EXPECT_EQ(memory->query("DELETE FROM t RETURNING i").affected, 2);
  EXPECT_EQ(cell(*memory, "PRAGMA user_version"), "0");
  EXPECT_EQ(memory->backend_pid(), 0);
  EXPECT_EQ(memory->server_version(), std::string("SQLite ") + sqlite3_libversion());
}

TEST(SqliteConnection, ParametersAreNumberedAsOnPostgresql) {
  const auto memory = open("");
  using capo::Literal;
  const std::vector<Literal> values = {Literal(7), Literal("x"), Literal::number("0.5"), Literal(),
                                       Literal(true)};
  const Result result =
      memory->query_with("SELECT $2 || $1, typeof($1), typeof($3), $4 IS NULL, $5, $1 = 7", values);
  EXPECT_EQ(result.rows.at(0), (Row{"x7", "integer", "real", "1", "1", "1"}));
  EXPECT_EQ(memory->query_with("SELECT ?2, ?1, ?3, ?4, ?5", values).rows.at(0).at(0), "x");
  const Error error = error_of([&] { memory->query_with("SELECT $2", std::vector{Literal(1)}); });
  EXPECT_EQ(error.message(), "the statement has 2 parameters, but 1 values are given");
}

TEST(SqliteConnection, QueuedStatementsRunAtOnceAndInOrder) {
  const auto memory = open(":memory:");
  std::vector<std::int64_t> done;
  const auto note = [&](const Result& result) { done.push_back(result.affected); };
  memory->enqueue("CREATE TABLE t (x)", {}, note);
  memory->enqueue("INSERT INTO t VALUES (1), (2)", {}, note);
  memory->enqueue("SELECT 1", {}, {});
  memory->flush();
  EXPECT_EQ(done, (std::vector<std::int64_t>{0, 2}));
  const Error error = error_of([&] { memory->enqueue("INSERT INTO u VALUES (1)", {}, note); });
  EXPECT_EQ(error.message(), "no such table: u");
  EXPECT_EQ(done.size(), 2U);
}

TEST(SqliteConnection, RefusedStatements) {
  struct Case {
    std::string sql;
    const char* message;
    int offset;
  };
  const Case cases[] = {
      {"SELECT * FROM missing", "no such table: missing", -1},
      {"SELECT 1, nope", "no such column: nope", 10},
      {"CREAT TABLE t (x)", "near \"CREAT\": syntax error", 0},
      {"SELECT 1; SELECT 2", "there is more than one statement in the text of one", 9},
      {"SELECT 1; not sql", "there is more than one statement in the text of one", 9},
      {"SELECT ?1", "the statement has 1 parameters, but 0 values are given", -1},
      {"SELECT 'a'" + std::string(1, '\0'), "the statement contains a NUL byte", 10},
      {"SELECT abs(-9223372036854775808)", "integer overflow", -1},
      {"COMMIT", "cannot commit - no transaction is active", -1},
  };
  const auto memory = open("");
  for (const Case& test : cases) {
    const Error error = error_of([&] { memory->query(test.sql); });
    EXPECT_EQ(error.code(), ErrorCode::kDatabase) << test.sql;
    EXPECT_EQ(error.message(), test.message) << test.sql;
    EXPECT_EQ(error.statement(), test.sql);
    EXPECT_EQ(error.statement_offset(), test.offset) << test.sql;
  }
}

TEST(SqliteConnection, TextWithoutAStatementDoesNothing) {
  const auto memory = open("");
  for (const char* sql : {"", " \n", "-- nothing", "/* nothing */", ";"}) {
    EXPECT_EQ(memory->query(sql).rows.size(), 0U) << sql;
  }
  EXPECT_EQ(cell(*memory, "SELECT 1; -- that was all\n"), "1");
}

TEST(SqliteConnection, Transactions) {
  const auto memory = open("");
  memory->rollback();
  EXPECT_FALSE(memory->in_transaction());
  memory->begin();
  EXPECT_TRUE(memory->in_transaction());
  memory->query("CREATE TABLE t (x)");
  memory->rollback();
  EXPECT_EQ(cell(*memory, "SELECT count(*) FROM sqlite_schema"), "0");
  memory->begin();
  memory->query("CREATE TABLE t (x)");
  memory->commit();
  EXPECT_FALSE(memory->in_transaction());
  EXPECT_EQ(cell(*memory, "SELECT count(*) FROM sqlite_schema"), "1");

  memory->begin();
  memory->query("COMMIT");
  const Error error = error_of([&] { memory->commit(); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.message(), "the transaction was over before its COMMIT");
}

TEST(SqliteConnection, WithoutForeignKeys) {
  for (const char* setting : {"on", "off"}) {
    const auto memory = open("", {{"foreign_keys", setting}});
    const std::string before = cell(*memory, "PRAGMA foreign_keys");
    EXPECT_EQ(before, setting == std::string("on") ? "1" : "0");
    const auto begin = [&] {
      memory->begin_without_foreign_keys();
      EXPECT_EQ(cell(*memory, "PRAGMA foreign_keys"), "0");
      EXPECT_TRUE(memory->in_transaction());
      memory->query("PRAGMA legacy_alter_table = ON");
    };
    begin();
    memory->commit();
    EXPECT_EQ(cell(*memory, "PRAGMA foreign_keys"), before);
    EXPECT_EQ(cell(*memory, "PRAGMA legacy_alter_table"), "0");
    begin();
    memory->rollback();
    EXPECT_EQ(cell(*memory, "PRAGMA foreign_keys"), before);
    begin();
    memory->query("ROLLBACK");
    EXPECT_EQ(error_of([&] { memory->commit(); }).code(), ErrorCode::kDatabase);
    memory->rollback();
    EXPECT_EQ(cell(*memory, "PRAGMA foreign_keys"), before);
    EXPECT_EQ(cell(*memory, "PRAGMA legacy_alter_table"), "0");
    memory->begin();
    EXPECT_EQ(cell(*memory, "PRAGMA foreign_keys"), before);
  }
}

TEST(SqliteConnection, WithoutForeignKeysNoneIsBrokenUnseen) {
  for (const bool keys : {true, false}) {
    const auto memory = open("", {{"foreign_keys", keys ? "on" : "off"}});
    memory->query("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
    memory->query("CREATE TABLE child (p REFERENCES parent ON DELETE CASCADE)");
    memory->query("INSERT INTO parent VALUES (1), (2)");
    memory->query("INSERT INTO child VALUES (1), (2)");
    memory->begin_without_foreign_keys();
    memory->query("DELETE FROM parent WHERE id = 1");
    if (!keys) {
      memory->commit();
      continue;
    }
    const Error error = error_of([&] { memory->commit(); });
    EXPECT_EQ(error.message(), "1 more rows than before refer to a row that is not there");
    memory->rollback();
    EXPECT_EQ(cell(*memory, "SELECT count(*) FROM parent"), "2");
    EXPECT_EQ(cell(*memory, "PRAGMA foreign_keys"), "1");
  }
}

TEST(SqliteConnection, WithoutForeignKeysWhereAnotherWrites) {
  const test::Scratch scratch("sqlite");
  const auto writer = open(scratch.at("app.db"));
  writer->begin();
  const auto waiter = open(scratch.at("app.db"), {{"timeout", "0"}, {"foreign_keys", "on"}});
  EXPECT_EQ(error_of([&] { waiter->begin_without_foreign_keys(); }).code(), ErrorCode::kLocked);
  EXPECT_EQ(cell(*waiter, "PRAGMA foreign_keys"), "1");
}

TEST(SqliteConnection, ForeignKeysAtCommit) {
  EXPECT_EQ(cell(*open(""), "PRAGMA foreign_keys"), "0");
  EXPECT_EQ(cell(*open("", {{"foreign_keys", "off"}}), "PRAGMA foreign_keys"), "0");
  const auto memory = open("", {{"foreign_keys", "on"}});
  memory->query("CREATE TABLE p (id integer PRIMARY KEY)");
  memory->query("CREATE TABLE c (p REFERENCES p DEFERRABLE INITIALLY DEFERRED)");
  memory->begin();
  memory->query("INSERT INTO c VALUES (1)");
  const Error error = error_of([&] { memory->commit(); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.message(), "FOREIGN KEY constraint failed");
  EXPECT_TRUE(memory->in_transaction());
  memory->rollback();
  EXPECT_EQ(cell(*memory, "SELECT count(*) FROM c"), "0");
}

TEST(SqliteConnection, FilesThatCannotBeOpened) {
  const test::Scratch scratch("sqlite");
  std::ofstream(scratch.at("text.db")) << std::string(2000, 'x');
  std::filesystem::create_directory(scratch.at("folder"));

  Error error = error_of([&] { open(scratch.at("none/app.db")); });
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(error.message(), "cannot open the database " + (scratch.at("none/app.db")));
  EXPECT_EQ(error.detail(), scratch.at("none") + " does not exist");
  EXPECT_EQ(error.hint(),
            "check the path, or create the directory: mkdir -p " + (scratch.at("none")));

  error = error_of([&] { open(scratch.at("text.db/app.db")); });
  EXPECT_EQ(error.detail(), scratch.at("text.db") + " is not a directory");

  error = error_of([&] { open(scratch.at("folder")); });
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(error.message(), scratch.at("folder") + " is a directory, not a database");

  error = error_of([&] { open(scratch.at("text.db")); });
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(error.message(), scratch.at("text.db") + " is not a SQLite database");
  EXPECT_EQ(error.statement(), "");

  ConnectOptions options;
  options.database = scratch.at("absent.db");
  options.must_exist = true;
  error = error_of([&] { connect(options); });
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(error.message(), "the database " + options.database + " does not exist");
  EXPECT_FALSE(std::filesystem::exists(options.database));

  options.must_exist = false;
  connect(options);
  EXPECT_TRUE(std::filesystem::exists(options.database));
  options.must_exist = true;
  connect(options)->query("CREATE TABLE t (x)");
}

TEST(SqliteConnection, ReadOnly) {
  const test::Scratch scratch("sqlite");
  open(scratch.at("app.db"))->query("CREATE TABLE t (x)");
  const auto reader = open(scratch.at("app.db"), {{"mode", "ro"}});
  EXPECT_EQ(cell(*reader, "SELECT count(*) FROM t"), "0");
  const Error error = error_of([&] { reader->query("INSERT INTO t VALUES (1)"); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.message(), "attempt to write a readonly database");
  EXPECT_EQ(error.hint(), "the URL says mode=ro");
}

TEST(SqliteConnection, FullDisk) {
  const test::Scratch scratch("sqlite");
  const auto file = open(scratch.at("app.db"));
  file->query("PRAGMA max_page_count = 4");
  file->query("CREATE TABLE t (x)");
  const Error error = error_of([&] { file->query("INSERT INTO t VALUES (zeroblob(100000))"); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.message(), "database or disk is full");
  EXPECT_EQ(error.hint(), "make room on the disk of " + (scratch.at("app.db")) +
                              ", or raise its PRAGMA max_page_count");
}

TEST(SqliteConnection, BrokenFile) {
  const test::Scratch scratch("sqlite");
  open(scratch.at("app.db"))
      ->query(
          "CREATE TABLE t AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
          "SELECT x + 1 FROM n LIMIT 5000) SELECT x FROM n");
  {
    std::fstream file(scratch.at("app.db"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(8192, '\xff');
  }
  const auto broken = open(scratch.at("app.db"));
  const Error error = error_of([&] { broken->query("SELECT sum(x) FROM t"); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.message(), "database disk image is malformed");
}

TEST(SqliteConnection, WaitsForAnotherWriter) {
  const test::Scratch scratch("sqlite");
  const auto writer = open(scratch.at("app.db"));
  writer->begin();
  ConnectOptions options;
  options.database = scratch.at("app.db");
  std::vector<std::string> notices;
  options.on_notice = [&](const Notice& notice) { notices.push_back(notice.message); };
  const auto waiter = connect(options);
  std::thread release([&] {
    std::this_thread::sleep_for(milliseconds(2000));
    writer->query("CREATE TABLE t (x)");
    writer->commit();
  });
  waiter->begin();
  release.join();
  EXPECT_EQ(cell(*waiter, "SELECT count(*) FROM sqlite_schema"), "1");
  EXPECT_EQ(notices, (std::vector<std::string>{
                         "waiting for another connection that is writing to " + options.database}));
}

TEST(SqliteConnection, GivesUpWaiting) {
  const test::Scratch scratch("sqlite");
  const auto writer = open(scratch.at("app.db"));
  writer->begin();
  const auto waiter = open(scratch.at("app.db"), {{"timeout", "0.05"}});
  const Error error = error_of([&] { waiter->begin(); });
  EXPECT_EQ(error.code(), ErrorCode::kLocked);
  EXPECT_EQ(error.message(),
            scratch.at("app.db") + " is locked by another connection, for longer than 50 ms");
  EXPECT_EQ(error.hint(), "end the program that writes to it, or wait longer with lock_timeout");
  writer->rollback();
  waiter->begin();
  EXPECT_TRUE(waiter->in_transaction());
}

TEST(SqliteConnection, CommitWaitsForReaders) {
  const test::Scratch scratch("sqlite");
  const auto writer = open(scratch.at("app.db"), {{"timeout", "0.05"}});
  writer->query("CREATE TABLE t (x)");
  const auto reader = open(scratch.at("app.db"));
  reader->query("BEGIN");
  reader->query("SELECT * FROM t");
  writer->begin();
  writer->query("INSERT INTO t VALUES (1)");
  EXPECT_EQ(error_of([&] { writer->commit(); }).code(), ErrorCode::kLocked);
  EXPECT_TRUE(writer->in_transaction());
  reader->rollback();
  writer->commit();
  EXPECT_EQ(cell(*reader, "SELECT count(*) FROM t"), "1");
}

constexpr const char* kEndless =
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n";

TEST(SqliteConnection, CancelFromAnotherThread) {
  const auto memory = open("");
  std::thread interrupt([&] {
    std::this_thread::sleep_for(milliseconds(50));
    memory->cancel();
  });
  const Error error = error_of([&] { memory->query(kEndless); });
  interrupt.join();
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  EXPECT_EQ(error.message(), "cancelled while a statement was running");
  EXPECT_EQ(cell(*memory, "SELECT 1"), "1") << "a cancellation hits one statement";
}

TEST(SqliteConnection, CancelBeforeAStatementHitsTheNextOne) {
  const auto memory = open("");
  memory->cancel();
  EXPECT_EQ(error_of([&] { memory->query("SELECT 1"); }).code(), ErrorCode::kCancelled);
  EXPECT_EQ(cell(*memory, "SELECT 1"), "1");
  memory->begin();
  memory->cancel();
  memory->rollback();
  EXPECT_FALSE(memory->in_transaction());
  EXPECT_EQ(cell(*memory, "SELECT 1"), "1");
}

TEST(SqliteConnection, CancelWhileWaitingForAnotherWriter) {
  const test::Scratch scratch("sqlite");
  const auto writer = open(scratch.at("app.db"));
  writer->begin();
  const auto waiter = open(scratch.at("app.db"));
  std::thread interrupt([&] {
    std::this_thread::sleep_for(milliseconds(50));
    waiter->cancel();
  });
  EXPECT_EQ(error_of([&] { waiter->begin(); }).code(), ErrorCode::kCancelled);
  interrupt.join();

  ConnectOptions options;
  options.database = scratch.at("app.db");
  options.stop_requested = [] { return true; };
  const auto stopped = connect(options);
  EXPECT_EQ(error_of([&] { stopped->begin(); }).code(), ErrorCode::kCancelled);
  EXPECT_EQ(cell(*stopped, "SELECT 1"), "1");
}

TEST(SqliteConnection, WhatACallbackThrowsComesOut) {
  const test::Scratch scratch("sqlite");
  const auto writer = open(scratch.at("app.db"));
  writer->begin();
  ConnectOptions options;
  options.database = scratch.at("app.db");
  options.stop_requested = []() -> bool { throw std::runtime_error("thrown"); };
  const auto waiter = connect(options);
  EXPECT_THROW(waiter->begin(), std::runtime_error);
  EXPECT_EQ(cell(*waiter, "SELECT 1"), "1");
}

}  // namespace
}  // namespace capo::dialect::sqlite
