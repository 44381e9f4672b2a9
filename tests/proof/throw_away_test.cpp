// Databases and servers to throw away are gone afterwards, whatever happened; those of a killed run
// go with the next one; and nobody's that are still in use.

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/project.hpp"
#include "support/scratch.hpp"
#include "support/server.hpp"
#include "support/shared_server.hpp"

namespace capo::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A folder for temporary files that nobody else uses, short enough for a socket.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = "/tmp/capo-tmp-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
    path_ = pattern;
    ::chmod(path_.c_str(), 01777);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  std::vector<std::string> names() const { return list_directory(path_); }

 private:
  std::string path_;
};

// The base of a URL, to which the name of a database is added.
std::string base_url(const PostgresServer& server) { return server.url(""); }

// One that has ended and that nobody has asked about since is not running: in a container the first
// process may never ask.
bool is_running(pid_t pid) {
  if (::kill(pid, 0) != 0) return false;
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat;
  std::getline(file, stat);
  const std::size_t name_end = stat.rfind(") ");
  return name_end == std::string::npos || stat.at(name_end + 2) != 'Z';
}

// A server takes its files away before it ends.
bool ends(pid_t pid) {
  for (int i = 0; i < 200 && is_running(pid); ++i) std::this_thread::sleep_for(milliseconds(50));
  return !is_running(pid);
}

class ThrowAway : public testing::Test {
 protected:
  explicit ThrowAway(std::string_view kind = "postgresql")
      : project_(kind == "sqlite" ? std::make_unique<Project>("sqlite")
                                  : std::make_unique<Project>(make_postgresql(shared_))) {
    project_->add_revision("001", "",
                           "-- capo:upgrade\nCREATE TABLE items (id integer PRIMARY KEY);\n"
                           "-- capo:downgrade\nDROP TABLE items;\n");
  }

  void add_endless(const std::string& sql) {
    project_->add_revision("002", "001", "-- capo:upgrade\n" + sql + "\n-- capo:downgrade\n");
  }

  Launch launch(std::vector<std::string> arguments) const {
    Launch launch = project_->launch(std::move(arguments));
    launch.env["TMPDIR"] = folder_.path();
    return launch;
  }

  std::string databases() const {
    return server_of_this_program().execute(
        "SELECT count(*) FROM pg_database WHERE datname LIKE 'capo\\_throw\\_away\\_%'");
  }
  // Until the endless statement runs.
  static void wait_until_busy() {
    for (int i = 0; i < 600; ++i) {
      if (server_of_this_program().execute(
              "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state ="
              " 'active' AND pid <> pg_backend_pid()") == "1") {
        return;
      }
      std::this_thread::sleep_for(milliseconds(50));
    }
    FAIL() << "the endless statement never began";
  }

  SharedServer shared_{base_url(server_of_this_program())};
  TemporaryFolder folder_ = {};
  std::unique_ptr<Project> project_;
};

class ThrowAwayFile : public ThrowAway {
 protected:
  ThrowAwayFile() : ThrowAway("sqlite") {}
};

constexpr const char* kSleep = "SELECT pg_sleep(60);";
constexpr const char* kCount =
    "CREATE TABLE endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
    "i "
    "< 2000000000) SELECT count(*) FROM n;";

TEST_F(ThrowAway, ADatabaseGoesAfterSuccessAndFailure) {
  EXPECT_EQ(run(launch({"verify"})).exit_code, 0);
  EXPECT_EQ(databases(), "0");
  project_->add_revision("002", "001", "-- capo:upgrade\nnonsense;\n-- capo:downgrade\n");
  EXPECT_EQ(run(launch({"verify"})).exit_code, 1);
  EXPECT_EQ(databases(), "0");
}

