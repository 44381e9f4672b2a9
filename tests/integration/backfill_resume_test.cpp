// A backfill that is cut off, anywhere and by whatever, is carried on with, and each row is changed
// once. That a process which is killed does the same is shown in tests/crash.

#include <algorithm>
#include <utility>

#include "backfill_fixture.hpp"

namespace capo::runtime {
namespace {

using testing::Values;

class BackfillResume : public Backfills {
 protected:
  /// Ends the run after so many batches, as a crash would. False: there are not so many.
  bool crashes_after(int batches) {
    int seen = 0;
    log.on_progress = [&](std::string_view) {
      if (++seen == batches) throw Crash();
    };
    bool crashed = false;
    try {
      upgrade();
    } catch (const Crash&) {
      crashed = true;
    }
    log.on_progress = {};
    return crashed;
  }
};

INSTANTIATE_TEST_SUITE_P(Databases, BackfillResume, Values("sqlite", "postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(BackfillResume, CarriesOnAfterEachBatch) {
  revision(
      "CREATE TABLE before_it (x integer);\n"
      "-- capo:backfill batch=30\nUPDATE t SET n = n + 1;\n"
      "CREATE TABLE after_it (x integer);\n");
  for (int batches = 1; batches <= 4; ++batches) {
    SCOPED_TRACE(batches);
    database->reset();
    make_rows(100);
    ASSERT_TRUE(crashes_after(batches));
    EXPECT_EQ(rows(), revision::Rows{});
    ASSERT_TRUE(state().half_done);
    log.lines.clear();
    upgrade();
    EXPECT_TRUE(was_told("Carrying on with the backfill of t behind " +
                         std::to_string(std::min(batches * 30, 100)) + " rows"));
    EXPECT_EQ(changes(), "1|100\n");
    EXPECT_EQ(outcome(), "Backfilled t: 100 rows in 4 batches");
    EXPECT_TRUE(database->has_table("after_it"));
    EXPECT_FALSE(state().half_done);
  }
}

TEST_P(BackfillResume, CarriesOnAsOftenAsItMust) {
  make_rows(100);
  revision("-- capo:backfill batch=10\nUPDATE t SET n = n + 1;\n");
  int crashes = 0;
  while (crashes_after(1)) ++crashes;
  EXPECT_EQ(crashes, 10);
  EXPECT_EQ(changes(), "1|100\n");
}

// Another revision between two of the same: what an earlier upgrade kept is not this one's.
TEST_P(BackfillResume, EachUpgradeBeginsAtTheFirstRow) {
  make_rows(50);
  revision("-- capo:backfill batch=20\nUPDATE t SET n = n + 1;\n");
  ASSERT_TRUE(crashes_after(2));
  upgrade();
  downgrade("base");
  upgrade();
  EXPECT_EQ(changes(), "2|50\n");
  downgrade("base");
  ASSERT_TRUE(crashes_after(1));
  migration().stamp({"base"}, false);
  upgrade();
  EXPECT_EQ(changes(), "3|30\n4|20\n");
}

TEST_P(BackfillResume, WhatHasChangedRowsMayNotBeEdited) {
  make_rows(100);
  revision("-- capo:backfill batch=30\nUPDATE t SET n = n + 1;\n");
  ASSERT_TRUE(crashes_after(2));
  for (const char* edited : {"-- capo:backfill batch=30\nUPDATE t SET n = n + 2;\n",
                             "-- capo:backfill batch=30\nUPDATE t SET n = n + 1 WHERE true;\n",
                             "-- capo:backfill batch=30 key=a\nUPDATE t SET n = n + 1;\n",
                             "UPDATE t SET n = n + 1;\n"}) {
    SCOPED_TRACE(edited);
    revision(edited);
    const std::string text = failure([&] { upgrade(); });
    EXPECT_NE(text.find("upgrade of r is half done and cannot be carried on: its statement 1 is a "
                        "backfill that has changed rows, and was edited since"),
              std::string::npos)
        << text;
    EXPECT_EQ(changes(), "0|40\n1|60\n");
  }
  // How fast it goes is another matter.
  revision("-- capo:backfill batch=7 pause=1ms duty=90\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|100\n");
}

// What has done nothing yet may be corrected.
TEST_P(BackfillResume, WhatFailsAtOnceMayBeCorrected) {
  make_rows(100);
  revision("CREATE TABLE u (x integer);\n-- capo:backfill\nUPDATE t SET no_such_column = 1;\n");
  const std::string text = failure([&] { upgrade(); });
  EXPECT_NE(text.find("upgrade of r failed at statement 2 of 2"), std::string::npos) << text;
  EXPECT_NE(text.find("no_such_column"), std::string::npos) << text;
  revision("CREATE TABLE u (x integer);\n-- capo:backfill\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_EQ(changes(), "1|100\n");
}

// Row 64 is refused: what came before it stays, and once that is put right the rest follows.
TEST_P(BackfillResume, CarriesOnAfterAnError) {
  make_rows(100);
  database->script(
      "UPDATE t SET n = -1 WHERE id = 64; "
      "CREATE UNIQUE INDEX t_n ON t (n) WHERE id IN (64, 65)");
  revision("-- capo:backfill batch=30\nUPDATE t SET n = n + 1;\n");
  const std::string text = failure([&] { upgrade(); });
  EXPECT_NE(text.find("The backfill has changed 60 rows in 2 batches; they stay. The next `capo "
                      "upgrade` carries on behind them."),
            std::string::npos)
      << text;
  EXPECT_EQ(state().half_done.value_or(HalfDone{}).revision, "r");
  EXPECT_NE(failure([&] { downgrade("base"); }).find("half done"), std::string::npos);
  database->script("DROP INDEX t_n");
  upgrade();
  EXPECT_EQ(changes("id <> 64"), "1|99\n");
}

TEST_P(BackfillResume, CanBeStopped) {
  make_rows(100);
  revision("-- capo:backfill batch=30\nUPDATE t SET n = n + 1;\n");
  int batches = 0;
  log.on_progress = [&](std::string_view) {
    if (++batches == 2) stop = 2;
  };
  const std::string text = failure([&] { upgrade(); });
  EXPECT_EQ(text.find("/project/versions/r.sql:9:1: upgrade of r was interrupted at statement 1 of "
                      "1\nThe backfill has changed 60 rows in 2 batches; they stay."),
            0U)
      << text;
  stop = 0;
  log.on_progress = {};
  upgrade();
  EXPECT_EQ(changes(), "1|100\n");
}

TEST_P(BackfillResume, WithoutAJournalTheConditionTells) {
  options.journal = false;
  make_rows(100);
  revision("-- capo:backfill batch=30\nUPDATE t SET n = n + 1 WHERE n = 0;\n");
  ASSERT_TRUE(crashes_after(2));
  EXPECT_FALSE(database->has_table("capo_journal"));
  upgrade();
  EXPECT_EQ(changes(), "1|100\n");
  EXPECT_EQ(outcome(), "Backfilled t: 40 rows in 2 batches");
  EXPECT_FALSE(was_told("warning: "));
}

TEST_P(BackfillResume, WithoutAJournalAndAConditionItWarns) {
  options.journal = false;
  make_rows(10);
  revision("-- capo:backfill\nUPDATE t SET n = n + 1;\n");
  upgrade();
  EXPECT_TRUE(
      was_told("warning: without a journal the backfill of t begins with the first row "
               "again if it is interrupted"));
}

// The same where two backfills of a revision are cut off, and between them.
TEST_P(BackfillResume, SeveralInARevision) {
  make_rows(40);
  revision(
      "-- capo:backfill batch=15\nUPDATE t SET n = n + 1;\n"
      "-- capo:backfill batch=15\nUPDATE t SET a = 0, n = n + 1;\n");
  for (int batches = 1; batches <= 6; ++batches) {
    SCOPED_TRACE(batches);
    database->reset();
    make_rows(40);
    ASSERT_TRUE(crashes_after(batches));
    upgrade();
    EXPECT_EQ(changes(), "2|40\n");
  }
}

// The program is gone, its last batch is still on its way through the server: the next run waits
// for it, and does not do those rows again.
class BackfillLate : public BackfillResume {};
INSTANTIATE_TEST_SUITE_P(, BackfillLate, Values("postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(BackfillLate, ABatchThatArrivesLateIsNotRepeated) {
  make_rows(100);
  revision("-- capo:backfill batch=30\nUPDATE t SET n = n + 1;\n");
  ASSERT_TRUE(crashes_after(1));
  const auto late = database->session();
  late->query("BEGIN");
  late->query(
      "UPDATE capo_journal SET progress = replace(replace(progress, 'rows=30', 'rows=60'), "
      "'at=6:(''30'')', 'at=6:(''60'')') WHERE progress IS NOT NULL");
  late->query("UPDATE t SET n = n + 1 WHERE id > 30 AND id <= 60");
  bool waited = false;
  log.on_progress = [&](std::string_view text) {
    if (text.find("waiting") == std::string_view::npos || std::exchange(waited, true)) return;
    late->query("COMMIT");
  };
  upgrade();
  EXPECT_TRUE(waited);
  EXPECT_EQ(changes(), "1|100\n");
}

}  // namespace
}  // namespace capo::runtime
