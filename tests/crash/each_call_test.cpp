// Trouble at each call by which capo touches the outside world, one after the other, until a run
// gets through: kill -9 there, or the call fails (the connection is gone, the disk is full). After
// each: what capo said is true, `current` tells the truth, the same command finishes, and the
// database is that of an undisturbed run.

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "crash/history.hpp"

namespace capo::test {
namespace {

struct Scenario {
  const char* name;
  const char* kind;
  Transactions transactions;
  bool upgrade;
  bool transaction_per_migration;
  bool wal = false;  ///< SQLite's write-ahead log instead of its rollback journal
};

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

constexpr int kMostCalls = 3000;  // Far more than a run makes: the loop must end.

class EachCall : public testing::TestWithParam<Scenario> {
 protected:
  EachCall() : project_(GetParam().kind), mark_(project_.directory() + "/mark") {
    if (GetParam().transaction_per_migration) {
      project_.write("alembic.ini",
                     "[alembic]\nscript_location = %(here)s\ntransaction_per_migration = true\n");
    }
    stages_ = find_stages(project_, plain_history(GetParam().kind, GetParam().transactions),
                          [](Database&) {});
  }

  // The command from its beginning, with trouble of this kind ("kill", "fail") at its n-th call.
  Outcome run_with(const char* trouble, int at) {
    project_.database().reset();
    if (GetParam().wal) project_.database().script("PRAGMA journal_mode = WAL");
    if (!GetParam().upgrade) project_.must({"upgrade", "head"});
    std::filesystem::remove(mark_);
    Launch launch = project_.launch(command());
    launch.env["LD_PRELOAD"] = TROUBLE_SHIM;
    launch.env["CAPO_TROUBLE"] = trouble;
    launch.env["CAPO_TROUBLE_ON"] = project_.database().kind() == "sqlite" ? "files" : "network";
    launch.env["CAPO_TROUBLE_AT"] = std::to_string(at);
    launch.env["CAPO_TROUBLE_MARK"] = mark_;
    // Of use only where capo is built with AddressSanitizer, which wants to be the first library.
    launch.env["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=0";
    return run(launch);
  }

  bool came_to_trouble() const { return file_exists(mark_); }

  static std::vector<std::string> command() {
    return GetParam().upgrade ? std::vector<std::string>{"upgrade", "head"}
                              : std::vector<std::string>{"downgrade", "base"};
  }

  void expect_goal(const Outcome& first, const Outcome& last) {
    ASSERT_EQ(dump_without_versions(project_.database()),
              GetParam().upgrade ? stages_.applied.back() : stages_.applied.front())
        << "\nfirst run:\n"
        << describe(first) << "last run:\n"
        << describe(last);
    ASSERT_EQ(project_.database().versions(),
              GetParam().upgrade ? std::vector<std::string>{"003"} : std::vector<std::string>{});
  }

  void expect_recovery(const Outcome& first) {
    wait_until_alone(project_.database());
    expect_truthful_words(first, project_, stages_, GetParam().upgrade ? 0 : 3);
    expect_truthful_current(project_, stages_);
    const Outcome again = project_.capo(command());
    ASSERT_EQ(again.exit_code, 0) << describe(again) << "after:\n" << describe(first);
    expect_goal(first, again);
  }

  Project project_;
  std::string mark_;
  Stages stages_;
};

TEST_P(EachCall, Killed) {
  int kills = 0;
  for (int at = 1;; ++at) {
    ASSERT_LT(at, kMostCalls) << "the run never gets through";
    SCOPED_TRACE("killed before call " + std::to_string(at));
    const Outcome outcome = run_with("kill", at);
    if (!came_to_trouble()) {
      ASSERT_EQ(outcome.exit_code, 0) << describe(outcome);
      break;
    }
    ASSERT_EQ(outcome.signal, SIGKILL) << describe(outcome);
    ++kills;
    expect_recovery(outcome);
    if (HasFatalFailure()) return;
  }
  // Eight statements, three revisions: fewer calls than this would mean that the shim was not in
  // the way.
  EXPECT_GE(kills, 8);
}

TEST_P(EachCall, Fails) {
  for (int at = 1;; ++at) {
    ASSERT_LT(at, kMostCalls) << "the run never gets through";
    SCOPED_TRACE("call " + std::to_string(at) + " failed");
    const Outcome outcome = run_with("fail", at);
    ASSERT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 1) << describe(outcome);
    if (!came_to_trouble()) {
      ASSERT_EQ(outcome.exit_code, 0) << describe(outcome);
      break;
    }
    // Some calls may fail without harm: a file that could not be deleted at the end.
    if (outcome.exit_code == 0) {
      expect_goal(outcome, outcome);
    } else {
      EXPECT_NE(outcome.err.find("FAILED: "), std::string::npos) << describe(outcome);
      expect_recovery(outcome);
    }
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(
    , EachCall,
    testing::Values(
        Scenario{"sqlite_inside_up", "sqlite", Transactions::kInside, true, false},
        Scenario{"sqlite_inside_down", "sqlite", Transactions::kInside, false, false},
        Scenario{"sqlite_outside_up", "sqlite", Transactions::kOutside, true, false},
        Scenario{"sqlite_outside_down", "sqlite", Transactions::kOutside, false, false},
        Scenario{"sqlite_wal_up", "sqlite", Transactions::kOutside, true, false, true},
        Scenario{"postgresql_inside_up", "postgresql", Transactions::kInside, true, false},
        Scenario{"postgresql_inside_down", "postgresql", Transactions::kInside, false, false},
        Scenario{"postgresql_each_up", "postgresql", Transactions::kInside, true, true},
        Scenario{"postgresql_outside_up", "postgresql", Transactions::kOutside, true, false},
        Scenario{"postgresql_outside_down", "postgresql", Transactions::kOutside, false, false}),
    [](const auto& scenario) { return scenario.param.name; });

}  // namespace
}  // namespace capo::test
