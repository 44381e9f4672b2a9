#include "autogenerate/references.hpp"

#include <algorithm>
#include <initializer_list>
#include <vector>

#include "base/text.hpp"

namespace capo::autogenerate {
namespace {

using dialect::Token;
using dialect::TokenKind;

/// `items.title`, or what else stands where a value or a table does.
struct Reference {
  std::vector<Token> parts = {};
  bool is_table = false;
  bool is_row = false;       ///< `items.*`: the last part is the table
  bool is_in_query = false;  ///< of a subquery, where other tables have columns
};

/// Reads a text token by token. A name is a reference only where a value can begin: what stands
/// behind one is an operator, however it is called.
class Reader {
 public:
  Reader(const dialect::Dialect& dialect, std::string_view text)
      : text_(text), tokens_(dialect.tokens(text)) {}

  std::vector<Reference> read() {
    while (at_ < tokens_.size()) token();
    return std::move(found_);
  }

 private:
  struct Level {
    bool is_query = false;
    bool in_from = false;
  };

  TokenKind kind(std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead].kind : TokenKind::kEnd;
  }
  std::string_view word(std::size_t ahead = 0) const {
    if (at_ + ahead >= tokens_.size()) return {};
    return text_.substr(tokens_[at_ + ahead].begin,
                        tokens_[at_ + ahead].end - tokens_[at_ + ahead].begin);
  }
  bool is(std::string_view expected, std::size_t ahead = 0) const {
    return kind(ahead) == TokenKind::kWord && base::equals_ignoring_case(word(ahead), expected);
  }
  bool is_any(std::initializer_list<std::string_view> words) const {
    return std::any_of(words.begin(), words.end(), [&](std::string_view item) { return is(item); });
  }
  bool is_name(std::size_t ahead = 0) const {
    return kind(ahead) == TokenKind::kWord || kind(ahead) == TokenKind::kName;
  }

  void token() {
    switch (kind()) {
      case TokenKind::kWord:
      case TokenKind::kName:
        return name();
      case TokenKind::kOpen:
        // `FROM (a JOIN b ON (…))`
        levels_.push_back({.in_from = levels_.back().in_from && value_comes_});
        return step(true);
      case TokenKind::kClose:
        if (levels_.size() > 1) levels_.pop_back();
        return step(false);
      case TokenKind::kDot:
        // A field of what stands in a parenthesis.
        step(false);
        return step(false);
      case TokenKind::kSemicolon:
        levels_.assign(1, {});
        return step(true);
      case TokenKind::kOther:
        if (word() == ":" && word(1) == ":") {
          at_ += 2;
          return type();
        }
        return step(word() != "]");
      case TokenKind::kLiteral:
      case TokenKind::kUnterminated:
      case TokenKind::kEnd:
        return step(false);
    }
  }

  /// `value_comes`: a value can stand behind it.
  void step(bool value_comes) {
    ++at_;
    value_comes_ = value_comes;
  }

  void name() {
    const bool is_alone = kind() == TokenKind::kWord && kind(1) != TokenKind::kDot;
    if (is_alone && begins_clause()) return;
    if (kind(1) == TokenKind::kLiteral) return step(false);  // `x'00'`, `date '2026-01-01'`
    if (!value_comes_) return is_alone ? operation() : alias();
    if (is_alone && is_any({"NULL", "TRUE", "FALSE", "UNKNOWN"}) && kind(1) != TokenKind::kOpen) {
      return constant();
    }
    // No database takes these for a name without quotes.
    if (is_alone && is_any({"NOT", "CASE", "WHEN", "THEN", "ELSE", "DISTINCT", "ALL", "ARRAY", "BY",
                            "TO", "IN"})) {
      return step(true);
    }
    reference();
  }

  /// UNKNOWN is one only behind IS.
  void constant() {
    if (!is("UNKNOWN")) return step(false);
    const std::size_t back = at_ > 1 && is_at(at_ - 1, "NOT") ? 2 : 1;
    if (at_ < back || !is_at(at_ - back, "IS")) return reference();
    step(false);
  }
  bool is_at(std::size_t i, std::string_view expected) const {
    return tokens_[i].kind == TokenKind::kWord &&
           base::equals_ignoring_case(
               text_.substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin), expected);
  }

  /// Words by which it is known where tables are named.
  bool begins_clause() {
    Level& level = levels_.back();
    if (is("SELECT")) {
      level = {.is_query = true};
    } else if (is("FROM")) {
      const bool is_of_query = level.is_query || (at_ > 0 && is_at(at_ - 1, "DELETE"));
      level.in_from = is_of_query && !(at_ > 0 && is_at(at_ - 1, "DISTINCT"));
    } else if (is_any({"JOIN", "INTO"})) {
      level.in_from = true;
    } else if (is("UPDATE") && begins_statement()) {
      level.in_from = true;
      if (is("OR", 1)) at_ += 2;
    } else if (is_any({"WHERE", "VALUES"}) || (!value_comes_ && ends_tables())) {
      level.in_from = false;
    } else {
      return false;
    }
    step(true);
    return true;
  }

