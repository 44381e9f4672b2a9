#include "split/properties.hpp"

#include <vector>

#include "base/text.hpp"

namespace capo::test {
namespace {

using dialect::Piece;

const SourcePosition kOrigin{"text.sql", 1, 1};

std::string_view slice(std::string_view text, const Piece& piece) {
  return text.substr(piece.begin, piece.end - piece.begin);
}

// Length of the comment at the start of `gap`; 0 if there is none.
std::size_t comment_length(std::string_view gap, bool postgresql) {
  if (gap.starts_with("--")) {
    const std::size_t end = gap.find_first_of(postgresql ? "\r\n" : "\n");
    return end == std::string_view::npos ? gap.size() : end;
  }
  if (!gap.starts_with("/*")) return 0;
  std::size_t at = 2;
  for (int depth = 1; at < gap.size();) {
    if (gap.substr(at).starts_with("*/")) {
      at += 2;
      if (--depth == 0) return at;
    } else if (postgresql && gap.substr(at).starts_with("/*")) {
      at += 2;
      ++depth;
    } else {
      ++at;
    }
  }
  return 0;
}

std::string broken_order(const dialect::Dialect& dialect, std::string_view text,
                         const std::vector<Piece>& pieces) {
  std::size_t last = 0;
  bool first = true;
  for (const Piece& piece : pieces) {
    if (piece.begin < last || piece.end <= piece.begin || piece.end > text.size()) {
      return "pieces lie in order, apart, and are not empty";
    }
    const int semicolons = semicolons_of_gap(dialect, text.substr(last, piece.begin - last));
    if (semicolons < (first ? 0 : 1)) return "only ;, white space and comments are left out";
    if (base::is_space(text[piece.begin]) || base::is_space(text[piece.end - 1])) {
      return "a piece has no white space around it";
    }
    last = piece.end;
    first = false;
  }
  if (semicolons_of_gap(dialect, text.substr(last)) < 0) return "nothing is lost at the end";
  return {};
}

std::string broken_repetition(const dialect::Splitter split, std::string_view text,
                              const std::vector<Piece>& pieces) {
  std::string joined;
  for (const Piece& piece : pieces) {
    const std::string_view statement = slice(text, piece);
    if (split(statement, kOrigin) != std::vector<Piece>{{0, statement.size()}}) {
      return "a piece split again is that one piece";
    }
    joined.append(statement).append(";\n");
  }
  const std::vector<Piece> again = split(joined, kOrigin);
  if (again.size() != pieces.size()) return "joined pieces split into as many";
  for (std::size_t i = 0; i < again.size(); ++i) {
    if (slice(joined, again[i]) != slice(text, pieces[i])) {
      return "joined pieces split into the same";
    }
  }
  return {};
}

}  // namespace

int semicolons_of_gap(const dialect::Dialect& dialect, std::string_view gap) {
  const bool postgresql = dialect.name() == "postgresql";
  int count = 0;
  while (!gap.empty()) {
    if (gap.front() == ';') {
      ++count;
      gap.remove_prefix(1);
    } else if (base::is_space(gap.front())) {
      gap.remove_prefix(1);
    } else if (!postgresql && gap.starts_with("\xEF\xBB\xBF")) {
      gap.remove_prefix(3);
    } else if (const std::size_t length = comment_length(gap, postgresql); length > 0) {
      gap.remove_prefix(length);
    } else {
      return -1;
    }
  }
  return count;
}

std::string broken_split_property(const dialect::Dialect& dialect, std::string_view text) {
  const dialect::Splitter split = dialect.splitter();
  std::vector<Piece> pieces;
  try {
    pieces = split(text, kOrigin);
  } catch (const Error& error) {
    const SourcePosition end = base::position_at(text, text.size());
    if (error.code() != ErrorCode::kScript || error.where().file != kOrigin.file) {
      return "an error is one of the script";
    }
    if (error.where().line > end.line || error.where().line < 1 || error.where().column < 1) {
      return "an error lies in the text";
    }
    return {};
  }
  if (std::string broken = broken_order(dialect, text, pieces); !broken.empty()) return broken;
  try {
    return broken_repetition(split, text, pieces);
  } catch (const Error& error) {
    return "a piece of what could be split cannot be split: " + error.message();
  }
}

}  // namespace capo::test
