// capo as a library: revisions that are compiled in, data steps, a program's own connections.

#include "capo/migrator.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "capo/connection.hpp"
#include "capo/migration.hpp"
#include "runtime/testing.hpp"
#include "support/database.hpp"
#include "support/scratch.hpp"

namespace rev_lib_000 {
static void upgrade(capo::Operations& op) {
  op.execute("CREATE TABLE users (id integer PRIMARY KEY, name varchar(64))");
  op.execute("CREATE TABLE items (id integer PRIMARY KEY, user_id integer, done boolean)");
}
static void downgrade(capo::Operations& op) {
  op.execute("DROP TABLE items");
  op.execute("DROP TABLE users");
}
CAPO_REVISION(lib_000, .message = "tables");
}  // namespace rev_lib_000

namespace rev_lib_001 {
static void assign(capo::Connection& db) {
  const std::string name = db.argument("admin").value_or("admin");
  const auto admin = db.query_one("SELECT id FROM users WHERE name = $1", {name});
  if (!admin) {
    throw capo::Error(capo::ErrorCode::kDatabase, "there is no user " + name)
        .hint("create one, or name another with -x admin=NAME");
  }
  db.execute_in_batches(
      "UPDATE items SET user_id = $1 WHERE id IN"
      " (SELECT id FROM items WHERE user_id IS NULL ORDER BY id LIMIT $2)",
      {admin->integer(0), 40});
}
static void upgrade(capo::Operations& op) { op.data_step("give items to the admin", assign); }
static void downgrade(capo::Operations& op) {
  op.data_step(
      "take the items back",
      [](capo::Connection& db) { db.execute("UPDATE items SET user_id = NULL"); },
      capo::SqlText("UPDATE items SET user_id = NULL"));
}
CAPO_REVISION(lib_001, .down_revision = {"lib_000"}, .message = "assign");
}  // namespace rev_lib_001

namespace rev_lib_slow {
static void upgrade(capo::Operations& op) {
  op.execute("INSERT INTO users VALUES (77, 'slow')");
  op.data_step("wait for ever", [](capo::Connection& db) {
    for (;;) {
      db.query("SELECT 1");
      db.progress("waiting");
    }
  });
}
static void downgrade(capo::Operations&) {}
CAPO_REVISION(lib_slow, .down_revision = {"lib_001"});
}  // namespace rev_lib_slow

namespace rev_lib_values {
static void expect(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}
static void upgrade(capo::Operations& op) {
  op.data_step("ask with values", [](capo::Connection& db) {
    const std::vector<int> two(2);
    expect(db.query_one("SELECT 1 FROM users WHERE id = $1", {5.0}).has_value(), "a double");
    expect(db.query("SELECT id FROM items ORDER BY id LIMIT $1", {two.size()}).size() == 2,
           "a size");
    expect(db.query_one("SELECT CAST($1 AS integer) IS NULL", {nullptr})->boolean(0), "a NULL");
    expect(db.query_one("SELECT 1 FROM users WHERE name = $2 AND id = $1",
                        {5, std::optional<std::string>("admin")})
               .has_value(),
           "a text");
    db.execute("UPDATE items SET done = $1 WHERE id = $2", {true, 1});
    expect(db.query_one("SELECT done FROM items WHERE id = 1")->boolean(0), "a boolean");
  });
}
static void downgrade(capo::Operations&) {}
CAPO_REVISION(lib_values, .down_revision = {"lib_001"});
}  // namespace rev_lib_values

namespace rev_lib_broken {
static void upgrade(capo::Operations& op) {
  op.data_step("break",
               [](capo::Connection& db) { db.execute("UPDATE items SET nothing = $1", {1}); });
}
static void downgrade(capo::Operations&) {}
CAPO_REVISION(lib_broken, .down_revision = {"lib_001"});
}  // namespace rev_lib_broken

namespace capo {
namespace {

const CompiledRevision kValuesTable[] = {
    {&rev_lib_000::capo_revision_lib_000, "aa", {}, "versions/000.cpp", {}},
    {&rev_lib_001::capo_revision_lib_001, "bb", {}, "versions/001.cpp", {}},
    {&rev_lib_values::capo_revision_lib_values, "dd", {}, "versions/values.cpp", {}},
};
constexpr Revisions kValues = {kValuesTable, 3};
const CompiledRevision kBrokenTable[] = {
    {&rev_lib_000::capo_revision_lib_000, "aa", {}, "versions/000.cpp", {}},
    {&rev_lib_001::capo_revision_lib_001, "bb", {}, "versions/001.cpp", {}},
    {&rev_lib_broken::capo_revision_lib_broken, "ee", {}, "versions/broken.cpp", {}},
};
constexpr Revisions kBroken = {kBrokenTable, 3};

const CompiledRevision kTable[] = {
    {&rev_lib_000::capo_revision_lib_000, "aa", {}, "versions/000.cpp", {}},
    {&rev_lib_001::capo_revision_lib_001, "bb", {}, "versions/001.cpp", {}},
    {&rev_lib_slow::capo_revision_lib_slow, "cc", {}, "versions/slow.cpp", {}},
};
constexpr Revisions kTablesOnly = {kTable, 1};
constexpr Revisions kAssigned = {kTable, 2};
constexpr Revisions kSlow = {kTable, 3};

class Library : public testing::TestWithParam<std::string> {
 protected:
  Migrator migrator(Revisions revisions = kAssigned, MigratorOptions options = {}) {
    return {revisions, database->url(), std::move(options)};
  }
  void fill(int items, const std::string& admin = "admin") {
    migrator(kTablesOnly).upgrade();
    database->script("INSERT INTO users VALUES (5, '" + admin + "')");
    for (int i = 1; i <= items; ++i) {
      database->script("INSERT INTO items VALUES (" + std::to_string(i) + ", NULL, NULL)");
    }
    database->script("INSERT INTO items VALUES (1000, 9, NULL)");
  }
  std::string owners() {
    return test::to_text(
        database->query("SELECT user_id, count(*) FROM items GROUP BY user_id ORDER BY user_id"));
  }

