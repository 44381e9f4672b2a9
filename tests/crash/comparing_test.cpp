// Ctrl-C and SIGTERM while schemas are compared: it ends at once although the server does not
// answer, and nothing is left behind.

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "crash/history.hpp"

namespace capo::test {
namespace {

using std::chrono::seconds;

constexpr const char* kTables =
    "CREATE TABLE items (id integer PRIMARY KEY, title text);\n"
    "CREATE VIEW titles AS SELECT title FROM items;\n";

const std::vector<std::vector<std::string>> kCommands = {
    {"check"},
    {"revision", "--autogenerate", "-m", "more"},
    {"diff", "database", "schema.sql"},
    {"inspect"},
};

class Comparing : public testing::Test {
 protected:
  explicit Comparing(std::string_view kind) : project_(kind) {
    project_.add_revision("001", "", std::string("-- capo:upgrade\n") + kTables);
    project_.must({"upgrade", "head"});
    project_.write("schema.sql", std::string(kTables) + "CREATE TABLE more (id integer);\n");
    before_ = files();
  }

  Launch launch(std::vector<std::string> command) const {
    if (command.front() == "check" || command.front() == "revision") {
      command.insert(command.end(), {"--target", "schema.sql"});
    }
    return project_.launch(command);
  }

  std::vector<std::string> files() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(project_.directory())) {
      if (entry.path().filename().string().starts_with("db.sqlite-")) continue;
      found.push_back(entry.path().string());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  // `stand` waits until the command stands where it cannot go on by itself.
  template <class Stand>
  void expect_stops(const std::vector<std::string>& command, int signal, Stand stand) {
    SCOPED_TRACE(command.front() + ", signal " + std::to_string(signal));
    Process capo(launch(command));
    stand(capo);
    capo.kill(signal);
    EXPECT_TRUE(capo.ended_within(seconds(10)));
    const Outcome outcome = capo.wait(seconds(20));
    EXPECT_EQ(outcome.exit_code, 128 + signal) << describe(outcome);
    EXPECT_EQ(outcome.signal, 0) << "it ended by the signal, not by itself";
    EXPECT_NE(outcome.err.find("Stopping; what is running is rolled back."), std::string::npos)
        << describe(outcome);
    EXPECT_NE(outcome.err.find("FAILED: interrupted while looking at the database"),
              std::string::npos)
        << describe(outcome);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(files(), before_);
  }

  Project project_;
  std::vector<std::string> before_ = {};
};

class ComparingPostgresql : public Comparing {
 protected:
  ComparingPostgresql() : Comparing("postgresql") {}

  void wait_until(const std::string& condition) {
    const auto deadline = std::chrono::steady_clock::now() + seconds(30);
    const std::string waiting =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name "
        "LIKE 'capo%' AND " +
        condition;
    while (project_.database().query(waiting).empty()) {
      if (std::chrono::steady_clock::now() > deadline) {
        throw std::runtime_error("capo does not come to where it has to wait");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  void expect_nothing_runs() {
    wait_until_alone(project_.database());
    EXPECT_EQ(
        project_.database().value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%capo%'"),
        "0");
  }
};

// What a view is, the server says only when it may look at its tables.
TEST_F(ComparingPostgresql, WhileACatalogIsRead) {
  int signal = SIGINT;
  for (const auto& command : kCommands) {
    const auto holder = project_.database().session();
    holder->query("BEGIN");
    holder->query("LOCK TABLE items IN ACCESS EXCLUSIVE MODE");
    expect_stops(command, signal, [&](Process&) { wait_until("wait_event_type = 'Lock'"); });
    signal = signal == SIGINT ? SIGTERM : SIGINT;
    // Its query is gone although it still could not go on.
    EXPECT_EQ(project_.database().value("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                        "current_database() AND wait_event_type = 'Lock'"),
              "0");
    holder->query("ROLLBACK");
  }
  expect_nothing_runs();
}

TEST_F(ComparingPostgresql, WhileTheTargetIsTriedOut) {
  project_.write("schema.sql", std::string(kTables) +
                                   "CREATE TABLE more AS SELECT pg_sleep(100) IS NULL AS a;\n");
  int signal = SIGINT;
  for (const auto& command : kCommands) {
    if (command.front() == "inspect") continue;
    expect_stops(command, signal, [&](Process&) { wait_until("wait_event = 'PgSleep'"); });
    signal = signal == SIGINT ? SIGTERM : SIGINT;
    expect_nothing_runs();
  }
  project_.write("schema.sql", std::string(kTables));
  project_.must({"check", "--target", "schema.sql"});
}

class ComparingSqlite : public Comparing {
 protected:
  ComparingSqlite() : Comparing("sqlite") {}
};

// Another program has the file for itself.
TEST_F(ComparingSqlite, WhileTheFileIsLocked) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto holder = project_.database().session();
    holder->query("BEGIN EXCLUSIVE");
    expect_stops(kCommands[signal == SIGINT ? 0 : 1], signal, [](Process& capo) {
      ASSERT_FALSE(capo.ended_within(seconds(1))) << describe(capo.wait());
    });
    holder->query("ROLLBACK");
  }
}

}  // namespace
}  // namespace capo::test
