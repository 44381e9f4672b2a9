#include "dialect/sqlite/table_text.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/table_parser.hpp"

namespace capo::dialect::sqlite {
namespace {

std::string_view text_of(std::string_view text, const Token& token) {
  return text.substr(token.begin, token.end - token.begin);
}

bool is_blank(std::string_view text) { return base::trim(text).empty(); }

bool is_name(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kName;
}

/// Whether a blank in front of it can go with what was there.
bool ends_word(std::string_view text, std::size_t at) {
  return at >= text.size() || base::is_space(text[at]) || text[at] == ',' || text[at] == ')';
}

}  // namespace

const Clause* ColumnText::find(Clause::Kind kind) const {
  const auto found = std::find_if(clauses.begin(), clauses.end(),
                                  [&](const Clause& clause) { return clause.kind == kind; });
  return found == clauses.end() ? nullptr : &*found;
}

std::string unquoted(std::string_view token) {
  if (token.size() < 2) return std::string(token);
  const char open = token.front();
  if (open == '[') return std::string(token.substr(1, token.size() - 2));
  if (open != '"' && open != '`' && open != '\'') return std::string(token);
  const std::string quote(1, open);
  return base::replace_all(token.substr(1, token.size() - 2), quote + quote, quote);
}

bool mentions(std::string_view text, std::string_view name) {
  const std::vector<Token> tokens = tokens_of(text);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!is_name(tokens[i])) continue;
    const bool is_call = tokens[i].kind == TokenKind::kWord && i + 1 < tokens.size() &&
                         tokens[i + 1].kind == TokenKind::kOpen;
    const std::string word = unquoted(text_of(text, tokens[i]));
    if (!is_call && base::equals_ignoring_case(word, name)) return true;
  }
  return false;
}

std::string normalised(std::string_view text) {
  std::string result;
  for (const Token& token : tokens_of(text)) {
    if (!result.empty()) result += ' ';
    const std::string_view piece = text_of(text, token);
    result += is_name(token) ? base::lower(unquoted(piece)) : std::string(piece);
  }
  return result;
}

bool is_constant(std::string_view text) {
  std::string_view rest = base::trim(text);
  while (rest.starts_with('-') || rest.starts_with('+')) rest = base::trim(rest.substr(1));
  if (rest.empty()) return false;
  if (base::is_digit(rest.front()) || rest.front() == '.') {
    char before = '0';
    return std::all_of(rest.begin(), rest.end(), [&](char c) {
      const bool is_sign = c == '-' || c == '+';
      const bool fits = is_sign ? base::to_lower(before) == 'e'
                                : base::is_digit(c) || base::is_alpha(c) || c == '.' || c == '_';
      before = c;
      return fits;
    });
  }
  const std::vector<Token> tokens = tokens_of(rest);
  if (tokens.size() != 1) return false;
  return tokens[0].kind == TokenKind::kLiteral || base::equals_ignoring_case(rest, "NULL") ||
         base::equals_ignoring_case(rest, "TRUE") || base::equals_ignoring_case(rest, "FALSE");
}

bool is_one_parenthesis(std::string_view text) {
  const std::vector<Token> tokens = tokens_of(text);
  int depth = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == TokenKind::kOpen) ++depth;
    if (tokens[i].kind == TokenKind::kClose) --depth;
    if (depth <= 0) return depth == 0 && i > 0 && i + 1 == tokens.size();
  }
  return false;
}

TableText::TableText(std::string sql) : sql_(std::move(sql)) { parse(); }

void TableText::parse() {
  elements_.clear();
  columns_.clear();
  constraints_.clear();
  without_rowid_ = false;
  strict_ = false;
  const std::vector<Token> tokens = tokens_of(sql_);
  const auto is = [&](std::size_t i, std::string_view word) {
    return i < tokens.size() && tokens[i].kind == TokenKind::kWord &&
           base::equals_ignoring_case(text_of(sql_, tokens[i]), word);
  };
  std::size_t at = 1;
  if (is(at, "TEMP") || is(at, "TEMPORARY")) ++at;
  const bool is_table = is(0, "CREATE") && is(at, "TABLE");
  while (at < tokens.size() && tokens[at].kind != TokenKind::kOpen) ++at;
  if (!is_table || at == tokens.size()) {
    throw Error(ErrorCode::kUnsupported, "this is not a table that capo can make anew: " +
                                             std::string(base::first_bytes(sql_, 60)));
  }
  int depth = 1;
  std::size_t first = ++at;
  for (; at < tokens.size() && depth > 0; ++at) {
    if (tokens[at].kind == TokenKind::kOpen) ++depth;
    if (tokens[at].kind == TokenKind::kClose) --depth;
    const bool is_comma = depth == 1 && text_of(sql_, tokens[at]) == ",";
    if (depth > 0 && !is_comma) continue;
    if (at > first) {
      ElementParser parser(sql_, tokens, first, at);
      elements_.push_back({.span = {tokens[first].begin, tokens[at - 1].end}});
      if (is_comma) elements_.back().comma = tokens[at].begin;
      if (parser.at_constraint()) {
        for (Clause& clause : parser.constraints()) constraints_.push_back(std::move(clause));
      } else {
        columns_.push_back(parser.column());
      }
    }
    first = at + 1;
  }
  options_ = {tokens[at - 1].end, tokens.back().end};
  for (; at < tokens.size(); ++at) {
    without_rowid_ = without_rowid_ || is(at, "WITHOUT");
    strict_ = strict_ || is(at, "STRICT");
  }
}

