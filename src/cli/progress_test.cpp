#include "cli/progress.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace capo::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class SteppedClock final : public base::Clock {
 public:
  std::chrono::system_clock::time_point now() const override { return {}; }
  std::chrono::steady_clock::time_point monotonic() const override {
    return std::chrono::steady_clock::time_point(milliseconds(at.load()));
  }
  void sleep(milliseconds) override {}

  std::atomic<int> at{0};
};

revision::Step step() {
  revision::Step step;
  step.revision = "002";
  step.message = "two";
  step.from = {"001"};
  step.to = {"002"};
  return step;
}

TEST(Progress, LinesWhereThereIsNoTerminal) {
  base::MemoryTerminal terminal;
  SteppedClock clock;
  Output output(terminal, {}, {});
  {
    Progress progress(output, clock);
    progress.info("Context impl SQLiteImpl.");
    progress.step_started(step(), 1, 2);
    progress.statement_started({}, 1, 3);
    progress.notice({"NOTICE", "relation \"a\" already exists, skipping", "", "look"});
    progress.step_finished(step(), 1, 2, milliseconds(3));
    progress.warning("002 was edited");
  }
  EXPECT_EQ(terminal.error,
            "INFO  [capo.runtime.migration] Context impl SQLiteImpl.\n"
            "INFO  [capo.runtime.migration] Running upgrade 001 -> 002, two\n"
            "NOTICE: relation \"a\" already exists, skipping\n"
            "  HINT: look\n"
            "WARNING [capo.runtime.migration] 002 was edited\n");
}

TEST(Progress, QuietLeavesWarnings) {
  base::MemoryTerminal terminal;
  terminal.interactive = true;
  SteppedClock clock;
  Output output(terminal, {{"NO_COLOR", "1"}}, {.quiet = true});
  {
    Progress progress(output, clock);
    progress.info("Context impl SQLiteImpl.");
    progress.step_started(step(), 1, 1);
    progress.notice({"NOTICE", "skipping", "", ""});
    progress.waiting("pid 7", seconds(1));
    progress.step_finished(step(), 1, 1, milliseconds(3));
    progress.warning("002 was edited");
  }
  EXPECT_EQ(terminal.error, "WARNING [capo.runtime.migration] 002 was edited\n");
}

TEST(Progress, WaitingIsMentionedNowAndThen) {
  base::MemoryTerminal terminal;
  SteppedClock clock;
  Output output(terminal, {}, {});
  Progress progress(output, clock);
  for (int second = 0; second < 65; ++second) progress.waiting("pid 7 on db1", seconds(second));
  const std::string line =
      "INFO  [capo.runtime.migration] Waiting for another deployer: pid 7 on db1\n";
  EXPECT_EQ(terminal.error, line + line + line);
}

// Who is in the way of a table may change several times a second.
TEST(Progress, OfTablesNewsAreToldSooner) {
  base::MemoryTerminal terminal;
  SteppedClock clock;
  Output output(terminal, {}, {});
  Progress progress(output, clock);
  const auto wait = [&](int from, int to, std::string_view who) {
    for (int second = from; second < to; ++second) {
      progress.waiting_for_tables(who, second == from, seconds(second));
    }
  };
  wait(0, 3, "items: pid 7");
  wait(3, 5, "items: pid 8");
  wait(5, 40, "items: pid 9");
  // The next transaction waits for its own.
  wait(0, 1, "users: pid 7");
  const std::string name = "INFO  [capo.runtime.migration] ";
  EXPECT_EQ(terminal.error, name + "Waiting for items: pid 7\n" + name +
                                "Waiting for items: pid 9\n" + name + "Waiting for items: pid 9\n" +
                                name + "Waiting for users: pid 7\n");
}

TEST(Progress, ARevisionThatIsTriedAgainIsToldOfOnce) {
  base::MemoryTerminal terminal;
  SteppedClock clock;
  Output output(terminal, {}, {});
  Progress progress(output, clock);
  progress.step_started(step(), 1, 1);
  progress.waiting_for_tables("items: no lock within 100 ms, tried once", true, milliseconds(100));
  progress.step_started(step(), 1, 1);
  EXPECT_EQ(
      terminal.error,
      "INFO  [capo.runtime.migration] Running upgrade 001 -> 002, two\n"
      "INFO  [capo.runtime.migration] Waiting for items: no lock within 100 ms, tried once\n");
}

// A terminal that two threads may use.
class SharedTerminal final : public base::Terminal {
 public:
  [[nodiscard]] bool write_out(std::string_view) override { return true; }
  void write_error(std::string_view text) noexcept override {
    const std::lock_guard lock(mutex_);
    text_ += text;
  }
  bool out_is_terminal() const override { return true; }
  bool error_is_terminal() const override { return true; }
  int width() const override { return 40; }
  bool in_is_terminal() const override { return false; }
  std::optional<std::string> read_line() override { return std::nullopt; }

  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  // Waits for the drawing thread, which runs in real time.
  bool shows(std::string_view wanted) const {
    for (int i = 0; i < 500; ++i) {
      if (text().find(wanted) != std::string::npos) return true;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

TEST(Progress, ALineInPlaceOnATerminal) {
  SharedTerminal terminal;
  SteppedClock clock;
  Output output(terminal, {{"NO_COLOR", "1"}}, {});
  Progress progress(output, clock);
  progress.step_started(step(), 1, 2);
  EXPECT_EQ(terminal.text(), "INFO  [capo.runtime.migration] Running upgrade 001 -> 002, two\n");
  progress.statement_started({}, 2, 3);
  clock.at = 1500;
  // Cut to the width of the terminal, less the column of the cursor.
  EXPECT_TRUE(terminal.shows("\r\x1b[K  revision 1 of 2, statement 2 of 3, 1."));
  EXPECT_FALSE(terminal.text().ends_with("1.5 s"));
  progress.step_finished(step(), 1, 2, milliseconds(1500));
  EXPECT_TRUE(terminal.text().ends_with("1.\r\x1b[K")) << terminal.text();
}

}  // namespace
}  // namespace capo::cli
