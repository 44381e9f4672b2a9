#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/system.hpp"
#include "cli/output.hpp"
#include "runtime/migration.hpp"

namespace capo::cli {

/// Tells on standard error how a run gets on: a line a revision, in Alembic's words, and on a
/// terminal below it a line that is rewritten in place while a revision takes its time.
class Progress final : public runtime::Events {
 public:
  Progress(Output& output, const base::Clock& clock);
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void info(std::string_view text) override;
  void warning(std::string_view text) override;
  void step_started(const revision::Step& step, int number, int of) override;
  void statement_started(const dialect::Statement& statement, int number, int of) override;
  void data_step_progress(std::string_view text) override;
  void step_finished(const revision::Step& step, int number, int of,
                     std::chrono::milliseconds took) override;
  void notice(const dialect::Notice& notice) override;
  void waiting(std::string_view holder, std::chrono::milliseconds waited) override;
  void waiting_for_tables(std::string_view who, bool is_news,
                          std::chrono::milliseconds waited) override;

  /// Takes the line in place away; before an error is printed.
  void finish();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Running {
    std::string what = {};  // "revision 2 of 5, 001"; empty: nothing runs
    std::string statement = {};
    std::string progress = {};  // of the data step
    TimePoint since = {};
  };

  void say_waiting(std::string text, bool is_news, std::chrono::milliseconds waited);
  void draw_regularly();
  void erase();
  void start_drawing();

  Output& output_;
  const base::Clock& clock_;
  const bool in_place_;
  std::set<std::string> told_ = {};  // lines of steps
  bool is_again_ = false;            // what was rolled back for a lock that was not free runs again
  // Of the wait that is told of, since it began.
  std::chrono::milliseconds last_wait_{0};
  std::chrono::milliseconds next_wait_report_{0};
  std::chrono::milliseconds next_news_report_{0};
  TimePoint last_progress_report_ = {};
  // The drawing thread and the one that tells of events share what follows.
  std::mutex mutex_ = {};
  std::condition_variable wake_ = {};
  Running running_ = {};
  bool drawn_ = false;
  bool done_ = false;
  std::thread thread_ = {};
};

}  // namespace capo::cli
