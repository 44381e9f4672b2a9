// Twenty starts of `capo upgrade head` at once, as when twenty copies of a service come up
// together.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <vector>

#include "support/project.hpp"

namespace capo::test {
namespace {

constexpr int kStarters = 20;
using std::chrono::seconds;

// Each step leaves one line in step_log; run twice it would leave two, and nothing would stop it.
enum class Third { kOutsideTransaction, kInside };
void add_history(Project& project, Third third = Third::kOutsideTransaction) {
  const auto step = [](std::string_view id) {
    return "INSERT INTO step_log VALUES ('" + std::string(id) + "');\n";
  };
  project.add_revision(
      "001", "", "-- capo:upgrade\nCREATE TABLE step_log (revision varchar(8));\n" + step("001"));
  project.add_revision(
      "002", "001",
      "-- capo:upgrade\nCREATE TABLE item (id integer PRIMARY KEY, title varchar(40));\n" +
          step("002"));
  std::string middle = "-- capo:upgrade\n";
  if (third == Third::kOutsideTransaction) {
    middle = "-- capo:upgrade transaction=off\n";
    middle += project.database().kind() == "postgresql"
                  ? "CREATE INDEX CONCURRENTLY item_title ON item (title);\n"
                  : "VACUUM;\n";
  }
  project.add_revision("003", "002", middle + step("003"));
  project.add_revision(
      "004", "003",
      "-- capo:upgrade\nALTER TABLE item ADD COLUMN tuning varchar(40);\n" + step("004"));
  project.add_revision("005", "004", "-- capo:upgrade\n" + step("005"));
}

std::vector<Outcome> start_together(const Project& project,
                                    const std::vector<std::string>& command) {
  std::vector<std::unique_ptr<Process>> started;
  for (int i = 0; i < kStarters; ++i)
    started.push_back(std::make_unique<Process>(project.launch(command)));
  std::vector<Outcome> outcomes;
  for (const auto& process : started) outcomes.push_back(process->wait(seconds(120)));
  return outcomes;
}

void expect_all_succeeded(const std::vector<Outcome>& outcomes) {
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i].exit_code, 0) << "starter " << i << "\n" << describe(outcomes[i]);
  }
}

int number_that_said(const std::vector<Outcome>& outcomes, std::string_view text) {
  return static_cast<int>(std::count_if(
      outcomes.begin(), outcomes.end(),
      [&](const Outcome& outcome) { return outcome.err.find(text) != std::string::npos; }));
}

class Twenty : public testing::TestWithParam<const char*> {};

TEST_P(Twenty, EachStepRunsOnce) {
  for (int round = 0; round < 3; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Project project(GetParam());
    add_history(project);
    const std::vector<Outcome> outcomes = start_together(project, {"upgrade", "head"});
    expect_all_succeeded(outcomes);
    EXPECT_EQ(project.database().column("SELECT revision FROM step_log ORDER BY revision"),
              (std::vector<std::string>{"001", "002", "003", "004", "005"}));
    EXPECT_EQ(project.database().versions(), std::vector<std::string>{"005"});
    for (const char* step : {" -> 001", "001 -> 002", "002 -> 003", "003 -> 004", "004 -> 005"}) {
      EXPECT_EQ(number_that_said(outcomes, step), 1) << step;
    }
  }
}

// From a database that is partly there already, and one that others read meanwhile.
TEST_P(Twenty, ReadersAreNotInTheWay) {
  Project project(GetParam());
  add_history(project);
  project.must({"upgrade", "002"});
  std::vector<std::unique_ptr<Process>> readers;
  for (int i = 0; i < 5; ++i) {
    readers.push_back(std::make_unique<Process>(project.launch({"current"})));
    readers.push_back(std::make_unique<Process>(project.launch({"history", "-i"})));
  }
  const std::vector<Outcome> outcomes = start_together(project, {"upgrade", "head"});
  expect_all_succeeded(outcomes);
  for (const auto& reader : readers) {
    const Outcome outcome = reader->wait(seconds(60));
    EXPECT_EQ(outcome.exit_code, 0) << describe(outcome);
  }
  EXPECT_EQ(project.database().value("SELECT count(*) FROM step_log"), "5");
}

TEST_P(Twenty, CreateTheVersionTableOnce) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"ensure_version"}, std::vector<std::string>{"stamp", "head"}}) {
    Project project(GetParam());
    add_history(project);
    expect_all_succeeded(start_together(project, command));
    EXPECT_TRUE(project.database().has_table("alembic_version"));
    EXPECT_LE(project.database().versions().size(), 1U);
  }
}

// Whoever switches the lock off gets errors, but never a step that ran twice, nor one that is said
// to be applied and is not: the version row is changed in the step's own transaction, and must
// match.
TEST_P(Twenty, WithoutTheLockNobodyIsToldWrong) {
  for (int round = 0; round < 3; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    Project project(GetParam());
    add_history(project, Third::kInside);
    int succeeded = 0;
    for (const Outcome& outcome : start_together(project, {"--no-lock", "upgrade", "head"})) {
      EXPECT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 1) << describe(outcome);
      EXPECT_EQ(outcome.exit_code == 0, outcome.err.find("FAILED") == std::string::npos)
          << describe(outcome);
      succeeded += outcome.exit_code == 0 ? 1 : 0;
    }
    EXPECT_GE(succeeded, 1);
    project.must({"upgrade", "head"});
    EXPECT_EQ(project.database().column("SELECT revision FROM step_log ORDER BY revision"),
              (std::vector<std::string>{"001", "002", "003", "004", "005"}));
    EXPECT_EQ(project.database().versions(), std::vector<std::string>{"005"});
  }
}

INSTANTIATE_TEST_SUITE_P(, Twenty, testing::Values("sqlite", "postgresql"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace capo::test
