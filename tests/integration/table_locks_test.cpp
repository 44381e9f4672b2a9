// Locks on tables that others use: who queues for one has all who come after queue behind it.

#include <algorithm>
#include <atomic>
#include <thread>

#include "runtime_fixture.hpp"
#include "support/project.hpp"
#include "support/server.hpp"
#include "support/shared_server.hpp"

namespace capo::runtime {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using testing::Values;

constexpr const char* kOn = "-- capo:upgrade\n";
constexpr const char* kOff = "-- capo:upgrade transaction=off\n";

/// `pid 4711, 1.5 s` is `pid N, N.N s`.
std::string without_numbers(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit || !result.ends_with('N')) result += is_digit ? 'N' : c;
  }
  return result;
}

/// Somebody who does the same over and over, and how long it took at most.
class Client {
 public:
  Client(test::Database& database, std::string sql)
      : session_(database.session()), sql_(std::move(sql)), thread_([this] { work(); }) {}
  ~Client() { stop(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  /// Since it was asked last.
  milliseconds longest() { return milliseconds(longest_.exchange(0)); }
  int rounds() const { return rounds_; }

 private:
  void work() {
    while (!stop_) {
      const auto start = steady_clock::now();
      session_->query(sql_);
      const auto took = duration_cast<milliseconds>(steady_clock::now() - start).count();
      longest_ = std::max<std::int64_t>(longest_, took);
      ++rounds_;
    }
  }

  std::unique_ptr<test::Session> session_;
  std::string sql_;
  std::atomic<std::int64_t> longest_ = 0;
  std::atomic<int> rounds_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

/// A table items with some rows, at revision a.
class TableLocksTest : public Runtime {
 protected:
  void SetUp() override {
    project.add("a", "",
                std::string(kOn) +
                    "CREATE TABLE items (id integer PRIMARY KEY, x integer);\n"
                    "INSERT INTO items SELECT i, i FROM generate_series(1, 100) AS i;\n"
                    "CREATE TABLE marks (n integer);\n");
    upgrade("a");
    log.lines.clear();
  }

  void revision(const std::string& body) { project.add("b", "a", body); }

  /// A transaction that stays open.
  std::unique_ptr<test::Session> begin(const std::string& sql) {
    std::unique_ptr<test::Session> session = database->session();
    session->query("SET application_name = 'shop'");
    session->query("BEGIN");
    session->query(sql);
    return session;
  }
  /// The same, open for longer than an attempt takes.
  std::unique_ptr<test::Session> hold(const std::string& sql = "SELECT count(*) FROM items") {
    std::unique_ptr<test::Session> session = begin(sql);
    EXPECT_TRUE(wait_until(
        "bool_and(clock_timestamp() - xact_start > interval '150 ms') FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = 'shop'"));
    return session;
  }
  static std::string pid(test::Session& session) {
    return session.query("SELECT pg_backend_pid()").at(0).at(0);
  }
  /// The first time that a statement which contains `words` is about to be sent, `sql` is held.
  void hold_before(const std::string& words, const std::string& sql) {
    options.one_by_one = true;
    log.on_statement = [this, words, sql](const dialect::Statement& statement) {
      if (statement.sql.find(words) == std::string::npos || holder) return;
      holder = begin(sql);
    };
    log.on_waiting = [this](milliseconds) { holder->query("ROLLBACK"); };
  }
  bool wait_until(const std::string& condition) {
    for (const auto end = steady_clock::now() + seconds(20); steady_clock::now() < end;) {
      if (database->value("SELECT " + condition) == "t") return true;
      clock.sleep(milliseconds(10));
    }
    return false;
  }
  int count(const std::string& words) const {
    return static_cast<int>(std::count_if(
        log.lines.begin(), log.lines.end(),
        [&](const std::string& line) { return line.find(words) != std::string::npos; }));
  }
  std::string columns() {
    return database->value(
        "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute "
        "WHERE attrelid = 'items'::regclass AND attnum > 0 AND NOT attisdropped");
  }

  std::unique_ptr<test::Session> holder = {};
};
INSTANTIATE_TEST_SUITE_P(Databases, TableLocksTest, Values("postgresql"),
                         [](const auto& test) { return test.param; });

// What it is all about, beside what happens without it.
TEST_P(TableLocksTest, ReadersDoNotPileUpBehindIt) {
  constexpr int kReaders = 3;
  revision(std::string(kOn) + "ALTER TABLE items ADD COLUMN y integer;\n");
  holder = hold();
  std::vector<std::unique_ptr<Client>> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.push_back(std::make_unique<Client>(*database, "SELECT count(*) FROM items"));
  }
  const auto longest = [&] {
    milliseconds most{0};
    for (const auto& reader : readers) most = std::max(most, reader->longest());
    return most;
  };

  const std::unique_ptr<test::Session> plain = database->session();
  const std::string plain_pid = pid(*plain);
  std::thread waiting([&] {
    EXPECT_THROW(plain->query("ALTER TABLE items ADD COLUMN z integer"), test::DatabaseError);
  });
  EXPECT_TRUE(
      wait_until("count(*) = 3 FROM pg_stat_activity WHERE datname = current_database() AND "
                 "wait_event_type = 'Lock' AND query LIKE 'SELECT count%' AND "
                 "clock_timestamp() - query_start > interval '1.5 s'"))
      << "every reader waits behind the plain statement";
  database->query("SELECT pg_cancel_backend(" + plain_pid + ")");
  waiting.join();
  const std::vector<int> before = [&] {
    std::vector<int> rounds;
    for (const auto& reader : readers) rounds.push_back(reader->rounds());
    return rounds;
  }();
  for (int i = 0; i < kReaders; ++i) {
    while (readers[static_cast<std::size_t>(i)]->rounds() <= before[static_cast<std::size_t>(i)]) {
      clock.sleep(milliseconds(1));
    }
  }
  EXPECT_GE(longest(), milliseconds(1500));

  milliseconds longest_wait{0};
  log.on_waiting = [&](milliseconds waited) {
    longest_wait = waited;
    if (waited >= seconds(2)) holder->query("COMMIT");
  };
  const std::string holder_pid = pid(*holder);
  upgrade();
  const milliseconds most = longest();
  RecordProperty("longest_read_ms", static_cast<int>(most.count()));
  EXPECT_LT(most, milliseconds(1000));
  EXPECT_GE(longest_wait, seconds(2));
  EXPECT_EQ(columns(), "id,x,y");
  EXPECT_GE(count("waiting: items: pid " + holder_pid + " (shop, idle in transaction, begun "), 2);
  EXPECT_TRUE(without_numbers(log.lines.at(2)).ends_with(" s ago): SELECT pg_backend_pid()"))
      << testing::PrintToString(log.lines);
  EXPECT_EQ(count("ADD COLUMN y"), 1) << "nothing was tried in vain";
}

TEST_P(TableLocksTest, GivesUpAfterMaxWait) {
  revision(std::string(kOn) + "CREATE TABLE c (x integer);\nDROP TABLE items;\n");
  holder = hold("LOCK TABLE items IN ACCESS SHARE MODE");
  options.max_wait = milliseconds(300);
  const std::string before = database->dump();
  Migration mine = migration();
  const std::string told = failure([&] { mine.upgrade("head"); });
  EXPECT_EQ(without_numbers(told),
            "no lock on items was to be had: it is held by pid N (shop, idle in transaction, begun "
            "N ms ago): LOCK TABLE items IN ACCESS SHARE MODE\n"
            "waited N ms\nNothing was changed: the database is still at a.\n"
            "hint: pg_terminate_backend(N) ends it; then run the same command again, or give it "
            "longer with --max-wait");
  EXPECT_EQ(database->dump(), before);
  EXPECT_EQ(rows(), revision::Rows({"a"}));
  EXPECT_EQ(journal(), "a|upgrade|0|done\nb|upgrade|0|failed\n");
  log.on_waiting = [&](milliseconds waited) {
    EXPECT_LT(waited, milliseconds(300)) << "what was waited before does not count";
    holder->query("COMMIT");
  };
  mine.upgrade("head");
  EXPECT_EQ(rows(), revision::Rows({"b"}));
}

TEST_P(TableLocksTest, OnTheCommandLine) {
  test::Project command("postgresql");
  command.add_revision("a", "", "-- capo:upgrade\nCREATE TABLE items (x integer);\n");
  command.must({"upgrade", "head"});
  command.add_revision("b", "a", "-- capo:upgrade\nDROP TABLE items;\n");
  const std::unique_ptr<test::Session> other = command.database().session();
  other->query("BEGIN");
  other->query("SELECT * FROM items");
  other->query("SELECT pg_sleep(0.15)");
  const test::Outcome outcome = command.capo({"upgrade", "head", "--max-wait", "300ms"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("] Waiting for items: pid " + pid(*other)), std::string::npos)
      << outcome.err;
  EXPECT_NE(outcome.err.find("FAILED: no lock on items was to be had: it is held by pid"),
            std::string::npos)
      << outcome.err;
}

// Somebody is always at it, and nobody for long.
TEST_P(TableLocksTest, GetsThroughOnABusyTable) {
  revision(std::string(kOn) + "ALTER TABLE items ADD COLUMN y integer;\n");
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 1; i <= 4; ++i) {
    clients.push_back(std::make_unique<Client>(
        *database, "BEGIN; UPDATE items SET x = x + 1 WHERE id = " + std::to_string(i) +
                       "; SELECT pg_sleep(0.02); COMMIT"));
  }
  for (const auto& client : clients) {
    while (client->rounds() < 3) clock.sleep(milliseconds(1));
  }
  upgrade();
  EXPECT_EQ(columns(), "id,x,y");
  for (const auto& client : clients) client->stop();
  for (int i = 1; i <= 4; ++i) {
    EXPECT_EQ(database->value("SELECT x FROM items WHERE id = " + std::to_string(i)),
              std::to_string(i + clients[static_cast<std::size_t>(i - 1)]->rounds()));
  }
}

// Whoever comes between the look and the attempt.
TEST_P(TableLocksTest, ALockThatIsRefusedInTheMiddleOfATransaction) {
  revision(std::string(kOn) +
           "INSERT INTO marks VALUES (1);\nALTER TABLE items ADD COLUMN y integer;\n");
  project.add("c", "b", std::string(kOn) + "UPDATE items SET y = 1;\n");
  hold_before("ADD COLUMN y", "LOCK TABLE items IN ACCESS SHARE MODE");
  upgrade();
  EXPECT_EQ(count("ADD COLUMN y"), 2);
  EXPECT_EQ(count("waiting: items: no lock within 100 ms, tried once"), 1);
  EXPECT_EQ(database->value("SELECT count(*) FROM marks"), "1");
  EXPECT_EQ(rows(), revision::Rows({"c"}));
  EXPECT_EQ(journal(), "a|upgrade|0|done\nb|upgrade|0|done\nc|upgrade|0|done\n");
}

TEST_P(TableLocksTest, InATransactionForEachRevision) {
  options.transaction_per_migration = true;
  revision(std::string(kOn) + "INSERT INTO marks VALUES (1);\n");
  project.add("c", "b", std::string(kOn) + "ALTER TABLE items ADD COLUMN y integer;\n");
  hold_before("ADD COLUMN y", "LOCK TABLE items IN ACCESS SHARE MODE");
  upgrade();
  EXPECT_EQ(count("ADD COLUMN y"), 2);
  EXPECT_EQ(count("INSERT INTO marks"), 1) << "it was committed";
  EXPECT_EQ(rows(), revision::Rows({"c"}));
}

TEST_P(TableLocksTest, OfARevisionOutsideATransaction) {
  revision(std::string(kOff) +
           "INSERT INTO marks VALUES (1);\n"
           "CREATE INDEX CONCURRENTLY items_x ON items (x);\n"
           "ALTER TABLE items ADD COLUMN y integer;\n"
           "REINDEX TABLE items;\n");
  hold_before("ADD COLUMN y", "LOCK TABLE items IN ACCESS SHARE MODE");
  upgrade();
  EXPECT_EQ(count("ADD COLUMN y"), 2);
  EXPECT_EQ(database->value("SELECT count(*) FROM marks"), "1");
  EXPECT_EQ(database->value("SELECT count(*) FROM capo_journal WHERE outcome <> 'done'"), "0");
  EXPECT_EQ(columns(), "id,x,y");
}

// It is in the journal as begun, and nothing but itself is to be done again.
TEST_P(TableLocksTest, OfAStatementThatNoTransactionMayHold) {
  for (const bool with_journal : {true, false}) {
    options.journal = with_journal;
    project.add("b", "a",
                std::string(kOff) + "INSERT INTO marks VALUES (1);\nREINDEX TABLE items;\n" +
                    "-- capo:downgrade\nDELETE FROM marks;\n");
    holder.reset();
    hold_before("REINDEX", "LOCK TABLE items IN ROW EXCLUSIVE MODE");
    upgrade();
    EXPECT_EQ(count("waiting: items: no lock within 100 ms, tried once"), with_journal ? 1 : 2);
    EXPECT_EQ(database->value("SELECT count(*) FROM marks"), "1");
    EXPECT_EQ(rows(), revision::Rows({"b"}));
    EXPECT_EQ(database->value("SELECT count(*) FROM capo_journal WHERE outcome <> 'done'"), "0");
    downgrade("a");
  }
}

// Nobody waits behind it, so it may take its time; but not for ever.
TEST_P(TableLocksTest, AConcurrentIndexGivesUpAfterMaxWait) {
  revision(std::string(kOff) +
           "INSERT INTO marks VALUES (1);\nCREATE INDEX CONCURRENTLY items_x ON items (x);\n");
  holder = hold("UPDATE items SET x = 0");
  options.max_wait = milliseconds(300);
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("upgrade of b failed at statement 2 of 2: canceling statement due to lock "
                      "timeout\n"),
            std::string::npos)
      << told;
  EXPECT_NE(told.find("\nwaited 300 ms, as --max-wait says\n"), std::string::npos) << told;
  EXPECT_NE(told.find("DROP INDEX CONCURRENTLY"), std::string::npos) << told;
  EXPECT_EQ(rows(), revision::Rows({"a"}));
  holder->query("ROLLBACK");
  upgrade();
  EXPECT_EQ(database->value("SELECT indisvalid FROM pg_index WHERE indexrelid = "
                            "'items_x'::regclass"),
            "t");
  EXPECT_EQ(database->value("SELECT count(*) FROM marks"), "1");
}

// Without a journal nobody would know what of it has run.
TEST_P(TableLocksTest, WhatCannotBeCarriedOnIsNotTriedAgain) {
  options.journal = false;
  revision(std::string(kOn) +
           "-- capo:backfill\nUPDATE items SET x = 0 WHERE x <> 0;\n"
           "ALTER TABLE items ADD COLUMN y integer;\n");
  std::thread release;
  hold_before("ADD COLUMN y", "LOCK TABLE items IN ACCESS SHARE MODE");
  const auto held = log.on_statement;
  log.on_statement = [&](const dialect::Statement& statement) {
    held(statement);
    if (!holder || release.joinable()) return;
    release = std::thread([&] {
      EXPECT_TRUE(
          wait_until("count(*) = 1 FROM pg_stat_activity WHERE query LIKE 'ALTER%' AND "
                     "wait_event_type = 'Lock' AND clock_timestamp() - query_start > "
                     "interval '300 ms'"));
      holder->query("ROLLBACK");
    });
  };
  upgrade();
  release.join();
  EXPECT_EQ(count("waiting"), 0);
  EXPECT_EQ(columns(), "id,x,y");
  EXPECT_EQ(database->value("SELECT max(x) FROM items"), "0");
}

TEST_P(TableLocksTest, InterruptedWhileItWaits) {
  revision(std::string(kOn) + "DROP TABLE items;\n");
  holder = hold();
  Migration mine = migration();
  log.on_waiting = [&](milliseconds) {
    stop = 2;
    mine.cancel();
  };
  const std::string told = failure([&] { mine.upgrade("head"); });
  EXPECT_EQ(told,
            "interrupted\nNothing was changed: the database is still at a.\n"
            "hint: run the same command again to carry on");
  stop = 0;
  holder->query("ROLLBACK");
  upgrade();
  EXPECT_EQ(rows(), revision::Rows({"b"}));
}

TEST_P(TableLocksTest, ARevisionThatSaysHowLongIsLeftAlone) {
  revision(std::string(kOn) + "SET LOCAL lock_timeout = 50;\nDROP TABLE items;\n");
  holder = hold();
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("upgrade of b failed at statement 2 of 2: canceling statement due to lock "
                      "timeout"),
            std::string::npos)
      << told;
  EXPECT_EQ(count("waiting"), 0);
}