TEST_F(ThrowAway, ADatabaseGoesWithCtrlC) {
  add_endless(kSleep);
  for (const auto& [signal, code] : {std::pair(SIGINT, 130), std::pair(SIGTERM, 143)}) {
    Process process(launch({"verify"}));
    wait_until_busy();
    EXPECT_EQ(databases(), "1");
    process.kill(signal);
    const Outcome outcome = process.wait();
    EXPECT_EQ(outcome.exit_code, code) << describe(outcome);
    EXPECT_EQ(databases(), "0");
  }
}

TEST_F(ThrowAway, WhatAKilledRunLeavesGoesWithTheNextOneAndNothingElse) {
  add_endless(kSleep);
  // Names that only look like ours.
  server_of_this_program().execute("CREATE DATABASE capo_throw_away_of_somebody");
  Process killed(launch({"verify"}));
  wait_until_busy();
  killed.kill(SIGKILL);
  killed.wait();
  EXPECT_EQ(databases(), "2");
  server_of_this_program().execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' "
      "AND "
      "pid <> pg_backend_pid()");
  // Another run is at work, and keeps what it has.
  Process busy(launch({"verify"}));
  wait_until_busy();
  EXPECT_EQ(databases(), "2");
  const Outcome other = run(launch({"verify", "001"}));
  EXPECT_EQ(other.exit_code, 0) << describe(other);
  EXPECT_EQ(databases(), "2");
  busy.kill(SIGINT);
  EXPECT_EQ(busy.wait().exit_code, 130);
  EXPECT_EQ(databases(), "1");
  server_of_this_program().execute("DROP DATABASE capo_throw_away_of_somebody");
}

TEST_F(ThrowAway, SeveralAtOnceDoNotMeet) {
  std::vector<std::unique_ptr<Process>> processes;
  for (int i = 0; i < 6; ++i) processes.push_back(std::make_unique<Process>(launch({"verify"})));
  for (const auto& process : processes) {
    const Outcome outcome = process->wait();
    EXPECT_EQ(outcome.exit_code, 0) << describe(outcome);
  }
  EXPECT_EQ(databases(), "0");
}

TEST_F(ThrowAway, WithoutTheRightToMakeOneItSaysSo) {
  server_of_this_program().execute("CREATE ROLE modest LOGIN");
  Launch modest = launch({"verify"});
  modest.env["DATABASE_URL"] =
      replaced(project_->database().url(), "postgresql://capo@", "postgresql://modest@");
  const Outcome outcome = run(modest);
  EXPECT_EQ(outcome.exit_code, 1) << describe(outcome);
  EXPECT_NE(outcome.err.find("permission denied to create database"), std::string::npos)
      << describe(outcome);
  EXPECT_NE(outcome.err.find("--throw-away-server"), std::string::npos) << describe(outcome);
  server_of_this_program().execute("DROP ROLE modest");
}

// pg_dump locks every table, for which it has to be allowed to read them.
TEST_F(ThrowAway, WithoutTheRightToDumpARehearsalReadsTheCatalog) {
  project_->must({"upgrade", "head"});
  project_->add_revision("002", "001",
                         "-- capo:upgrade\nALTER TABLE items ADD COLUMN more integer;\n");
  server_of_this_program().execute("CREATE ROLE modest LOGIN CREATEDB");
  project_->database().script("GRANT SELECT ON alembic_version, capo_journal TO modest");
  Launch modest = launch({"rehearse"});
  modest.env["DATABASE_URL"] =
      replaced(project_->database().url(), "postgresql://capo@", "postgresql://modest@");
  const Outcome outcome = run(modest);
  EXPECT_EQ(outcome.exit_code, 0) << describe(outcome);
  EXPECT_NE(outcome.out.find("as `capo inspect` reads it (pg_dump failed: pg_dump: error: "),
            std::string::npos)
      << describe(outcome);
  EXPECT_NE(outcome.out.find("items ACCESS EXCLUSIVE"), std::string::npos) << describe(outcome);
  modest.argv.emplace_back("--with-data");
  const Outcome with_data = run(modest);
  EXPECT_EQ(with_data.exit_code, 1) << describe(with_data);
  EXPECT_NE(with_data.err.find("the data cannot be copied: pg_dump failed: "), std::string::npos)
      << describe(with_data);
  EXPECT_EQ(databases(), "0");
  project_->database().script("DROP OWNED BY modest");
  server_of_this_program().execute("DROP ROLE modest");
}

