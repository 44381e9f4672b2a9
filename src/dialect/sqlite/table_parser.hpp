#pragma once

#include <string_view>
#include <vector>

#include "dialect/sqlite/table_text.hpp"

namespace capo::dialect::sqlite {

/// All tokens of the text, the end not among them.
std::vector<Token> tokens_of(std::string_view text);

/// Reads what stands between two commas of `CREATE TABLE (…)`. SQLite has accepted the text, so
/// that it only has to be cut, not checked.
class ElementParser {
 public:
  /// The tokens [begin, end) of `text`. Keeps references.
  ElementParser(std::string_view text, const std::vector<Token>& tokens, std::size_t begin,
                std::size_t end)
      : text_(text), tokens_(tokens), at_(begin), end_(end) {}

  /// The table's constraints begin with words that no column's name can be without quotes.
  bool at_constraint() const;
  ColumnText column();
  /// One or several: the commas between a table's constraints may be missing.
  std::vector<Clause> constraints();

 private:
  bool at_end() const { return at_ >= end_; }
  std::string_view word(std::size_t ahead = 0) const;
  bool is(std::string_view expected, std::size_t ahead = 0) const;
  bool is_any(const std::vector<std::string_view>& words) const;
  bool accept(std::string_view expected);
  bool is_kind(TokenKind kind) const { return !at_end() && tokens_[at_].kind == kind; }
  bool at_clause() const;
  Span parenthesis();
  Clause clause();
  void body(Clause& clause);
  void primary_key(Clause& clause);
  void on_conflict(Clause& clause);
  void default_value();
  void number();
  void reference(Clause& clause);
  void action(Clause& clause);
  void deferral(Clause& clause);
  std::size_t last_end() const { return tokens_[at_ - 1].end; }

  std::string_view text_;
  const std::vector<Token>& tokens_;
  std::size_t at_;
  std::size_t end_;
};

}  // namespace capo::dialect::sqlite
