#include "lint/postgresql/guard.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "dialect/postgresql/tokens.hpp"

namespace capo::lint::postgresql {
namespace {

using dialect::TokenKind;
using dialect::postgresql::Tokens;

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), base::is_space);
}

/// `$capo$`, `$capo1$`, …: the quotes that capo chooses; else nothing.
std::string_view quote_of(std::string_view literal) {
  constexpr std::string_view kBegin = "$capo";
  if (!literal.starts_with(kBegin)) return {};
  std::size_t end = kBegin.size();
  while (end < literal.size() && base::is_digit(literal[end])) ++end;
  if (end == literal.size() || literal[end] != '$') return {};
  return literal.substr(0, end + 1);
}

bool reads(const Tokens& tokens, std::size_t from, std::span<const std::string_view> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!tokens.is(from + i, words[i])) return false;
  }
  return true;
}

/// Where the statement begins in `BEGIN IF <a look into the catalog> THEN …`; 0: it is not that.
std::size_t behind_condition(const Tokens& tokens) {
  constexpr auto kIf = std::to_array<std::string_view>({"BEGIN", "IF"});
  constexpr auto kLook = std::to_array<std::string_view>({"SELECT", "FROM", "pg_catalog", "."});
  constexpr auto kIsNull = std::to_array<std::string_view>({"IS", "NULL"});
  if (!reads(tokens, 0, kIf)) return 0;
  std::size_t at = kIf.size();
  if (tokens.is(at, "pg_catalog") && tokens.is(at + 1, ".") &&
      (tokens.is(at + 2, "to_regtype") || tokens.is(at + 2, "to_regclass")) &&
      tokens.is(at + 3, "(") && tokens.kind(at + 4) == TokenKind::kLiteral &&
      tokens.is(at + 5, ")") && reads(tokens, at + 6, kIsNull)) {
    at += 6 + kIsNull.size();
  } else {
    if (tokens.is(at, "NOT")) ++at;
    if (!tokens.is(at, "EXISTS") || !tokens.is(at + 1, "(") || !reads(tokens, at + 2, kLook)) {
      return 0;
    }
    at = tokens.closing(at + 1) + 1;
  }
  return tokens.is(at, "THEN") ? at + 1 : 0;
}

/// Whether every statement of tokens [from, to) is one of those that capo guards, so that there is
/// no other branch and no code among them.
bool is_definition(const Tokens& tokens, std::size_t from, std::size_t to) {
  if (from >= to) return false;
  bool begins = true;
  for (std::size_t i = from; i < to; ++i) {
    if (begins && !tokens.is(i, "CREATE") && !tokens.is(i, "ALTER")) return false;
    begins = tokens.kind(i) == TokenKind::kSemicolon;
  }
  return !begins;
}

/// A routine that holds statements of its own (BEGIN ATOMIC) has semicolons in it.
bool is_routine(const Tokens& tokens, std::size_t from) {
  return tokens.is(from, "CREATE") &&
         (tokens.is(from + 1, "FUNCTION") || tokens.is(from + 1, "PROCEDURE"));
}

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The statement's place in the text of a block.
std::optional<Range> statement_in(std::string_view body) {
  constexpr auto kEndIf = std::to_array<std::string_view>({";", "END", "IF", ";", "END"});
  constexpr auto kExcept = std::to_array<std::string_view>(
      {";", "EXCEPTION", "WHEN", "duplicate_function", "THEN", "NULL", ";", "END"});
  const Tokens tokens(body);
  // Behind something that does not end nothing is read.
  if (tokens.size() == 0 || !is_blank(body.substr(tokens.end(tokens.size() - 1)))) return {};
  const auto ends_with = [&](std::span<const std::string_view> words) {
    return tokens.size() > words.size() && reads(tokens, tokens.size() - words.size(), words);
  };
  std::size_t from = 0;
  std::size_t to = 0;
  if (ends_with(kEndIf)) {
    from = behind_condition(tokens);
    to = tokens.size() - kEndIf.size();
    if (from == 0 || !is_definition(tokens, from, to)) return {};
  } else if (ends_with(kExcept)) {
    from = 1;
    to = tokens.size() - kExcept.size();
    if (!tokens.is(0, "BEGIN") || from >= to || !is_routine(tokens, from)) return {};
  } else {
    return {};
  }
  return Range{tokens.begin(from), tokens.end(to - 1)};
}

/// Where the quote of the block is in one of its halves.
std::size_t quote_in(std::string_view half) {
  dialect::postgresql::Lexer lexer(half);
  for (;;) {
    const dialect::Token token = lexer.next();
    if (token.kind == TokenKind::kEnd || !quote_of(half.substr(token.begin)).empty()) {
      return token.begin;
    }
  }
}

}  // namespace

std::optional<Guard> guard_of(std::string_view sql) {
  dialect::postgresql::Lexer lexer(sql);
  const dialect::Token first = lexer.next();
  if (!base::equals_ignoring_case(sql.substr(first.begin, first.end - first.begin), "DO")) {
    return {};
  }
  const dialect::Token block = lexer.next();
  const std::string_view literal = sql.substr(block.begin, block.end - block.begin);
  const std::string_view quote = quote_of(literal);
  dialect::Token next = lexer.next();
  if (next.kind == TokenKind::kSemicolon) next = lexer.next();
  if (block.kind != TokenKind::kLiteral || quote.empty() || next.kind != TokenKind::kEnd) return {};
  const std::string_view body = literal.substr(quote.size(), literal.size() - 2 * quote.size());
  const std::optional<Range> found = statement_in(body);
  if (!found) return {};
  const std::size_t offset = block.begin + quote.size();
  return Guard{.before = std::string(sql.substr(0, offset + found->begin)),
               .statement = std::string(body.substr(found->begin, found->end - found->begin)),
               .after = std::string(sql.substr(offset + found->end))};
}

std::string Guard::around(std::string_view other) const {
  const std::size_t opening = quote_in(before);
  const std::size_t closing = quote_in(after);
  const std::string_view tail = std::string_view(after).substr(closing);
  std::string quote(quote_of(tail));
  const std::size_t length = quote.size();
  std::string body = before.substr(opening + length);
  body.append(other).append(after, 0, closing);
  for (int i = 1; body.find(quote) != std::string::npos; ++i) {
    quote = "$capo" + std::to_string(i) + "$";
  }
  return before.substr(0, opening) + quote + body + quote + std::string(tail.substr(length));
}

}  // namespace capo::lint::postgresql
