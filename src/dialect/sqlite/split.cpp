#include "dialect/sqlite/split.hpp"

#include <string>
#include <utility>

#include "base/text.hpp"
#include "dialect/sqlite/lexer.hpp"

namespace capo::dialect::sqlite {
namespace {

/// How far a statement's words have been recognised as `[EXPLAIN [QUERY PLAN]] CREATE [TEMP]
/// TRIGGER … ; END ;`. Inside a trigger END stands after a `;` only at its end: the END of a CASE
/// follows an expression.
enum class Head {
  kStart,
  kExplain,
  kCreate,
  kTrigger,
  kTriggerSemicolon,
  kTriggerEnd,
  kOther,
};

class StatementSplitter {
 public:
  StatementSplitter(std::string_view text, const SourcePosition& origin)
      : text_(text), origin_(origin), lexer_(text) {}

  std::vector<Piece> run() {
    for (Token token = lexer_.next(); token.kind != TokenKind::kEnd; token = lexer_.next()) {
      take(token);
    }
    if (in_trigger()) {
      throw fail(piece_.begin, "unterminated trigger")
          .hint("a trigger ends with END after the ; of its last statement");
    }
    if (open_) pieces_.push_back(piece_);
    return std::move(pieces_);
  }

 private:
  void take(const Token& token) {
    if (token.kind == TokenKind::kUnterminated) throw unterminated(token.begin);
    if (token.kind == TokenKind::kSemicolon && !in_trigger()) {
      if (open_) pieces_.push_back(piece_);
      open_ = false;
      return;
    }
    if (!open_) {
      if (token.kind == TokenKind::kDot) refuse_dot_command(token);
      open_ = true;
      piece_.begin = token.begin;
      head_ = Head::kStart;
    }
    piece_.end = token.end;
    recognise(token);
  }

  bool in_trigger() const {
    return open_ && (head_ == Head::kTrigger || head_ == Head::kTriggerSemicolon);
  }

  void recognise(const Token& token) {
    const auto is = [&](std::string_view word) {
      return token.kind == TokenKind::kWord &&
             base::equals_ignoring_case(text_.substr(token.begin, token.end - token.begin), word);
    };
    switch (head_) {
      case Head::kStart:
        head_ = is("CREATE") ? Head::kCreate : is("EXPLAIN") ? Head::kExplain : Head::kOther;
        break;
      case Head::kExplain:
        if (is("QUERY") || is("PLAN")) break;
        head_ = is("CREATE") ? Head::kCreate : Head::kOther;
        break;
      case Head::kCreate:
        if (is("TEMP") || is("TEMPORARY")) break;
        head_ = is("TRIGGER") ? Head::kTrigger : Head::kOther;
        break;
      case Head::kTrigger:
      case Head::kTriggerSemicolon:
        head_ = token.kind == TokenKind::kSemicolon             ? Head::kTriggerSemicolon
                : head_ == Head::kTriggerSemicolon && is("END") ? Head::kTriggerEnd
                                                                : Head::kTrigger;
        break;
      case Head::kTriggerEnd:
        head_ = Head::kTrigger;
        break;
      case Head::kOther:
        break;
    }
  }

  void refuse_dot_command(const Token& dot) const {
    std::size_t end = dot.end;
    while (end < text_.size() && base::is_word(text_[end])) ++end;
    if (end == dot.end) return;
    throw fail(dot.begin, "the command " + std::string(text_.substr(dot.begin, end - dot.begin)) +
                              " of the sqlite3 program is not SQL, and capo does not run sqlite3")
        .hint("write it as SQL, or take it out");
  }

  Error fail(std::size_t offset, std::string message) const {
    return error_at(text_, offset, origin_, std::move(message));
  }

  Error unterminated(std::size_t offset) const {
    switch (text_[offset]) {
      case '/':
        return fail(offset, "unterminated comment").hint("close it with */");
      case '\'':
        return fail(offset, "unterminated string literal")
            .hint("close it with '; a ' inside it is written ''");
      case '[':
        return fail(offset, "unterminated quoted name").hint("close it with ]");
      default: {
        const std::string quote(1, text_[offset]);
        return fail(offset, "unterminated quoted name")
            .hint("close it with " + quote + "; a " + quote + " inside it is written " + quote +
                  quote);
      }
    }
  }

  std::string_view text_;
  const SourcePosition& origin_;
  Lexer lexer_;
  std::vector<Piece> pieces_ = {};

  bool open_ = false;  ///< piece_ has a token
  Piece piece_ = {};
  Head head_ = Head::kStart;
};

}  // namespace

std::vector<Piece> split(std::string_view text, const SourcePosition& origin) {
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    throw error_at(text, nul, origin, "NUL byte in SQL");
  }
  return StatementSplitter(text, origin).run();
}

}  // namespace capo::dialect::sqlite