const ColumnText* TableText::find_column(std::string_view name) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const ColumnText& column) {
    return base::equals_ignoring_case(column.name, name);
  });
  return found == columns_.end() ? nullptr : &*found;
}

const Clause* TableText::find_constraint(std::string_view name) const {
  const auto is_it = [&](const Clause& clause) {
    return clause.name_span.end > 0 && base::equals_ignoring_case(clause.name, name);
  };
  const auto found = std::find_if(constraints_.begin(), constraints_.end(), is_it);
  if (found != constraints_.end()) return &*found;
  for (const ColumnText& column : columns_) {
    const auto inside = std::find_if(column.clauses.begin(), column.clauses.end(), is_it);
    if (inside != column.clauses.end()) return &*inside;
  }
  return nullptr;
}

void TableText::add_column(std::string_view definition) {
  insert_behind(columns_.back().span, definition);
}

void TableText::add_constraint(std::string_view constraint) {
  insert_behind(elements_.back().span, constraint);
}

void TableText::drop_column(std::string_view name) {
  const std::string wanted(name);
  for (;;) {
    const auto over = std::find_if(
        constraints_.begin(), constraints_.end(),
        [&](const Clause& clause) { return mentions(text(clause.arguments), wanted); });
    if (over == constraints_.end()) break;
    drop_constraint(Clause(*over));
  }
  for (const Clause* check = check_of_another(wanted); check != nullptr;
       check = check_of_another(wanted)) {
    erase(Span(check->span));
  }
  if (const ColumnText* column = find_column(wanted)) erase_element(element_of(column->span));
}

/// A CHECK of one column that is over another as well is one of the table in all but its place.
const Clause* TableText::check_of_another(std::string_view name) const {
  for (const ColumnText& column : columns_) {
    if (base::equals_ignoring_case(column.name, name)) continue;
    for (const Clause& clause : column.clauses) {
      if (clause.kind == Clause::Kind::kCheck && mentions(text(clause.arguments), name)) {
        return &clause;
      }
    }
  }
  return nullptr;
}

void TableText::drop_constraint(const Clause& constraint) {
  const std::size_t number = element_of(constraint.span);
  const Span& element = elements_[number].span;
  if (element.begin == constraint.span.begin && element.end == constraint.span.end) {
    erase_element(number);
  } else {
    erase(constraint.span);
  }
}

void TableText::replace(const Span& span, std::string_view text) {
  sql_.replace(span.begin, span.end - span.begin, text);
  parse();
}

void TableText::set_type(const ColumnText& column, std::string_view type) {
  if (column.type.begin == column.type.end) {
    replace(column.type, " " + std::string(type));
  } else {
    replace(column.type, type);
  }
}

void TableText::set_options(bool strict, bool without_rowid) {
  std::string words = strict ? " STRICT" : "";
  if (without_rowid) words += strict ? ", WITHOUT ROWID" : " WITHOUT ROWID";
  replace(Span(options_), words);
}

void TableText::add_clause(const ColumnText& column, std::string_view clause) {
  sql_.insert(column.span.end, " " + std::string(clause));
  parse();
}

std::size_t TableText::element_of(const Span& span) const {
  const auto found = std::find_if(elements_.begin(), elements_.end(), [&](const Element& element) {
    return element.span.begin <= span.begin && span.end <= element.span.end;
  });
  return static_cast<std::size_t>(found - elements_.begin());
}

/// In the manner of what is there: on a line of its own if that is.
void TableText::insert_behind(const Span& span, std::string_view text) {
  // As its neighbour, on a line of its own. What stands before the line break may be the end of a
  // comment; a vertical tab in it would not be white space behind a comma.
  std::size_t begin = span.begin;
  while (begin > 0 && base::is_space(sql_[begin - 1]) && sql_[begin] != '\n') --begin;
  const bool has_line = begin < span.begin && sql_[begin] == '\n';
  const std::string gap = has_line ? sql_.substr(begin, span.begin - begin) : " ";
  sql_.insert(span.end, "," + gap + std::string(text));
  parse();
}

/// Where the white space in front of `at` begins; `at` itself if there is a comment in it.
std::size_t TableText::gap_before(std::size_t at) const {
  std::size_t end = 0;
  for (const Token& token : tokens_of(sql_)) {
    if (token.begin >= at) break;
    end = token.end;
  }
  return is_blank(std::string_view(sql_).substr(end, at - end)) ? end : at;
}

void TableText::erase(const Span& span) {
  const std::size_t begin = ends_word(sql_, span.end) ? gap_before(span.begin) : span.begin;
  sql_.erase(begin, span.end - begin);
  parse();
}

/// With one of the commas around it.
void TableText::erase_element(std::size_t number) {
  const Span span = elements_[number].span;
  std::optional<std::size_t> comma = elements_[number].comma;
  if (!comma && number > 0) comma = elements_[number - 1].comma;
  // The one that stands further back first, so that the other's place stays true.
  if (comma && *comma > span.begin) {
    const bool is_at_begin = span.begin > 0 && sql_[span.begin - 1] == '(';
    sql_.erase(*comma, is_at_begin && sql_.substr(*comma, 2) == ", " ? 2 : 1);
  }
  const std::size_t begin = gap_before(span.begin);
  sql_.erase(begin, span.end - begin);
  if (comma && *comma < span.begin) sql_.erase(*comma, 1);
  parse();
}

}  // namespace capo::dialect::sqlite
