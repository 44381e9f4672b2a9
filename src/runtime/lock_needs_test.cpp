#include "runtime/lock_needs.hpp"

#include <gtest/gtest.h>

namespace capo::runtime {
namespace {

using dialect::LockNeed;

/// "items ACCESS EXCLUSIVE, users SHARE".
std::string to_text(const std::vector<LockNeed>& needs) {
  std::string text;
  for (const LockNeed& need : needs) {
    if (!text.empty()) text += ", ";
    text += need.schema + (need.schema.empty() ? "" : ".") + need.relation + " " + need.mode;
    if (need.without_key) text += " without '" + *need.without_key + "'";
  }
  return text;
}

const dialect::Dialect& postgresql() { return *dialect::find_dialect("postgresql"); }

/// `~` in front of a statement: outside a transaction.
Work work(const std::vector<std::string>& statements) {
  auto body = std::make_shared<Body>();
  for (const std::string& sql : statements) {
    dialect::Statement statement;
    statement.transactional = !sql.starts_with('~');
    statement.sql = sql.substr(statement.transactional ? 0 : 1);
    body->statements.push_back(std::move(statement));
  }
  Work work;
  work.body = std::move(body);
  return work;
}

/// What each statement of a run of one revision needs, a line each.
std::string needs_of(const std::vector<std::string>& statements) {
  const std::vector<Work> works = {work(statements)};
  LockNeeds needs(postgresql(), works, true);
  std::string text;
  for (int number = 1; number <= works[0].count(); ++number) {
    text += to_text(needs.of({0, number})) + "\n";
  }
  return text;
}

TEST(LockNeedsTest, OfStatements) {
  EXPECT_EQ(needs_of({"ALTER TABLE items ADD COLUMN x integer"}), "items ACCESS EXCLUSIVE\n");
  EXPECT_EQ(needs_of({"CREATE INDEX i ON shop.items (x)"}), "shop.items SHARE\n");
  EXPECT_EQ(needs_of({"ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b"}),
            "a SHARE ROW EXCLUSIVE, b SHARE ROW EXCLUSIVE\n");
  EXPECT_EQ(needs_of({"DROP TABLE items"}), "items ACCESS EXCLUSIVE without ''\n");
  EXPECT_EQ(needs_of({"ALTER TABLE items DROP CONSTRAINT k"}),
            "items ACCESS EXCLUSIVE without 'k'\n");
  EXPECT_EQ(needs_of({"DROP INDEX i"}), "i ACCESS EXCLUSIVE\n");
  EXPECT_EQ(needs_of({"CREATE OR REPLACE VIEW v AS SELECT 1"}), "v ACCESS EXCLUSIVE\n");
  EXPECT_EQ(needs_of({"CREATE TABLE t (x integer REFERENCES items)"}),
            "items SHARE ROW EXCLUSIVE\n");
  // Which schema is in front of the others is not known.
  EXPECT_EQ(needs_of({"TRUNCATE public.items"}), "public.items ACCESS EXCLUSIVE\n");
}

// They may wait as long as they like: nobody waits behind them.
TEST(LockNeedsTest, NoneOfWeakStatements) {
  EXPECT_EQ(needs_of({"~CREATE INDEX CONCURRENTLY i ON items (x)",
                      "ALTER TABLE items VALIDATE CONSTRAINT k", "UPDATE items SET x = 1",
                      "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                      "COMMENT ON TABLE items IS 'x'", "no SQL at all"}),
            "\n\n\n\n\n\n");
}

TEST(LockNeedsTest, WhatTheRunMakesIsNobodys) {
  EXPECT_EQ(needs_of({"CREATE TABLE t (x integer)", "CREATE INDEX i ON t (x)",
                      "ALTER TABLE t ADD COLUMN y integer", "ALTER TABLE t RENAME TO u",
                      "ALTER TABLE u DROP COLUMN y", "DROP INDEX i", "DROP TABLE u"}),
            "\n\n\n\n\n\n\n");
  EXPECT_EQ(needs_of({"CREATE TABLE IF NOT EXISTS t (x integer)", "CREATE INDEX i ON t (x)"}),
            "\nt SHARE\n");
  EXPECT_EQ(needs_of({"CREATE OR REPLACE VIEW v AS SELECT 1", "DROP VIEW v"}),
            "v ACCESS EXCLUSIVE\nv ACCESS EXCLUSIVE\n");
}

// So capo itself writes IF NOT EXISTS where the database has none.
TEST(LockNeedsTest, InDoBlocks) {
  EXPECT_EQ(
      needs_of({"DO $capo$\nBEGIN\n  IF NOT EXISTS (SELECT 1) THEN\n    ALTER TABLE items ADD "
                "CONSTRAINT k CHECK (x > 0);\n  END IF;\nEND\n$capo$",
                "DO $$ BEGIN PERFORM 1; DROP TABLE a; UPDATE b SET x = 1; END $$",
                "DO LANGUAGE plpgsql $$ BEGIN EXECUTE 'DROP TABLE a'; END $$", "DO ''"}),
      "items ACCESS EXCLUSIVE\na ACCESS EXCLUSIVE without ''\n\n\n");
}

TEST(LockNeedsTest, WhoSaysHowLongToWaitIsLeftAlone) {
  EXPECT_EQ(needs_of({"SET LOCAL lock_timeout = '3s'", "DROP TABLE a"}), "\n\n");
  EXPECT_EQ(needs_of({"DROP TABLE a", "SELECT set_config('LOCK_TIMEOUT', '1', true)"}), "\n\n");
  EXPECT_EQ(needs_of({"LOCK TABLE a IN EXCLUSIVE MODE NOWAIT", "DROP TABLE a"}),
            "\na ACCESS EXCLUSIVE without ''\n");
}

TEST(LockNeedsTest, OfTransactions) {
  const std::vector<Work> works = {
      work({"DROP TABLE a", "UPDATE z SET x = 1", "DROP INDEX b"}), work({"DROP INDEX b"}),
      work({"DROP INDEX c", "~DROP INDEX d", "DROP INDEX e", "DROP INDEX f"}),
      work({"DROP INDEX g"})};
  LockNeeds one(postgresql(), works, true);
  EXPECT_EQ(to_text(one.of_transaction({0, 1})),
            "a ACCESS EXCLUSIVE without '', b ACCESS EXCLUSIVE");
  EXPECT_EQ(to_text(one.of_transaction({2, 1})), "c ACCESS EXCLUSIVE");
  EXPECT_EQ(to_text(one.of_transaction({2, 2})), "d ACCESS EXCLUSIVE");
  EXPECT_EQ(to_text(one.of_transaction({2, 3})), "e ACCESS EXCLUSIVE, f ACCESS EXCLUSIVE");
  LockNeeds each(postgresql(), works, false);
  EXPECT_EQ(to_text(each.of_transaction({0, 2})), "b ACCESS EXCLUSIVE");
  EXPECT_EQ(to_text(each.of_transaction({3, 1})), "g ACCESS EXCLUSIVE");
}

// What has run is there and in use, and is not asked for again.
TEST(LockNeedsTest, OfAStepThatIsCarriedOn) {
  std::vector<Work> works = {work({"CREATE TABLE t (x integer)", "DROP TABLE a", "DROP TABLE t"})};
  works[0].resume = Resume{.done = {true, true, false}};
  LockNeeds needs(postgresql(), works, true);
  EXPECT_EQ(to_text(needs.of_transaction({0, 1})), "t ACCESS EXCLUSIVE without ''");
}

// A long run is looked at while it is sent; a second look knows all.
TEST(LockNeedsTest, ALookAheadGoesSoFarAndNotFurther) {
  std::vector<Work> works;
  for (int i = 0; i < 150; ++i) works.push_back(work({"DROP INDEX i" + std::to_string(i)}));
  LockNeeds needs(postgresql(), works, true);
  EXPECT_EQ(needs.of_transaction({0, 1}).size(), 100U);
  EXPECT_EQ(to_text(needs.of({149, 1})), "i149 ACCESS EXCLUSIVE");
  EXPECT_EQ(needs.of_transaction({0, 1}).size(), 150U);
}

TEST(LockNeedsTest, NoneWhereADatabaseHasOneLock) {
  const std::vector<Work> works = {work({"DROP TABLE a"})};
  LockNeeds needs(*dialect::find_dialect("sqlite"), works, false);
  EXPECT_TRUE(needs.of({0, 1}).empty());
  EXPECT_TRUE(needs.of_transaction({0, 1}).empty());
}

}  // namespace
}  // namespace capo::runtime
