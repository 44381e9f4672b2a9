#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What the readers of ini files and `.env` have in common: text as Python's text mode reads it,
/// because both formats are defined by Python programs.
namespace capo::config {

/// The text of a file: without a byte order mark, every line break (CRLF, CR) as `\n`. Offsets into
/// it can be given to base::position_at(). Throws Error{kConfig} with line and column if it is not
/// UTF-8 or contains a NUL byte.
std::string read_text(std::string_view content, const std::string& file);

/// Length in bytes of the white space character at the start of `text`, or 0. White space is what
/// Python's `str.isspace()` says: ASCII, the separators U+001C to U+001F, and Unicode's, a no-break
/// space among them.
std::size_t white_space_length(std::string_view text);

/// Without white space (as above) at the end, or at both ends.
std::string_view strip_end(std::string_view text);
std::string_view strip(std::string_view text);

}  // namespace capo::config