TEST_P(TableLocksTest, WhatTheUserSaysIsHowLongAnAttemptTakes) {
  revision(std::string(kOn) +
           "ALTER TABLE items ADD COLUMN y text;\nUPDATE items SET y = "
           "(SELECT setting FROM pg_settings WHERE name = 'lock' || '_timeout');\n");
  hold_before("ADD COLUMN y", "LOCK TABLE items IN ACCESS SHARE MODE");
  dialect::ConnectOptions connect = connect_options();
  connect.lock_timeout = milliseconds(150);
  Migration(project.scripts(), dialect(), connect, options, log, clock, stop).upgrade("head");
  EXPECT_EQ(count("waiting: items: no lock within 150 ms, tried once"), 1);
  EXPECT_EQ(database->value("SELECT DISTINCT y FROM items"), "150");
}

// What needs no strong lock waits as the session has it.
TEST_P(TableLocksTest, TheTimeoutIsForStrongLocksAlone) {
  revision(std::string(kOn) +
           "ALTER TABLE items ADD COLUMN y text;\nUPDATE items SET y = "
           "(SELECT setting FROM pg_settings WHERE name = 'lock' || '_timeout');\nCREATE INDEX "
           "items_y ON items (y);\n");
  database->query("ALTER DATABASE \"" + database->value("SELECT current_database()") +
                  "\" SET lock_timeout = '61s'");
  upgrade();
  EXPECT_EQ(database->value("SELECT DISTINCT y FROM items"), "61000");
}

