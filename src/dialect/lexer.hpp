#pragma once

#include <cstddef>
#include <string_view>

#include "base/text.hpp"

/// What the token readers of all databases have in common.
namespace capo::dialect {

enum class TokenKind {
  kWord,     ///< keyword or unquoted name
  kName,     ///< quoted name
  kLiteral,  ///< string of any form, dollar quote, number, parameter
  kSemicolon,
  kOpen,   ///< (
  kClose,  ///< )
  kDot,
  kOther,         ///< any other single character
  kUnterminated,  ///< something that begins here and does not end before the text does
  kEnd,           ///< end of the text; begin == end
};

/// [begin, end) of the text that is read. White space and comments are no tokens.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The offset after the closing quote of something quoted in which a doubled quote stands for one;
/// `from` is the offset after the opening quote. npos if it does not end.
inline std::size_t end_of_quoted(std::string_view text, std::size_t from, char quote) {
  for (;;) {
    const std::size_t at = text.find(quote, from);
    if (at == std::string_view::npos) return at;
    if (at + 1 == text.size() || text[at + 1] != quote) return at + 1;
    from = at + 2;
  }
}

/// The offset after the `*/` of a comment that does not nest; `from` is the offset after `/*`. npos
/// if it does not end.
inline std::size_t end_of_flat_comment(std::string_view text, std::size_t from) {
  const std::size_t at = text.find("*/", from);
  return at == std::string_view::npos ? at : at + 2;
}

/// Reads a statement token by token to recognise what it begins with: `accept` steps over the next
/// token if it is the word asked for, in any case of letters.
template <typename Lexer>
class StatementReader {
 public:
  explicit StatementReader(std::string_view text)
      : text_(text), lexer_(text), next_(lexer_.next()) {}

  TokenKind kind() const { return next_.kind; }
  std::string_view text() const { return text_.substr(next_.begin, next_.end - next_.begin); }
  bool at_end() const {
    return next_.kind == TokenKind::kEnd || next_.kind == TokenKind::kUnterminated;
  }
  void skip() {
    if (!at_end()) next_ = lexer_.next();
  }
  bool accept(std::string_view word) {
    if (next_.kind != TokenKind::kWord || !base::equals_ignoring_case(text(), word)) return false;
    next_ = lexer_.next();
    return true;
  }
  /// The same for any token, which must read exactly so.
  bool accept_text(std::string_view expected) {
    if (at_end() || text() != expected) return false;
    next_ = lexer_.next();
    return true;
  }
  bool accept(TokenKind kind) {
    if (next_.kind != kind) return false;
    skip();
    return true;
  }

 private:
  std::string_view text_;
  Lexer lexer_;
  Token next_;
};

}  // namespace capo::dialect
