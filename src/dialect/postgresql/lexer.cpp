#include "dialect/postgresql/lexer.hpp"

#include "base/text.hpp"

// The rules are those of PostgreSQL's scanner (chapter "Lexical Structure" of its manual), reduced
// to what decides where a token ends: a prefix such as B, X, N or U& changes the meaning of a
// string but not its end, so that it is read as a word of its own; E does, because in an E string a
// backslash takes the next character along.

namespace capo::dialect::postgresql {
namespace {

using base::is_alpha;
using base::is_digit;
using base::is_space;

constexpr std::size_t kNowhere = std::string_view::npos;

bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool starts_word(char c) { return is_alpha(c) || c == '_' || is_high(c); }
bool continues_tag(char c) { return starts_word(c) || is_digit(c); }
bool continues_word(char c) { return continues_tag(c) || c == '$'; }
bool is_line_break(char c) { return c == '\n' || c == '\r'; }
bool is_radix(char c) {
  return c == 'x' || c == 'X' || c == 'o' || c == 'O' || c == 'b' || c == 'B';
}
bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

Token Lexer::next() {
  const bool comments_end = skip_space_and_comments();
  const std::size_t begin = at_;
  if (!comments_end) return unterminated(begin);
  if (at_ == text_.size()) return token(TokenKind::kEnd, begin);
  const char c = text_[at_];
  if (starts_word(c)) {
    if ((c == 'e' || c == 'E') && peek(1) == '\'') return scan_escape_string(begin);
    scan_word();
    return token(TokenKind::kWord, begin);
  }
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
    scan_number();
    return token(TokenKind::kLiteral, begin);
  }
  if (c == '$') return scan_dollar(begin);
  ++at_;
  switch (c) {
    case '\'':
      return quoted(TokenKind::kLiteral, begin, '\'');
    case '"':
      return quoted(TokenKind::kName, begin, '"');
    case ';':
      return token(TokenKind::kSemicolon, begin);
    case '(':
      return token(TokenKind::kOpen, begin);
    case ')':
      return token(TokenKind::kClose, begin);
    case '.':
      if (peek() != '.') return token(TokenKind::kDot, begin);
      ++at_;  // the range of `1..5`: its second dot is no part of a number
      return token(TokenKind::kOther, begin);
    default:
      return token(TokenKind::kOther, begin);
  }
}

// False if a comment does not end; then at_ is where it begins.
bool Lexer::skip_space_and_comments() {
  for (;;) {
    const char c = peek();
    if (is_space(c)) {
      ++at_;
    } else if (c == '-' && peek(1) == '-') {
      skip_line_comment();
    } else if (c == '/' && peek(1) == '*') {
      if (!skip_nested_comment()) return false;
    } else {
      return true;
    }
  }
}

// A carriage return alone ends a line, too.
void Lexer::skip_line_comment() {
  while (at_ < text_.size() && !is_line_break(text_[at_])) ++at_;
}

bool Lexer::skip_nested_comment() {
  std::size_t depth = 1;
  std::size_t at = at_ + 2;
  while (depth > 0) {
    at = text_.find_first_of("*/", at);
    if (at == kNowhere || at + 1 >= text_.size()) return false;
    if (text_[at] == '/' && text_[at + 1] == '*') {
      ++depth;
      at += 2;
    } else if (text_[at] == '*' && text_[at + 1] == '/') {
      --depth;
      at += 2;
    } else {
      ++at;
    }
  }
  at_ = at;
  return true;
}

void Lexer::scan_word() {
  while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
}

// Where a number ends matters for what follows it: `1$$` begins a dollar quote, `1e$$` ends in the
// name `e$$`.
void Lexer::scan_number() {
  if (peek() == '0' && is_radix(peek(1)) && (is_hex_digit(peek(2)) || peek(2) == '_')) {
    at_ += 2;
    while (is_hex_digit(peek()) || (peek() == '_' && is_hex_digit(peek(1)))) ++at_;
    return;
  }
  const auto digits = [this] {
    if (!is_digit(peek())) return;
    while (is_digit(peek()) || (peek() == '_' && is_digit(peek(1)))) ++at_;
  };
  digits();
  if (peek() == '.' && peek(1) != '.') {
    ++at_;
    digits();
  }
  if (peek() == 'e' || peek() == 'E') {
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if (!is_digit(peek(1 + sign))) return;
    at_ += 1 + sign;
    digits();
  }
}

Token Lexer::scan_escape_string(std::size_t begin) {
  at_ += 2;
  for (;;) {
    at_ = text_.find_first_of("'\\", at_);
    if (at_ == kNowhere) return unterminated(begin);
    if (text_[at_] == '\\') {
      at_ += 2;
      if (at_ > text_.size()) return unterminated(begin);
    } else if (++at_; peek() == '\'') {
      ++at_;
    } else if (!continues_on_next_line()) {
      return token(TokenKind::kLiteral, begin);
    }
  }
}

// Two strings with a line break between them are one, and the second has the escapes of the first:
// after E'' an apostrophe on the next line opens an escape string again. Only comments of `--` may
// stand between.
bool Lexer::continues_on_next_line() {
  const std::size_t closed = at_;
  bool line_break = false;
  for (;;) {
    const char c = peek();
    if (is_space(c)) {
      line_break = line_break || is_line_break(c);
      ++at_;
    } else if (c == '-' && peek(1) == '-') {
      skip_line_comment();
    } else {
      break;
    }
  }
  if (line_break && peek() == '\'') {
    ++at_;
    return true;
  }
  at_ = closed;
  return false;
}

// `$tag$ … $tag$`, the parameter `$1`, or a lone `$`, which is no token of SQL.
Token Lexer::scan_dollar(std::size_t begin) {
  std::size_t after = at_ + 1;
  if (after < text_.size() && starts_word(text_[after])) {
    while (after < text_.size() && continues_tag(text_[after])) ++after;
  }
  if (after < text_.size() && text_[after] == '$') {
    const std::string_view tag = text_.substr(begin, after + 1 - begin);
    const std::size_t close = text_.find(tag, after + 1);
    if (close == kNowhere) return unterminated(begin);
    at_ = close + tag.size();
    return token(TokenKind::kLiteral, begin);
  }
  ++at_;
  if (!is_digit(peek())) return token(TokenKind::kOther, begin);
  while (is_digit(peek())) ++at_;
  return token(TokenKind::kLiteral, begin);
}

Token Lexer::quoted(TokenKind kind, std::size_t begin, char quote) {
  at_ = end_of_quoted(text_, at_, quote);
  return at_ == kNowhere ? unterminated(begin) : token(kind, begin);
}

Token Lexer::unterminated(std::size_t begin) {
  at_ = text_.size();
  return token(TokenKind::kUnterminated, begin);
}

}  // namespace capo::dialect::postgresql
