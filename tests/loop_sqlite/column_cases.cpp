#include "loop_sqlite/loop.hpp"

namespace capo::test {
namespace {

/// A table with these columns, and one that stays.
std::string t(const std::string& columns) {
  return "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, kept TEXT" +
         (columns.empty() ? "" : ", " + columns) + ")";
}

std::vector<LoopCase> type_cases() {
  const char* const kTypes[] = {"SMALLINT", "INTEGER",          "BIGINT",      "NUMERIC(10, 2)",
                                "FLOAT",    "BOOLEAN",          "VARCHAR(20)", "TEXT",
                                "BLOB",     "DATETIME",         "JSON",        "DATE",
                                "CHAR(3)",  "DOUBLE PRECISION", "TIME",        "DECIMAL(8,3)"};
  std::vector<LoopCase> cases;
  for (std::size_t i = 0; i + 1 < std::size(kTypes); ++i) {
    cases.push_back({.name = std::string("type ") + kTypes[i] + " to " + kTypes[i + 1],
                     .from = t(std::string("a ") + kTypes[i]),
                     .to = t(std::string("a ") + kTypes[i + 1])});
  }
  return cases;
}

std::vector<LoopCase> definition_cases() {
  return {
      {"column added", t(""), t("a INTEGER")},
      {"column added with default", t(""), t("a INTEGER DEFAULT 5")},
      {"column added not null with default", t(""), t("a TEXT NOT NULL DEFAULT 'x'")},
      {"column added not null", t(""), t("a TEXT NOT NULL"), ""},
      {"column added with expression", t(""), t("a TEXT DEFAULT (lower('A'))")},
      {"column added with timestamp", t(""), t("a DATETIME DEFAULT CURRENT_TIMESTAMP")},
      {"columns added and dropped", t("a TEXT, b TEXT"), t("c INTEGER, d TEXT")},
      {"column with odd name", t("\"a \"\"b\" TEXT"), t("\"select\" TEXT, [x y] INTEGER")},
      {"column made not null", t("a TEXT"), t("a TEXT NOT NULL"),
       "INSERT INTO t VALUES (1, 'k', 'a')"},
      {"column made not null with default", t("a TEXT DEFAULT 'x'"),
       t("a TEXT NOT NULL DEFAULT 'y'"), "INSERT INTO t VALUES (1, 'k', 'a')"},
      {"default added", t("a TEXT"), t("a TEXT DEFAULT 'it''s'")},
      {"default changed", t("a INTEGER DEFAULT 1"), t("a INTEGER DEFAULT -2")},
      {"default becomes expression", t("a INTEGER DEFAULT 1"), t("a INTEGER DEFAULT (1 + 2)")},
      {"default and type", t("a INTEGER DEFAULT 1"), t("a TEXT DEFAULT 'x' NOT NULL"),
       "INSERT INTO t VALUES (1, 'k', 7)"},
      {"collation added", t("a TEXT"), t("a TEXT COLLATE NOCASE")},
      {"collation changed", t("a TEXT COLLATE RTRIM"), t("a TEXT COLLATE NOCASE")},
      {"collation and default", t("a TEXT COLLATE RTRIM DEFAULT 'x'"), t("a TEXT DEFAULT 'y'")},
      {"type of untyped", t("a"), t("a INTEGER")},
      {"type with default", t("a INTEGER DEFAULT 1"), t("a BIGINT DEFAULT 1")},
      {"type and name of others", t("a INTEGER, b INTEGER"), t("a TEXT, c INTEGER")},
      {"case of names", t("a INTEGER, \"B c\" TEXT"), t("a INTEGER")},
  };
}

std::vector<LoopCase> generated_cases() {
  return {
      {"generated added", t("a INTEGER"), t("a INTEGER, b INTEGER AS (a + 1)")},
      {"generated stored added", t("a INTEGER"),
       t("a INTEGER, b INTEGER GENERATED ALWAYS AS (a + 1) STORED")},
      {"generated expression", t("a INTEGER, b INTEGER AS (a + 1) STORED"),
       t("a INTEGER, b INTEGER AS (a + 2) STORED")},
      {"generated storage", t("a INTEGER, b INTEGER AS (a + 1) STORED"),
       t("a INTEGER, b INTEGER AS (a + 1) VIRTUAL")},
      {"generated becomes plain", t("a INTEGER, b INTEGER AS (a + 1) STORED"),
       t("a INTEGER, b INTEGER")},
      {"generated over dropped", t("a INTEGER, b INTEGER AS (a + 1) STORED, c TEXT"), t("c TEXT")},
      {"generated over retyped", t("a INTEGER, b INTEGER AS (a + 1) STORED"),
       t("a BIGINT, b INTEGER AS (a + 1) STORED")},
      {"generated over other column", t("a INTEGER, b INTEGER AS (a + 1), c INTEGER"),
       t("b INTEGER AS (c + 1), c INTEGER")},
      {"generated type", t("a INTEGER, b INTEGER AS (a + 1)"), t("a INTEGER, b TEXT AS (a + 1)")},
      {"generated with index", t("a INTEGER, b INTEGER AS (a + 1)") + "; CREATE INDEX i ON t (b)",
       t("a INTEGER, b INTEGER AS (a + 2)") + "; CREATE INDEX i ON t (b)"},
      {"generated not null", t("a INTEGER, b INTEGER AS (coalesce(a, 1))"),
       t("a INTEGER, b INTEGER NOT NULL AS (coalesce(a, 1))")},
      {"generated on generated", t("a INTEGER, b INTEGER AS (a + 1), c INTEGER AS (b + 1)"),
       t("a INTEGER, b INTEGER AS (a + 2), c INTEGER AS (b + 1)")},
      {"generated both added", t("a INTEGER"),
       t("a INTEGER, c INTEGER AS (b + 1), b INTEGER AS (a + 1)")},
  };
}

std::vector<LoopCase> enum_cases() {
  const auto mood = [](const std::string& values, const std::string& more = "") {
    return "mood VARCHAR(4) CONSTRAINT mood CHECK (mood IN (" + values + "))" + more;
  };
  return {
      {"enum added", t(""), t(mood("'sad', 'fine'"))},
      {"enum value added", t(mood("'sad', 'fine'")), t(mood("'sad', 'ok', 'fine'"))},
      {"enum value added at end", t(mood("'sad', 'fine'")), t(mood("'sad', 'fine', 'ok'"))},
      {"enum value removed", t(mood("'sad', 'fine'")), t(mood("'sad', 'good'"))},
      {"enum values in other order", t(mood("'sad', 'fine'")), t(mood("'fine', 'sad'"))},
      {"enum from text", t("mood TEXT"), t(mood("'v1', 'v2', 'fine'"))},
      {"enum longer", t(mood("'sad', 'fine'")),
       t("mood VARCHAR(6) CONSTRAINT mood CHECK (mood IN ('sad', 'fine', 'superb'))")},
      {"enum renamed", t(mood("'sad', 'fine'")),
       t("mood VARCHAR(4) CONSTRAINT feeling CHECK (mood IN ('sad', 'fine'))")},
      {"enum in two tables",
       t(mood("'sad', 'fine'")) + "; CREATE TABLE u (" + mood("'sad', 'fine'", " DEFAULT 'sad'") +
           ")",
       t(mood("'sad', 'fine', 'ok'")) + "; CREATE TABLE u (" +
           mood("'sad', 'fine', 'ok'", " DEFAULT 'ok'") + ")"},
      {"enum in one of two tables",
       t(mood("'sad', 'fine'")) + "; CREATE TABLE u (" + mood("'sad', 'fine'") + ")",
       t(mood("'sad', 'fine', 'ok'")) + "; CREATE TABLE u (" + mood("'sad', 'fine'") + ")"},
      {"enum and column", t(mood("'sad', 'fine'")), t(mood("'sad', 'fine', 'ok'", ", a INTEGER"))},
      {"enum used once more", t(mood("'sad', 'fine'")),
       t(mood("'sad', 'fine', 'ok'")) + "; CREATE TABLE u (" + mood("'sad', 'fine', 'ok'") + ")"},
      {"enum dropped where it changes", t(mood("'sad', 'fine'")),
       t("") + "; CREATE TABLE u (" + mood("'sad', 'fine', 'ok'") + ")"},
  };
}

}  // namespace

std::vector<LoopCase> column_cases() {
  std::vector<LoopCase> all = type_cases();
  for (const auto& cases : {definition_cases(), generated_cases(), enum_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace capo::test
