#include "lint/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::lint {
namespace {

const dialect::Dialect& postgresql() { return *dialect::find_dialect("postgresql"); }

struct Case {
  std::string_view what;
  std::string_view history;   ///< what is there, and in use
  std::string_view revision;  ///< statements; those of one that runs outside a transaction end so
  std::string_view rules;     ///< what is found, by number, without notes on types
};

std::vector<dialect::Statement> statements_of(std::string_view script, bool transactional = true) {
  std::vector<dialect::Statement> statements;
  const SourcePosition origin{.file = "001_x.sql", .line = 1, .column = 1};
  dialect::Locator locator(script, origin);
  for (const dialect::Piece& piece : postgresql().splitter()(script, origin)) {
    dialect::Statement statement;
    statement.sql = script.substr(piece.begin, piece.end - piece.begin);
    statement.origin = locator.at(piece.begin);
    statement.transactional = transactional;
    statements.push_back(std::move(statement));
  }
  return statements;
}

Survey survey_of(std::string_view history) {
  Survey survey("postgresql");
  for (const dialect::Statement& statement : statements_of(history)) survey.know(statement);
  survey.begin_run();
  return survey;
}

std::string rules(const std::vector<Finding>& findings) {
  std::set<std::string> ids;
  for (const Finding& finding : findings) {
    if (finding.allowed.empty()) ids.emplace(finding.rule->id);
  }
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : " ") + id.substr(3);
  return text;
}

std::string found(std::string_view history, std::string_view revision, bool transactional = true) {
  Survey survey = survey_of(history);
  return rules(lint({.revision = "001",
                     .path = "001_x.sql",
                     .statements = statements_of(revision, transactional)},
                    survey, postgresql(), {.today = "2026-11-28"}));
}

constexpr std::string_view kTables =
    "CREATE TABLE users (id bigint PRIMARY KEY);"
    "CREATE TABLE items (id bigint PRIMARY KEY, user_id bigint, title text, short varchar(20));";

// What capo guards is looked at like any other statement.
TEST(Lint, RulesLookIntoGuards) {
  EXPECT_EQ(
      found(kTables,
            "DO $capo$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE "
            "conname = 'order') THEN ALTER TABLE items ADD CONSTRAINT \"order\" CHECK (id > 0) "
            "NOT VALID; END IF; END $capo$"),
      "408");
}

