#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What the two readers of SQL revisions, header and sections, have in common.
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

/// The text behind a UTF-8 byte order mark, or all of it if there is none.
std::string_view without_byte_order_mark(std::string_view text);

/// A revision file's text, to throw errors that point into it.
struct Source {
  std::string_view text = {};
  const std::string& path;

  /// Throws Error{kScript} that points at an offset of the text.
  [[noreturn]] void fail(std::size_t offset, std::string message, std::string hint = {}) const;
  /// The same for a piece of the text.
  [[noreturn]] void fail(std::string_view piece, std::string message, std::string hint = {}) const {
    fail(static_cast<std::size_t>(piece.data() - text.data()), std::move(message), std::move(hint));
  }
  /// Throws for UTF-16, and for a NUL byte or malformed UTF-8 in the first `size` bytes.
  void check_characters(std::size_t size) const;
};

}  // namespace capo::script
