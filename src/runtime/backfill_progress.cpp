#include "runtime/backfill_progress.hpp"

#include <fmt/format.h>

#include "base/duration.hpp"
#include "base/text.hpp"

namespace capo::runtime {

using std::chrono::milliseconds;

namespace {

/// Takes the pieces of a progress off its text, one after the other.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  std::int64_t number(std::string_view label, char end) {
    if (!rest_.starts_with(label)) return fail();
    rest_.remove_prefix(label.size());
    const std::size_t at = rest_.find(end);
    const std::optional<long long> value = base::parse_integer(rest_.substr(0, at));
    if (at == std::string_view::npos || !value || *value < 0) return fail();
    rest_.remove_prefix(at + 1);
    return *value;
  }
  std::string text(std::string_view label) {
    const auto size = static_cast<std::size_t>(number(label, ':'));
    if (size > rest_.size()) fail();
    if (!is_good_) return {};
    std::string value(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return value;
  }
  void end() {
    if (!rest_.empty()) fail();
  }
  bool is_good() const { return is_good_; }

 private:
  std::int64_t fail() {
    is_good_ = false;
    return 0;
  }

  std::string_view rest_;
  bool is_good_ = true;
};

}  // namespace

std::string to_text(const BackfillProgress& progress) {
  return fmt::format("rows={} batches={} pass={} done={} at={}:{} to={}:{}", progress.rows,
                     progress.batches, progress.pass, progress.pass_done ? 1 : 0,
                     progress.at.size(), progress.at, progress.to.size(), progress.to);
}

std::optional<BackfillProgress> parse_progress(std::string_view text) {
  Pieces pieces(text);
  BackfillProgress progress;
  progress.rows = pieces.number("rows=", ' ');
  progress.batches = pieces.number("batches=", ' ');
  progress.pass = static_cast<int>(pieces.number("pass=", ' '));
  progress.pass_done = pieces.number("done=", ' ') != 0;
  progress.at = pieces.text("at=");
  progress.to = pieces.text(" to=");
  pieces.end();
  if (!pieces.is_good() || to_text(progress) != text) return std::nullopt;
  return progress;
}

std::string describe_amount(const BackfillProgress& progress) {
  return fmt::format("{} {} in {} {}", progress.rows, progress.rows == 1 ? "row" : "rows",
                     progress.batches, progress.batches == 1 ? "batch" : "batches");
}

std::string describe_pace(std::string_view table, std::int64_t rows, std::int64_t done,
                          std::int64_t expected, milliseconds took) {
  std::string text = expected > rows ? fmt::format("{}: {} of about {} rows", table, rows, expected)
                                     : fmt::format("{}: {} rows", table, rows);
  if (took.count() == 0 || done == 0) return text;
  text += fmt::format(", {} rows/s", done * 1000 / took.count());
  if (expected <= rows) return text;
  // In double: rows times milliseconds are more than 64 bits hold.
  const double left = static_cast<double>(took.count()) * static_cast<double>(expected - rows) /
                      static_cast<double>(done);
  return text + fmt::format(", {} left", base::describe(milliseconds(std::int64_t(left))));
}

}  // namespace capo::runtime
