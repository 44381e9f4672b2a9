#include "script/sql_lines.hpp"

#include <algorithm>

#include "base/suggest.hpp"
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

bool is_nearly_marker(std::string_view comment) {
  if (comment.find("grade") == std::string_view::npos) return false;
  const auto skip = [&](auto belongs) {
    std::size_t size = 0;
    while (size < comment.size() && belongs(comment[size])) ++size;
    const std::string_view skipped = comment.substr(0, size);
    comment.remove_prefix(size);
    return skipped;
  };
  const auto is_filler = [](char c) {
    return base::is_space(c) || std::string_view("-+@:;.,=").find(c) != std::string_view::npos;
  };
  skip(is_filler);
  const std::string first = base::lower(skip(base::is_alpha));
  if (base::edit_distance(first, "capo") > 1) return false;
  skip(is_filler);
  const std::string second = base::lower(skip(base::is_alpha));
  if (second != "upgrade" && second != "downgrade") return false;
  // Words after it make it a sentence; options do not.
  return comment.find_first_not_of(" \t") == std::string_view::npos ||
         comment.find('=') != std::string_view::npos;
}

}  // namespace capo::script
