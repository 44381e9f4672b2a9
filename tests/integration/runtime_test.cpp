#include <atomic>
#include <thread>

#include "runtime_fixture.hpp"

namespace capo::runtime {
namespace {

using revision::Direction;
using testing::Values;

INSTANTIATE_TEST_SUITE_P(Databases, Runtime, Values("sqlite", "postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(Runtime, UpgradesAndGoesBack) {
  project.table("a").table("b", "a").table("c", "b");
  EXPECT_EQ(migration().upgrade("head").size(), 3U);
  EXPECT_EQ(rows(), revision::Rows{"c"});
  EXPECT_TRUE(database->has_table("c"));
  EXPECT_EQ(
      log.lines,
      (std::vector<std::string>{
          postgresql() ? "info: Context impl PostgresqlImpl." : "info: Context impl SQLiteImpl.",
          postgresql() ? "info: Will assume transactional DDL."
                       : "info: Will assume non-transactional DDL.",
          "step 1 of 3: Running upgrade  -> a, message of a", "  1/1 CREATE TABLE a (x integer)",
          "step 2 of 3: Running upgrade a -> b, message of b", "  1/1 CREATE TABLE b (x integer)",
          "step 3 of 3: Running upgrade b -> c, message of c",
          "  1/1 CREATE TABLE c (x integer)"}));
  EXPECT_TRUE(migration().upgrade("head").empty());
  EXPECT_TRUE(migration().upgrade("a").empty());
  EXPECT_EQ(migration().downgrade("-1").size(), 1U);
  EXPECT_EQ(rows(), revision::Rows{"b"});
  downgrade("base");
  EXPECT_EQ(rows(), revision::Rows{});
  EXPECT_FALSE(database->has_table("a"));
  EXPECT_EQ(journal(),
            "a|upgrade|0|done\nb|upgrade|0|done\nc|upgrade|0|done\n"
            "c|downgrade|0|done\nb|downgrade|0|done\na|downgrade|0|done\n");
}

TEST_P(Runtime, JournalTellsWhoWhenAndWhere) {
  options.origin = "db1, pid 4711";
  project.table("a");
  upgrade();
  EXPECT_EQ(test::to_text(database->query(
                "SELECT version_table, statements, length(checksum), origin, tool, error, "
                "started <= finished FROM capo_journal")),
            "alembic_version|1|64|db1, pid 4711|capo " CAPO_VERSION "|NULL|" +
                std::string(postgresql() ? "t" : "1") + "\n");
  EXPECT_EQ(database->value("SELECT who FROM capo_journal"), postgresql() ? "capo" : "");
}

TEST_P(Runtime, StateOfADatabaseThatIsNotThere) {
  project.table("a");
  database->reset();
  const DatabaseState found = state();
  EXPECT_FALSE(found.has_version_table);
  EXPECT_TRUE(found.rows.empty());
  EXPECT_FALSE(found.half_done);
  EXPECT_FALSE(database->has_table("alembic_version"));
}

TEST_P(Runtime, BranchesAndMerges) {
  project.table("root").table("w1", "root").table("w2", "root").table("joined", "w1, w2");
  upgrade("w1");
  upgrade("w2");
  EXPECT_EQ(rows(), (revision::Rows{"w1", "w2"}));
  upgrade("head");
  EXPECT_EQ(rows(), revision::Rows{"joined"});
  downgrade("w1");
  EXPECT_EQ(rows(), (revision::Rows{"w1", "w2"}));
}

TEST_P(Runtime, VersionTableOfAnotherName) {
  options.version_table = "versions of us";
  project.table("a");
  upgrade();
  EXPECT_EQ(database->value("SELECT version_num FROM \"versions of us\""), "a");
  EXPECT_EQ(state().rows, revision::Rows{"a"});
  // Another project in the same database.
  options.version_table = "theirs";
  Project other;
  std::swap(project, other);
  project.table("z");
  upgrade();
  EXPECT_EQ(state().rows, revision::Rows{"z"});
  EXPECT_TRUE(state().edited.empty());
  EXPECT_EQ(database->value("SELECT count(*) FROM capo_journal"), "2");
}

TEST_P(Runtime, WithoutAJournal) {
  options.journal = false;
  project.table("a").add("b", "a", "-- capo:upgrade transaction=off\nVACUUM;\n");
  upgrade();
  EXPECT_EQ(rows(), revision::Rows{"b"});
  EXPECT_FALSE(database->has_table("capo_journal"));
}

TEST_P(Runtime, RangesAreForScripts) {
  project.table("a");
  EXPECT_EQ(failure([&] { upgrade("base:a"); }),
            "Range revision not allowed\n"
            "hint: a range from:to says where to start, which only --sql needs");
}

TEST_P(Runtime, NothingToDoStillMakesTheVersionTable) {
  project.table("a");
  upgrade("base");
  EXPECT_TRUE(database->has_table("alembic_version"));
  EXPECT_FALSE(database->has_table("capo_journal"));
}

TEST_P(Runtime, EnsureVersionTable) {
  project.table("a");
  migration().ensure_version_table();
  EXPECT_TRUE(database->has_table("alembic_version"));
  migration().ensure_version_table();
  EXPECT_EQ(rows(), revision::Rows{});
}

TEST_P(Runtime, Stamp) {
  project.table("a").table("b", "a");
  EXPECT_EQ(migration().stamp({"b"}, false).size(), 1U);
  EXPECT_EQ(rows(), revision::Rows{"b"});
  EXPECT_FALSE(database->has_table("b"));
  EXPECT_TRUE(migration().stamp({"b"}, false).empty());
  migration().stamp({"a"}, false);
  EXPECT_EQ(rows(), revision::Rows{"a"});
  EXPECT_EQ(log.lines.back(), "step 1 of 1: Running stamp_revision b -> a");
  migration().stamp({"base"}, false);
  EXPECT_EQ(rows(), revision::Rows{});
  EXPECT_EQ(journal(), "b|stamp|0|done\na|stamp|0|done\nbase|stamp|0|done\n");
}

TEST_P(Runtime, StampPurgesRowsThatNobodyKnows) {
  project.table("a");
  upgrade();
  database->query("UPDATE alembic_version SET version_num = 'gone'");
  EXPECT_THROW(migration().stamp({"a"}, false), Error);
  migration().stamp({"a"}, true);
  EXPECT_EQ(rows(), revision::Rows{"a"});
  migration().stamp({"base"}, true);
  EXPECT_EQ(rows(), revision::Rows{});
}

// As in Alembic: the rows are gone before the target is looked at, and without transactional DDL
// they do not come back.
TEST_P(Runtime, PurgeForATargetThatIsNotThere) {
  project.table("a");
  upgrade();
  EXPECT_THROW(migration().stamp({"nowhere"}, true), Error);
  EXPECT_EQ(rows(), postgresql() ? revision::Rows{"a"} : revision::Rows{});
}

TEST_P(Runtime, AFailureTellsWhereAndWhatIsLeft) {
  project.table("a").add("b", "a",
                         "-- capo:upgrade\nCREATE TABLE b (x integer);\nINSERT INTO b VALUES (1);\n"
                         "INSERT INTO b\n  SELECT * FROM missing;\n-- capo:downgrade\n");
  const std::string told_at_once = failure([&] { upgrade(); });
  const std::string failed = "upgrade of b failed at statement 3 of 3: ";
  if (postgresql()) {
    EXPECT_EQ(
        told_at_once,
        "/project/versions/b.sql:11:17: " + failed +
            "relation \"missing\" does not exist\n"
            " |   SELECT * FROM missing;\n"
            "SQLSTATE 42P01\n"
            "Rolled back: a, b. Nothing was changed: the database is still at base.\n"
            "hint: is it made by a revision that b does not come after (Revises, Depends On), "
            "or in a schema that is not on the search path?");
    EXPECT_EQ(rows(), revision::Rows{});
    EXPECT_FALSE(database->has_table("a"));
    EXPECT_FALSE(database->has_table("alembic_version"));
  } else {
    EXPECT_EQ(
        told_at_once,
        "/project/versions/b.sql:10:1: " + failed +
            "no such table: missing\n"
            " | INSERT INTO b\n"
            "Applied: a. Rolled back: b. The database is at a.\n"
            "hint: is it made by a revision that b does not come after (Revises, Depends On), "
            "or in a schema that is not on the search path?");
    EXPECT_EQ(rows(), revision::Rows{"a"});
    EXPECT_FALSE(database->has_table("b"));
    EXPECT_EQ(journal(), "a|upgrade|0|done\nb|upgrade|0|failed\n");
    EXPECT_EQ(database->value("SELECT error FROM capo_journal WHERE outcome = 'failed'"),
              "no such table: missing");
  }
}

TEST_P(Runtime, AFailureWithATransactionEachLeavesTheEarlierOnes) {
  options.transaction_per_migration = true;
  project.table("a").add("b", "a", "-- capo:upgrade\nCREATE TABLE a (x integer);\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("Applied: a. Rolled back: b. The database is at a."), std::string::npos)
      << told;
  EXPECT_NE(
      told.find("hint: if the database already has what b makes, `capo stamp b` records it as "
                "applied without running it; or make the statement tolerant with IF NOT EXISTS"),
      std::string::npos)
      << told;
  EXPECT_EQ(rows(), revision::Rows{"a"});
  EXPECT_EQ(journal(), "a|upgrade|0|done\nb|upgrade|0|failed\n");
}

TEST_P(Runtime, ABrokenFileStopsTheRunBeforeItBegins) {
  project.table("a").add("b", "a", "-- capo:upgrade\nSELECT 'unterminated;\n");
  EXPECT_NE(failure([&] { upgrade(); }).find("/project/versions/b.sql:8:8: "), std::string::npos);
  EXPECT_FALSE(database->has_table("a"));
  EXPECT_FALSE(database->has_table("alembic_version"));
}

TEST_P(Runtime, ADeferredConstraintFailsAtCommit) {
  project.table("a").add("b", "a",
                         "-- capo:upgrade\nCREATE TABLE p (x integer PRIMARY KEY);\nCREATE TABLE q "
                         "(x integer REFERENCES p "
                         "DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO q VALUES (1);\n");
  if (!postgresql()) return;  // foreign keys are off there unless the URL says otherwise
  const std::string told = failure([&] { upgrade(); });
  EXPECT_EQ(
      told,
      "COMMIT of the upgrade of a, b failed: insert or update on table \"q\" violates foreign "
      "key constraint \"q_x_fkey\"\n"
      "SQLSTATE 23503\n"
      "Key (x)=(1) is not present in table \"p\".\n"
      "Rolled back: a, b. Nothing was changed: the database is still at base.\n"
      "hint: the data that is there does not fit; correct it, in this revision or before it, and "
      "run the same command again");
}

TEST_P(Runtime, EditedRevisions) {
  project.table("a").table("b", "a");
  upgrade();
  EXPECT_TRUE(state().edited.empty());
  project.add("a", "",
              "-- capo:upgrade\nCREATE TABLE a (y integer);\n-- capo:downgrade\nDROP TABLE a;\n");
  EXPECT_EQ(state().edited, std::vector<std::string>{"a"});
  upgrade();
  EXPECT_EQ(log.lines.back(),
            "warning: revision a was edited after it was applied: /project/versions/a.sql");
  options.strict = true;
  EXPECT_EQ(failure([&] { upgrade(); }),
            "/project/versions/a.sql: revision a was edited after it was applied\n"
            "hint: put the file back as it was and write a new revision for what has to change; "
            "without --strict this is a warning");
  // Taken back and applied again, it is what the file says.
  options.strict = false;
  downgrade("base");
  EXPECT_TRUE(state().edited.empty());
  upgrade();
  EXPECT_TRUE(state().edited.empty());
}

/// The words that each planned statement begins with; steps end in "--".
std::vector<std::string> beginnings(const std::vector<PlannedStep>& steps) {
  std::vector<std::string> words;
  for (const PlannedStep& step : steps) {
    for (const dialect::Statement& statement : step.statements) {
      const std::size_t second = statement.sql.find(' ');
      words.push_back(statement.sql.substr(0, statement.sql.find_first_of(" (", second + 1)));
    }
    words.push_back("--");
  }
  return words;
}

TEST_P(Runtime, DryRunChangesNothingAndShowsAll) {
  project.table("a").table("b", "a").add("c", "b", "-- capo:upgrade transaction=off\nVACUUM;\n");
  database->reset();
  const std::vector<std::string> steps =
      beginnings(migration().dry_run(Direction::kUpgrade, "head"));
  EXPECT_FALSE(database->has_table("alembic_version"));
  EXPECT_FALSE(database->has_table("a"));
  const std::vector<std::string> on_postgresql = {
      "BEGIN", "SET LOCAL", "CREATE TABLE", "CREATE TABLE", "CREATE TABLE", "INSERT INTO", "--",
      "CREATE TABLE", "UPDATE alembic_version", "--",
      // Only now is it said that a, b are done and that c begins.
      "INSERT INTO", "COMMIT", "BEGIN", "SET LOCAL", "INSERT INTO", "COMMIT", "VACUUM", "BEGIN",
      "SET LOCAL", "UPDATE capo_journal", "COMMIT", "BEGIN", "SET LOCAL", "UPDATE alembic_version",
      "UPDATE capo_journal", "COMMIT", "--"};
  const std::vector<std::string> on_sqlite = {"BEGIN IMMEDIATE",
                                              "CREATE TABLE",
                                              "CREATE TABLE",
                                              "CREATE TABLE",
                                              "INSERT INTO",
                                              "INSERT INTO",
                                              "COMMIT",
                                              "--",
                                              "BEGIN IMMEDIATE",
                                              "CREATE TABLE",
                                              "UPDATE alembic_version",
                                              "INSERT INTO",
                                              "COMMIT",
                                              "--",
                                              "BEGIN IMMEDIATE",
                                              "INSERT INTO",
                                              "COMMIT",
                                              "BEGIN IMMEDIATE",
                                              "INSERT INTO",
                                              "COMMIT",
                                              "VACUUM",
                                              "BEGIN IMMEDIATE",
                                              "UPDATE capo_journal",
                                              "COMMIT",
                                              "BEGIN IMMEDIATE",
                                              "UPDATE alembic_version",
                                              "UPDATE capo_journal",
                                              "COMMIT",
                                              "--"};
  EXPECT_EQ(steps, postgresql() ? on_postgresql : on_sqlite);
}

// What is previewed is what runs: the same statements, one by one, on a database of their own.
TEST_P(Runtime, APreviewThatIsRunByHandIsTheRun) {
  project.table("a").table("b", "a").add("c", "b", "-- capo:upgrade transaction=off\nVACUUM;\n");
  database->reset();
  const std::vector<PlannedStep> steps = migration().dry_run(Direction::kUpgrade, "head");
  upgrade();
  const std::string run = database->dump();
  const std::string journal_of_run = journal();
  database->reset();
  const std::unique_ptr<dialect::Connection> connection = dialect().connect(connect_options());
  for (const PlannedStep& step : steps) {
    for (const dialect::Statement& statement : step.statements) {
      connection->execute_alone(statement.sql);
    }
  }
  EXPECT_EQ(database->dump(), run);
  EXPECT_EQ(journal(), journal_of_run);
}

TEST_P(Runtime, AScriptHasTheEffectOfTheRun) {
  project.table("a").table("b", "a").add("c", "b", "-- capo:upgrade transaction=off\nVACUUM;\n");
  upgrade();
  const std::string run = database->dump();
  database->reset();
  // One by one: what a client sends in one piece is one transaction.
  const std::string script = upgrade_script(project.scripts(), dialect(), options, "head");
  const std::unique_ptr<dialect::Connection> connection = dialect().connect(connect_options());
  for (const dialect::Piece& piece : dialect().splitter()(script, {})) {
    connection->execute_alone(script.substr(piece.begin, piece.end - piece.begin));
  }
  EXPECT_EQ(database->dump(), run);
  EXPECT_EQ(journal(), "a|upgrade|0|done\nb|upgrade|0|done\nc|upgrade|0|done\n");
}

TEST_P(Runtime, Interrupted) {
  project.table("a").table("b", "a");
  log.on_statement = [&](const dialect::Statement& statement) {
    if (statement.sql.find("TABLE b") != std::string::npos) stop = 2;
  };
  const std::string told = failure([&] { upgrade(); });
  // Before the statement was sent, or, with its place in front, while it ran.
  EXPECT_TRUE(told.starts_with("interrupted") ||
              told.find("upgrade of b was interrupted") != std::string::npos)
      << told;
  if (postgresql()) {
    EXPECT_NE(told.find("Rolled back: a, b. Nothing was changed: the database is still at base."),
              std::string::npos)
        << told;
  } else {
    EXPECT_NE(told.find("Applied: a. Rolled back: b. The database is at a."), std::string::npos)
        << told;
  }
  EXPECT_NE(told.find("hint: run the same command again to carry on"), std::string::npos);
  EXPECT_FALSE(database->has_table("b"));
  stop = 0;
  log.on_statement = {};
  upgrade();
  EXPECT_EQ(rows(), revision::Rows{"b"});
}

TEST_P(Runtime, VersionRowsThatAreNotWhatTheyWere) {
  project.table("a").add("b", "a",
                         "-- capo:upgrade\nUPDATE alembic_version SET version_num = 'z';\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_TRUE(
      told.starts_with("Online migration expected to match one row when updating 'a' to 'b' in "
                       "'alembic_version'; 0 found\n"))
      << told;
  EXPECT_EQ(rows(), postgresql() ? revision::Rows{} : revision::Rows{"a"});
}

TEST_P(Runtime, OneDeployerAtATime) {
  project.table("a").table("b", "a").table("c", "b");
  project.scripts();
  std::vector<std::thread> threads;
  std::atomic<int> steps{0};
  std::vector<std::string> errors(8);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    threads.emplace_back([&, i] {
      Events quiet;
      errors[i] = failure([&] {
        Migration mine(project.scripts(), dialect(), connect_options(), options, quiet, clock,
                       stop);
        steps += static_cast<int>(mine.upgrade("head").size());
      });
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(errors, std::vector<std::string>(8, "no error"));
  EXPECT_EQ(steps, 3);
  EXPECT_EQ(journal(), "a|upgrade|0|done\nb|upgrade|0|done\nc|upgrade|0|done\n");
}

TEST_P(Runtime, WithoutALockNobodyBreaksAnything) {
  options.lock = false;
  project.table("a").table("b", "a").table("c", "b");
  project.scripts();
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      Events quiet;
      failure([&] {
        Migration(project.scripts(), dialect(), connect_options(), options, quiet, clock, stop)
            .upgrade("head");
      });
    });
  }
  for (std::thread& thread : threads) thread.join();
  upgrade();
  EXPECT_EQ(rows(), revision::Rows{"c"});
  EXPECT_TRUE(database->has_table("c"));
}

class OnPostgresql : public Runtime {
 protected:
  static constexpr const char* kOff = "-- capo:upgrade transaction=off\n";
  static constexpr const char* kOn = "-- capo:upgrade\n";
};

INSTANTIATE_TEST_SUITE_P(Databases, OnPostgresql, Values("postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(OnPostgresql, ConnectionLost) {
  project.table("a").add("b", "a",
                         std::string(kOn) + "SELECT pg_terminate_backend(pg_backend_pid());\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("upgrade of b failed at statement 1 of 1: "), std::string::npos) << told;
  EXPECT_NE(
      told.find("The database rolls back what was not committed: a, b. Nothing was changed: the "
                "database is still at base."),
      std::string::npos)
      << told;
  EXPECT_FALSE(database->has_table("a"));
}

TEST_P(OnPostgresql, ConnectionLostOutsideATransaction) {
  project.table("a").add("b", "a",
                         std::string(kOff) +
                             "CREATE TABLE b (x integer);\n"
                             "DO 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); END';\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("upgrade of b failed at statement 2 of 2: "), std::string::npos) << told;
  EXPECT_NE(
      told.find(
          "Applied: a. Statement 1 of 2 of the upgrade of b has run outside a transaction and "
          "stays."),
      std::string::npos)
      << told;
  ASSERT_TRUE(state().half_done);
  EXPECT_EQ(state().half_done->statements_done, 1);
}

TEST_P(OnPostgresql, LockTimeout) {
  project.table("a").table("b", "a");
  upgrade("a");
  const std::unique_ptr<dialect::Connection> other = dialect().connect(connect_options());
  other->begin();
  other->query("LOCK TABLE a IN ACCESS EXCLUSIVE MODE");
  project.add(
      "c", "b",
      std::string(kOn) + "SET LOCAL lock_timeout = 50;\nALTER TABLE a ADD COLUMN y integer;\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(
      told.find("upgrade of c failed at statement 2 of 2: canceling statement due to lock timeout\n"
                " | ALTER TABLE a ADD COLUMN y integer;\nSQLSTATE 55P03\n"
                "Rolled back: b, c. Nothing was changed: the database is still at a.\n"
                "hint: another session holds the lock"),
      std::string::npos)
      << told;
}

TEST_P(OnPostgresql, PermissionDenied) {
  database->script("REVOKE CREATE ON SCHEMA public FROM PUBLIC");  // As it is from 15 on.
  project.add("a", "",
              std::string(kOn) + "SET LOCAL ROLE pg_monitor;\nCREATE TABLE a (x integer);\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("permission denied for schema public"), std::string::npos) << told;
  EXPECT_NE(
      told.find("hint: the database's user may not do this: GRANT it the right, or connect as the "
                "owner"),
      std::string::npos)
      << told;
}

// As the files of pg_dump do.
TEST_P(OnPostgresql, ChangedSearchPath) {
  project.table("a").add(
      "b", "a", std::string(kOn) + "SELECT pg_catalog.set_config('search_path', '', false);\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_TRUE(
      told.starts_with("upgrade of b failed at its row of the version table: relation "
                       "\"alembic_version\" does not exist\n"))
      << told;
  EXPECT_NE(told.find("hint: a statement of this run may have changed the search path"),
            std::string::npos)
      << told;
}

TEST_P(OnPostgresql, ChangedRole) {
  project.table("a").add("b", "a", std::string(kOn) + "SET ROLE pg_monitor;\n");
  EXPECT_NE(failure([&] { upgrade(); }).find("hint: if a statement of this run changed the role"),
            std::string::npos);
}

TEST_P(OnPostgresql, ASchemaThatIsNotThere) {
  project.table("a");
  options.version_table_schema = "nosuch";
  EXPECT_NE(failure([&] { upgrade(); }).find("hint: capo does not make the schema of the version"),
            std::string::npos);
}

TEST_P(OnPostgresql, ATableThatMayNotBeRead) {
  project.table("a");
  upgrade();
  database->query("ALTER TABLE alembic_version RENAME COLUMN version_num TO v");
  EXPECT_TRUE(failure([&] { upgrade(); })
                  .starts_with("reading the version table failed: column \"version_num\" does not "
                               "exist\n"));
  database->query("ALTER TABLE alembic_version RENAME COLUMN v TO version_num");
  database->query("ALTER TABLE capo_journal RENAME COLUMN started TO s");
  EXPECT_TRUE(failure([&] {
                state();
              }).starts_with("reading the journal failed: column \"started\" does not exist\n"));
}

TEST_P(OnPostgresql, AnIdThatIsTooLong) {
  const std::string id(33, 'x');
  project.add(id, "", std::string(kOn) + "SELECT 1;\n");
  EXPECT_NE(failure([&] { upgrade(); }).find("hint: the version table holds ids of 32 characters"),
            std::string::npos);
}

TEST_P(OnPostgresql, CancelledWhileAStatementRuns) {
  project.table("a").add("b", "a", std::string(kOn) + "SELECT pg_sleep(60);\n");
  Migration mine = migration();
  std::atomic<bool> sleeps{false};
  log.on_statement = [&](const dialect::Statement& statement) {
    sleeps = statement.sql.find("pg_sleep") != std::string::npos;
  };
  std::thread watcher([&] {
    while (!sleeps) clock.sleep(std::chrono::milliseconds(10));
    stop = 15;
    mine.cancel();
  });
  const std::string told = failure([&] { mine.upgrade("head"); });
  watcher.join();
  EXPECT_TRUE(told.starts_with(
      "/project/versions/b.sql:8:1: upgrade of b was interrupted at statement 1 of 1\n"
      " | SELECT pg_sleep(60);\n"))
      << told;
  EXPECT_NE(told.find("Rolled back: a, b. Nothing was changed: the database is still at base."),
            std::string::npos)
      << told;
}

TEST_P(Runtime, CancelledBeforeItBegins) {
  project.table("a");
  Migration mine = migration();
  mine.ensure_version_table();
  mine.cancel();
  EXPECT_EQ(failure([&] { mine.upgrade("head"); }), "interrupted while looking at the database");
  EXPECT_FALSE(database->has_table("a"));
}

TEST_P(OnPostgresql, ForcedRowSecurityIsAnError) {
  database->script(
      "CREATE TABLE t (x integer); INSERT INTO t VALUES (1); ALTER TABLE t ENABLE ROW LEVEL "
      "SECURITY;"
      "CREATE POLICY none ON t USING (false); GRANT ALL ON t TO pg_monitor;");
  project.add("a", "", std::string(kOn) + "SET LOCAL ROLE pg_monitor;\nUPDATE t SET x = 2;\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("query would be affected by row-level security policy"), std::string::npos);
  EXPECT_NE(told.find("hint: capo sets row_security = off"), std::string::npos) << told;
}

}  // namespace
}  // namespace capo::runtime
