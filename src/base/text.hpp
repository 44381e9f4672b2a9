#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capo/error.hpp"

/// Locale-free helpers for text. "White space" and "letter" are ASCII unless a name says otherwise.
namespace capo::base {

bool is_space(char c);
bool is_digit(char c);
bool is_alpha(char c);
/// ASCII letter, digit or `_`, or any byte of a multi-byte UTF-8 sequence.
bool is_word(char c);
char to_lower(char c);
/// 0 to 15 for a hexadecimal digit in either case, else -1.
int hex_digit_value(char c);
/// True for every byte of a UTF-8 sequence but the first.
bool is_continuation_byte(char c);

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);

/// Pieces between separators, empty ones included; `split("", ',')` is one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

/// All of `text` as a decimal integer with optional sign; nothing if it is anything else or out of
/// range.
std::optional<long long> parse_integer(std::string_view text);

/// Offset of the first byte that is not well-formed UTF-8, or nothing.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// Line and column (both from 1; the column in code points) of a byte offset; an offset past the
/// end is the end.
SourcePosition position_at(std::string_view text, std::size_t offset, std::string file = {});
/// The text of line `line` (from 1) without its line break; empty if there is none.
std::string_view line_at(std::string_view text, int line);
/// Number of code points, counting each malformed byte as one.
int count_code_points(std::string_view text);
/// At most the first `most` bytes, never cut inside a code point.
std::string_view first_bytes(std::string_view text, std::size_t most);

/// Two lower-case hexadecimal digits for each byte.
std::string to_hex(std::string_view bytes);

}  // namespace capo::base
