#include "script/source.hpp"

#include <optional>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::script {

std::string_view without_byte_order_mark(std::string_view text) {
  while (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
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
    fail(nul, "a NUL byte", "no database takes one in its SQL; remove it");
  }
}

}  // namespace capo::script