// The rules of squawk by their public names, each with its own kind of statement, and what capo
// says to it (docs/lint.md argues where it says something else).
constexpr auto kSquawk = std::to_array<Case>({
    {"adding-field-with-default, volatile", kTables,
     "ALTER TABLE items ADD COLUMN at timestamptz DEFAULT clock_timestamp()", "101"},
    {"adding-field-with-default, constant", kTables,
     "ALTER TABLE items ADD COLUMN n bigint DEFAULT 0", ""},
    {"adding-foreign-key-constraint", kTables,
     "ALTER TABLE items ADD CONSTRAINT k FOREIGN KEY (user_id) REFERENCES users", "104"},
    {"adding-not-nullable-field", kTables, "ALTER TABLE items ALTER COLUMN title SET NOT NULL",
     "105"},
    {"adding-required-field", kTables, "ALTER TABLE items ADD COLUMN n bigint NOT NULL", "305"},
    {"adding-serial-primary-key-field", "CREATE TABLE plain (title text);",
     "ALTER TABLE plain ADD COLUMN id bigserial PRIMARY KEY", "101 106 404"},
    {"ban-alter-domain-with-add-constraint",
     "CREATE DOMAIN d AS text; CREATE TABLE items (title d);",
     "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> '')", "114"},
    {"ban-char-field", kTables, "ALTER TABLE items ADD COLUMN c char(3)", "402"},
    {"ban-concurrent-index-creation-in-transaction", kTables,
     "CREATE INDEX CONCURRENTLY i ON items (title)", "206"},
    {"ban-drop-column", kTables, "ALTER TABLE items DROP COLUMN title", "301 304"},
    {"ban-drop-not-null", kTables, "ALTER TABLE items ALTER COLUMN id DROP NOT NULL", "306"},
    {"ban-drop-table", kTables, "DROP TABLE items", "301 304"},
    {"ban-drop-index", "CREATE TABLE items (title text); CREATE INDEX i ON items (title);",
     "DROP INDEX i", "109"},
    {"ban-drop-constraint, of a foreign key",
     "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE items (user_id bigint CONSTRAINT k "
     "REFERENCES users);",
     "ALTER TABLE items DROP CONSTRAINT k", "111"},
    {"ban-truncate-cascade", kTables, "TRUNCATE users CASCADE", "301 302"},
    {"ban-uncommitted-transaction", kTables, "BEGIN", "207"},
    {"changing-column-type", kTables, "ALTER TABLE items ALTER COLUMN user_id TYPE text", "102"},
    {"constraint-missing-not-valid", kTables, "ALTER TABLE items ADD CHECK (title <> '')", "103"},
    {"disallowed-unique-constraint", kTables, "ALTER TABLE items ADD UNIQUE (title)", "106"},
    {"identifier-too-long", kTables,
     "CREATE TABLE a_name_that_is_longer_than_the_sixty_three_bytes_that_are_kept_of_it (id "
     "bigint)",
     "407"},
    {"prefer-bigint-over-int", "", "CREATE TABLE made (id integer PRIMARY KEY)", "401"},
    {"prefer-bigint-over-smallint", "", "CREATE TABLE made (id smallint PRIMARY KEY)", "401"},
    {"prefer-identity", "", "CREATE TABLE made (id bigserial)", "404"},
    {"prefer-robust-stmts, in a transaction", "", "CREATE TABLE made (id bigint)", ""},
    {"prefer-text-field", "", "CREATE TABLE made (title varchar(20))", "405"},
    {"prefer-timestamptz", "", "CREATE TABLE made (at timestamp)", "403"},
    {"renaming-column", kTables, "ALTER TABLE items RENAME COLUMN title TO name", "303"},
    {"renaming-table", kTables, "ALTER TABLE items RENAME TO things", "303"},
    {"ban-set-schema", "CREATE SCHEMA s; CREATE TABLE items (id bigint);",
     "ALTER TABLE items SET SCHEMA s", "303"},
    {"require-concurrent-index-creation", kTables, "CREATE INDEX i ON items (title)", "108"},
    {"require-concurrent-partition-detach",
     "CREATE TABLE p (k bigint) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES "
     "IN (1);",
     "ALTER TABLE p DETACH PARTITION p1", "112"},
    {"require-concurrent-reindex", kTables, "REINDEX TABLE items", "110"},
    {"transaction-nesting", kTables, "COMMIT", "207"},
});

