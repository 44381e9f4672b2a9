#include "dialect/sqlite/table_parser.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/lexer.hpp"

namespace capo::dialect::sqlite {

using Kind = Clause::Kind;

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  Lexer lexer(text);
  for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
    if (token.kind == TokenKind::kUnterminated) break;
    tokens.push_back(token);
  }
  return tokens;
}

std::string_view ElementParser::word(std::size_t ahead) const {
  if (at_ + ahead >= end_) return {};
  const Token& token = tokens_[at_ + ahead];
  return text_.substr(token.begin, token.end - token.begin);
}

bool ElementParser::is(std::string_view expected, std::size_t ahead) const {
  return at_ + ahead < end_ && tokens_[at_ + ahead].kind == TokenKind::kWord &&
         base::equals_ignoring_case(word(ahead), expected);
}

bool ElementParser::is_any(const std::vector<std::string_view>& words) const {
  return std::any_of(words.begin(), words.end(), [&](std::string_view item) { return is(item); });
}

bool ElementParser::accept(std::string_view expected) {
  if (!is(expected)) return false;
  ++at_;
  return true;
}

bool ElementParser::at_constraint() const {
  return is_any({"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"});
}

bool ElementParser::at_clause() const {
  return at_constraint() ||
         is_any({"NOT", "NULL", "DEFAULT", "COLLATE", "REFERENCES", "AS", "DEFERRABLE"}) ||
         (is("GENERATED") && is("ALWAYS", 1));
}

ColumnText ElementParser::column() {
  ColumnText column;
  const Token& name = tokens_[at_++];
  column.name_span = {name.begin, name.end};
  column.name = unquoted(text_.substr(name.begin, name.end - name.begin));
  column.type = {name.end, name.end};
  if (!at_end() && !at_clause()) {
    column.type.begin = tokens_[at_].begin;
    while (!at_end() && !at_clause()) {
      if (is_kind(TokenKind::kOpen)) {
        parenthesis();
      } else {
        ++at_;
      }
    }
    column.type.end = last_end();
  }
  while (!at_end()) column.clauses.push_back(clause());
  column.span = {name.begin, last_end()};
  return column;
}

std::vector<Clause> ElementParser::constraints() {
  std::vector<Clause> clauses;
  while (!at_end()) clauses.push_back(clause());
  return clauses;
}

/// Steps over a parenthesis, if there is one here.
Span ElementParser::parenthesis() {
  if (!is_kind(TokenKind::kOpen)) return {};
  const std::size_t begin = tokens_[at_].begin;
  int depth = 0;
  do {
    if (is_kind(TokenKind::kOpen)) ++depth;
    if (is_kind(TokenKind::kClose)) --depth;
    ++at_;
  } while (!at_end() && depth > 0);
  return {begin, last_end()};
}

Clause ElementParser::clause() {
  Clause clause;
  clause.span.begin = tokens_[at_].begin;
  if (is("CONSTRAINT") && at_ + 1 < end_) {
    ++at_;
    clause.name = unquoted(word());
    clause.name_span = {tokens_[at_].begin, tokens_[at_].end};
    ++at_;
  }
  if (!at_end() && !is("CONSTRAINT")) body(clause);
  clause.span.end = last_end();
  return clause;
}

void ElementParser::body(Clause& clause) {
  if (accept("PRIMARY")) {
    primary_key(clause);
  } else if (is("NOT") && is("NULL", 1)) {
    clause.kind = Kind::kNotNull;
    at_ += 2;
    on_conflict(clause);
  } else if (accept("NULL")) {
    clause.kind = Kind::kNull;
    on_conflict(clause);
  } else if (accept("UNIQUE")) {
    clause.kind = Kind::kUnique;
    clause.arguments = parenthesis();
    on_conflict(clause);
  } else if (accept("CHECK")) {
    clause.kind = Kind::kCheck;
    clause.arguments = parenthesis();
    on_conflict(clause);
  } else if (accept("DEFAULT")) {
    clause.kind = Kind::kDefault;
    clause.value.begin = at_end() ? last_end() : tokens_[at_].begin;
    default_value();
    clause.value.end = last_end();
  } else if (accept("COLLATE")) {
    clause.kind = Kind::kCollate;
    if (at_end()) return;
    clause.value = {tokens_[at_].begin, tokens_[at_].end};
    ++at_;
  } else if (is("FOREIGN") || is("REFERENCES")) {
    reference(clause);
  } else if (is("GENERATED") || is("AS")) {
    clause.kind = Kind::kGenerated;
    if (accept("GENERATED")) accept("ALWAYS");
    accept("AS");
    clause.arguments = parenthesis();
    clause.stored = accept("STORED");
    if (!clause.stored) accept("VIRTUAL");
  } else if (is("DEFERRABLE") || is("NOT")) {
    deferral(clause);
  } else {
    ++at_;
  }
}

