#include "split/sqlite_oracle.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/split.hpp"

namespace capo::test {
namespace {

using dialect::Piece;

struct Split {
  std::vector<Piece> pieces = {};
  std::string error = {};
};

Split split(std::string_view text) {
  try {
    return {dialect::sqlite::split(text, {"text.sql", 1, 1}), {}};
  } catch (const Error& error) {
    return {{}, error.message()};
  }
}

bool is_complete(const std::string& text) { return sqlite3_complete(text.c_str()) != 0; }

bool cannot_compare(std::string_view text, const Split& ours) {
  const auto has = [lower = base::lower(text)](std::string_view part) {
    return lower.find(part) != std::string::npos;
  };
  return has("\v") || has("\xEF\xBB\xBF") || has("explain") ||
         ours.error.starts_with("the command");
}

// Every `;` in a statement must leave it incomplete, or SQLite would have cut there.
bool can_be_cut(const std::string& statement) {
  for (std::size_t at = statement.find(';'); at != std::string::npos;
       at = statement.find(';', at + 1)) {
    if (is_complete(statement.substr(0, at + 1))) return true;
  }
  return false;
}

}  // namespace

std::string complete_disagreement(std::string_view text) {
  const Split ours = split(text);
  if (cannot_compare(text, ours)) return {};
  if (!ours.error.empty()) {
    return is_complete(std::string(text))
               ? "SQLite takes it as complete, and capo says: " + ours.error
               : "";
  }
  for (const Piece& piece : ours.pieces) {
    const std::string statement(text.substr(piece.begin, piece.end - piece.begin));
    if (!is_complete(statement + "\n;")) return "not complete: " + statement;
    if (can_be_cut(statement)) return "complete before its end: " + statement;
  }
  // A text is complete if whatever comes next is a statement of its own.
  const Split with_more = split(std::string(text) + "\nx");
  const bool ended = with_more.pieces.size() == ours.pieces.size() + 1;
  if (!ours.pieces.empty() && ended != is_complete(std::string(text))) {
    return ended ? "not complete at its end" : "complete at its end";
  }
  return {};
}

std::string prepare_disagreement(std::string_view view, int* statements) {
  const std::string text(view);
  const Split ours = split(text);
  sqlite3* opened = nullptr;
  const int status = sqlite3_open(":memory:", &opened);
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> database(opened, sqlite3_close);
  if (status != SQLITE_OK) throw std::runtime_error("sqlite3_open failed");

  std::size_t count = 0;
  for (const char* next = text.c_str(); *next != '\0';) {
    sqlite3_stmt* prepared = nullptr;
    const char* tail = nullptr;
    if (sqlite3_prepare_v2(opened, next, -1, &prepared, &tail) != SQLITE_OK) break;
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared,
                                                                          sqlite3_finalize);
    const auto begin = static_cast<std::size_t>(next - text.c_str());
    const auto end = static_cast<std::size_t>(tail - text.c_str());
    next = tail;
    if (prepared == nullptr) continue;  // white space and comments
    // Dot commands and comments to the end of the text are refused by decision.
    if (!ours.error.empty()) return {};
    if (count >= ours.pieces.size())
      return "SQLite finds another statement: " + text.substr(begin, end - begin);
    const Piece& piece = ours.pieces[count++];
    const std::size_t semicolon = end > begin && text[end - 1] == ';' ? 1 : 0;
    if (piece.begin < begin || piece.end > end - semicolon) {
      return "SQLite ends a statement elsewhere: " + text.substr(begin, end - begin);
    }
    while (sqlite3_step(prepared) == SQLITE_ROW) {
    }
  }
  if (statements != nullptr) *statements = static_cast<int>(count);
  return {};
}

}  // namespace capo::test
