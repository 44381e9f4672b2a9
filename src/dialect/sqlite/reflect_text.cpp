#include "dialect/sqlite/reflect_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "dialect/sqlite/keywords.hpp"
#include "dialect/sqlite/table_parser.hpp"
#include "dialect/sqlite/table_text.hpp"

namespace capo::dialect::sqlite {
namespace {

using Kind = Lexeme::Kind;

bool is_operator_of(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kLong = {"->>", "||", "<=", ">=", "<>",
                                                             "!=",  "==", "<<", ">>", "->"};
  return std::find(kLong.begin(), kLong.end(), text) != kLong.end();
}

/// Puts together what the lexer reads as several tokens.
class LexemeReader {
 public:
  explicit LexemeReader(std::string_view sql) : sql_(sql), tokens_(tokens_of(sql)) {}

  Lexemes read() {
    Lexemes pieces;
    while (at_ < tokens_.size()) pieces.push_back(next());
    return pieces;
  }

 private:
  Lexeme next() {
    begin_ = tokens_[at_].begin;
    const Token& token = tokens_[at_++];
    switch (token.kind) {
      case TokenKind::kWord:
        if (text().size() == 1 && base::to_lower(text()[0]) == 'x' && touches() &&
            next_text().front() == '\'') {
          ++at_;
          return piece(Kind::kBlob);
        }
        return piece(Kind::kWord);
      case TokenKind::kName:
        return piece(Kind::kName);
      case TokenKind::kLiteral:
        return text().front() == '\'' ? piece(Kind::kString) : number();
      case TokenKind::kOpen:
        return piece(Kind::kOpen);
      case TokenKind::kClose:
        return piece(Kind::kClose);
      case TokenKind::kSemicolon:
        return piece(Kind::kSemicolon);
      case TokenKind::kDot:
        return touches() && base::is_digit(next_text().front()) && !follows_name()
                   ? number()
                   : piece(Kind::kDot);
      case TokenKind::kOther:
        return text() == "," ? piece(Kind::kComma) : longest_operator();
      case TokenKind::kUnterminated:
      case TokenKind::kEnd:
        break;
    }
    return piece(Kind::kOperator);
  }

  // `1.5e-7` is `1`, `.`, `5e`, `-`, `7`; `0x1F` is one.
  Lexeme number() {
    while (touches() && goes_on(text(), next_text())) ++at_;
    return piece(Kind::kNumber);
  }

  static bool goes_on(std::string_view number, std::string_view more) {
    const bool is_hex = number.starts_with("0x") || number.starts_with("0X");
    const bool has_exponent = !is_hex && number.find_first_of("eE") != std::string_view::npos;
    const char last = number.back();
    if (more == ".") return !is_hex && !has_exponent && number.find('.') == std::string_view::npos;
    if (more == "-" || more == "+") return has_exponent && base::to_lower(last) == 'e';
    return base::is_word(more.front()) && (last == '.' || last == '-' || last == '+');
  }

  Lexeme longest_operator() {
    for (std::size_t more = 2; more > 0; --more) {
      const std::size_t end = tokens_[at_ - 1].end + more;
      if (end > sql_.size() || !is_operator_of(sql_.substr(begin_, end - begin_))) continue;
      while (at_ < tokens_.size() && tokens_[at_].end <= end) ++at_;
      break;
    }
    return piece(Kind::kOperator);
  }

  bool follows_name() const {
    if (at_ < 2) return false;
    const Token& before = tokens_[at_ - 2];
    return before.end == begin_ &&
           (before.kind == TokenKind::kWord || before.kind == TokenKind::kName);
  }
  /// The next token follows without a gap.
  bool touches() const {
    return at_ < tokens_.size() && tokens_[at_].begin == tokens_[at_ - 1].end;
  }
  std::string_view next_text() const {
    return sql_.substr(tokens_[at_].begin, tokens_[at_].end - tokens_[at_].begin);
  }
  std::string_view text() const { return sql_.substr(begin_, tokens_[at_ - 1].end - begin_); }
  Lexeme piece(Kind kind) const { return {kind, std::string(text())}; }

  std::string_view sql_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
};

bool is_keyword(const Lexeme& piece) {
  return piece.kind == Kind::kWord && is_reserved(base::lower(piece.text));
}

/// Words of the grammar that stand in front of a parenthesis as functions do.
bool is_called(const Lexeme& piece) {
  return piece.is("CAST") || piece.is("REPLACE") || piece.is("RAISE") || !is_keyword(piece);
}

class Writer {
 public:
  Writer(const Lexemes& pieces, const KnownNames& names, Layout layout, bool calls_functions)
      : pieces_(pieces), names_(names), layout_(layout), calls_functions_(calls_functions) {}

