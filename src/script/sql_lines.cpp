#include "script/sql_lines.hpp"

#include <algorithm>

#include "base/text.hpp"

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

}  // namespace capo::script
