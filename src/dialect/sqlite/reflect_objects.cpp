#include "dialect/sqlite/reflect_objects.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "dialect/sqlite/table_text.hpp"

namespace capo::dialect::sqlite {
namespace {

using Kind = Lexeme::Kind;

/// Steps through a statement's pieces.
class LexemeCursor {
 public:
  explicit LexemeCursor(const Lexemes& pieces) : pieces_(pieces) {}

  bool is_at_end() const { return at_ >= pieces_.size(); }
  bool is(std::string_view word) const { return !is_at_end() && pieces_[at_].is(word); }
  bool is(Kind kind) const { return !is_at_end() && pieces_[at_].kind == kind; }
  void skip() { ++at_; }
  bool accept(std::string_view word) {
    if (!is(word)) return false;
    ++at_;
    return true;
  }
  bool accept(std::string_view first, std::string_view second) {
    return accept(first) && accept(second);
  }
  /// `name` or `schema.name`, which is not looked at.
  void skip_name() {
    ++at_;
    if (is(Kind::kDot)) at_ += 2;
  }
  Lexemes parenthesis() {
    const std::size_t begin = at_;
    int depth = 0;
    do {
      if (is(Kind::kOpen)) ++depth;
      if (is(Kind::kClose)) --depth;
      ++at_;
    } while (!is_at_end() && depth > 0);
    return slice(begin, at_);
  }
  /// As far as the word, which is not among them.
  Lexemes until(std::string_view word) {
    const std::size_t begin = at_;
    while (!is_at_end() && !is(word)) ++at_;
    return slice(begin, at_);
  }
  Lexemes rest() const { return slice(std::min(at_, pieces_.size()), pieces_.size()); }

 private:
  Lexemes slice(std::size_t begin, std::size_t end) const {
    const auto at = [&](std::size_t i) {
      return pieces_.begin() + static_cast<std::ptrdiff_t>(std::min(i, pieces_.size()));
    };
    return {at(begin), at(end)};
  }

  const Lexemes& pieces_;
  std::size_t at_ = 0;
};

/// `CREATE [TEMP] kind [IF NOT EXISTS]`.
bool accept_head(LexemeCursor& cursor, std::string_view kind) {
  if (!cursor.accept("CREATE")) return false;
  if (!cursor.accept("TEMP")) cursor.accept("TEMPORARY");
  if (!cursor.accept(kind)) return false;
  if (cursor.accept("IF")) cursor.accept("NOT", "EXISTS");
  return true;
}

/// The words of a view or trigger, and whether it says `*` for columns.
struct Mentions {
  std::set<std::string> words = {};
  bool all_columns = false;
};

Mentions mentions_of(std::string_view sql) {
  Mentions mentions;
  const Lexemes pieces = lexemes_of(sql);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Lexeme& piece = pieces[i];
    if (piece.kind == Kind::kWord || piece.kind == Kind::kName) {
      mentions.words.insert(base::lower(unquoted(piece.text)));
    }
    const bool is_star = piece.kind == Kind::kOperator && piece.text == "*" && i > 0;
    if (!is_star) continue;
    const Lexeme& before = pieces[i - 1];
    mentions.all_columns = mentions.all_columns || before.kind == Kind::kComma ||
                           before.kind == Kind::kDot || before.is("SELECT") ||
                           before.is("DISTINCT") || before.is("ALL") || before.is("RETURNING");
  }
  return mentions;
}

class DependencyFinder {
 public:
  explicit DependencyFinder(const schema::Schema& schema) {
    for (const Table& table : schema.tables) tables_.emplace(base::lower(table.name), &table);
    for (const View& view : schema.views) views_.emplace(base::lower(view.name), view.name);
  }

