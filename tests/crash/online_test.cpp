// `upgrade --online` is killed (kill -9) at each call by which it touches the network, one after
// the other: in the middle of an index that is built concurrently, between two steps, in the middle
// of a COMMIT. The next run ends with the schema of an undisturbed one, and leaves nothing behind.

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "crash/history.hpp"
#include "support/project.hpp"

namespace capo::test {
namespace {

class OnlineCrash : public testing::Test {
 protected:
  OnlineCrash() : project_("postgresql"), mark_(project_.directory() + "/mark") {
    project_.add_revision("001", "",
                          "-- capo:upgrade\nCREATE TABLE users (id integer PRIMARY KEY);\n"
                          "INSERT INTO users VALUES (1);\n"
                          "CREATE TABLE items (id integer PRIMARY KEY, a integer, owner integer);\n"
                          "INSERT INTO items SELECT i, i, 1 FROM generate_series(1, 50) i;\n");
    project_.add_revision("002", "001",
                          "-- capo:upgrade\nALTER TABLE items ADD UNIQUE (a);\n"
                          "ALTER TABLE items ADD FOREIGN KEY (owner) REFERENCES users, ALTER a SET "
                          "NOT NULL;\n");
    start_over();
    project_.must({"upgrade", "head", "--online"});
    undisturbed_ = dump_without_versions(project_.database());
  }

  void start_over() {
    project_.database().reset();
    project_.must({"upgrade", "001"});
  }

  /// False if the run got through before its n-th call.
  bool is_killed_at(int at) {
    start_over();
    std::filesystem::remove(mark_);
    Launch launch = project_.launch({"upgrade", "head", "--online"});
    launch.env["LD_PRELOAD"] = TROUBLE_SHIM;
    launch.env["CAPO_TROUBLE"] = "kill";
    launch.env["CAPO_TROUBLE_ON"] = "network";
    launch.env["CAPO_TROUBLE_AT"] = std::to_string(at);
    launch.env["CAPO_TROUBLE_MARK"] = mark_;
    launch.env["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=0";
    const Outcome outcome = run(launch);
    if (!file_exists(mark_)) {
      EXPECT_EQ(outcome.exit_code, 0) << describe(outcome);
      return false;
    }
    EXPECT_EQ(outcome.signal, SIGKILL) << describe(outcome);
    wait_until_alone(project_.database());
    return true;
  }

  Project project_;
  std::string mark_;
  std::string undisturbed_ = {};
};

TEST_F(OnlineCrash, KilledAtEachCall) {
  int kills = 0;
  // Each call of the steps would be more than anybody wants to wait for; those in between come
  // under another number with the next change of the code.
  for (int at = 1; is_killed_at(at); at += 3) {
    SCOPED_TRACE("killed before call " + std::to_string(at));
    const bool is_online = at % 2 == 0;
    const Outcome again =
        project_.capo(is_online ? std::vector<std::string>{"upgrade", "head", "--online"}
                                : std::vector<std::string>{"upgrade", "head"});
    ASSERT_EQ(again.exit_code, 0) << describe(again);
    ASSERT_EQ(dump_without_versions(project_.database()), undisturbed_);
    ++kills;
  }
  EXPECT_GE(kills, 20);
}

}  // namespace
}  // namespace capo::test
