// Steps with statements outside a transaction: what a crash or an error at any point of them leaves
// behind, and how the next run carries on.

#include "runtime_fixture.hpp"

namespace capo::runtime {
namespace {

using revision::Direction;
using testing::Values;

/// A section in which each statement commits by itself, and what it is to leave.
constexpr const char* kSqlite =
    "-- capo:upgrade transaction=off\n"
    "CREATE TABLE s1 (x integer);\n"
    "PRAGMA cache_size = 4000;\n"
    "INSERT INTO s1 VALUES (3);\n"
    "VACUUM;\n"
    "INSERT INTO s1 VALUES (5);\n"
    "-- capo:downgrade transaction=off\n"
    "DROP TABLE s1;\n"
    "VACUUM;\n";

constexpr const char* kPostgresql =
    "-- capo:upgrade transaction=off\n"
    "CREATE TABLE s1 (x integer);\n"
    "SET lock_timeout = '61s';\n"
    "INSERT INTO s1 VALUES (3);\n"
    "CREATE INDEX CONCURRENTLY s1_x ON s1 (x);\n"
    "INSERT INTO s1 VALUES (5);\n"
    "VACUUM s1;\n"
    "DROP INDEX CONCURRENTLY s1_x;\n"
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS s1_y ON s1 (x);\n"
    "-- capo:downgrade transaction=off\n"
    "DROP INDEX CONCURRENTLY s1_y;\n"
    "DROP TABLE s1;\n";

class Resume : public Runtime {
 protected:
  void SetUp() override {
    project.table("a").add("b", "a", postgresql() ? kPostgresql : kSqlite).table("c", "b");
  }
  std::vector<std::string> words() const {
    if (postgresql()) {
      return {"TABLE s1",   "SET lock", "VALUES (3)", "s1_x ON",
              "VALUES (5)", "VACUUM",   "DROP INDEX", "s1_y"};
    }
    return {"TABLE s1", "PRAGMA", "VALUES (3)", "VACUUM", "VALUES (5)"};
  }
  std::string content() { return test::to_text(database->query("SELECT x FROM s1 ORDER BY x")); }
};

INSTANTIATE_TEST_SUITE_P(Databases, Resume, Values("sqlite", "postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(Resume, LeavesATrail) {
  upgrade();
  EXPECT_EQ(rows(), revision::Rows{"c"});
  const std::string before = "a|upgrade|0|done\nb|upgrade|0|done\n";
  EXPECT_EQ(journal(), before +
                           (postgresql() ? "b|upgrade|1|done\nb|upgrade|2|done\nb|upgrade|3|done\n"
                                           "b|upgrade|4|done\nb|upgrade|5|done\nb|upgrade|6|done\n"
                                           "b|upgrade|7|done\nb|upgrade|8|done\n"
                                         : "b|upgrade|1|done\nb|upgrade|2|done\nb|upgrade|3|done\n"
                                           "b|upgrade|4|done\nb|upgrade|5|done\n") +
                           "c|upgrade|0|done\n");
  EXPECT_FALSE(state().half_done);
}

// The schema and the rows are those of an undisturbed run, wherever it was cut off.
TEST_P(Resume, CarriesOnAfterACrashAnywhere) {
  upgrade();
  const std::string undisturbed = database->dump();
  for (const std::string& at : words()) {
    for (const bool after : {false, true}) {
      const std::string where = (after ? "after " : "before ") + at;
      database->reset();
      ASSERT_TRUE(crashes(at, after, [&] { upgrade(); })) << where;
      const DatabaseState found = state();
      EXPECT_EQ(found.rows, revision::Rows{"a"}) << where;
      ASSERT_TRUE(found.half_done) << where;
      EXPECT_EQ(found.half_done->revision, "b") << where;
      EXPECT_EQ(found.half_done->error, "") << where;
      EXPECT_EQ(found.half_done->statements, postgresql() ? 8 : 5) << where;
      upgrade();
      EXPECT_EQ(database->dump(), undisturbed) << where;
      EXPECT_EQ(content(), "3\n5\n") << where;
      EXPECT_FALSE(state().half_done) << where;
      EXPECT_EQ(database->value("SELECT count(*) FROM capo_journal WHERE outcome <> 'done'"), "0")
          << where;
    }
  }
}

TEST_P(Resume, CarriesOnWithADowngrade) {
  upgrade("b");
  for (const std::string& at : {std::string(postgresql() ? "DROP INDEX" : "DROP TABLE"),
                                std::string(postgresql() ? "DROP TABLE" : "VACUUM")}) {
    for (const bool after : {false, true}) {
      const std::string where = (after ? "after " : "before ") + at;
      ASSERT_TRUE(crashes(at, after, [&] { downgrade("-1"); })) << where;
      ASSERT_TRUE(state().half_done) << where;
      EXPECT_EQ(state().half_done->direction, Direction::kDowngrade) << where;
      EXPECT_NE(failure([&] { upgrade(); }).find("downgrade of b is half done on this database"),
                std::string::npos)
          << where;
      downgrade("a");
      EXPECT_EQ(rows(), revision::Rows{"a"}) << where;
      EXPECT_FALSE(database->has_table("s1")) << where;
      upgrade("b");
    }
  }
}

TEST_P(Resume, SessionStatementsRunAgain) {
  ASSERT_TRUE(crashes("VALUES (5)", false, [&] { upgrade(); }));
  log.lines.clear();
  upgrade();
  const std::string again =
      postgresql() ? "  2/8 SET lock_timeout = '61s'" : "  2/5 PRAGMA cache_size = 4000";
  EXPECT_EQ(std::count(log.lines.begin(), log.lines.end(), again), 1);
  EXPECT_EQ(std::count(log.lines.begin(), log.lines.end(),
                       "info: Carrying on with the half-done upgrade of b at statement 5 of " +
                           std::string(postgresql() ? "8" : "5")),
            1);
  EXPECT_EQ(
      std::count(log.lines.begin(), log.lines.end(),
                 "  1/" + std::string(postgresql() ? "8" : "5") + " CREATE TABLE s1 (x integer)"),
      0);
}

TEST_P(Resume, AnErrorIsCorrectedInTheFile) {
  const std::string start =
      "-- capo:upgrade transaction=off\nCREATE TABLE s1 (x integer);\nINSERT INTO s1 VALUES (3);\n";
  project.add("b", "a", start + "INSERT INTO s1 VALUES (wrong);\nINSERT INTO s1 VALUES (5);\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("/project/versions/b.sql:10:"), std::string::npos) << told;
  EXPECT_NE(told.find("upgrade of b failed at statement 3 of 4: "), std::string::npos) << told;
  EXPECT_NE(told.find("Applied: a. Statements 1 to 2 of 4 of the upgrade of b have run outside a "
                      "transaction and stay. The next `capo upgrade` carries on after them."),
            std::string::npos)
      << told;
  ASSERT_TRUE(state().half_done);
  EXPECT_EQ(state().half_done->statements_done, 2);
  EXPECT_NE(state().half_done->error, "");
  project.add("b", "a", start + "INSERT INTO s1 VALUES (4);\nINSERT INTO s1 VALUES (5);\n");
  upgrade();
  EXPECT_EQ(content(), "3\n4\n5\n");
  EXPECT_EQ(rows(), revision::Rows{"c"});
  // What was corrected before it could run is what ran.
  EXPECT_EQ(state().edited, std::vector<std::string>());
}

// Where the transaction is that of one statement, that is the one to look at.
TEST_P(Resume, ADeferredConstraintFailsAtTheCommitOfItsStatement) {
  Project other;
  other.table("a").add("b", "a",
                       "-- capo:upgrade transaction=off\nCREATE TABLE p (x integer PRIMARY KEY);\n"
                       "CREATE TABLE q (x integer REFERENCES p DEFERRABLE INITIALLY DEFERRED);\n"
                       "INSERT INTO q VALUES (1);\n");
  std::swap(project, other);
  if (!postgresql()) return;  // foreign keys are off there unless the URL says otherwise
  const std::string told = failure([&] { upgrade(); });
  EXPECT_TRUE(told.starts_with(
      "/project/versions/b.sql:10:1: upgrade of b failed at the COMMIT of statement 3 of 3: insert "
      "or update on table \"q\" violates foreign key constraint \"q_x_fkey\"\n"))
      << told;
}

TEST_P(Resume, AnErrorInTheFirstStatementLeavesNothing) {
  project.add("b", "a",
              "-- capo:upgrade transaction=off\nINSERT INTO nowhere VALUES (1);\nCREATE TABLE s1 "
              "(x integer);\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("Applied: a. Rolled back: b. The database is at a."), std::string::npos)
      << told;
  EXPECT_FALSE(state().half_done);
  EXPECT_EQ(journal(), "a|upgrade|0|done\nb|upgrade|0|failed\n");
  downgrade("base");
  EXPECT_EQ(rows(), revision::Rows{});
}

TEST_P(Resume, WhatHasRunMustNotBeEdited) {
  ASSERT_TRUE(crashes("VALUES (5)", false, [&] { upgrade(); }));
  project.add("b", "a", "-- capo:upgrade transaction=off\nCREATE TABLE s1 (x integer);\n");
  EXPECT_EQ(failure([&] { upgrade(); }),
            "/project/versions/b.sql: upgrade of b is half done and cannot be carried on: its "
            "statement 2 has run, and is not in the file any more\nhint: put back the file as it "
            "was; or bring the database by hand to where b is done, or to where it is not, and say "
            "so with `capo stamp`");
  project.add("b", "a", "-- capo:upgrade transaction=off\nCREATE TABLE s2 (x integer);\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_TRUE(told.starts_with(
      "/project/versions/b.sql:8:1: upgrade of b is half done and cannot be carried on: its "
      "statement 1 has run, and was edited since\n | CREATE TABLE s2 (x integer);\nhint: "))
      << told;
  EXPECT_TRUE(state().half_done);
}

TEST_P(Resume, AStampSettlesIt) {
  ASSERT_TRUE(crashes("VALUES (5)", false, [&] { upgrade(); }));
  EXPECT_NE(failure([&] {
              downgrade("base");
            }).find("upgrade of b is half done on this database: begun "),
            std::string::npos);
  migration().stamp({"b"}, false);
  EXPECT_FALSE(state().half_done);
  EXPECT_EQ(database->value("SELECT count(*) FROM capo_journal WHERE outcome = 'started'"), "0");
  upgrade();
  EXPECT_EQ(rows(), revision::Rows{"c"});
}

// Alembic knows no journal: who repairs by hand and stamps with it has settled it as well.
TEST_P(Resume, RowsMovedByAlembicSettleIt) {
  ASSERT_TRUE(crashes("VALUES (5)", false, [&] { upgrade(); }));
  database->query("UPDATE alembic_version SET version_num = 'b'");
  EXPECT_FALSE(state().half_done);
  upgrade();
  EXPECT_EQ(rows(), revision::Rows{"c"});
}

// Taken back later, it begins anew: what had run of it before the crash is gone.
TEST_P(Resume, WhatWasSettledElsewhereIsNotHalfDoneAfterADowngrade) {
  ASSERT_TRUE(crashes("VALUES (5)", false, [&] { upgrade(); }));
  options.journal = false;
  database->query("DROP TABLE s1");
  upgrade("b");
  options.journal = true;
  EXPECT_FALSE(state().half_done);
  downgrade("a");
  EXPECT_FALSE(state().half_done);
  upgrade();
  EXPECT_EQ(content(), "3\n5\n");
  EXPECT_FALSE(state().half_done);
  EXPECT_EQ(database->value("SELECT count(*) FROM capo_journal WHERE outcome = 'abandoned'"), "1");
}

// The dry run shows that, too.
TEST_P(Resume, ADryRunShowsThatItIsSettled) {
  ASSERT_TRUE(crashes("VALUES (5)", false, [&] { upgrade(); }));
  database->query("UPDATE alembic_version SET version_num = 'b'");
  const std::vector<PlannedStep> steps = migration().dry_run(Direction::kDowngrade, "a");
  ASSERT_EQ(steps.size(), 1U);
  const auto is_end = [](const dialect::Statement& statement) {
    return statement.sql.starts_with("UPDATE capo_journal SET outcome = 'abandoned'");
  };
  EXPECT_EQ(std::count_if(steps[0].statements.begin(), steps[0].statements.end(), is_end), 1);
}

TEST_P(Resume, ARevisionWhoseFileIsGone) {
  ASSERT_TRUE(crashes("VALUES (5)", false, [&] { upgrade(); }));
  Project other;
  other.table("a").table("z", "a");
  std::swap(project, other);
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(told.find("hint: there is no revision b among the scripts: put its file back, or bring "
                      "the database in order by hand and say so with `capo stamp`"),
            std::string::npos)
      << told;
}

TEST_P(Resume, AnotherBranchWaitsItsTurn) {
  Project branches;
  branches.table("a").table("b1", "a");
  branches.add("b2", "a", postgresql() ? kPostgresql : kSqlite);
  std::swap(project, branches);
  ASSERT_TRUE(crashes("VALUES (5)", false, [&] { upgrade("b2"); }));
  EXPECT_NE(failure([&] { upgrade("b1"); }).find("hint: finish it first with `capo upgrade b2`"),
            std::string::npos);
  log.lines.clear();
  EXPECT_EQ(migration().upgrade("heads").size(), 2U);
  EXPECT_EQ(rows(), (revision::Rows{"b1", "b2"}));
  EXPECT_EQ(content(), "3\n5\n");
}

TEST_P(Resume, DryRunShowsTheRest) {
  ASSERT_TRUE(crashes("VALUES (5)", false, [&] { upgrade(); }));
  const std::string before = database->dump();
  const std::vector<PlannedStep> steps = migration().dry_run(Direction::kUpgrade, "head");
  ASSERT_EQ(steps.size(), 2U);
  std::string sql;
  for (const dialect::Statement& statement : steps[0].statements) sql += statement.sql + "\n";
  EXPECT_EQ(sql.find("VALUES (3)"), std::string::npos) << sql;
  EXPECT_NE(sql.find("VALUES (5)"), std::string::npos) << sql;
  EXPECT_EQ(database->dump(), before);
}

TEST_P(Resume, AStatementInDoubt) {
  const std::string section =
      postgresql()
          ? "-- capo:upgrade transaction=off\nCREATE TABLE s1 (x integer);\n"
            "DO 'BEGIN INSERT INTO s1 VALUES (3); COMMIT; END';\nINSERT INTO s1 VALUES (5);\n"
          : "-- capo:upgrade transaction=off\nCREATE TABLE s1 (x integer);\n"
            "VACUUM INTO '" +
                scratch.at("copy") + "';\nINSERT INTO s1 VALUES (5);\n";
  project.add("b", "a", section);
  const std::string words = postgresql() ? "DO " : "VACUUM";
  ASSERT_TRUE(crashes(words, true, [&] { upgrade(); }));
  const std::string told = failure([&] { upgrade(); });
  EXPECT_TRUE(told.starts_with(
      "/project/versions/b.sql:9:1: upgrade of b was interrupted at its statement 2 of 3, and "
      "nothing tells whether that took effect\n"))
      << told;
  EXPECT_NE(
      told.find(
          "hint: look at the database, then run the same command again with --in-doubt rerun or "
          "--in-doubt skip"),
      std::string::npos)
      << told;
  options.in_doubt = Options::InDoubt::kSkip;
  // What took effect is not what an edited file says.
  project.add("b", "a",
              "-- capo:upgrade transaction=off\nCREATE TABLE s1 (x integer);\nSELECT 2;\nINSERT "
              "INTO s1 VALUES (5);\n");
  EXPECT_TRUE(
      failure([&] { upgrade(); })
          .starts_with("/project/versions/b.sql:9:1: upgrade of b is half done and cannot "
                       "be carried on: its statement 2 may have run, and was edited since\n"));
  project.add("b", "a", section);
  upgrade();
  EXPECT_EQ(content(), postgresql() ? "3\n5\n" : "5\n");
  EXPECT_EQ(journal(),
            "a|upgrade|0|done\nb|upgrade|0|done\nb|upgrade|1|done\nb|upgrade|2|skipped\n"
            "b|upgrade|3|done\nc|upgrade|0|done\n");
  if (!postgresql()) return;
  database->reset();
  ASSERT_TRUE(crashes(words, false, [&] { upgrade(); }));
  options.in_doubt = Options::InDoubt::kRerun;
  upgrade();
  EXPECT_EQ(content(), "3\n5\n");
}

TEST_P(Resume, AnInvalidIndexIsBuiltAgain) {
  if (!postgresql()) return;
  project.add("b", "a",
              "-- capo:upgrade transaction=off\nCREATE TABLE s1 (x integer);\nINSERT INTO s1 "
              "VALUES (3), (3);\n"
              "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS s1_x ON s1 (x);\n");
  const std::string told = failure([&] { upgrade(); });
  EXPECT_NE(
      told.find("upgrade of b failed at statement 3 of 3: could not create unique index \"s1_x\""),
      std::string::npos)
      << told;
  EXPECT_NE(told.find("What failed has left something behind; DROP INDEX CONCURRENTLY public.s1_x "
                      "removes it, as the next run will."),
            std::string::npos)
      << told;
  database->query("DELETE FROM s1 WHERE ctid = '(0,1)'");
  log.lines.clear();
  upgrade();
  EXPECT_EQ(database->value("SELECT indisvalid FROM pg_index WHERE indexrelid = 's1_x'::regclass"),
            "t");
  EXPECT_EQ(rows(), revision::Rows{"c"});
}

}  // namespace
}  // namespace capo::runtime
