#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

/// The lines of a SQL revision, as its two readers, of the header and of the sections, see them.
namespace capo::script {

/// One line of a file, without its line break (LF or CRLF).
struct Line {
  std::string_view text = {};
  std::size_t begin = 0;  ///< offset in the file
  int number = 0;         ///< from 1
};

/// Walks over the lines of a text. An empty line after the last line break is not a line.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  bool next(Line& line);
  /// Offset behind the line that next() gave last, line break included.
  std::size_t offset() const { return offset_; }

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  int number_ = 0;
};

/// What follows `--` in a line that is a comment, white space around it trimmed; nothing for any
/// other line.
std::optional<std::string_view> comment_of(std::string_view line);

/// What follows `capo:` in a line that is a marker, white space around it trimmed; nothing for any
/// other line.
std::optional<std::string_view> marker_of(std::string_view line);

/// True for a comment (what comment_of() gives) that all but is a marker: `capo upgrade`,
/// `cappo:downgrade`. Taken for text, the SQL below it would run in the section above it: the
/// downgrade as a part of the upgrade.
bool is_nearly_marker(std::string_view comment);

}  // namespace capo::script