  test::Scratch scratch{"library"};
  std::unique_ptr<test::Database> database = test::make_database(GetParam(), scratch.path());
};

TEST_P(Library, UpgradesAndSaysWhatItDid) {
  std::vector<std::string> told;
  const auto listen = [&](const MigrationEvent& event) {
    if (event.kind == MigrationEvent::Kind::kRevisionStarted) {
      told.push_back(std::string(event.text) + " (" + std::to_string(event.number) + " of " +
                     std::to_string(event.of) + ")");
    }
    if (event.kind == MigrationEvent::Kind::kDataStep) told.emplace_back(event.text);
  };
  fill(100);
  Migrator program = migrator(kAssigned, {.on_event = listen});
  EXPECT_EQ(program.current(), std::vector<std::string>{"lib_000"});
  EXPECT_EQ(program.pending(), std::vector<std::string>{"lib_001"});
  EXPECT_FALSE(program.is_current());
  EXPECT_EQ(program.upgrade(), std::vector<std::string>{"lib_001"});
  EXPECT_EQ(told, (std::vector<std::string>{"Running upgrade lib_000 -> lib_001, assign (1 of 1)",
                                            "40 rows", "80 rows", "100 rows"}));
  EXPECT_EQ(owners(), "5|100\n9|1\n");
  EXPECT_TRUE(program.is_current());
  EXPECT_NO_THROW(program.require_head());
  EXPECT_TRUE(program.upgrade().empty());
  EXPECT_EQ(program.downgrade("base"), (std::vector<std::string>{"lib_001", "lib_000"}));
  program.stamp("lib_000");
  EXPECT_EQ(program.current(), std::vector<std::string>{"lib_000"});
}

TEST_P(Library, ADataStepThatThrowsChangesNothing) {
  fill(3, "boss");
  EXPECT_EQ(runtime::failure([&] { migrator().upgrade(); }),
            "versions/001.cpp: upgrade of lib_001 failed at statement 1 of 1: there is no user "
            "admin\nRolled back: lib_001. Nothing was changed: the database is still at "
            "lib_000.\nhint: create one, or "
            "name another with -x admin=NAME");
  EXPECT_EQ(owners(), GetParam() == "sqlite" ? "NULL|3\n9|1\n" : "9|1\nNULL|3\n");
  EXPECT_EQ(migrator().current(), std::vector<std::string>{"lib_000"});
  migrator(kAssigned, {.arguments = {{"admin", "boss"}}}).upgrade();
  EXPECT_EQ(owners(), "5|3\n9|1\n");
}

TEST_P(Library, ValuesOfEveryKind) {
  fill(2);
  Migrator program = migrator(kValues);
  EXPECT_EQ(program.upgrade(), (std::vector<std::string>{"lib_001", "lib_values"}));
}

TEST_P(Library, TheStatementOfADataStepThatFailedIsTold) {
  fill(1);
  migrator().upgrade();
  try {
    migrator(kBroken).upgrade();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.statement(), "UPDATE items SET nothing = $1");
    EXPECT_EQ(error.where(), (SourcePosition{.file = "versions/broken.cpp"}));
  }
}

TEST_P(Library, ScriptSaysWhereNoSqlStandsForAStep) {
  fill(1);
  EXPECT_EQ(runtime::failure([&] { migrator().script(); }),
            "versions/001.cpp: upgrade of lib_001 has a step that no SQL stands for: give items to "
            "the admin\nhint: run it against the database; or give data_step() the SQL that --sql "
            "writes");
  database->reset();
  const std::string script = migrator(kTablesOnly).script();
  EXPECT_NE(script.find("CREATE TABLE items"), std::string::npos) << script;
  database->script(script);
  EXPECT_TRUE(migrator(kTablesOnly).is_current());
}

TEST_P(Library, RequireHeadSaysWhatIsWrong) {
  EXPECT_EQ(runtime::failure([&] { migrator().require_head(); }),
            "this program needs the database at revision lib_001, which is at none\n"
            "hint: migrate the database first: upgrade head");
  fill(0);
  migrator().upgrade();
  const std::string ahead =
      "this program needs the database at revision lib_000, which is at lib_001\n"
      "hint: this program does not know lib_001: a newer one has migrated the database; run that "
      "one";
  EXPECT_EQ(runtime::failure([&] { migrator(kTablesOnly).require_head(); }), ahead);
  EXPECT_EQ(runtime::failure([&] { migrator(kTablesOnly).upgrade(); }), ahead);
  EXPECT_EQ(runtime::failure([&] { migrator(kTablesOnly).pending(); }), ahead);
  EXPECT_EQ(runtime::failure([&] { migrator(kTablesOnly).downgrade("base"); }), ahead);
}

TEST_P(Library, CancelledFromAnotherThread) {
  fill(10);
  std::atomic<bool> is_waiting{false};
  Migrator program = migrator(kSlow, {.on_event = [&](const MigrationEvent& event) {
                                if (event.text == "waiting") is_waiting = true;
                              }});
  std::thread other([&] {
    while (!is_waiting) std::this_thread::yield();
    program.cancel();
  });
  const std::string told = runtime::failure([&] { program.upgrade(); });
  other.join();
  EXPECT_NE(told.find("upgrade of lib_slow was interrupted at statement 2 of 2"), std::string::npos)
      << told;
  EXPECT_EQ(database->value("SELECT count(*) FROM users WHERE id = 77"), "0");
  // It counts for that one call.
  EXPECT_NO_THROW(program.current());
}

TEST_P(Library, SeveralAtOnce) {
  fill(20);
  std::vector<std::thread> threads;
  std::atomic<int> carried_out{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { carried_out += static_cast<int>(migrator().upgrade().size()); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(carried_out, 1);
  EXPECT_EQ(owners(), "5|20\n9|1\n");
}

TEST_P(Library, WhatTheListenerThrowsEndsTheRun) {
  fill(1);
  const auto listen = [](const MigrationEvent& event) {
    if (event.kind == MigrationEvent::Kind::kDataStep) throw std::runtime_error("enough");
  };
  EXPECT_THROW(migrator(kAssigned, {.on_event = listen}).upgrade(), std::exception);
  EXPECT_EQ(migrator().current(), std::vector<std::string>{"lib_000"});
}

INSTANTIATE_TEST_SUITE_P(Databases, Library, testing::Values("sqlite", "postgresql"));

struct CloseSqlite {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};

TEST(BorrowedConnection, Sqlite) {
  sqlite3* opened = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &opened), SQLITE_OK);
  const std::unique_ptr<sqlite3, CloseSqlite> memory(opened);
  EXPECT_EQ(Migrator(kTablesOnly, memory.get()).upgrade(), std::vector<std::string>{"lib_000"});
  EXPECT_EQ(sqlite3_exec(memory.get(), "INSERT INTO users VALUES (5, 'admin'); BEGIN", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  EXPECT_EQ(runtime::failure([&] { Migrator(kAssigned, memory.get()).upgrade(); }),
            "the SQLite connection is in a transaction\n"
            "hint: end it first: capo begins and ends its own");
  sqlite3_exec(memory.get(), "COMMIT", nullptr, nullptr, nullptr);
  Migrator again(kAssigned, memory.get());
  again.upgrade();
  EXPECT_EQ(again.current(), std::vector<std::string>{"lib_001"});
}

struct CloseLibpq {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};

std::string answer(PGconn* connection, const char* sql) {
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection, sql), PQclear);
  return PQresultStatus(result.get()) == PGRES_TUPLES_OK ? PQgetvalue(result.get(), 0, 0)
                                                         : PQresultErrorMessage(result.get());
}

TEST(BorrowedConnection, Postgresql) {
  const test::Scratch scratch("borrowed");
  const auto database = test::make_database("postgresql", scratch.path());
  const std::unique_ptr<PGconn, CloseLibpq> connection(PQconnectdb(database->url().c_str()));
  ASSERT_EQ(PQstatus(connection.get()), CONNECTION_OK) << PQerrorMessage(connection.get());
  PQsetClientEncoding(connection.get(), "UTF8");
  EXPECT_EQ(Migrator(kTablesOnly, connection.get()).upgrade(), std::vector<std::string>{"lib_000"});
  // It is as it was: no pipeline, no settings, no lock.
  EXPECT_EQ(PQpipelineStatus(connection.get()), PQ_PIPELINE_OFF);
  EXPECT_EQ(answer(connection.get(), "SHOW row_security"), "on");
  EXPECT_EQ(
      answer(
          connection.get(),
          "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"),
      "0");
  answer(connection.get(), "BEGIN");
  EXPECT_EQ(runtime::failure([&] { Migrator(kAssigned, connection.get()).upgrade(); }),
            "the PostgreSQL connection is in a transaction, or busy\n"
            "hint: end it first: capo begins and ends its own");
  answer(connection.get(), "ROLLBACK");
  // An error leaves it usable.
  EXPECT_NE(runtime::failure([&] {
              Migrator(kAssigned, connection.get()).upgrade();
            }).find("there is no user admin"),
            std::string::npos);
  EXPECT_EQ(answer(connection.get(), "SELECT version_num FROM alembic_version"), "lib_000");
}

}  // namespace
}  // namespace capo
