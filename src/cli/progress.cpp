#include "cli/progress.hpp"

#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/unicode.hpp"

namespace capo::cli {
namespace {

// Short steps come and go without the line in place ever being drawn.
constexpr std::chrono::milliseconds kDrawEvery{100};
// Where lines stay, waiting is mentioned at once and then only now and then.
constexpr std::chrono::seconds kReportWaitingEvery{30};
constexpr std::chrono::seconds kReportNewsEvery{5};
constexpr std::chrono::seconds kReportProgressEvery{10};

}  // namespace

Progress::Progress(Output& output, const base::Clock& clock)
    : output_(output),
      clock_(clock),
      in_place_(output.terminal().error_is_terminal() && !output.options().quiet &&
                !output.json()) {}

Progress::~Progress() {
  finish();
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  erase();
  running_ = {};
}

void Progress::info(std::string_view text) {
  const std::lock_guard lock(mutex_);
  erase();
  output_.info(text);
}

void Progress::warning(std::string_view text) {
  const std::lock_guard lock(mutex_);
  erase();
  output_.warning(text);
}

void Progress::step_started(const revision::Step& step, int number, int of) {
  const std::lock_guard lock(mutex_);
  erase();
  std::string line = runtime::describe(step);
  const bool is_new = told_.insert(line).second;
  if (is_new || !is_again_) output_.info(line);
  running_ = {fmt::format("revision {} of {}", number, of), "", "", clock_.monotonic()};
  start_drawing();
}

void Progress::statement_started(const dialect::Statement&, int number, int of) {
  const std::lock_guard lock(mutex_);
  running_.statement = fmt::format(", statement {} of {}", number, of);
  running_.progress.clear();
  last_progress_report_ = clock_.monotonic();
}

void Progress::data_step_progress(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (in_place_) {
    running_.progress = fmt::format(": {}", text);
  } else if (clock_.monotonic() - last_progress_report_ >= kReportProgressEvery) {
    output_.info(text);
    last_progress_report_ = clock_.monotonic();
  }
}

void Progress::step_finished(const revision::Step&, int, int, std::chrono::milliseconds) {
  finish();
}

void Progress::notice(const dialect::Notice& notice) {
  const std::lock_guard lock(mutex_);
  erase();
  output_.note(fmt::format("{}: {}", notice.severity, notice.message));
  if (!notice.detail.empty()) output_.note(fmt::format("  DETAIL: {}", notice.detail));
  if (!notice.hint.empty()) output_.note(fmt::format("  HINT: {}", notice.hint));
}

void Progress::waiting(std::string_view holder, std::chrono::milliseconds waited) {
  const std::lock_guard lock(mutex_);
  const std::string text = holder.empty() ? "Waiting for another deployer"
                                          : fmt::format("Waiting for another deployer: {}", holder);
  say_waiting(text, false, waited);
}

void Progress::waiting_for_tables(std::string_view who, bool is_news,
                                  std::chrono::milliseconds waited) {
  const std::lock_guard lock(mutex_);
  is_again_ = true;
  say_waiting(fmt::format("Waiting for {}", who), is_news, waited);
}

void Progress::say_waiting(std::string text, bool is_news, std::chrono::milliseconds waited) {
  // Another wait has begun.
  if (waited < last_wait_) next_wait_report_ = next_news_report_ = {};
  last_wait_ = waited;
  if (in_place_) {
    running_ = {std::move(text), "", "", clock_.monotonic() - waited};
    start_drawing();
  } else if (waited >= next_wait_report_ || (is_news && waited >= next_news_report_)) {
    output_.info(text);
    next_wait_report_ = waited + kReportWaitingEvery;
    if (is_news) next_news_report_ = waited + kReportNewsEvery;
  }
}

void Progress::start_drawing() {
  if (in_place_ && !thread_.joinable()) thread_ = std::thread([this] { draw_regularly(); });
}

void Progress::erase() {
  if (drawn_) output_.terminal().write_error("\r\x1b[K");
  drawn_ = false;
}

void Progress::draw_regularly() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kDrawEvery, [this] { return done_; })) {
    if (running_.what.empty()) continue;
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - running_.since);
    if (took < kDrawEvery) continue;
    const std::string text =
        base::without_controls(fmt::format("  {}{}{}, {}", running_.what, running_.statement,
                                           running_.progress, base::describe(took)));
    const auto columns = static_cast<std::size_t>(output_.terminal().width() - 1);
    output_.terminal().write_error(
        fmt::format("\r\x1b[K{}", base::first_code_points(text, columns)));
    drawn_ = true;
  }
}

}  // namespace capo::cli
