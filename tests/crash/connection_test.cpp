// The connection breaks in the middle of COMMIT: capo says that it does not know, and the next run
// finishes.

#include <gtest/gtest.h>

#include <tuple>

#include "crash/history.hpp"
#include "support/cut_proxy.hpp"

namespace capo::test {
namespace {

class CommitCut : public testing::TestWithParam<std::tuple<CutProxy::Cut, Transactions>> {};

// One COMMIT after the other, until a run gets through without one being cut.
TEST_P(CommitCut, LeavesNoWrongAnswer) {
  const auto [cut, transactions] = GetParam();
  Project project("postgresql");
  const History history = plain_history("postgresql", transactions);
  project.write("alembic.ini",
                "[alembic]\nscript_location = %(here)s\ntransaction_per_migration = true\n");
  const Stages stages = find_stages(project, history, [](Database&) {});
  int cuts = 0;
  for (int nth = 1;; ++nth) {
    ASSERT_LT(nth, 100) << "the run never gets through";
    SCOPED_TRACE("COMMIT number " + std::to_string(nth));
    project.database().reset();
    const CutProxy proxy(project.database().url(), nth, cut);
    Launch launch = project.launch({"upgrade", "head"});
    launch.env["DATABASE_URL"] = proxy.url();
    const Outcome outcome = run(launch);
    if (!proxy.has_cut()) {
      EXPECT_EQ(outcome.exit_code, 0) << describe(outcome);
      break;
    }
    ++cuts;
    EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
    EXPECT_NE(outcome.err.find("unknown"), std::string::npos) << describe(outcome);
    EXPECT_NE(outcome.err.find("capo current"), std::string::npos) << describe(outcome);
    wait_until_alone(project.database());
    expect_truthful_words(outcome, project, stages, 0);
    expect_truthful_current(project, stages);
    const Outcome again = project.capo({"upgrade", "head"});
    ASSERT_EQ(again.exit_code, 0) << describe(again) << "after:\n" << describe(outcome);
    ASSERT_EQ(dump_without_versions(project.database()), stages.applied.back());
  }
  EXPECT_GE(cuts, 2);
}

INSTANTIATE_TEST_SUITE_P(
    , CommitCut,
    testing::Combine(testing::Values(CutProxy::Cut::kBeforeForwarding,
                                     CutProxy::Cut::kBeforeAnswer),
                     testing::Values(Transactions::kInside, Transactions::kOutside)),
    [](const auto& scenario) {
      return std::string(std::get<0>(scenario.param) == CutProxy::Cut::kBeforeForwarding
                             ? "before_forwarding"
                             : "before_answer") +
             (std::get<1>(scenario.param) == Transactions::kInside ? "_inside" : "_outside");
    });

}  // namespace
}  // namespace capo::test
