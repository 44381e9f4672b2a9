#pragma once

#include <cstddef>
#include <string_view>

#include "dialect/lexer.hpp"

namespace capo::dialect::postgresql {

/// Reads PostgreSQL's tokens as its own scanner does with `standard_conforming_strings` on, for
/// every version that is alive: where they differ, what is valid in the newer one wins. Time is
/// linear in the text, space constant.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// After kEnd or kUnterminated it answers kEnd for ever.
  Token next();

 private:
  bool skip_space_and_comments();
  bool skip_nested_comment();
  void skip_line_comment();
  void scan_word();
  void scan_number();
  Token scan_escape_string(std::size_t begin);
  Token scan_dollar(std::size_t begin);
  bool continues_on_next_line();

  Token token(TokenKind kind, std::size_t begin) const { return {kind, begin, at_}; }
  Token quoted(TokenKind kind, std::size_t begin, char quote);
  Token unterminated(std::size_t begin);
  /// The character `ahead` of the current one, NUL past the end.
  char peek(std::size_t ahead = 0) const {
    return ahead < text_.size() - at_ ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace capo::dialect::postgresql