  std::string write() {
    for (at_ = 0; at_ < pieces_.size(); ++at_) {
      if (at_ > 0) gap();
      text_ += word();
      if (here().kind == Kind::kOpen) ++depth_;
      if (here().kind == Kind::kClose) --depth_;
    }
    return std::move(text_);
  }

 private:
  const Lexeme& here() const { return pieces_[at_]; }
  const Lexeme& before() const { return pieces_[at_ - 1]; }
  bool precedes(Kind kind) const {
    return at_ + 1 < pieces_.size() && pieces_[at_ + 1].kind == kind;
  }
  bool follows(Kind kind) const { return at_ > 0 && before().kind == kind; }
  /// What follows AS is a name, unless it goes on with what is named.
  bool is_alias() const {
    return at_ > 0 && before().is("AS") && !here().is("SELECT") && !here().is("VALUES") &&
           !here().is("WITH") && !here().is("NOT") && !here().is("MATERIALIZED");
  }

  std::string word() const {
    if (here().kind == Kind::kName) return quoted_name();
    if (here().kind == Kind::kBlob) return "x" + here().text.substr(1);
    if (here().kind != Kind::kWord) return here().text;
    if (is_alias()) return here().text;
    const bool is_qualified = follows(Kind::kDot) || precedes(Kind::kDot);
    const bool is_truth = here().is("TRUE") || here().is("FALSE");
    if (!is_qualified && is_keyword(here())) return upper(here().text);
    const bool is_call = calls_functions_ && precedes(Kind::kOpen);
    if (is_call && !is_qualified) return base::lower(here().text);
    if (const std::string* spelled = names_.find(here().text)) {
      return spelled->empty() ? here().text : name_form(*spelled);
    }
    return is_truth && !is_qualified ? upper(here().text) : here().text;
  }

  // `"a"` may be a string; what is quoted otherwise is a name.
  std::string quoted_name() const {
    const std::string name = unquoted(here().text);
    const std::string* spelled = names_.find(name);
    if (spelled != nullptr) return name_form(spelled->empty() ? name : *spelled);
    const bool may_be_string =
        here().text.front() == '"' && !follows(Kind::kDot) && !precedes(Kind::kDot) && !is_alias();
    return may_be_string ? here().text : name_form(name);
  }

  void gap() {
    if (begins_line()) {
      text_ += '\n';
      if (is_in_body()) text_ += "  ";
    } else if (needs_space()) {
      text_ += ' ';
    }
  }

  bool needs_space() const {
    const Kind kind = here().kind;
    const Kind last = before().kind;
    if (kind == Kind::kClose || kind == Kind::kComma || kind == Kind::kDot ||
        kind == Kind::kSemicolon || last == Kind::kOpen || last == Kind::kDot) {
      return false;
    }
    if (kind == Kind::kOpen && (last == Kind::kWord || last == Kind::kName)) {
      return last == Kind::kWord && !is_called(before());
    }
    // Two signs together would begin a comment.
    return !is_sign(at_ - 1) || kind == Kind::kOperator;
  }

  /// An operator in front of its only operand.
  bool is_sign(std::size_t at) const {
    const std::string& text = pieces_[at].text;
    if (pieces_[at].kind != Kind::kOperator || (text != "-" && text != "+" && text != "~")) {
      return false;
    }
    if (at == 0) return true;
    const Lexeme& left = pieces_[at - 1];
    return left.kind == Kind::kOpen || left.kind == Kind::kComma ||
           (left.kind == Kind::kOperator && left.text != "*") ||
           (is_keyword(left) && !left.is("END") && !left.is("NULL"));
  }

  bool is_in_body() const { return layout_ == Layout::kTrigger && at_ + 1 < pieces_.size(); }

  bool begins_line() const {
    if (depth_ > 0 || layout_ == Layout::kLine) return false;
    if (layout_ == Layout::kTrigger) {
      return follows(Kind::kSemicolon) || (before().is("BEGIN") && !follows(Kind::kDot));
    }
    static constexpr std::array<std::string_view, 8> kBegin = {
        "FROM", "WHERE", "GROUP", "HAVING", "UNION", "INTERSECT", "EXCEPT", "LIMIT"};
    const bool is_order = here().is("ORDER") || here().is("WINDOW");
    const bool is_compound = before().is("UNION") || before().is("ALL") ||
                             before().is("INTERSECT") || before().is("EXCEPT");
    const bool is_select = here().is("SELECT") && (is_compound || before().kind == Kind::kClose);
    return !follows(Kind::kDot) && !is_alias() && !before().is("DISTINCT") &&
           (is_order || is_select ||
            std::any_of(kBegin.begin(), kBegin.end(),
                        [&](std::string_view word) { return here().is(word); }));
  }

