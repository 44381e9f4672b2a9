// Backfills on both databases: along which keys they go, what they promise, and what they leave
// alone. How they are interrupted and carried on with is told in backfill_resume_test.cpp.

#include <chrono>
#include <thread>

#include "backfill_fixture.hpp"

namespace capo::runtime {
namespace {

using testing::Values;

class Backfilling : public Backfills {};

INSTANTIATE_TEST_SUITE_P(Databases, Backfilling, Values("sqlite", "postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(Backfilling, ChangesEachRowOnce) {
  make_rows(1000);
  revision("-- capo:backfill batch=64\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|1000\n");
  EXPECT_EQ(outcome(), "Backfilled t: 1000 rows in 16 batches");
  EXPECT_EQ(journal(), "r|upgrade|0|done\nr|upgrade|1|done\n");
  EXPECT_EQ(rows(), revision::Rows{"r"});
}

TEST_P(Backfilling, TakesAsManyBatchesAsItMust) {
  make_rows(100);
  for (const auto& [size, batches] :
       std::vector<std::pair<int, int>>{{1, 100}, {99, 2}, {100, 1}, {101, 1}, {50, 2}}) {
    database->script(
        "DROP TABLE IF EXISTS alembic_version; DROP TABLE IF EXISTS capo_journal; "
        "UPDATE t SET n = 0");
    revision("-- capo:backfill batch=" + std::to_string(size) + "\nUPDATE t SET n = n + 1;\n");
    upgrade();
    EXPECT_EQ(changes(), "1|100\n") << size;
    EXPECT_EQ(outcome(), "Backfilled t: 100 rows in " + std::to_string(batches) +
                             (batches == 1 ? " batch" : " batches"));
  }
}

TEST_P(Backfilling, StandsAmongOtherStatements) {
  revision(
      "CREATE TABLE t (id integer PRIMARY KEY, n integer);\n"
      "INSERT INTO t VALUES (1, 0), (2, 0), (3, 5);\n"
      "-- capo:backfill batch=1\nUPDATE t SET n = n + 1 WHERE n = 0;\n"
      "-- capo:backfill batch=2\nUPDATE t SET n = n + 10 WHERE n = 1;\n"
      "CREATE TABLE u (x integer);\nINSERT INTO u SELECT n FROM t;\n");
  upgrade();
  EXPECT_EQ(database->column("SELECT x FROM u ORDER BY x"),
            (std::vector<std::string>{"5", "11", "11"}));
  EXPECT_EQ(journal(),
            "r|upgrade|0|done\nr|upgrade|1|done\nr|upgrade|2|done\nr|upgrade|3|done\n"
            "r|upgrade|4|done\n");
}

TEST_P(Backfilling, AnEmptyTableHasNothingToDo) {
  make_table("id integer PRIMARY KEY", "");
  revision("-- capo:backfill expect-rows=0 expect-no-rows=\"n = 0\"\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(outcome(), "Backfilled t: 0 rows in 1 batch");
}

TEST_P(Backfilling, ConditionsSayWhichRows) {
  make_rows(500);
  database->query("UPDATE t SET a = NULL WHERE id % 2 = 0");
  revision(
      "-- capo:backfill batch=7 expect-rows=\"exactly 250\" expect-no-rows=\"a IS NULL\"\n"
      "UPDATE t SET n = n + 1, a = -1 WHERE a IS NULL;\n");
  upgrade();
  EXPECT_EQ(changes("id % 2 = 0"), "1|250\n");
  EXPECT_EQ(changes("id % 2 = 1"), "0|250\n");
}

// No statement looks at the whole table for the few that are meant.
TEST_P(Backfilling, RareRowsAreFoundStretchByStretch) {
  make_rows(1000);
  revision("-- capo:backfill batch=1\nUPDATE t SET n = n + 1 WHERE id IN (3, 500, 501, 1000);\n");
  upgrade();
  EXPECT_EQ(changes(), "0|996\n1|4\n");
  EXPECT_EQ(outcome(), "Backfilled t: 4 rows in 36 batches");
}

TEST_P(Backfilling, GoesAlongSeveralColumns) {
  make_table("a integer NOT NULL, \"B c\" text NOT NULL, PRIMARY KEY (a, \"B c\")",
             "INSERT INTO t (a, \"B c\") WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 "
             "FROM c WHERE i < 299) SELECT i / 50, 'x' || (i % 50) FROM c");
  revision("-- capo:backfill batch=7\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|300\n");
  EXPECT_EQ(outcome(), "Backfilled t: 300 rows in 43 batches");
}

TEST_P(Backfilling, GoesAlongTexts) {
  make_table("k varchar(40) PRIMARY KEY",
             "INSERT INTO t (k) VALUES (''), ('it''s'), ('a\\b'), ('\\'), ('ä'), ('Z'), ('z'), "
             "(' '), ('$1'), ('%'), ('x),(''y'''), ('line\nbreak'), ('--'), ('NULL')");
  revision("-- capo:backfill batch=1\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|14\n");
}

TEST_P(Backfilling, GoesAlongNumbersAsNumbers) {
  make_table("k numeric PRIMARY KEY",
             "INSERT INTO t (k) VALUES (-10), (-9.5), (0), (9), (10), (100), (1e15), (0.1)");
  revision("-- capo:backfill batch=1\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|8\n");
}

TEST_P(Backfilling, GoesAlongColumnsThatAreNamed) {
  make_table("id integer PRIMARY KEY, a integer NOT NULL",
             "INSERT INTO t (id, a) VALUES (1, 5), (2, 5), (3, 5), (4, 1), (5, 7); "
             "CREATE INDEX t_a ON t (a)");
  // The same key several times: those rows go together.
  revision("-- capo:backfill batch=2 key=a\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|5\n");
  EXPECT_EQ(outcome(), "Backfilled t: 5 rows in 2 batches");
}

TEST_P(Backfilling, CommentsInItsTextSwallowNothing) {
  make_rows(10);
  revision(
      "-- capo:backfill batch=3 expect-no-rows=\"n = 0 -- not done\"\n"
      "UPDATE t SET n = n + 1 -- (once\n WHERE a >= 0 -- all of them\n  OR a < 0;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|10\n");
}

// Nothing of the run happens, not even what comes before.
TEST_P(Backfilling, WithoutAKeyItIsRefusedBeforeAnythingRuns) {
  database->script("CREATE TABLE t (id integer, n integer)");
  project.table("a").add("b", "a",
                         "-- capo:upgrade\n-- capo:backfill\nUPDATE t SET n = 1;\n"
                         "-- capo:downgrade\n");
  EXPECT_EQ(failure([&] { upgrade(); }),
            "/project/versions/b.sql:9:1: the backfill of t has no key to go along: the table has "
            "no primary key\n"
            "hint: name columns that are not null and have an index: .key = {…}, in SQL key=…");
  EXPECT_EQ(rows(), revision::Rows{});
  EXPECT_FALSE(database->has_table("a"));
}

TEST_P(Backfilling, RefusesKeysThatDoNotServe) {
  make_rows(3);
  const auto refusal = [&](const std::string& key) {
    revision("-- capo:backfill key=" + key + "\nUPDATE t SET n = n + 1;\n");
    const std::string text = failure([&] { upgrade(); });
    return text.substr(text.find(": ") + 2, text.find('\n') - text.find(": ") - 2);
  };
  EXPECT_EQ(refusal("nothing"), "the backfill of t goes along nothing, which the table has not");
  EXPECT_EQ(refusal("a"),
            "the backfill of t goes along a, which no index begins with: each batch would read the "
            "whole table");
  database->script("CREATE INDEX t_part ON t (a) WHERE a > 0");
  EXPECT_NE(refusal("a").find("no index begins with"), std::string::npos);
  database->script("CREATE INDEX t_a ON t (a, n); UPDATE t SET a = NULL WHERE id = 2");
  revision("-- capo:backfill key=a\nUPDATE t SET n = n + 1;\n");
  EXPECT_NE(failure([&] { upgrade(); })
                .find("the backfill of t goes along a, which is NULL in some rows: those would be "
                      "left out"),
            std::string::npos);
  EXPECT_EQ(changes(), "0|3\n");
}

TEST_P(Backfilling, RefusesViews) {
  make_rows(3);
  database->script("CREATE VIEW v AS SELECT * FROM t");
  revision("-- capo:backfill\nUPDATE v SET n = n + 1;\n");
  EXPECT_EQ(failure([&] { upgrade(); }),
            "/project/versions/r.sql:9:1: the backfill of v cannot go through a view\n"
            "hint: name the table behind it");
}

TEST_P(Backfilling, IsToldInWordsBeforehand) {
  make_rows(100);
  revision(
      "-- capo:backfill batch=30 description=\"count them\"\n"
      "UPDATE t SET n = n + 1 WHERE id > 10;\n");
  std::string text;
  for (const PlannedStep& step : migration().dry_run(revision::Direction::kUpgrade, "head")) {
    for (const dialect::Statement& statement : step.statements) {
      if (statement.backfill != nullptr) text += statement.comment + "\n";
    }
  }
  EXPECT_EQ(text, "count them\nabout 90 rows, in 3 batches of at most 30, along id\n");
  EXPECT_EQ(changes(), "0|100\n");
}

TEST_P(Backfilling, ExpectsSoManyRows) {
  make_rows(100);
  revision("-- capo:backfill batch=30 expect-rows=99\nUPDATE t SET n = n + 1;\n");
  EXPECT_EQ(failure([&] { upgrade(); }),
            "/project/versions/r.sql:9:1: upgrade of r failed at statement 1 of 1: the backfill of "
            "t is to change exactly 99 rows, and comes to more\n"
            "The backfill has changed 90 rows in 3 batches; they stay. The next `capo upgrade` "
            "carries on behind them.\n"
            "hint: correct the condition, or what it expects, and run the same command again");
  // Those that are too many were not committed.
  EXPECT_EQ(changes(), "0|10\n1|90\n");
  EXPECT_EQ(rows(), revision::Rows{});
  ASSERT_TRUE(state().half_done);

  // What it expects is not what it does: that may be corrected.
  revision("-- capo:backfill batch=30 expect-rows=\"at least 101\"\nUPDATE t SET n = n + 1;\n");
  EXPECT_NE(failure([&] {
              upgrade();
            }).find("the backfill of t was to change at least 101 rows, and has changed 100"),
            std::string::npos);
  EXPECT_EQ(changes(), "1|100\n");
  revision("-- capo:backfill batch=30 expect-rows=100\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|100\n");
  EXPECT_EQ(rows(), revision::Rows{"r"});
}

TEST_P(Backfilling, ExpectsNoRowsToBeLeft) {
  make_rows(50);
  // A trigger that keeps some rows as they are.
  database->script(
      postgresql()
          ? "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF OLD.id > 45 THEN "
            "RETURN NULL; END IF; RETURN NEW; END'; CREATE TRIGGER keep BEFORE UPDATE ON t FOR "
            "EACH ROW EXECUTE FUNCTION keep()"
          : "CREATE TRIGGER keep BEFORE UPDATE ON t WHEN OLD.id > 45 BEGIN SELECT RAISE(IGNORE); "
            "END");
  revision(
      "-- capo:backfill batch=20 expect-no-rows=\"n = 0\"\nUPDATE t SET n = n + 1 WHERE n = 0;\n");
  EXPECT_EQ(failure([&] { upgrade(); }),
            "/project/versions/r.sql:9:1: upgrade of r failed at statement 1 of 1: the backfill of "
            "t leaves 5 rows where n = 0\n"
            "The backfill has changed 45 rows in 4 batches; they stay. The next `capo upgrade` "
            "carries on behind them.\n"
            "hint: a trigger may keep them from being changed, or an older version of the program "
            "goes on to insert such rows; then run the same command again");
  database->script(postgresql() ? "DROP TRIGGER keep ON t" : "DROP TRIGGER keep");
  upgrade();
  EXPECT_EQ(changes(), "1|50\n");
}

TEST_P(Backfilling, RowsThatComeMeanwhileHaveTheirTurn) {
  make_rows(100);
  revision(
      "-- capo:backfill batch=30 expect-no-rows=\"n = 0\"\nUPDATE t SET n = n + 1 WHERE n = 0;\n");
  int batches = 0;
  log.on_progress = [&](std::string_view) {
    ++batches;
    // Behind it, before it, and beyond the end that there was when it began.
    if (batches == 3) database->script("INSERT INTO t (id) VALUES (0), (1000)");
    if (batches == 4) database->script("DELETE FROM t WHERE id = 5; INSERT INTO t (id) VALUES (5)");
  };
  upgrade();
  EXPECT_EQ(changes(), "1|102\n");
}

// Without a promise that says when a row is not done, only rows that were there are.
TEST_P(Backfilling, EndsWhereTheTableEndedWhenItBegan) {
  make_rows(100);
  revision("-- capo:backfill batch=30\nUPDATE t SET n = n + 1;\n");
  int id = 1000;
  log.on_progress = [&](std::string_view) {
    database->script("INSERT INTO t (id) VALUES (" + std::to_string(++id) + ")");
  };
  upgrade();
  EXPECT_EQ(changes("id <= 100"), "1|100\n");
  EXPECT_EQ(changes("id > 100"), "0|4\n");
}

TEST_P(Backfilling, TellsHowItGetsOn) {
  make_rows(100);
  revision("-- capo:backfill batch=40\nUPDATE t SET n = n + 1;\n");
  std::vector<std::string> told;
  log.on_progress = [&](std::string_view text) { told.emplace_back(text); };
  upgrade();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].find("t: 40 of about 100 rows"), 0U) << told[0];
  EXPECT_EQ(told[1].find("t: 80 of about 100 rows"), 0U) << told[1];
  EXPECT_EQ(told[2].find("t: 100 rows"), 0U) << told[2];
}

TEST_P(Backfilling, RestsBetweenBatches) {
  make_rows(40);
  revision("-- capo:backfill batch=10 pause=60ms\nUPDATE t SET n = n + 1;\n");
  const auto begin = clock.monotonic();
  upgrade();
  EXPECT_GE(clock.monotonic() - begin, std::chrono::milliseconds(180));
  EXPECT_EQ(changes(), "1|40\n");
}

// What is set may need more than the row.
TEST_P(Backfilling, ReadsOtherTables) {
  make_rows(100);
  database->script(
      "CREATE TABLE names (id integer PRIMARY KEY, name text); INSERT INTO names "
      "SELECT id, 'no ' || id FROM t WHERE id % 3 = 0; ALTER TABLE t ADD COLUMN name "
      "text");
  revision(
      "-- capo:backfill batch=9\nUPDATE t SET n = n + 1, name = (SELECT names.name FROM names "
      "WHERE names.id = t.id) WHERE EXISTS (SELECT 1 FROM names WHERE names.id = t.id);\n");
  upgrade();
  EXPECT_EQ(changes("id % 3 = 0"), "1|33\n");
  EXPECT_EQ(changes("id % 3 <> 0"), "0|67\n");
  EXPECT_EQ(database->value("SELECT count(*) FROM t WHERE name = 'no ' || id"), "33");
}

class BackfillingPostgresql : public Backfills {};
INSTANTIATE_TEST_SUITE_P(, BackfillingPostgresql, Values("postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(BackfillingPostgresql, GoesAlongTypesOfItsOwn) {
  const std::vector<std::pair<std::string, std::string>> types = {
      {"uuid", "md5(i::text)::uuid"},
      {"timestamptz", "now() + i * interval '1 hour'"},
      {"bytea", "decode(md5(i::text), 'hex')"},
      {"char(8)", "to_char(i, 'FM0000')"},
      {"double precision", "1.0 / i"},
      {"date", "date '2000-01-01' + i"},
      {"inet", "('10.0.0.' || i)::inet"},
      {"integer[]", "ARRAY[i % 5, i]"}};
  for (const auto& [type, value] : types) {
    SCOPED_TRACE(type);
    database->reset();
    make_table("k " + type + " PRIMARY KEY",
               "INSERT INTO t (k) SELECT " + value + " FROM generate_series(1, 100) AS i");
    revision("-- capo:backfill batch=7\nUPDATE t SET n = n + 1;\n");
    upgrade();
    EXPECT_EQ(changes(), "1|100\n");
    EXPECT_EQ(outcome(), "Backfilled t: 100 rows in 15 batches");
  }
}

TEST_P(BackfillingPostgresql, GoesThroughPartitions) {
  database->script(
      "CREATE SCHEMA app; CREATE TABLE app.t (id integer, day integer, n integer DEFAULT 0, "
      "PRIMARY KEY (id, day)) PARTITION BY RANGE (day); CREATE TABLE app.t1 PARTITION OF app.t FOR "
      "VALUES FROM (0) TO (5); CREATE TABLE app.t2 PARTITION OF app.t FOR VALUES FROM (5) TO (10); "
      "INSERT INTO app.t (id, day) SELECT i, i % 10 FROM generate_series(1, 200) AS i");
  revision("-- capo:backfill batch=13\nUPDATE app.t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(test::to_text(database->query("SELECT n, count(*) FROM app.t GROUP BY n")), "1|200\n");
}

// The row that is held is waited for, the holder named, and nothing is lost.
TEST_P(BackfillingPostgresql, ARowThatSomebodyHoldsDelays) {
  make_rows(100);
  revision("-- capo:backfill batch=30\nUPDATE t SET n = n + 1;\n");
  const auto holder = database->session();
  holder->query("SET application_name = 'holder'");
  holder->query("BEGIN");
  holder->query("UPDATE t SET a = -1 WHERE id = 50");
  std::string waiting;
  log.on_progress = [&](std::string_view text) {
    if (text.find("waiting") == std::string_view::npos) return;
    if (waiting.empty()) holder->query("COMMIT");
    waiting = text;
  };
  upgrade();
  EXPECT_EQ(waiting.find("t: waiting for rows that are held by pid "), 0U) << waiting;
  EXPECT_NE(waiting.find("(holder), whose transaction has been open for"), std::string::npos)
      << waiting;
  EXPECT_EQ(changes(), "1|100\n");
  EXPECT_EQ(database->value("SELECT a FROM t WHERE id = 50"), "-1");
}

// Each takes its rows in the order of the key.
TEST_P(BackfillingPostgresql, TakesRowsInTheOrderOfTheKey) {
  make_table("id integer PRIMARY KEY, a integer",
             "INSERT INTO t (id, a) SELECT i, 0 FROM generate_series(2000, 1, -1) AS i; "
             "CREATE TABLE seen (place integer GENERATED ALWAYS AS IDENTITY, id integer); "
             "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO seen "
             "(id) VALUES (NEW.id); RETURN NEW; END'; CREATE TRIGGER note BEFORE UPDATE ON t FOR "
             "EACH ROW EXECUTE FUNCTION note(); ANALYZE t");
  revision("-- capo:backfill batch=1500\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(database->value("SELECT count(*) FROM seen WHERE place <> id"), "0");
}

TEST_P(BackfillingPostgresql, WaitsWhileTooManyAreAtWork) {
  make_rows(10);
  revision("-- capo:backfill max-active=1\nUPDATE t SET n = n + 1;\n");
  const std::string sleep = "SELECT pg_sleep(60)";
  std::vector<std::thread> busy;
  for (int i = 0; i < 2; ++i) {
    busy.emplace_back([this, &sleep] {
      try {
        database->session()->query(sleep);
      } catch (const test::DatabaseError&) {
        // It is ended below.
      }
    });
  }
  while (database->value("SELECT count(*) FROM pg_stat_activity WHERE query = '" + sleep + "'") !=
         "2") {
    std::this_thread::yield();
  }
  std::string told;
  log.on_progress = [&](std::string_view text) {
    if (!told.empty()) return;
    told = text;
    database->query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = '" +
                    sleep + "'");
  };
  upgrade();
  for (std::thread& one : busy) one.join();
  EXPECT_EQ(told.find("t: waiting, "), 0U) << told;
  EXPECT_NE(told.find("sessions are at work, more than 1"), std::string::npos) << told;
  EXPECT_EQ(changes(), "1|10\n");
}

class BackfillingSqlite : public Backfills {};
INSTANTIATE_TEST_SUITE_P(, BackfillingSqlite, Values("sqlite"),
                         [](const auto& test) { return test.param; });

TEST_P(BackfillingSqlite, GoesAlongAnyValue) {
  make_table("k PRIMARY KEY NOT NULL",
             "INSERT INTO t (k) VALUES (1), (10), (9), (-3), (2.5), (1e300), ('1'), ('10'), ('9'), "
             "(''), ('it''s'), (x''), (x'00ff'), (x'31'), (9223372036854775807), (0.1)");
  revision("-- capo:backfill batch=1\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|16\n");
}

TEST_P(BackfillingSqlite, GoesThroughTablesWithoutRowid) {
  database->script(
      "CREATE TABLE t (a text, b integer, n integer DEFAULT 0, PRIMARY KEY (b, a)) "
      "WITHOUT ROWID; INSERT INTO t (a, b) VALUES ('x', 1), ('y', 1), ('x', 2)");
  revision("-- capo:backfill batch=1\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|3\n");
}

TEST_P(BackfillingSqlite, ARowidIsAKeyIfItIsNamed) {
  database->script(
      "CREATE TABLE t (a text, n integer DEFAULT 0); INSERT INTO t (a) VALUES ('x'), "
      "('x'), (NULL)");
  revision("-- capo:backfill batch=1 key=rowid\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|3\n");
}

// SQLite lets a primary key be NULL.
TEST_P(BackfillingSqlite, RowsWhoseKeyIsNullAreNotLeftOut) {
  database->script(
      "CREATE TABLE t (k text PRIMARY KEY, n integer DEFAULT 0); INSERT INTO t (k) "
      "VALUES ('x')");
  revision("-- capo:backfill batch=1\nUPDATE t SET n = n + 1;\n");
  database->script("INSERT INTO t (k) VALUES (NULL)");
  EXPECT_NE(failure([&] { upgrade(); }).find("which is NULL in some rows"), std::string::npos);
  database->script("DELETE FROM t WHERE k IS NULL");
  upgrade();
  EXPECT_EQ(changes(), "1|1\n");
}

TEST_P(BackfillingSqlite, SomebodyElsesTransactionDelays) {
  make_rows(30);
  revision("-- capo:backfill batch=10\nUPDATE t SET n = n + 1;\n");
  const auto holder = database->session();
  holder->query("BEGIN IMMEDIATE");
  std::thread end([&] {
    clock.sleep(std::chrono::milliseconds(300));
    holder->query("COMMIT");
  });
  upgrade();
  end.join();
  EXPECT_EQ(changes(), "1|30\n");
}

}  // namespace
}  // namespace capo::runtime
