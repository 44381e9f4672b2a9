#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

/// The text of a revision file or template while it is read.
namespace capo::script {

/// The text behind a UTF-8 byte order mark, or all of it if there is none. Programs that join files
/// leave several.
std::string_view without_byte_order_mark(std::string_view text);

/// A text and where it comes from, to throw errors that point into it.
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
