#include "dialect/postgresql/split.hpp"

#include <string>
#include <utility>

#include "base/text.hpp"
#include "dialect/postgresql/lexer.hpp"

namespace capo::dialect::postgresql {
namespace {

/// How far a statement's words have been recognised: `CREATE [OR REPLACE] {FUNCTION | PROCEDURE} …
/// BEGIN ATOMIC` and `COPY … FROM STDIN`.
enum class Head {
  kStart,
  kCreate,
  kCreateOr,
  kRoutine,
  kRoutineBegin,
  kBody,  ///< right after BEGIN ATOMIC, or after a `;` in its body: END here ends the body
  kCopy,
  kCopyFrom,
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
    if (parentheses_ > 0) {
      throw fail(parenthesis_, "unclosed parenthesis").hint("close it with )");
    }
    if (bodies_ > 0) {
      throw fail(body_, "unterminated BEGIN ATOMIC body")
          .hint("close it with END after the last ;");
    }
    if (open_) pieces_.push_back(piece_);
    return std::move(pieces_);
  }

 private:
  void take(const Token& token) {
    if (token.kind == TokenKind::kUnterminated) throw unterminated(token.begin);
    if (text_[token.begin] == '\\') throw backslash(token.begin);
    if (token.kind == TokenKind::kSemicolon && parentheses_ == 0) {
      if (bodies_ == 0) {
        if (open_) pieces_.push_back(piece_);
        open_ = false;
      } else {
        piece_.end = token.end;
        head_ = Head::kBody;
      }
      return;
    }
    if (!open_) {
      open_ = true;
      piece_.begin = token.begin;
      head_ = Head::kStart;
    }
    piece_.end = token.end;
    if (token.kind == TokenKind::kOpen) {
      if (parentheses_++ == 0) parenthesis_ = token.begin;
    } else if (token.kind == TokenKind::kClose) {
      if (parentheses_ > 0) --parentheses_;
    }
    if (parentheses_ == 0) recognise(token);
  }

  void recognise(const Token& token) {
    const auto is = [&](std::string_view word) {
      return token.kind == TokenKind::kWord &&
             base::equals_ignoring_case(text_.substr(token.begin, token.end - token.begin), word);
    };
    switch (head_) {
      case Head::kBody:
        if (is("END")) {
          --bodies_;
          head_ = Head::kOther;
          break;
        }
        [[fallthrough]];
      case Head::kStart:
        head_ = is("CREATE") ? Head::kCreate : is("COPY") ? Head::kCopy : Head::kOther;
        break;
      case Head::kCreate:
        head_ = is("OR") ? Head::kCreateOr : is_routine(is) ? Head::kRoutine : Head::kOther;
        break;
      case Head::kCreateOr:
        head_ = is("REPLACE") ? Head::kCreate : Head::kOther;
        break;
      case Head::kRoutineBegin:
        if (is("ATOMIC")) {
          if (bodies_++ == 0) body_ = begin_;
          head_ = Head::kBody;
          break;
        }
        [[fallthrough]];
      case Head::kRoutine:
        begin_ = token.begin;
        head_ = is("BEGIN") ? Head::kRoutineBegin : Head::kRoutine;
        break;
      case Head::kCopyFrom:
        if (is("STDIN")) throw copy_from_stdin();
        [[fallthrough]];
      case Head::kCopy:
        head_ = is("FROM") ? Head::kCopyFrom : Head::kCopy;
        break;
      case Head::kOther:
        break;
    }
  }

  template <typename Is>
  static bool is_routine(const Is& is) {
    return is("FUNCTION") || is("PROCEDURE");
  }

  Error fail(std::size_t offset, std::string message) const {
    return error_at(text_, offset, origin_, std::move(message));
  }
  Error unterminated(std::size_t offset) const;
  Error backslash(std::size_t offset) const;
  Error copy_from_stdin() const;

  std::string_view text_;
  const SourcePosition& origin_;
  Lexer lexer_;
  std::vector<Piece> pieces_ = {};

  bool open_ = false;  ///< piece_ has a token
  Piece piece_ = {};
  Head head_ = Head::kStart;
  std::size_t parentheses_ = 0;  ///< how many are open
  std::size_t parenthesis_ = 0;  ///< where the outermost of them is
  std::size_t bodies_ = 0;       ///< how many BEGIN ATOMIC are open
  std::size_t body_ = 0;         ///< where the outermost of them is
  std::size_t begin_ = 0;        ///< the last word of a routine that may be a BEGIN
};

Error StatementSplitter::unterminated(std::size_t offset) const {
  const std::string_view rest = text_.substr(offset);
  if (rest.starts_with("/*")) {
    return fail(offset, "unterminated comment")
        .hint("close it with */; comments nest in PostgreSQL: every /* inside needs its own */");
  }
  if (rest.starts_with('"')) {
    return fail(offset, "unterminated quoted name")
        .hint("close it with \"; a \" inside it is written \"\"");
  }
  if (rest.starts_with('$')) {
    const std::string tag(rest.substr(0, rest.find('$', 1) + 1));
    return fail(offset, "unterminated dollar quote " + tag)
        .hint("close it with " + tag + (tag == "$$" ? "" : ", in the same case of letters"));
  }
  const bool escapes = !rest.starts_with('\'');
  return fail(offset, "unterminated string literal")
      .hint(escapes
                ? "close it with '; a ' inside it is written \\' or ''"
                : "close it with '; a ' inside it is written '', and a backslash escapes nothing "
                  "unless the literal begins with E'");
}

Error StatementSplitter::backslash(std::size_t offset) const {
  std::size_t end = offset + 1;
  while (end < text_.size() && base::is_word(text_[end])) ++end;
  if (end == offset + 1) {
    return fail(offset, "a backslash outside a string literal is not SQL").hint("take it out");
  }
  return fail(offset, "psql's command " + std::string(text_.substr(offset, end - offset)) +
                          " is not SQL, and capo does not run psql")
      .hint("write it as SQL, or take it out");
}

Error StatementSplitter::copy_from_stdin() const {
  return fail(piece_.begin, "COPY … FROM stdin reads data from psql, which capo does not run")
      .hint(
          "use INSERT, COPY … FROM a file on the server, or load the data with psql's \\copy "
          "outside the migration");
}

}  // namespace

std::vector<Piece> split(std::string_view text, const SourcePosition& origin) {
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    throw error_at(text, nul, origin, "NUL byte in SQL");
  }
  return StatementSplitter(text, origin).run();
}

}  // namespace capo::dialect::postgresql
