#include "dialect/sqlite/shadow.hpp"

#include <algorithm>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/connection.hpp"
#include "dialect/sqlite/lexer.hpp"
#include "dialect/sqlite/table_parser.hpp"
#include "dialect/sqlite/table_text.hpp"

namespace capo::dialect::sqlite {
namespace {

using Reader = StatementReader<Lexer>;

constexpr const char* kPlace = "capo_place_";

bool is_of_schema(std::string_view sql) {
  Reader reader(sql);
  if (reader.accept("PRAGMA")) return reader.accept("legacy_alter_table");
  return reader.accept("CREATE") || reader.accept("ALTER") || reader.accept("DROP");
}

// A view holds nothing, and is left alone when a table is made anew.
bool is_of_view(std::string_view sql) {
  Reader reader(sql);
  if (!reader.accept("CREATE") && !reader.accept("DROP")) return false;
  if (!reader.accept("TEMP")) reader.accept("TEMPORARY");
  return reader.accept("VIEW");
}

// Also as in `ON name (column)`.
bool names(std::string_view sql, std::string_view name) {
  const std::vector<Token> tokens = tokens_of(sql);
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    const std::string_view text = sql.substr(token.begin, token.end - token.begin);
    return base::equals_ignoring_case(unquoted(text), name);
  });
}

}  // namespace

Connection& Shadow::connection() {
  if (connection_) return *connection_;
  const std::vector<Statement> start = start_ ? start_() : std::vector<Statement>();
  connection_ = connect({.database = ":memory:"});
  connection_->query("PRAGMA foreign_keys = OFF");
  for (const Statement& statement : start) run(statement.sql);
  for (const std::string& sql : waiting_) run(sql);
  waiting_.clear();
  return *connection_;
}

void Shadow::follow(const std::string& sql) {
  if (!is_of_schema(sql)) return;
  if (connection_) {
    run(sql);
  } else {
    waiting_.push_back(sql);
  }
}

/// An attached database is none of ours.
void Shadow::run(const std::string& sql) {
  if (!is_of_schema(sql)) return;
  const std::optional<std::string> why = failure_of(sql);
  if (!why || why->starts_with("unknown database") || is_of_view(sql)) return;
  missed_.push_back({sql, *why});
}

std::optional<std::string> Shadow::failure_of(const std::string& sql) {
  try {
    connection().query(sql);
    return std::nullopt;
  } catch (const Error& error) {
    return error.message();
  }
}

void Shadow::apply(const std::string& sql, const std::string& refusal) {
  if (!is_of_schema(sql)) return;
  if (const std::optional<std::string> why = failure_of(sql)) {
    throw Error(ErrorCode::kSchema, refusal + ": " + *why).statement(sql);
  }
}

void Shadow::apply_if_known(const std::string& sql, const std::string& refusal) {
  if (connection_ && missed_.empty()) {
    apply(sql, refusal);
  } else {
    follow(sql);
  }
}

bool Shadow::takes(const std::vector<std::string>& statements) {
  connection().query("SAVEPOINT capo_attempt");
  const bool all = std::all_of(statements.begin(), statements.end(),
                               [&](const std::string& sql) { return !failure_of(sql); });
  connection().query("ROLLBACK TO capo_attempt");
  connection().query("RELEASE capo_attempt");
  return all;
}

Result Shadow::query(std::string_view sql, const std::vector<Value>& parameters) {
  return connection().query(sql, parameters);
}

std::string Shadow::table(const std::string& name) {
  connection();
  for (const Missed& missed : missed_) {
    if (!names(missed.sql, name)) continue;
    throw Error(ErrorCode::kSchema, "what the table " + name + " is cannot be told beforehand: " +
                                        "SQLite refuses a statement about it (" + missed.why + ")")
        .detail(missed.sql)
        .hint(missed.why.ends_with("already exists")
                  ? "if the database was made by other means, say where it is with `capo stamp`"
                  : "");
  }
  const Result found =
      query("SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
            {name});
  if (found.rows.empty()) {
    const auto near = base::closest(name, tables());
    throw Error(ErrorCode::kSchema, "there is no table " + name)
        .hint(near ? "did you mean " + *near + "?"
                   : "a table that a data step makes is known only if the step has SQL for --sql; "
                     "and with --sql there is only what the revisions make");
  }
  return found.rows[0].at(0).value_or("");
}

std::string Shadow::spelled(const std::string& name) {
  const Result found =
      query("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE",
            {name});
  return found.rows.empty() ? name : found.rows[0].at(0).value_or("");
}

