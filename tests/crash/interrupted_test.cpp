// Something ends the run in the middle of each of eight statements, in and out of a transaction:
// kill -9, the server's session terminated, the server crashed, Ctrl-C, SIGTERM. Afterwards
// `current` tells the truth and `upgrade head` finishes.

#include <gtest/gtest.h>
#include <signal.h>

#include <charconv>
#include <chrono>
#include <thread>

#include "crash/history.hpp"
#include "support/server.hpp"
#include "support/shared_server.hpp"

namespace capo::test {
namespace {

using std::chrono::seconds;

// The statement at the gate goes on to its end although its client is gone, or breaks off.
void terminate_others(Database& database) {
  database.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
      "AND backend_type = 'client backend' AND application_name LIKE 'capo%' AND pid <> "
      "pg_backend_pid()");
}

class Interrupted : public testing::Test {
 protected:
  explicit Interrupted(std::unique_ptr<Database> database = make_postgresql())
      : project_(std::move(database)) {
    stages_ = find_stages(project_, gated_history(), make_gates);
  }

  // Runs `upgrade head` up to gate `number`, lets `interrupt` do its work there, and gives the end
  // of the run. The gate opens when that has ended, if `interrupt` does not open it.
  template <class Interrupt>
  Outcome interrupted_at(int number, Interrupt interrupt) {
    project_.database().reset();
    make_gates(project_.database());
    const std::unique_ptr<Session> gate = closed_gate(project_.database(), number);
    Process capo(project_.launch({"upgrade", "head"}));
    wait_until_at_gate(project_.database());
    interrupt(capo, *gate);
    return capo.wait(seconds(20));
  }

  void expect_recovery(const Outcome& before) {
    wait_until_alone(project_.database());
    expect_truthful_words(before, project_, stages_, 0);
    expect_truthful_current(project_, stages_);
    const Outcome again = project_.capo({"upgrade", "head"});
    ASSERT_EQ(again.exit_code, 0) << describe(again) << "after:\n" << describe(before);
    ASSERT_EQ(dump_without_versions(project_.database()), stages_.applied.back());
  }

  // The runs that leave nothing of the step behind: the third to the sixth statement are outside a
  // transaction.
  static bool is_inside(int number) { return number < 3 || number > 6; }

