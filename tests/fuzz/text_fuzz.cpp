// The helpers for text and paths that every reader of files stands on.

#include <string>

#include "base/fs.hpp"
#include "base/text.hpp"
#include "fuzz.hpp"

using capo::fuzz::require;
namespace base = capo::base;

namespace {

// Of well-formed text; an offset inside a code point has no column to speak of.
void check_positions(std::string_view text) {
  const std::size_t step = text.size() / 16 + 1;
  for (std::size_t offset = 0; offset <= text.size(); offset += step) {
    if (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U)
      continue;
    const capo::SourcePosition position = base::position_at(text, offset);
    const std::string_view line = base::line_at(text, position.line);
    // One past the end of the line is its line break, and one more with CRLF.
    require(position.column <= base::count_code_points(line) + 2, "a position lies in its line");
  }
}

void check_integer(std::string_view text) {
  if (const auto value = base::parse_integer(text)) {
    require(base::parse_integer(std::to_string(*value)) == value, "integers survive printing");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = capo::fuzz::text_of(data, size);
  check_integer(text);

  const std::string path = base::normal_path(text);
  require(base::normal_path(path) == path, "a normal path is normal");
  require(base::is_absolute_path(path) == base::is_absolute_path(text), "absolute stays absolute");

  const auto invalid = base::find_invalid_utf8(text);
  if (invalid) {
    const bool good_before = !base::find_invalid_utf8(text.substr(0, *invalid));
    require(good_before, "the first bad byte is the first");
  } else {
    check_positions(text);
  }
  return 0;
}