Names Shadow::tables() {
  Names names;
  for (const Row& row : query("SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql "
                              "LIKE 'CREATE TABLE%' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                              {})
                            .rows) {
    names.push_back(row.at(0).value_or(""));
  }
  return names;
}

std::vector<ShadowColumn> Shadow::columns(const std::string& table) {
  std::vector<ShadowColumn> columns;
  for (const Row& row :
       query("SELECT name, type, hidden > 1, pk FROM pragma_table_xinfo(?1, 'main') ORDER BY cid",
             {table})
           .rows) {
    columns.push_back(
        {.name = row.at(0).value_or(""),
         .type = row.at(1).value_or(""),
         .is_generated = row.at(2) == "1",
         .key = static_cast<int>(base::parse_integer(row.at(3).value_or("")).value_or(0))});
  }
  return columns;
}

bool Shadow::has_column(const std::string& table, const std::string& column) {
  const std::vector<ShadowColumn> all = columns(table);
  return std::any_of(all.begin(), all.end(), [&](const ShadowColumn& item) {
    return base::equals_ignoring_case(item.name, column);
  });
}

bool Shadow::has_rowid_alias(const std::string& table) {
  int keys = 0;
  bool is_integer = false;
  for (const ShadowColumn& column : columns(table)) {
    if (column.key == 0) continue;
    ++keys;
    is_integer = base::equals_ignoring_case(column.type, "INTEGER");
  }
  const bool has_index =
      !query("SELECT 1 FROM pragma_index_list(?1, 'main') WHERE origin = 'pk'", {table})
           .rows.empty();
  return keys == 1 && is_integer && !has_index;
}

std::vector<ShadowObject> Shadow::belongings(const std::string& table) {
  std::vector<ShadowObject> objects;
  for (const Row& row : query("SELECT name, type = 'index', sql FROM main.sqlite_master WHERE "
                              "tbl_name = ?1 COLLATE NOCASE AND type IN ('index', 'trigger') AND "
                              "sql IS NOT NULL ORDER BY type, name",
                              {table})
                            .rows) {
    objects.push_back({.name = row.at(0).value_or(""),
                       .is_index = row.at(1) == "1",
                       .sql = row.at(2).value_or("")});
  }
  return objects;
}

std::optional<ShadowObject> Shadow::index(const std::string& name) {
  const Result found = query(
      "SELECT name, sql FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name "
      "= ?1 COLLATE NOCASE",
      {name});
  if (found.rows.empty()) return std::nullopt;
  return ShadowObject{.name = found.rows[0].at(0).value_or(""),
                      .is_index = true,
                      .sql = found.rows[0].at(1).value_or("")};
}

bool Shadow::has_object(const std::string& name) {
  return !query("SELECT 1 FROM main.sqlite_master WHERE name = ?1 COLLATE NOCASE", {name})
              .rows.empty();
}

Names Shadow::children(const std::string& table) {
  Names names;
  for (const std::string& child : tables()) {
    const bool refers = !query(
                             "SELECT 1 FROM pragma_foreign_key_list(?1, 'main') WHERE \"table\" "
                             "= ?2 COLLATE NOCASE",
                             {child, table})
                             .rows.empty();
    if (refers) names.push_back(child);
  }
  return names;
}

std::string Shadow::foreign_key_trouble(const std::string& table) {
  try {
    query("SELECT count(*) FROM pragma_foreign_key_check(?1)", {table});
    return {};
  } catch (const Error& error) {
    return error.message();
  }
}

/// When a table is renamed, SQLite looks at all views and triggers.
std::string Shadow::trouble() {
  connection().query("SAVEPOINT capo_attempt");
  std::optional<std::string> why = failure_of("CREATE TABLE capo_attempt (x)");
  if (!why) why = failure_of("ALTER TABLE capo_attempt RENAME TO capo_attempt_2");
  connection().query("ROLLBACK TO capo_attempt");
  connection().query("RELEASE capo_attempt");
  return why.value_or("");
}

std::string Shadow::objects() {
  std::string text;
  for (const Row& row :
       query("SELECT type, name, tbl_name, sql FROM main.sqlite_master ORDER BY type, name", {})
           .rows) {
    for (const Value& value : row) text += value.value_or("") + '\n';
  }
  return text;
}

std::string Shadow::mark_place() {
  std::string place = kPlace + std::to_string(places_.size() + 1);
  connection().query("SAVEPOINT " + place);
  places_[place] = missed_.size();
  return place;
}

/// The setting is none of the savepoint's; a rebuild that failed may have left it on.
void Shadow::go_back_to(const std::string& place) {
  connection().query("ROLLBACK TO " + place);
  connection().query("PRAGMA legacy_alter_table = OFF");
  missed_.resize(places_.at(place));
}

void Shadow::forget_places() {
  if (!places_.empty()) connection().query("RELEASE " + std::string(kPlace) + "1");
  places_.clear();
}

}  // namespace capo::dialect::sqlite
