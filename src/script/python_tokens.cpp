#include "script/python_tokens.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"

namespace capo::script {
namespace {

// Python allows about as many; a deeper text is made to break readers.
constexpr int kMaxNesting = 100;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

bool is_string_prefix(std::string_view word) {
  constexpr std::array<std::string_view, 8> kPrefixes = {"", "r", "b", "u", "f", "t", "br", "rb"};
  const std::string lower = base::lower(word);
  return std::find(kPrefixes.begin(), kPrefixes.end(), lower) != kPrefixes.end() || lower == "fr" ||
         lower == "rf" || lower == "tr" || lower == "rt";
}

bool has_letter(std::string_view prefix, char letter) {
  return base::lower(prefix).find(letter) != std::string::npos;
}

char closing(char bracket) { return bracket == '(' ? ')' : bracket == '[' ? ']' : '}'; }

}  // namespace

char PythonLines::peek(std::size_t ahead) const {
  return offset_ + ahead < source_.text.size() ? source_.text[offset_ + ahead] : '\0';
}

bool PythonLines::skip_line_break() {
  if (peek() == '\r') {
    offset_ += peek(1) == '\n' ? 2 : 1;
    return true;
  }
  if (peek() != '\n') return false;
  ++offset_;
  return true;
}

void PythonLines::skip_comment() {
  offset_ = std::min(source_.text.find_first_of("\r\n", offset_), source_.text.size());
}

bool PythonLines::next(PythonLine& line) {
  line.tokens.clear();
  std::size_t line_begin = offset_;
  while (!at_end()) {
    if (is_blank(peek())) {
      ++offset_;
    } else if (peek() == '#') {
      skip_comment();
    } else if (skip_line_break()) {
      if (open_brackets_.empty()) {
        if (!line.tokens.empty()) return true;
        line_begin = offset_;
      }
    } else if (peek() == '\\' && (peek(1) == '\n' || peek(1) == '\r')) {
      ++offset_;
      skip_line_break();
    } else {
      if (line.tokens.empty()) line.indented = offset_ > line_begin;
      read_token(line);
    }
  }
  if (!open_brackets_.empty()) source_.fail(open_brackets_.back(), "this bracket is never closed");
  return !line.tokens.empty();
}

void PythonLines::read_token(PythonLine& line) {
  const std::size_t begin = offset_;
  const auto text = [&] { return source_.text.substr(begin, offset_ - begin); };
  if (base::is_digit(peek()) || (peek() == '.' && base::is_digit(peek(1)))) {
    // Enough to step over it; `1e-5` is three tokens here, and nobody reads them.
    while (base::is_word(peek()) || peek() == '.') ++offset_;
    line.tokens.push_back({PythonTokenKind::kNumber, text()});
    return;
  }
  while (base::is_word(peek())) ++offset_;
  if ((peek() == '\'' || peek() == '"') && is_string_prefix(text())) {
    read_string(begin, text());
    line.tokens.push_back({PythonTokenKind::kString, text()});
  } else if (offset_ > begin) {
    line.tokens.push_back({PythonTokenKind::kName, text()});
  } else {
    read_operator(line);
  }
}

void PythonLines::read_operator(PythonLine& line) {
  const std::size_t begin = offset_;
  const char c = peek();
  ++offset_;
  if (c == '(' || c == '[' || c == '{') {
    open_brackets_.push_back(begin);
  } else if (c == ')' || c == ']' || c == '}') {
    if (open_brackets_.empty() || closing(source_.text[open_brackets_.back()]) != c) {
      source_.fail(begin, "this bracket closes nothing");
    }
    open_brackets_.pop_back();
  } else if (std::string_view("+-*/%@&|^<>=!:").find(c) != std::string_view::npos) {
    // `**=`, `//=`, `>>=`, `==`, `:=`: none of them is the `=` of an assignment.
    if (peek() == c && peek(1) == '=' && c != '=') ++offset_;
    if (peek() == '=') ++offset_;
  }
  line.tokens.push_back({PythonTokenKind::kOperator, source_.text.substr(begin, offset_ - begin)});
}

// At the opening quote, behind the prefix.
void PythonLines::read_string(std::size_t begin, std::string_view prefix) {
  const bool raw = has_letter(prefix, 'r');
  const bool format = has_letter(prefix, 'f') || has_letter(prefix, 't');
  const char quote = peek();
  const bool triple = peek(1) == quote && peek(2) == quote;
  const std::string_view closer = source_.text.substr(offset_, triple ? 3 : 1);
  offset_ += closer.size();
  if (++nesting_ > kMaxNesting) source_.fail(begin, "strings nested too deep");
  while (!source_.text.substr(std::min(offset_, source_.text.size())).starts_with(closer)) {
    const bool ends = at_end() || (!triple && (peek() == '\n' || peek() == '\r'));
    if (ends) source_.fail(begin, "this string is never closed");
    if (peek() == '\\') {
      skip_escape(raw, format, begin);
    } else if (format && peek() == '{' && peek(1) != '{') {
      read_replacement_field(begin);
    } else {
      offset_ += format && peek() == '{' ? 2 : 1;
    }
  }
  offset_ += closer.size();
  --nesting_;
}

void PythonLines::skip_escape(bool raw, bool format, std::size_t string_begin) {
  ++offset_;
  if (at_end()) source_.fail(string_begin, "this string is never closed");
  if (format && peek() == '{') return;  // no escape: the replacement field behind a backslash
  if (format && !raw && peek() == 'N' && peek(1) == '{') {
    offset_ = std::min(source_.text.find('}', offset_), source_.text.size());
    return;
  }
  if (!skip_line_break()) ++offset_;
}

// `{expression!r:spec}` of a format string, at its `{`. The expression may hold strings with the
// same quotes (Python 3.12).
void PythonLines::read_replacement_field(std::size_t string_begin) {
  ++offset_;
  if (++nesting_ > kMaxNesting) source_.fail(string_begin, "strings nested too deep");
  const std::size_t outer = open_brackets_.size();
  PythonLine ignored;
  while (true) {
    if (at_end()) source_.fail(string_begin, "this string is never closed");
    const bool inside_brackets = open_brackets_.size() > outer;
    if (peek() == '}' && !inside_brackets) break;
    if (peek() == ':' && !inside_brackets) {
      read_format_spec(string_begin);
      break;
    }
    if (peek() == '#') {
      skip_comment();
    } else if (is_blank(peek()) || peek() == '\\') {
      ++offset_;
    } else if (!skip_line_break()) {
      read_token(ignored);
    }
  }
  ++offset_;  // the `}`
  --nesting_;
}

// Up to the `}` that ends the field, at the `:`.
void PythonLines::read_format_spec(std::size_t string_begin) {
  ++offset_;
  while (peek() != '}') {
    if (at_end()) source_.fail(string_begin, "this string is never closed");
    if (peek() == '{') {
      read_replacement_field(string_begin);
    } else {
      ++offset_;
    }
  }
}

}  // namespace capo::script