TEST_P(TableLocksTest, TablesThatAreLockedAlong) {
  project.add("b", "a",
              std::string(kOn) +
                  "CREATE TABLE child (x integer REFERENCES items CHECK (x > 0));\n"
                  "CREATE TABLE p (x integer) PARTITION BY LIST (x);\n"
                  "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);\n"
                  "CREATE INDEX items_x ON items (x);\n");
  upgrade();
  options.max_wait = milliseconds(200);
  const auto told_of = [&](const std::string& sql, const std::string& held) {
    holder = hold("LOCK TABLE " + held + " IN ACCESS SHARE MODE");
    project.add("c", "b", std::string(kOn) + sql + ";\n");
    const std::string told = failure([&] { upgrade(); });
    return told.substr(0, told.find(": it is held"));
  };
  EXPECT_EQ(told_of("DROP TABLE child", "items"), "no lock on items was to be had");
  EXPECT_EQ(told_of("ALTER TABLE child DROP CONSTRAINT child_x_fkey", "items"),
            "no lock on items was to be had");
  EXPECT_EQ(told_of("ALTER TABLE p ADD COLUMN y integer", "p1"), "no lock on p1 was to be had");
  EXPECT_EQ(told_of("DROP INDEX items_x", "items"), "no lock on items was to be had");
  EXPECT_EQ(told_of("DO $$ BEGIN DROP TABLE p; END $$", "p1"), "no lock on p1 was to be had");
  // Readers are not in the way of these.
  EXPECT_EQ(told_of("CREATE INDEX items_x2 ON items (x)", "items"), "no error");
}