TEST_F(ThrowAway, RehearsalLeavesTheDatabaseAlone) {
  project_->must({"upgrade", "head"});
  add_endless(kSleep);
  const std::string before = project_->database().dump();
  Process process(launch({"rehearse"}));
  wait_until_busy();
  process.kill(SIGINT);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_EQ(databases(), "0");
  EXPECT_EQ(project_->database().dump(), before);
  EXPECT_EQ(folder_.names(), std::vector<std::string>());
}

TEST_F(ThrowAway, AServerGoesWithItsRun) {
  EXPECT_EQ(run(launch({"verify", "--throw-away-server"})).exit_code, 0);
  EXPECT_EQ(folder_.names(), std::vector<std::string>());
}

TEST_F(ThrowAway, AServerOfAKilledRunGoesWithTheNextOne) {
  add_endless(kSleep);
  Process killed(launch({"verify", "--throw-away-server"}));
  std::string postmaster;
  for (int i = 0; i < 600 && postmaster.empty(); ++i) {
    std::this_thread::sleep_for(milliseconds(50));
    for (const std::string& name : folder_.names()) {
      const std::string file = folder_.path() + "/" + name + "/data/postmaster.pid";
      if (killed.out().find("001") != std::string::npos && file_exists(file)) {
        postmaster = read_file(file);
      }
    }
  }
  ASSERT_FALSE(postmaster.empty()) << killed.err();
  killed.kill(SIGKILL);
  killed.wait();
  EXPECT_EQ(folder_.names().size(), 1U);
  pid_t pid = 0;
  std::from_chars(postmaster.data(), postmaster.data() + postmaster.size(), pid);
  EXPECT_TRUE(is_running(pid));
  const Outcome next = run(launch({"verify", "001", "--throw-away-server"}));
  EXPECT_EQ(next.exit_code, 0) << describe(next);
  EXPECT_EQ(folder_.names(), std::vector<std::string>());
  EXPECT_TRUE(ends(pid));
}

TEST_F(ThrowAwayFile, GoesWithCtrlCAndAfterAKilledRun) {
  EXPECT_EQ(run(launch({"verify"})).exit_code, 0);
  EXPECT_EQ(folder_.names(), std::vector<std::string>());
  add_endless(kCount);
  const auto wait_until_made = [&](const Process& process) {
    for (int i = 0; i < 600 && process.out().find("001") == std::string::npos; ++i) {
      std::this_thread::sleep_for(milliseconds(50));
    }
    std::this_thread::sleep_for(milliseconds(300));
  };
  Process stopped(launch({"verify"}));
  wait_until_made(stopped);
  stopped.kill(SIGINT);
  const Outcome outcome = stopped.wait();
  EXPECT_EQ(outcome.exit_code, 130) << describe(outcome);
  EXPECT_EQ(folder_.names(), std::vector<std::string>());

  Process killed(launch({"verify"}));
  wait_until_made(killed);
  killed.kill(SIGKILL);
  killed.wait();
  EXPECT_EQ(folder_.names().size(), 1U);
  // What is in use stays.
  Process busy(launch({"verify"}));
  wait_until_made(busy);
  EXPECT_EQ(folder_.names().size(), 1U);
  EXPECT_EQ(run(launch({"verify", "001"})).exit_code, 0);
  EXPECT_EQ(folder_.names().size(), 1U);
  busy.kill(SIGINT);
  EXPECT_EQ(busy.wait().exit_code, 130);
  EXPECT_EQ(folder_.names(), std::vector<std::string>());
}

}  // namespace
}  // namespace capo::test
