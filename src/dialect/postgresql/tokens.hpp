#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "dialect/postgresql/lexer.hpp"

namespace capo::dialect::postgresql {

/// The tokens of a text, with how deep in parentheses and brackets each stands.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {
    Lexer lexer(text);
    int depth = 0;
    for (Token token = lexer.next();
         token.kind != TokenKind::kEnd && token.kind != TokenKind::kUnterminated;
         token = lexer.next()) {
      const std::string_view word = text.substr(token.begin, token.end - token.begin);
      if (token.kind == TokenKind::kClose || word == "]") --depth;
      items_.push_back({token, depth});
      if (token.kind == TokenKind::kOpen || word == "[") ++depth;
    }
  }

  std::size_t size() const { return items_.size(); }
  TokenKind kind(std::size_t i) const {
    return i < items_.size() ? items_[i].token.kind : TokenKind::kEnd;
  }
  int depth(std::size_t i) const { return items_[i].depth; }
  std::size_t begin(std::size_t i) const {
    return i < items_.size() ? items_[i].token.begin : text_.size();
  }
  std::size_t end(std::size_t i) const {
    return i < items_.size() ? items_[i].token.end : text_.size();
  }
  std::string_view text(std::size_t i) const { return text_.substr(begin(i), end(i) - begin(i)); }
  bool is(std::size_t i, std::string_view word) const {
    return i < items_.size() && kind(i) != TokenKind::kName && kind(i) != TokenKind::kLiteral &&
           base::equals_ignoring_case(text(i), word);
  }
  bool is_name(std::size_t i) const {
    return kind(i) == TokenKind::kWord || kind(i) == TokenKind::kName;
  }
  /// The token that closes what token `open` opens.
  std::size_t closing(std::size_t open) const {
    for (std::size_t i = open + 1; i < items_.size(); ++i) {
      if (depth(i) == depth(open)) return i;
    }
    return items_.size();
  }
  /// The first of this word in no parentheses, or size().
  std::size_t find(std::string_view word, std::size_t from = 0) const {
    for (std::size_t i = from; i < items_.size(); ++i) {
      if (depth(i) == 0 && is(i, word)) return i;
    }
    return items_.size();
  }

 private:
  struct Item {
    Token token;
    int depth;
  };
  std::string_view text_;
  std::vector<Item> items_ = {};
};

}  // namespace capo::dialect::postgresql