  /// `own`: what the object belongs to and goes with.
  void find(const std::string& object, const std::string& sql, const std::string& own,
            std::vector<Dependency>& found) const {
    const Mentions mentions = mentions_of(sql);
    std::set<std::string> words = mentions.words;
    if (!own.empty()) words.insert(base::lower(own));
    for (const std::string& word : words) {
      const bool is_own = base::equals_ignoring_case(word, own);
      if (const auto view = views_.find(word); view != views_.end() && !is_own) {
        found.push_back({.object = object, .on = "view " + view->second});
      }
      const auto table = tables_.find(word);
      if (table == tables_.end()) continue;
      const std::string on = "table " + table->second->name;
      if (!is_own) found.push_back({.object = object, .on = on});
      for (const Column& column : table->second->columns) {
        if (!mentions.all_columns && !words.contains(base::lower(column.name))) continue;
        found.push_back({.object = object, .on = on, .column = column.name});
      }
    }
  }

 private:
  std::map<std::string, const Table*> tables_ = {};
  std::map<std::string, std::string> views_ = {};
};

}  // namespace

KnownNames names_of(const schema::Schema& schema) {
  KnownNames names;
  for (const Table& table : schema.tables) {
    names.add(table.name);
    for (const Column& column : table.columns) names.add(column.name);
  }
  for (const View& view : schema.views) names.add(view.name);
  names.forget_spelling();
  return names;
}

std::optional<View> reflect_view(const std::string& name, std::string_view create_view,
                                 const KnownNames& names) {
  const Lexemes pieces = lexemes_of(create_view);
  LexemeCursor cursor(pieces);
  if (!accept_head(cursor, "VIEW")) return std::nullopt;
  cursor.skip_name();
  const Lexemes columns = cursor.is(Kind::kOpen) ? cursor.parenthesis() : Lexemes();
  if (!cursor.accept("AS")) return std::nullopt;
  const std::string query = form_of(cursor.rest(), names, Layout::kQuery);
  if (query.empty()) return std::nullopt;
  if (columns.empty()) return View{.name = name, .query = capo::SqlText(query)};
  const std::string table = name_form(name);
  const std::string list = form_of(Lexemes(columns.begin() + 1, columns.end() - 1), names);
  std::string named = "WITH " + table + "(" + list + ") AS (";
  named.append(query).append(")\nSELECT ").append(list).append("\nFROM ").append(table);
  return View{.name = name,
              .query = capo::SqlText(form_of(lexemes_of(named), names, Layout::kQuery))};
}

std::optional<Trigger> reflect_trigger(const std::string& name, const std::string& table,
                                       std::string_view create_trigger, const KnownNames& names,
                                       const KnownNames& columns) {
  const Lexemes pieces = lexemes_of(create_trigger);
  LexemeCursor cursor(pieces);
  if (!accept_head(cursor, "TRIGGER")) return std::nullopt;
  cursor.skip_name();
  std::string event = "BEFORE";
  if (cursor.accept("INSTEAD", "OF")) {
    event = "INSTEAD OF";
  } else if (cursor.accept("AFTER")) {
    event = "AFTER";
  } else {
    cursor.accept("BEFORE");
  }
  event += " " + form_of(cursor.until("ON"), columns);
  if (!cursor.accept("ON")) return std::nullopt;
  cursor.skip_name();
  if (cursor.accept("FOR")) cursor.accept("EACH", "ROW");
  std::string action;
  if (cursor.accept("WHEN")) {
    action = "WHEN " + form_of(unwrapped(cursor.until("BEGIN")), names) + "\n";
  }
  const Lexemes body = cursor.rest();
  if (body.empty()) return std::nullopt;
  action += form_of(body, names, Layout::kTrigger);
  return Trigger{
      .name = name, .table = table, .event = capo::SqlText(event), .action = capo::SqlText(action)};
}

std::vector<Dependency> dependencies_of(const schema::Schema& schema) {
  const DependencyFinder finder(schema);
  std::vector<Dependency> found;
  for (const View& view : schema.views) {
    finder.find(schema::describe(view), view.query.sql, "", found);
  }
  for (const Trigger& trigger : schema.triggers) {
    finder.find(schema::describe(trigger), trigger.event.sql + " " + trigger.action.sql,
                trigger.table, found);
  }
  const auto rank = [](const Dependency& item) {
    return std::tie(item.object, item.on, item.column);
  };
  std::sort(found.begin(), found.end(),
            [&](const Dependency& a, const Dependency& b) { return rank(a) < rank(b); });
  return found;
}

}  // namespace capo::dialect::sqlite