void ElementParser::primary_key(Clause& clause) {
  clause.kind = Kind::kPrimaryKey;
  accept("KEY");
  clause.arguments = parenthesis();
  clause.descending = !accept("ASC") && accept("DESC");
  on_conflict(clause);
  clause.autoincrement = accept("AUTOINCREMENT");
}

void ElementParser::on_conflict(Clause& clause) {
  if (!is("ON") || !is("CONFLICT", 1)) return;
  clause.on_conflict = word(2);
  at_ = std::min(at_ + 3, end_);
}

// A literal, a word, or an expression in a parenthesis; `x'00'` and `-1.5e-7` are several tokens.
void ElementParser::default_value() {
  if (is_kind(TokenKind::kOpen)) {
    parenthesis();
    return;
  }
  while (!at_end() && (word() == "+" || word() == "-")) ++at_;
  if (at_end()) return;
  if (base::is_digit(word().front()) || word() == ".") {
    number();
    return;
  }
  const bool is_blob = is("x") && at_ + 1 < end_ && tokens_[at_ + 1].begin == tokens_[at_].end &&
                       tokens_[at_ + 1].kind == TokenKind::kLiteral;
  at_ += is_blob ? 2 : 1;
}

void ElementParser::number() {
  const auto goes_on = [&] {
    if (at_end() || tokens_[at_].begin != last_end()) return false;
    const char before = text_[last_end() - 1];
    if (word() == "+" || word() == "-") return before == 'e' || before == 'E';
    return word() == "." || before == '.' || before == '+' || before == '-';
  };
  do {
    ++at_;
  } while (goes_on());
}

void ElementParser::reference(Clause& clause) {
  clause.kind = Kind::kForeignKey;
  if (accept("FOREIGN")) {
    accept("KEY");
    clause.arguments = parenthesis();
  }
  accept("REFERENCES");
  if (at_end()) return;
  clause.referred = unquoted(word());
  ++at_;
  clause.referred_columns = parenthesis();
  for (;;) {
    if (is("ON")) {
      action(clause);
    } else if (is("MATCH")) {
      clause.match = word(1);
      at_ = std::min(at_ + 2, end_);
    } else {
      break;
    }
  }
  if (is("DEFERRABLE") || (is("NOT") && is("DEFERRABLE", 1))) deferral(clause);
}

void ElementParser::action(Clause& clause) {
  const bool is_delete = is("DELETE", 1);
  const bool is_update =
      is("UPDATE", 1);  // SQLite takes ON INSERT as well, and makes nothing of it.
  at_ = std::min(at_ + 2, end_);
  Action action = Action::kNoAction;
  if (is("CASCADE")) action = Action::kCascade;
  if (is("RESTRICT")) action = Action::kRestrict;
  if (is("SET")) action = is("NULL", 1) ? Action::kSetNull : Action::kSetDefault;
  if (is_delete) clause.on_delete = action;
  if (is_update) clause.on_update = action;
  at_ = std::min(at_ + (is("SET") || is("NO") ? 2U : 1U), end_);
}

void ElementParser::deferral(Clause& clause) {
  clause.deferrable = !accept("NOT");
  accept("DEFERRABLE");
  if (!accept("INITIALLY")) return;
  clause.initially_deferred = *clause.deferrable && is("DEFERRED");
  if (!at_end()) ++at_;
}

}  // namespace capo::dialect::sqlite
