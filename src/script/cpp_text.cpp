#include "script/cpp_text.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace capo::script {
namespace {

bool is_ascii_word(char c) { return base::is_alpha(c) || base::is_digit(c) || c == '_'; }

// Octal codes, unlike hexadecimal ones, end after three digits whatever follows.
std::string literal(std::string_view text, bool keep_utf8) {
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '\n') {
      result += "\\n";
    } else if (c == '"' || c == '\\') {
      result.append("\\").push_back(c);
    } else if ((code >= 0x20 && code < 0x7F) || (code >= 0x80 && keep_utf8)) {
      result += c;
    } else {
      result += '\\';
      for (const int shift : {6, 3, 0}) result += static_cast<char>('0' + ((code >> shift) & 7));
    }
  }
  return result + '"';
}

}  // namespace

std::string cpp_literal(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    result += result.empty() ? "" : "\n";
    result += literal(text.substr(0, end), false);
    text.remove_prefix(end);
  }
  return result.empty() ? "\"\"" : result;
}

std::string cpp_string(std::string_view text) { return literal(text, true); }

bool is_cpp_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_ascii_word);
}

std::string cpp_word(std::string_view text) {
  std::string word(text);
  std::replace_if(
      word.begin(), word.end(), [](char c) { return !is_ascii_word(c); }, '_');
  return word;
}

}  // namespace capo::script
