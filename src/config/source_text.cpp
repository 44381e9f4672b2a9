#include "config/source_text.hpp"

#include "base/text.hpp"

namespace capo::config {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool looks_like_utf16(std::string_view content) {
  return content.starts_with("\xFF\xFE") || content.starts_with("\xFE\xFF");
}

std::string with_plain_line_breaks(std::string_view content) {
  if (content.find('\r') == std::string_view::npos) return std::string(content);
  std::string text;
  text.reserve(content.size());
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] != '\r') {
      text += content[i];
      continue;
    }
    text += '\n';
    if (i + 1 < content.size() && content[i + 1] == '\n') ++i;
  }
  return text;
}

}  // namespace

std::string read_text(std::string_view content, const std::string& file) {
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  std::string text = with_plain_line_breaks(content);
  if (const auto bad = base::find_invalid_utf8(text)) {
    throw Error(ErrorCode::kConfig, "the file is not UTF-8 text")
        .at(base::position_at(text, *bad, file))
        .hint(looks_like_utf16(content) ? "it looks like UTF-16; save it as UTF-8"
                                        : "save the file in the encoding UTF-8");
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string::npos) {
    throw Error(ErrorCode::kConfig, "the file contains a NUL byte")
        .at(base::position_at(text, nul, file))
        .hint("save the file as plain text in the encoding UTF-8");
  }
  return text;
}

std::size_t white_space_length(std::string_view text) {
  if (text.empty()) return 0;
  const char first = text.front();
  if (base::is_space(first) || (first >= '\x1C' && first <= '\x1F')) return 1;
  if (text.starts_with("\u0085") || text.starts_with("\u00A0")) return 2;
  const std::string_view three = text.substr(0, 3);
  // U+2000 to U+200A differ in their last byte alone.
  if (three.size() == 3 && three.starts_with("\xE2\x80")) {
    const auto last = static_cast<unsigned char>(three[2]);
    if (last >= 0x80 && last <= 0x8A) return 3;
  }
  for (const std::string_view other :
       {"\u1680", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"}) {
    if (three == other) return 3;
  }
  return 0;
}

std::string_view strip_end(std::string_view text) {
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && base::is_continuation_byte(text[last])) --last;
    if (white_space_length(text.substr(last)) != text.size() - last) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

std::string_view strip(std::string_view text) {
  while (const std::size_t length = white_space_length(text)) text.remove_prefix(length);
  return strip_end(text);
}

}  // namespace capo::config