  const Lexemes& pieces_;
  const KnownNames& names_;
  Layout layout_;
  bool calls_functions_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string text_ = {};
};

bool is_wrapped(const Lexemes& pieces) {
  if (pieces.size() < 3 || pieces.front().kind != Kind::kOpen) return false;
  int depth = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].kind == Kind::kOpen) ++depth;
    if (pieces[i].kind == Kind::kClose) --depth;
    if (depth == 0) return i + 1 == pieces.size();
  }
  return false;
}

std::string string_literal(std::string_view text) {
  return "'" + base::replace_all(text, "'", "''") + "'";
}

bool is_literal(const Lexeme& piece) {
  return piece.kind == Kind::kString || piece.kind == Kind::kNumber || piece.kind == Kind::kBlob;
}

/// A literal or a word as a default says it, or nothing.
std::optional<std::string> simple_default(const Lexemes& pieces, bool is_in_parenthesis) {
  static constexpr std::array<std::string_view, 6> kWords = {
      "NULL", "TRUE", "FALSE", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"};
  if (pieces.size() == 2 && pieces[1].kind == Kind::kNumber) {
    if (pieces[0].text == "+") return pieces[1].text;
    if (pieces[0].text == "-") return "-" + pieces[1].text;
  }
  if (pieces.size() != 1) return std::nullopt;
  const Lexeme& piece = pieces[0];
  if (piece.kind == Kind::kBlob) return "x" + piece.text.substr(1);
  if (is_literal(piece)) return piece.text;
  for (const std::string_view word : kWords) {
    if (piece.is(word)) return std::string(word);
  }
  // Any other name stands for its own letters.
  if (is_in_parenthesis || (piece.kind != Kind::kWord && piece.kind != Kind::kName)) {
    return std::nullopt;
  }
  return string_literal(unquoted(piece.text));
}

}  // namespace

void KnownNames::add(const std::string& name) {
  const auto [place, is_new] = names_.emplace(base::lower(name), name);
  if (!is_new && place->second != name) place->second.clear();
}

const std::string* KnownNames::find(std::string_view name) const {
  const auto found = names_.find(base::lower(name));
  return found == names_.end() ? nullptr : &found->second;
}

void KnownNames::forget_spelling() {
  for (auto& [name, spelling] : names_) spelling.clear();
}

bool Lexeme::is(std::string_view word) const {
  return kind == Kind::kWord && base::equals_ignoring_case(text, word);
}

Lexemes lexemes_of(std::string_view sql) { return LexemeReader(sql).read(); }

Lexemes unwrapped(Lexemes pieces) {
  while (is_wrapped(pieces)) {
    pieces.pop_back();
    pieces.erase(pieces.begin());
  }
  return pieces;
}

std::vector<Lexemes> split_at_commas(const Lexemes& pieces) {
  std::vector<Lexemes> parts(1);
  int depth = 0;
  for (const Lexeme& piece : pieces) {
    if (piece.kind == Kind::kOpen) ++depth;
    if (piece.kind == Kind::kClose) --depth;
    if (depth == 0 && piece.kind == Kind::kComma) {
      parts.emplace_back();
    } else {
      parts.back().push_back(piece);
    }
  }
  return parts;
}

std::string form_of(const Lexemes& pieces, const KnownNames& names, Layout layout) {
  return Writer(pieces, names, layout, false).write();
}

std::string expression_form(std::string_view sql, const KnownNames& names) {
  return Writer(unwrapped(lexemes_of(sql)), names, Layout::kLine, true).write();
}

std::string default_form(std::string_view sql, const KnownNames& names) {
  const Lexemes all = lexemes_of(sql);
  const Lexemes inner = unwrapped(all);
  if (const auto simple = simple_default(inner, inner.size() < all.size())) {
    return *simple == "NULL" ? "" : *simple;
  }
  return "(" + Writer(inner, names, Layout::kLine, true).write() + ")";
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

std::string name_form(std::string_view name) {
  const bool is_plain = !name.empty() && !base::is_digit(name.front()) &&
                        std::all_of(name.begin(), name.end(), base::is_word) &&
                        !is_reserved(base::lower(name));
  return is_plain ? std::string(name) : "\"" + base::replace_all(name, "\"", "\"\"") + "\"";
}

}  // namespace capo::dialect::sqlite
