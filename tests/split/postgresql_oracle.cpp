#include "split/postgresql_oracle.hpp"

#include <pg_query.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/postgresql/split.hpp"

namespace capo::test {
namespace {

using dialect::Piece;

/// A token of libpg_query: a number that is the character for `(`, `)` and `;`.
struct ScanToken {
  std::uint64_t start = 0;
  std::uint64_t token = 0;
};

constexpr std::uint64_t kLineComment = 275;
constexpr std::uint64_t kBlockComment = 276;

/// The little of protobuf that `ScanResult { repeated ScanToken tokens = 2; }` and `ScanToken {
/// int32 start = 1; Token token = 4; }` need.
class Protobuf {
 public:
  explicit Protobuf(std::string_view bytes) : bytes_(bytes) {}

  bool at_end() const { return bytes_.empty(); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) break;
    }
    return value;
  }
  Protobuf message() {
    const std::size_t size = varint();
    const Protobuf inner(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return inner;
  }

 private:
  std::string_view bytes_;
};

struct Scan {
  std::optional<std::string> error = {};
  std::vector<ScanToken> tokens = {};
};

Scan scan(const std::string& text) {
  const PgQueryScanResult result = pg_query_scan(text.c_str());
  Scan scanned;
  if (result.error != nullptr) {
    scanned.error = result.error->message;
  } else {
    Protobuf tokens({result.pbuf.data, result.pbuf.len});
    while (!tokens.at_end()) {
      if (tokens.varint() >> 3U != 2) {
        tokens.varint();
        continue;
      }
      Protobuf fields = tokens.message();
      ScanToken token;
      while (!fields.at_end()) {
        const std::uint64_t field = fields.varint() >> 3U;
        const std::uint64_t value = fields.varint();
        if (field == 1) token.start = value;
        if (field == 4) token.token = value;
      }
      scanned.tokens.push_back(token);
    }
  }
  pg_query_free_scan_result(result);
  return scanned;
}

/// A statement as the scanner sees it: where its first and its last token begin, and where the text
/// or its `;` is.
struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t end = 0;
};

/// Nothing if a parenthesis is left open.
std::optional<std::vector<Range>> statements_of(const Scan& scanned, std::size_t text_size) {
  std::vector<Range> ranges;
  std::optional<Range> open;
  std::size_t parentheses = 0;
  const auto finish = [&](std::size_t end) {
    if (open) ranges.push_back({open->first, open->last, end});
    open.reset();
  };
  for (const ScanToken& token : scanned.tokens) {
    if (token.token == kLineComment || token.token == kBlockComment) continue;
    if (token.token == ';' && parentheses == 0) {
      finish(token.start);
      continue;
    }
    if (!open) open = Range{token.start, token.start, 0};
    open->last = token.start;
    if (token.token == '(') ++parentheses;
    if (token.token == ')' && parentheses > 0) --parentheses;
  }
  finish(text_size);
  if (parentheses > 0) return std::nullopt;
  return ranges;
}

std::string describe(std::size_t number, const char* what) {
  return "statement " + std::to_string(number + 1) + ": " + what;
}

struct Split {
  std::vector<Piece> pieces = {};
  std::string error = {};
};

Split split(std::string_view text) {
  try {
    return {dialect::postgresql::split(text, {"text.sql", 1, 1}), {}};
  } catch (const Error& error) {
    return {{}, error.message()};
  }
}

bool is_lexical(std::string_view error) {
  return error.starts_with("unterminated") && error != "unterminated BEGIN ATOMIC body";
}

}  // namespace

std::string scanner_disagreement(std::string_view text) {
  const std::string lower = base::lower(text);
  const auto has = [&lower](std::string_view part) {
    return lower.find(part) != std::string::npos;
  };
  // PostgreSQL 16 made the vertical tab a space. And libpg_query, which makes tokens of comments,
  // does not see that an escape string goes on behind one, as PostgreSQL does.
  if (has("\v") || (has("e'") && has("--"))) return {};
  const bool may_have_body = has("atomic");
  const Split ours = split(text);
  const Scan theirs = scan(std::string(text));
  if (theirs.error) {
    const bool unterminated = theirs.error->starts_with("unterminated");
    if (unterminated && ours.error.empty()) return "only the scanner says: " + *theirs.error;
    return {};
  }
  if (is_lexical(ours.error)) return "the scanner does not say: " + ours.error;
  const auto ranges = statements_of(theirs, text.size());
  if (ours.error == "unclosed parenthesis") {
    return ranges && !may_have_body ? "no parenthesis is left open" : "";
  }
  if (!ours.error.empty() || may_have_body) return {};
  if (!ranges) return "a parenthesis is left open";
  if (ranges->size() != ours.pieces.size()) {
    return std::to_string(ours.pieces.size()) + " statements, the scanner sees " +
           std::to_string(ranges->size());
  }
  for (std::size_t i = 0; i < ranges->size(); ++i) {
    const Range& range = (*ranges)[i];
    if (ours.pieces[i].begin != range.first) return describe(i, "begins elsewhere");
    if (ours.pieces[i].end <= range.last || ours.pieces[i].end > range.end) {
      return describe(i, "ends elsewhere");
    }
  }
  return {};
}

std::string parser_disagreement(std::string_view text, bool* parsed) {
  const PgQuerySplitResult result = pg_query_split_with_parser(std::string(text).c_str());
  std::vector<Piece> theirs;
  for (int i = 0; i < result.n_stmts; ++i) {
    const auto begin = static_cast<std::size_t>(result.stmts[i]->stmt_location);
    theirs.push_back({begin, begin + static_cast<std::size_t>(result.stmts[i]->stmt_len)});
  }
  const bool failed = result.error != nullptr;
  pg_query_free_split_result(result);
  if (parsed != nullptr) *parsed = !failed;
  if (failed) return {};
  const Split ours = split(text);
  if (ours.error.starts_with("COPY")) return {};
  if (!ours.error.empty()) return "the parser takes it, and capo says: " + ours.error;
  if (theirs.size() != ours.pieces.size()) {
    return std::to_string(ours.pieces.size()) + " statements, the parser sees " +
           std::to_string(theirs.size());
  }
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (ours.pieces[i].begin < theirs[i].begin || ours.pieces[i].end > theirs[i].end) {
      return describe(i, "lies elsewhere");
    }
  }
  return {};
}

}  // namespace capo::test
