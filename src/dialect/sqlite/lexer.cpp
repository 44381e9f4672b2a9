#include "dialect/sqlite/lexer.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace capo::dialect::sqlite {
namespace {

using base::is_digit;
using base::is_space;

bool continues_word(char c) { return base::is_word(c) || c == '$'; }

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

Token Lexer::next() {
  const bool comments_end = skip_space_and_comments();
  const std::size_t begin = at_;
  if (!comments_end) return closed_at(std::string_view::npos, TokenKind::kUnterminated, begin);
  if (at_ == text_.size()) return token(TokenKind::kEnd, begin);
  const char c = text_[at_++];
  if (continues_word(c) && c != '$') {
    // Letters right after a number are part of it; SQLite then refuses the whole.
    while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
    return token(is_digit(c) ? TokenKind::kLiteral : TokenKind::kWord, begin);
  }
  switch (c) {
    case '\'':
      return closed_at(end_of_quoted(text_, at_, c), TokenKind::kLiteral, begin);
    case '"':
    case '`':
      return closed_at(end_of_quoted(text_, at_, c), TokenKind::kName, begin);
    case '[': {
      const std::size_t close = text_.find(']', at_);
      return closed_at(close == std::string_view::npos ? close : close + 1, TokenKind::kName,
                       begin);
    }
    case ';':
      return token(TokenKind::kSemicolon, begin);
    case '(':
      return token(TokenKind::kOpen, begin);
    case ')':
      return token(TokenKind::kClose, begin);
    case '.':
      return token(TokenKind::kDot, begin);
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
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '/' && peek(1) == '*') {
      const std::size_t end = end_of_flat_comment(text_, at_ + 2);
      if (end == std::string_view::npos) return false;
      at_ = end;
    } else if (text_.substr(at_).starts_with(kByteOrderMark)) {
      at_ += kByteOrderMark.size();
    } else {
      return true;
    }
  }
}

Token Lexer::closed_at(std::size_t end, TokenKind kind, std::size_t begin) {
  if (end != std::string_view::npos) {
    at_ = end;
    return token(kind, begin);
  }
  at_ = text_.size();
  return token(TokenKind::kUnterminated, begin);
}

}  // namespace capo::dialect::sqlite
