#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/system.hpp"
#include "config/url.hpp"
#include "runtime/migration.hpp"
#include "runtime/testing.hpp"
#include "support/database.hpp"
#include "support/scratch.hpp"

/// The runtime against both databases, without the command line.
namespace capo::runtime {

/// Keeps what it is told as lines.
class Log final : public Events {
 public:
  void info(std::string_view text) override { add("info: ", text); }
  void warning(std::string_view text) override { add("warning: ", text); }
  void step_started(const revision::Step& step, int number, int of) override {
    add("step " + std::to_string(number) + " of " + std::to_string(of) + ": ", describe(step));
  }
  void statement_started(const dialect::Statement& statement, int number, int of) override {
    add("  " + std::to_string(number) + "/" + std::to_string(of) + " ", statement.sql);
    current_ = statement;
    if (on_statement) on_statement(statement);
  }
  void statement_finished(int, int, std::chrono::milliseconds) override {
    if (on_finished) on_finished(current_);
  }
  void data_step_progress(std::string_view text) override {
    if (on_progress) on_progress(text);
  }
  void notice(const dialect::Notice& notice) override { add("notice: ", notice.message); }
  void waiting_for_tables(std::string_view who, bool, std::chrono::milliseconds waited) override {
    add("waiting: ", who);
    if (on_waiting) on_waiting(waited);
  }

  std::vector<std::string> lines = {};
  std::function<void(const dialect::Statement&)> on_statement = {};
  std::function<void(const dialect::Statement&)> on_finished = {};
  std::function<void(std::string_view)> on_progress = {};
  std::function<void(std::chrono::milliseconds waited)> on_waiting = {};

 private:
  dialect::Statement current_ = {};

  void add(std::string_view kind, std::string_view text) {
    lines.push_back(std::string(kind).append(text));
  }
};

/// Thrown into a run from outside: nobody handles it, so the process might as well be dead. The
/// connection goes, and with it what was not committed.
struct Crash {};

/// One project and one database of its own, of the kind that the test's parameter says.
class Runtime : public testing::TestWithParam<std::string> {
 protected:
  bool postgresql() const { return GetParam() == "postgresql"; }
  const dialect::Dialect& dialect() const { return *dialect::find_dialect(GetParam()); }

  dialect::ConnectOptions connect_options() const {
    const config::DatabaseUrl url = config::parse_url(database->url());
    dialect::ConnectOptions connect;
    connect.host = url.host;
    connect.port = url.port;
    connect.username = url.username;
    connect.password = url.password;
    connect.database = url.database;
    connect.parameters = url.query;
    return connect;
  }
  /// A connection of its own each time, as a program that starts has.
  Migration migration() {
    return {project.scripts(), dialect(), connect_options(), options, log, clock, stop};
  }
  void upgrade(std::string_view target = "heads") { migration().upgrade(target); }
  void downgrade(std::string_view target) { migration().downgrade(target); }
  DatabaseState state() { return migration().state(); }
  revision::Rows rows() { return database->versions(); }

  /// Runs `action`, and crashes it when a statement that contains `words` is about to run, or has
  /// just run.
  template <typename Action>
  bool crashes(const std::string& words, bool after, Action&& action) {
    const auto hit = [words](const dialect::Statement& statement) {
      if (statement.sql.find(words) != std::string::npos) throw Crash();
    };
    (after ? log.on_finished : log.on_statement) = hit;
    bool crashed = false;
    try {
      action();
    } catch (const Crash&) {
      crashed = true;
    }
    log.on_statement = {};
    log.on_finished = {};
    return crashed;
  }

  /// What the journal says: revision, direction, statement, outcome.
  std::string journal() {
    return test::to_text(
        database->query("SELECT revision, direction, coalesce(statement, 0), outcome FROM "
                        "capo_journal ORDER BY id"));
  }

  test::Scratch scratch{"runtime"};
  std::unique_ptr<test::Database> database = test::make_database(GetParam(), scratch.path());
  Project project = {};
  Options options = {};
  Log log = {};
  base::RealClock clock = {};
  StopFlag stop{0};
};

}  // namespace capo::runtime
