#pragma once

#include <cstddef>
#include <string_view>

#include "dialect/lexer.hpp"

namespace capo::dialect::sqlite {

/// Reads SQLite's tokens as its own tokenizer does. Time is linear in the text, space constant.
///
/// Two decisions of our own. A `/*` comment that the text does not close is unterminated: sqlite3_prepare() takes it as
/// a comment to the end, sqlite3_complete() and the sqlite3 program wait for more; in a revision it would swallow,
/// without a word, every statement after it. And a variable is its mark and its name: Tcl's `$name(text; more)` is not
/// one token, since nothing gives values to variables here.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// After kEnd or kUnterminated it answers kEnd for ever.
  Token next();

 private:
  bool skip_space_and_comments();

  Token token(TokenKind kind, std::size_t begin) const { return {kind, begin, at_}; }
  Token closed_at(std::size_t end, TokenKind kind, std::size_t begin);
  /// The character `ahead` of the current one, NUL past the end.
  char peek(std::size_t ahead = 0) const {
    return ahead < text_.size() - at_ ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace capo::dialect::sqlite