// What one sees only who knows the revisions before.
constexpr auto kHistory = std::to_array<Case>({
    {"an index on a table of the same revision", "",
     "CREATE TABLE made (title text); CREATE INDEX i ON made (title)", ""},
    {"a foreign key of a table of the same revision", "CREATE TABLE users (id bigint PRIMARY KEY);",
     "CREATE TABLE made (user_id bigint); ALTER TABLE made ADD FOREIGN KEY (user_id) REFERENCES "
     "users",
     "104"},
    {"SET NOT NULL that an earlier revision has proved",
     "CREATE TABLE items (title text); ALTER TABLE items ADD CONSTRAINT c CHECK (title IS NOT "
     "NULL) "
     "NOT VALID; ALTER TABLE items VALIDATE CONSTRAINT c;",
     "ALTER TABLE items ALTER COLUMN title SET NOT NULL", ""},
    {"the same, not validated",
     "CREATE TABLE items (title text); ALTER TABLE items ADD CONSTRAINT c CHECK (title IS NOT "
     "NULL) "
     "NOT VALID;",
     "ALTER TABLE items ALTER COLUMN title SET NOT NULL", "105"},
    {"a varchar that gets wider", "CREATE TABLE items (title varchar(10));",
     "ALTER TABLE items ALTER COLUMN title TYPE varchar(20)", ""},
    {"the same in a check", "CREATE TABLE items (title varchar(10) CHECK (title <> ''));",
     "ALTER TABLE items ALTER COLUMN title TYPE varchar(20)", "102"},
    {"one that gets narrower", "CREATE TABLE items (title varchar(10));",
     "ALTER TABLE items ALTER COLUMN title TYPE varchar(5)", "102"},
    {"a default that calls a stable function of an earlier revision",
     "CREATE FUNCTION f() RETURNS text STABLE LANGUAGE sql AS 'SELECT ''x'''; CREATE TABLE items "
     "(id bigint);",
     "ALTER TABLE items ADD COLUMN a text DEFAULT f()", ""},
    {"a table that goes with its foreign key",
     "CREATE TABLE users (id bigint PRIMARY KEY); CREATE TABLE items (user_id bigint REFERENCES "
     "users);",
     "DROP TABLE items", "111 301 304"},
    {"one made and dropped in the same revision", "",
     "CREATE TABLE made (id bigint); DROP TABLE made", ""},
    {"rows written behind a lock", kTables,
     "ALTER TABLE items ADD COLUMN n bigint; UPDATE items SET n = 1", "201 204 205"},
    {"validated at once", kTables,
     "ALTER TABLE items ADD CONSTRAINT c CHECK (title <> '') NOT VALID; ALTER TABLE items VALIDATE "
     "CONSTRAINT c",
     "201 203"},
    {"what cannot be judged", kTables, "DO $$ BEGIN END $$", "190"},
    {"a reserved word", "", "CREATE TABLE \"order\" (id bigint)", "408"},
    {"json", "", "CREATE TABLE made (data json)", "406"},
});

class Cases : public testing::TestWithParam<Case> {};

TEST_P(Cases, Finds) {
  SCOPED_TRACE(GetParam().what);
  EXPECT_EQ(found(GetParam().history, GetParam().revision), GetParam().rules);
}

INSTANTIATE_TEST_SUITE_P(Squawk, Cases, testing::ValuesIn(kSquawk));
INSTANTIATE_TEST_SUITE_P(History, Cases, testing::ValuesIn(kHistory));

TEST(Lint, OutsideATransactionGuardsCount) {
  EXPECT_EQ(found(kTables, "CREATE INDEX CONCURRENTLY i ON items (title)", false), "208");
  EXPECT_EQ(found(kTables, "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON items (title)", false),
            "209");
  EXPECT_EQ(found("CREATE TABLE items (title text); CREATE INDEX i ON items (title);",
                  "DROP INDEX CONCURRENTLY IF EXISTS i", false),
            "");
  EXPECT_EQ(found(kTables,
                  "ALTER TABLE items ADD CONSTRAINT c CHECK (title <> '') NOT VALID; ALTER TABLE "
                  "items VALIDATE CONSTRAINT c",
                  false),
            "");
}

TEST(Lint, SmallTablesAreNoted) {
  Survey survey = survey_of(kTables);
  dialect::Facts facts{.version = 15};
  facts.sizes = {{"", "items", 200, 16384}};
  survey.know(facts);
  const std::vector<Finding> findings = lint(
      {.statements = statements_of("CREATE INDEX i ON items (title)")}, survey, postgresql(), {});
  ASSERT_EQ(rules(findings), "108");
  EXPECT_EQ(findings[0].severity, Severity::kNote);
}

TEST(Lint, AMissingDowngradeIsTheRevisions) {
  Survey survey = survey_of("");
  const std::vector<Finding> findings = lint({.revision = "001",
                                              .path = "001_x.sql",
                                              .has_downgrade = false,
                                              .statements = statements_of("CREATE SEQUENCE s")},
                                             survey, postgresql(), {});
  ASSERT_EQ(rules(findings), "501");
  EXPECT_EQ(to_string(findings[0].at), "001_x.sql");
}