  Project project_;
  Stages stages_;
};

TEST_F(Interrupted, KilledWhileTheServerGoesOn) {
  for (int number = 1; number <= kGates; ++number) {
    SCOPED_TRACE("statement " + std::to_string(number));
    const Outcome outcome =
        interrupted_at(number, [](Process& capo, Session&) { capo.kill(SIGKILL); });
    ASSERT_EQ(outcome.signal, SIGKILL);
    expect_recovery(outcome);
  }
}

TEST_F(Interrupted, KilledWithTheServersSession) {
  for (int number = 1; number <= kGates; ++number) {
    SCOPED_TRACE("statement " + std::to_string(number));
    const Outcome outcome = interrupted_at(number, [&](Process& capo, Session&) {
      capo.kill(SIGKILL);
      terminate_others(project_.database());
    });
    ASSERT_EQ(outcome.signal, SIGKILL);
    expect_recovery(outcome);
  }
}

TEST_F(Interrupted, ServersSessionTerminated) {
  for (int number = 1; number <= kGates; ++number) {
    SCOPED_TRACE("statement " + std::to_string(number));
    const Outcome outcome =
        interrupted_at(number, [&](Process&, Session&) { terminate_others(project_.database()); });
    EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
    EXPECT_FALSE(outcome.err.empty());
    expect_recovery(outcome);
  }
}

// The signal's number and what a shell sees of it.
void expect_stopped(const Outcome& outcome, int signal) {
  EXPECT_EQ(outcome.exit_code, 128 + signal) << describe(outcome);
  EXPECT_EQ(outcome.signal, 0) << "it ended by the signal, not by itself";
}

TEST_F(Interrupted, CtrlCAndTermination) {
  for (int number = 1; number <= kGates; ++number) {
    const int signal = number % 2 == 0 ? SIGTERM : SIGINT;
    SCOPED_TRACE("statement " + std::to_string(number) + ", signal " + std::to_string(signal));
    const Outcome outcome = interrupted_at(number, [&](Process& capo, Session&) {
      capo.kill(signal);
      // It must not wait for the statement: that one still stands at the gate.
      EXPECT_TRUE(capo.ended_within(seconds(10)));
      // Nobody else is kept waiting: the deployment lock is free again.
      EXPECT_EQ(project_.capo({"stamp", "--sql", "head"}).exit_code, 0);
    });
    expect_stopped(outcome, signal);
    if (is_inside(number)) {
      EXPECT_NE(outcome.err.find("rolled back"), std::string::npos) << describe(outcome);
    }
    expect_recovery(outcome);
  }
}

// A server that answers nothing, not even to be cancelled: who cannot wait asks again.
TEST_F(Interrupted, SecondCtrlCEndsItAtOnce) {
  pid_t servers_process = 0;
  const Outcome outcome = interrupted_at(1, [&](Process& capo, Session&) {
    const std::string process = project_.database().value(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = "
        "'advisory'");
    std::from_chars(process.data(), process.data() + process.size(), servers_process);
    ASSERT_GT(servers_process, 0);
    ASSERT_EQ(::kill(servers_process, SIGSTOP), 0);
    capo.kill(SIGINT);
    EXPECT_FALSE(capo.ended_within(seconds(1)));
    EXPECT_NE(capo.err().find("Once more stops at once"), std::string::npos) << capo.err();
    capo.kill(SIGINT);
    EXPECT_TRUE(capo.ended_within(seconds(2)));
  });
  ASSERT_EQ(::kill(servers_process, SIGCONT), 0);
  expect_stopped(outcome, SIGINT);
  EXPECT_NE(outcome.err.find("`capo current` tells where"), std::string::npos) << describe(outcome);
  wait_until_alone(project_.database());
  expect_truthful_current(project_, stages_);
  const Outcome again = project_.capo({"upgrade", "head"});
  ASSERT_EQ(again.exit_code, 0) << describe(again);
  EXPECT_EQ(dump_without_versions(project_.database()), stages_.applied.back());
}

// What is not done yet because it runs is not called broken.
void expect_under_way(Project& project, const std::string& deployer) {
  const Outcome current = project.capo({"current"});
  EXPECT_EQ(current.exit_code, 0) << describe(current);
  EXPECT_NE(current.err.find("upgrade of 002 is under way: 1 of "), std::string::npos)
      << describe(current);
  EXPECT_NE(current.err.find("the deployment lock is held by " + deployer), std::string::npos)
      << describe(current);
  EXPECT_EQ(current.err.find("carries on"), std::string::npos) << describe(current);
  const Outcome json = project.capo({"current", "--json"});
  EXPECT_NE(json.out.find("\"deployer\": \"" + deployer), std::string::npos) << describe(json);
}

TEST_F(Interrupted, CurrentWhileItRuns) {
  const Outcome outcome = interrupted_at(4, [&](Process&, Session& gate) {
    expect_under_way(project_, "pid ");
    gate.query("SELECT pg_advisory_unlock_all()");
  });
  EXPECT_EQ(outcome.exit_code, 0) << describe(outcome);
}

TEST_F(Interrupted, CurrentWhileTheServerGoesOnAlone) {
  interrupted_at(4, [&](Process& capo, Session&) {
    capo.kill(SIGKILL);
    ASSERT_TRUE(capo.ended_within(seconds(10)));
    // Its other connection, which holds the deployment lock, is closed by the server by and by.
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    expect_under_way(project_, "pid ");
  });
}

TEST_F(Interrupted, CtrlCWhileItWaitsForAnotherDeployer) {
  project_.database().reset();
  make_gates(project_.database());
  std::unique_ptr<Session> gate = closed_gate(project_.database(), 1);
  Process holder(project_.launch({"upgrade", "head"}));
  wait_until_at_gate(project_.database());
  Process waiter(project_.launch({"upgrade", "head"}));
  ASSERT_FALSE(waiter.ended_within(seconds(2))) << describe(waiter.wait());
  EXPECT_NE(waiter.err().find("pid"), std::string::npos)
      << "it does not say who holds the lock: " << waiter.err();
  waiter.kill(SIGINT);
  ASSERT_TRUE(waiter.ended_within(seconds(10)));
  expect_stopped(waiter.wait(), SIGINT);
  gate.reset();
  const Outcome outcome = holder.wait();
  EXPECT_EQ(outcome.exit_code, 0) << describe(outcome);
  EXPECT_EQ(dump_without_versions(project_.database()), stages_.applied.back());
}

struct OwnServer {
  PostgresServer server;
};

// The server is a base so that it outlives the database on it.
class ServerCrash : protected OwnServer, public Interrupted {
 protected:
  ServerCrash() : Interrupted(make_postgresql(SharedServer(server.url("")))) {}
};

TEST_F(ServerCrash, InTheMiddleOfEachStatement) {
  for (int number = 1; number <= kGates; ++number) {
    SCOPED_TRACE("statement " + std::to_string(number));
    const Outcome outcome = interrupted_at(number, [&](Process&, Session&) { server.crash(); });
    EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
    EXPECT_FALSE(outcome.err.empty());
    server.start();
    expect_recovery(outcome);
  }
}

// SQLite has no gates: the second revision computes for hours.
TEST(SqliteInterrupted, CtrlCAndTermination) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Project project("sqlite");
    project.add_revision("001", "", "-- capo:upgrade\nCREATE TABLE t(a);\n");
    project.add_revision("002", "001",
                         "-- capo:upgrade\nINSERT INTO t VALUES (1);\nINSERT INTO t WITH RECURSIVE "
                         "n(i) AS (SELECT 1 "
                         "UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;\n");
    Process capo(project.launch({"upgrade", "head"}));
    const auto deadline = std::chrono::steady_clock::now() + seconds(20);
    while (capo.err().find("001 -> 002") == std::string::npos &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_FALSE(capo.ended_within(std::chrono::milliseconds(200))) << describe(capo.wait());
    capo.kill(signal);
    ASSERT_TRUE(capo.ended_within(seconds(10)));
    const Outcome outcome = capo.wait();
    expect_stopped(outcome, signal);
    EXPECT_NE(outcome.err.find("rolled back"), std::string::npos) << describe(outcome);
    EXPECT_EQ(project.database().versions(), std::vector<std::string>{"001"});
    EXPECT_EQ(project.database().value("SELECT count(*) FROM t"), "0");
    project.add_revision("002", "001", "-- capo:upgrade\nINSERT INTO t VALUES (2);\n");
    project.must({"upgrade", "head"});
    EXPECT_EQ(project.database().value("SELECT a FROM t"), "2");
  }
}

TEST(SqliteInterrupted, CurrentWhileItRuns) {
  Project project("sqlite");
  project.add_revision("001", "", "-- capo:upgrade\nCREATE TABLE t(a);\n");
  project.add_revision(
      "002", "001",
      "-- capo:upgrade transaction=off\nINSERT INTO t VALUES (1);\nSELECT count(*) "
      "FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
      "SELECT * FROM n);\n");
  Process capo(project.launch({"upgrade", "head"}));
  const auto deadline = std::chrono::steady_clock::now() + seconds(20);
  while (project.capo({"current", "--json"}).out.find("\"statements_done\": 1") ==
             std::string::npos &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  expect_under_way(project, "pid ");
  capo.kill(SIGTERM);
  expect_stopped(capo.wait(), SIGTERM);
  const Outcome current = project.capo({"current"});
  EXPECT_NE(current.err.find("002 is half done: 1 of 2"), std::string::npos) << describe(current);
}

}  // namespace
}  // namespace capo::test
