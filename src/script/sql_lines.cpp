#include "script/sql_lines.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::script {

bool Lines::next(Line& line) {
  if (offset_ >= text_.size()) return false;
  const std::size_t end = std::min(text_.find('\n', offset_), text_.size());
  line.text = text_.substr(offset_, end - offset_);
  if (line.text.ends_with('\r')) line.text.remove_suffix(1);
  line.begin = offset_;
  line.number = ++number_;
  offset_ = std::min(end + 1, text_.size());
  return true;
}

std::optional<std::string_view> comment_of(std::string_view line) {
  line = base::trim(line);
  if (!line.starts_with("--")) return std::nullopt;
  return base::trim(line.substr(2));
}

std::optional<std::string_view> marker_of(std::string_view line) {
  const std::optional<std::string_view> comment = comment_of(line);
  constexpr std::string_view kPrefix = "capo:";
  if (!comment || !base::starts_with_ignoring_case(*comment, kPrefix)) return std::nullopt;
  return base::trim(comment->substr(kPrefix.size()));
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

namespace {

// The line as it can be shown: a terminal must not see control characters, and the caret counts one
// column for each byte that is not UTF-8.
std::string printable(std::string_view line) {
  std::string shown;
  while (!line.empty()) {
    const std::size_t good = base::find_invalid_utf8(line).value_or(line.size());
    for (const char c : line.substr(0, good)) {
      const bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7F';
      if (control) {
        shown += "\xEF\xBF\xBD";
      } else {
        shown += c;
      }
    }
    if (good == line.size()) break;
    shown += "\xEF\xBF\xBD";
    line.remove_prefix(good + 1);
  }
  return shown;
}

}  // namespace

void Source::fail(std::size_t offset, std::string message, std::string hint) const {
  const SourcePosition position = base::position_at(text, offset, path);
  throw Error(ErrorCode::kScript, std::move(message))
      .at(position, printable(base::line_at(text, position.line)))
      .hint(std::move(hint));
}

void Source::check_characters(std::size_t size) const {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    fail(std::size_t{0}, "the file is UTF-16, not UTF-8", "save it as UTF-8");
  }
  const std::string_view checked = text.substr(0, size);
  const std::size_t nul = checked.find('\0');
  const std::optional<std::size_t> malformed = base::find_invalid_utf8(checked);
  if (malformed && *malformed < nul) {
    fail(*malformed, "the file is not UTF-8", "save it as UTF-8");
  }
  if (nul != std::string_view::npos) {
    fail(nul, "a NUL byte", "no database takes one in a statement; remove it");
  }
}

}  // namespace capo::script