std::vector<Finding> with_comments(std::string_view text, std::string_view today) {
  Survey survey = survey_of(kTables);
  return lint({.path = "001_x.sql",
               .statements = statements_of(text),
               .allowances = allowances(text, "001_x.sql")},
              survey, postgresql(), {.today = std::string(today)});
}

TEST(Lint, AFileMayAllow) {
  const std::string_view text =
      "-- capo:upgrade\n"
      "-- capo-lint: allow CAP108 until=2027-01-31 reason=\"a small table\"\n"
      "CREATE INDEX i ON items (title);\n"
      "CREATE INDEX k ON items (user_id);\n";
  const std::vector<Finding> findings = with_comments(text, "2027-01-31");
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].allowed, "a small table");
  EXPECT_EQ(findings[1].allowed, "");
  const std::vector<Finding> later = with_comments(text, "2027-02-01");
  EXPECT_EQ(later[0].allowed, "");
  EXPECT_NE(later[0].text.find("it was allowed until 2027-01-31"), std::string::npos);
}

TEST(Lint, AboveTheSectionsItIsForTheWholeFile) {
  const std::string_view text =
      "-- capo-lint: allow index-blocks-writes, CAP405 reason=\"nothing runs at night\"\n"
      "-- capo:upgrade\n"
      "CREATE INDEX i ON items (title);\n"
      "CREATE INDEX k ON items (user_id);\n";
  for (const Finding& finding : with_comments(text, "2026-11-28")) {
    EXPECT_EQ(finding.allowed, "nothing runs at night");
  }
}

TEST(Lint, WhatAllowsNothingIsRefused) {
  const auto refused = [](std::string_view line) -> std::string {
    try {
      allowances(line, "001_x.sql");
    } catch (const Error& error) {
      return error.message() + " at " + to_string(error.where());
    }
    return "taken";
  };
  const std::string begin = "a comment for lint is not understood: ";
  EXPECT_EQ(refused("-- capo-lint: allow CAP108"), begin + "it gives no reason at 001_x.sql:1:1");
  EXPECT_EQ(refused("\n// capo-lint: allow CAP999 reason=\"x\""),
            begin + "there is no rule \"CAP999\" at 001_x.sql:2:1");
  EXPECT_EQ(refused("-- capo-lint: allow reason=\"x\""),
            begin + "it does not say which rule at 001_x.sql:1:1");
  EXPECT_EQ(refused("-- capo-lint: allow CAP108 until=soon reason=\"x\""),
            begin + "\"soon\" is no day at 001_x.sql:1:1");
  for (const char* no_day :
       {"----------", "2027-02-29", "2027-00-10", "2027-1-100", "2027-01-010"}) {
    EXPECT_EQ(refused("-- capo-lint: allow CAP108 reason=x until=" + std::string(no_day)),
              begin + '"' + no_day + "\" is no day at 001_x.sql:1:1");
  }
  EXPECT_EQ(refused("-- capo-lint: allow CAP108 reason=x until=2028-02-29"), "taken");
  EXPECT_EQ(refused("-- capo-lint: allow CAP108 reason=\"x"),
            begin + "a quote is not closed at 001_x.sql:1:1");
  EXPECT_EQ(refused("-- capo-lint: forbid CAP108"),
            begin + "a capo-lint comment says \"allow\" at 001_x.sql:1:1");
  EXPECT_EQ(refused("-- of capo-lint: nothing"), "taken");
}

TEST(Rules, HaveNumbersAndNamesOfTheirOwn) {
  std::set<std::string_view> seen;
  for (const Rule* rule : all_rules()) {
    EXPECT_TRUE(seen.insert(rule->id).second) << rule->id;
    EXPECT_TRUE(seen.insert(rule->name).second) << rule->name;
    EXPECT_EQ(find_rule(rule->id), rule);
    EXPECT_EQ(find_rule(base::lower(rule->id)), rule);
    EXPECT_FALSE(rule->why.empty() || rule->instead.empty() || rule->summary.empty()) << rule->id;
  }
}

}  // namespace
}  // namespace capo::lint