  bool begins_statement() const {
    return at_ == 0 || tokens_[at_ - 1].kind == TokenKind::kSemicolon || is_at(at_ - 1, "BEGIN");
  }
  bool ends_tables() const {
    return is_any({"ON", "SET", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT",
                   "USING"});
  }

  /// A word behind a value.
  void operation() {
    if (is("COLLATE") || is("AS")) {
      step(true);
      return type();
    }
    if (is("AT") && is("TIME", 1) && is("ZONE", 2)) {
      at_ += 2;
      return step(true);
    }
    if (levels_.back().in_from && !is_any({"LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL"})) {
      return alias();
    }
    // What negates the operator that follows, and what has no second value.
    step(!is_any({"NOT", "END", "NULL", "ISNULL", "NOTNULL", "ASC", "DESC"}));
  }

  void alias() { step(false); }

  /// The name of a type or a collation, of one word or several: `timestamp(3) with time zone`.
  void type() {
    chain();
    for (;;) {
      if (is_any({"VARYING", "PRECISION", "WITH", "WITHOUT", "TIME", "ZONE", "YEAR", "MONTH", "DAY",
                  "HOUR", "MINUTE", "SECOND", "TO"})) {
        ++at_;
      } else if (kind() == TokenKind::kOpen && kind(2) == TokenKind::kClose) {
        at_ += 3;
      } else {
        break;
      }
    }
    value_comes_ = false;
  }

  std::vector<Token> chain() {
    std::vector<Token> parts;
    if (!is_name()) return parts;
    parts.push_back(tokens_[at_++]);
    while (kind() == TokenKind::kDot && is_name(1)) {
      parts.push_back(tokens_[at_ + 1]);
      at_ += 2;
    }
    return parts;
  }

  void reference() {
    const bool extracts = is("EXTRACT");
    Reference found{.is_table = levels_.back().in_from};
    found.is_in_query = std::any_of(levels_.begin(), levels_.end(),
                                    [](const Level& level) { return level.is_query; });
    found.parts = chain();
    value_comes_ = false;
    if (kind() == TokenKind::kOpen && !found.is_table) {
      if (!extracts) return;
      levels_.emplace_back();
      at_ += 2;  // `EXTRACT(year FROM …)`
      return;
    }
    if (kind() == TokenKind::kDot && word(1) == "*") {
      found.is_row = true;
      at_ += 2;
    }
    found_.push_back(std::move(found));
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool value_comes_ = true;
  std::vector<Level> levels_ = std::vector<Level>(1);
  std::vector<Reference> found_ = {};
};

/// Replaces names in a text from its beginning to its end.
class Renamer {
 public:
  Renamer(const dialect::Dialect& dialect, std::string_view text)
      : dialect_(dialect), text_(text) {}

  bool is(const Token& token, std::string_view name) const {
    const std::string_view written = text_.substr(token.begin, token.end - token.begin);
    if (dialect_.has_names_of_any_case()) return base::equals_ignoring_case(bare(written), name);
    return token.kind == TokenKind::kName ? bare(written) == name : base::lower(written) == name;
  }
  void replace(const Token& token, std::string_view to) {
    result_.append(text_.substr(done_, token.begin - done_)).append(to);
    done_ = token.end;
  }
  std::string take() { return std::move(result_.append(text_.substr(done_))); }

 private:
  static std::string bare(std::string_view written) {
    const char open = written.front();
    if (open != '"' && open != '`' && open != '[') return std::string(written);
    const std::string quote(1, open);
    return base::replace_all(written.substr(1, written.size() - 2), quote + quote, quote);
  }

  const dialect::Dialect& dialect_;
  std::string_view text_;
  std::string result_ = {};
  std::size_t done_ = 0;
};

}  // namespace

std::string with_column_renamed(const dialect::Dialect& dialect, std::string_view text,
                                std::string_view table, std::string_view from,
                                std::string_view to) {
  Renamer renamer(dialect, text);
  for (const Reference& reference : Reader(dialect, text).read()) {
    if (reference.is_table || reference.is_row) continue;
    const std::vector<Token>& parts = reference.parts;
    const bool is_of_table =
        parts.size() == 1 ? !reference.is_in_query : renamer.is(parts[parts.size() - 2], table);
    if (is_of_table && renamer.is(parts.back(), from)) renamer.replace(parts.back(), to);
  }
  return renamer.take();
}

std::string with_table_renamed(const dialect::Dialect& dialect, std::string_view text,
                               std::string_view from, std::string_view to) {
  Renamer renamer(dialect, text);
  for (const Reference& reference : Reader(dialect, text).read()) {
    const std::size_t size = reference.parts.size();
    const std::size_t names_table = reference.is_table || reference.is_row ? size : size - 1;
    if (names_table == 0) continue;
    const Token& token = reference.parts[names_table - 1];
    if (renamer.is(token, from)) renamer.replace(token, to);
  }
  return renamer.take();
}

}  // namespace capo::autogenerate
