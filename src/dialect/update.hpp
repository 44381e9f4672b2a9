#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/lexer.hpp"
#include "dialect/split.hpp"

namespace capo::dialect {

/// `UPDATE [schema.]table SET … [WHERE …]`, as its author wrote it.
struct Update {
  std::string schema = {};
  std::string table = {};
  Piece set = {};                   ///< of the text that was read
  std::optional<Piece> where = {};  ///< likewise
};

/// A token of a statement, and how deep in parentheses it stands.
struct DeepToken {
  Token token = {};
  int depth = 0;
};

/// Reads an UPDATE from its tokens; see Dialect::read_update(). `name_of` gives what a name's token
/// calls.
Update read_update(std::string_view text, const SourcePosition& origin,
                   const std::vector<DeepToken>& tokens, std::string (*name_of)(std::string_view));

/// All tokens of a text.
template <typename Lexer>
std::vector<DeepToken> deep_tokens(std::string_view text) {
  std::vector<DeepToken> tokens;
  Lexer lexer(text);
  int depth = 0;
  for (Token token = lexer.next();
       token.kind != TokenKind::kEnd && token.kind != TokenKind::kUnterminated;
       token = lexer.next()) {
    if (token.kind == TokenKind::kClose) --depth;
    tokens.push_back({token, depth});
    if (token.kind == TokenKind::kOpen) ++depth;
  }
  return tokens;
}

}  // namespace capo::dialect
