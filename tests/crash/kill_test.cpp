// kill -9 before each call by which capo touches the outside world, one after the other, until a
// run gets through. After each: `current` tells the truth, the same command finishes, and the
// database is that of an undisturbed run.

#include <gtest/gtest.h>
#include <signal.h>

#include "crash/history.hpp"

namespace capo::test {
namespace {

struct Scenario {
  const char* name;
  const char* kind;
  Transactions transactions;
  bool upgrade;
  bool transaction_per_migration;
};

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

class Kill : public testing::TestWithParam<Scenario> {};

constexpr int kMostCalls = 3000;  // Far more than a run makes: the loop must end.

Launch with_shim(Launch launch, std::string_view kind, int at) {
  launch.env["LD_PRELOAD"] = KILL_SHIM;
  launch.env["CAPO_KILL_ON"] = kind == "sqlite" ? "files" : "network";
  launch.env["CAPO_KILL_AT"] = std::to_string(at);
  // Of use only where capo is built with AddressSanitizer, which wants to be the first library.
  launch.env["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=0";
  return launch;
}

TEST_P(Kill, AtEachCall) {
  const Scenario& scenario = GetParam();
  Project project(scenario.kind);
  const History history = plain_history(scenario.kind, scenario.transactions);
  if (scenario.transaction_per_migration) {
    project.write("alembic.ini",
                  "[alembic]\nscript_location = %(here)s\ntransaction_per_migration = true\n");
  }
  const Stages stages = find_stages(project, history, [](Database&) {});
  const std::vector<std::string> command = scenario.upgrade
                                               ? std::vector<std::string>{"upgrade", "head"}
                                               : std::vector<std::string>{"downgrade", "base"};
  const std::string& goal = scenario.upgrade ? stages.applied.back() : stages.applied.front();

  int kills = 0;
  for (int at = 1;; ++at) {
    ASSERT_LT(at, kMostCalls) << "the run never gets through";
    SCOPED_TRACE("killed before call " + std::to_string(at));
    project.database().reset();
    if (!scenario.upgrade) project.must({"upgrade", "head"});

    const Outcome killed = run(with_shim(project.launch(command), scenario.kind, at));
    if (killed.signal == 0) {
      ASSERT_EQ(killed.exit_code, 0) << describe(killed);
      break;
    }
    ASSERT_EQ(killed.signal, SIGKILL) << describe(killed);
    ++kills;
    wait_until_alone(project.database());
    expect_truthful_current(project, stages);
    const Outcome again = project.capo(command);
    ASSERT_EQ(again.exit_code, 0) << describe(again);
    ASSERT_EQ(dump_without_versions(project.database()), goal)
        << "\nfirst run:\n"
        << describe(killed) << "second run:\n"
        << describe(again);
    const std::vector<std::string> rows = project.database().versions();
    ASSERT_EQ(rows,
              scenario.upgrade ? std::vector<std::string>{"003"} : std::vector<std::string>{});
    if (HasFatalFailure()) return;
  }
  // Eight statements, three revisions: fewer calls than this would mean that the shim was not in
  // the way.
  EXPECT_GE(kills, 8);
  RecordProperty("kills", kills);
}

INSTANTIATE_TEST_SUITE_P(
    , Kill,
    testing::Values(
        Scenario{"sqlite_inside_up", "sqlite", Transactions::kInside, true, false},
        Scenario{"sqlite_inside_down", "sqlite", Transactions::kInside, false, false},
        Scenario{"sqlite_outside_up", "sqlite", Transactions::kOutside, true, false},
        Scenario{"sqlite_outside_down", "sqlite", Transactions::kOutside, false, false},
        Scenario{"postgresql_inside_up", "postgresql", Transactions::kInside, true, false},
        Scenario{"postgresql_inside_down", "postgresql", Transactions::kInside, false, false},
        Scenario{"postgresql_each_up", "postgresql", Transactions::kInside, true, true},
        Scenario{"postgresql_outside_up", "postgresql", Transactions::kOutside, true, false},
        Scenario{"postgresql_outside_down", "postgresql", Transactions::kOutside, false, false}),
    [](const auto& scenario) { return scenario.param.name; });

}  // namespace
}  // namespace capo::test