// A user without rights on others sees that they hold a lock, and neither since when nor why.
TEST_P(TableLocksTest, AsAUserWhoMayNotSeeOthers) {
  const std::string role = "plain_" + database->value("SELECT current_database()");
  database->script("CREATE ROLE \"" + role + "\" LOGIN; GRANT CREATE ON SCHEMA public TO \"" +
                   role + "\"; ALTER TABLE items OWNER TO \"" + role +
                   "\"; GRANT ALL ON alembic_version, capo_journal TO \"" + role + "\"");
  revision(std::string(kOn) + "ALTER TABLE items ADD COLUMN y integer;\n");
  holder = hold();
  const std::string holder_pid = pid(*holder);
  log.on_waiting = [&](milliseconds waited) {
    if (waited >= seconds(2)) holder->query("COMMIT");
  };
  dialect::ConnectOptions connect = connect_options();
  connect.username = role;
  Migration(project.scripts(), dialect(), connect, options, log, clock, stop).upgrade("head");
  EXPECT_GE(count("waiting: items: pid " + holder_pid + " (shop)"), 1)
      << testing::PrintToString(log.lines);
  EXPECT_LE(count("ADD COLUMN y"), 2) << "one attempt before it is seen to stay";
  database->script("DROP OWNED BY \"" + role + "\" CASCADE; DROP ROLE \"" + role + "\"");
}

