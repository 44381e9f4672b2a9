#include "dialect/update.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"

namespace capo::dialect {
namespace {

class Reader {
 public:
  Reader(std::string_view text, const SourcePosition& origin, const std::vector<DeepToken>& tokens,
         std::string (*name_of)(std::string_view))
      : text_(text), origin_(origin), tokens_(tokens), name_of_(name_of) {}

  Update read() {
    if (is("WITH")) fail("WITH before UPDATE does not go with batches");
    if (!accept("UPDATE")) fail("a backfill is an UPDATE");
    if (is("OR") || is("ONLY")) fail("UPDATE " + word() + " does not go with batches");
    read_table();
    if (!accept("SET")) refuse_before_set();
    read_assignments();
    return std::move(update_);
  }

 private:
  bool at_end() const { return at_ >= tokens_.size(); }
  std::string_view text_of(std::size_t i) const {
    const Token& token = tokens_[i].token;
    return text_.substr(token.begin, token.end - token.begin);
  }
  std::string word() const { return at_end() ? "" : std::string(text_of(at_)); }
  bool is(std::size_t i, std::string_view expected) const {
    return i < tokens_.size() && tokens_[i].token.kind == TokenKind::kWord &&
           base::equals_ignoring_case(text_of(i), expected);
  }
  bool is(std::string_view expected) const { return is(at_, expected); }
  bool accept(std::string_view expected) {
    if (!is(expected)) return false;
    ++at_;
    return true;
  }

  void read_table() {
    update_.table = read_name();
    if (at_end() || tokens_[at_].token.kind != TokenKind::kDot) return;
    ++at_;
    update_.schema = std::exchange(update_.table, read_name());
  }

  std::string read_name() {
    const TokenKind kind = at_end() ? TokenKind::kEnd : tokens_[at_].token.kind;
    if (kind != TokenKind::kWord && kind != TokenKind::kName) fail("here a table is to be named");
    return name_of_(text_of(at_++));
  }

  [[noreturn]] void refuse_before_set() const {
    if (at_end()) fail("an UPDATE without SET");
    if (is("AS") || tokens_[at_].token.kind == TokenKind::kWord ||
        tokens_[at_].token.kind == TokenKind::kName) {
      fail("between the table and SET nothing can stand in a backfill",
           "call the table by its own name in SET and WHERE");
    }
    fail("here SET is to follow");
  }

  void read_assignments() {
    const std::size_t begin = at_;
    const std::size_t where = end_of_clause();
    if (where == begin) fail("SET is followed by nothing");
    update_.set = span(begin, where);
    at_ = where;
    if (!accept("WHERE")) return;
    const std::size_t condition = at_;
    at_ = end_of_clause();
    if (at_ == condition) fail("WHERE is followed by nothing");
    update_.where = span(condition, at_);
    if (!at_end()) fail("a second WHERE");
  }

  /// The next WHERE, or the end.
  std::size_t end_of_clause() {
    static constexpr std::array<std::string_view, 4> kOthers = {"FROM", "RETURNING", "ORDER",
                                                                "LIMIT"};
    for (std::size_t i = at_; i < tokens_.size(); ++i) {
      if (tokens_[i].depth > 0) continue;
      if (is(i, "WHERE")) return i;
      for (const std::string_view other : kOthers) {
        // `a IS DISTINCT FROM b`
        if (!is(i, other) || (i > 0 && is(i - 1, "DISTINCT"))) continue;
        at_ = i;
        fail(std::string(other) + " does not go with batches",
             other == "FROM" ? "write a subselect instead: SET a = (SELECT …) WHERE EXISTS (…)"
                             : "take it out");
      }
    }
    return tokens_.size();
  }

  Piece span(std::size_t first, std::size_t end) const {
    return {tokens_[first].token.begin, tokens_[end - 1].token.end};
  }

  [[noreturn]] void fail(const std::string& message, std::string hint = {}) const {
    const std::size_t offset = at_end() ? text_.size() : tokens_[at_].token.begin;
    if (hint.empty()) hint = "a backfill is UPDATE table SET … WHERE …";
    throw error_at(text_, offset, origin_, message).hint(std::move(hint));
  }

  std::string_view text_;
  const SourcePosition& origin_;
  const std::vector<DeepToken>& tokens_;
  std::string (*name_of_)(std::string_view);
  std::size_t at_ = 0;
  Update update_ = {};
};

}  // namespace

Update read_update(std::string_view text, const SourcePosition& origin,
                   const std::vector<DeepToken>& tokens, std::string (*name_of)(std::string_view)) {
  return Reader(text, origin, tokens, name_of).read();
}

}  // namespace capo::dialect