// A superuser's attempt has it cancelled before others have waited for long.
TEST_P(TableLocksTest, AnAutovacuum) {
  const test::PostgresServer server({.tcp = true, .settings = {"autovacuum_naptime = 1s"}});
  database = test::make_postgresql(test::SharedServer(server.url("")));
  project = {};
  SetUp();
  database->script(
      "ALTER TABLE items SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,"
      " autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);"
      "INSERT INTO items SELECT g, g FROM generate_series(1000, 200000) AS g;"
      "DELETE FROM items WHERE x > 1000");
  ASSERT_TRUE(
      wait_until("EXISTS (SELECT FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid) WHERE"
                 " l.relation = 'items'::regclass AND a.backend_type = 'autovacuum worker')"));
  revision(std::string(kOn) + "ALTER TABLE items ADD COLUMN y integer;\n");
  Client reader(*database, "SELECT count(*) FROM items WHERE x = 1");
  upgrade();
  EXPECT_EQ(columns(), "id,x,y");
  EXPECT_EQ(count("autovacuum"), 0) << testing::PrintToString(log.lines);
  EXPECT_LT(reader.longest(), milliseconds(900)) << "less than the server's deadlock_timeout";
}

// One that waits for its second phase holds its locks without a process.
TEST_P(TableLocksTest, APreparedTransaction) {
  const test::PostgresServer server({.tcp = true, .settings = {"max_prepared_transactions = 2"}});
  database = test::make_postgresql(test::SharedServer(server.url("")));
  project = {};
  SetUp();
  revision(std::string(kOn) + "DROP TABLE items;\n");
  begin("LOCK TABLE items IN ACCESS SHARE MODE")->query("PREPARE TRANSACTION 'transfer 7'");
  options.max_wait = milliseconds(300);
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("it is held by a prepared transaction (transfer 7, prepared, begun "),
            std::string::npos)
      << told;
  EXPECT_NE(told.find("hint: ROLLBACK PREPARED 'transfer 7' or COMMIT PREPARED"), std::string::npos)
      << told;
  database->query("ROLLBACK PREPARED 'transfer 7'");
  upgrade();
  EXPECT_EQ(rows(), revision::Rows({"b"}));
  database.reset();
}

}  // namespace
}  // namespace capo::runtime
