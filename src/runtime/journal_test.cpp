#include "runtime/journal.hpp"

#include <gtest/gtest.h>

namespace capo::runtime {
namespace {

using revision::Direction;

Journal journal(std::string_view dialect = "postgresql", Options options = {.origin = "db1"}) {
  return {*dialect::find_dialect(dialect), options};
}

// 2026-11-22 06:21:00.123 UTC
constexpr Moment kStart{std::chrono::milliseconds(1795328460123)};
constexpr Moment kEnd{std::chrono::milliseconds(1795328461000)};

TEST(Journal, TableOfEachDatabase) {
  EXPECT_EQ(journal().create(),
            "CREATE TABLE IF NOT EXISTS capo_journal (\n"
            "    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
            "    version_table text NOT NULL,\n"
            "    revision text NOT NULL,\n"
            "    direction text NOT NULL,\n"
            "    statement integer,\n"
            "    statements integer,\n"
            "    checksum text,\n"
            "    who text,\n"
            "    origin text,\n"
            "    tool text NOT NULL,\n"
            "    started timestamp with time zone NOT NULL,\n"
            "    finished timestamp with time zone,\n"
            "    outcome text NOT NULL,\n"
            "    error text\n"
            ")");
  const std::string sqlite = journal("sqlite", {.version_table_schema = "aux"}).create();
  EXPECT_NE(sqlite.find("EXISTS aux.capo_journal (\n    id INTEGER PRIMARY KEY"), std::string::npos)
      << sqlite;
}

TEST(Journal, RowsOfAScriptHaveTheDatabasesTime) {
  const JournalEntry entries[] = {
      {.revision = "a", .statements = 2, .checksum = "abc"},
      {.revision = "b's", .direction = Direction::kDowngrade, .statements = 0}};
  EXPECT_EQ(journal().insert(entries),
            "INSERT INTO capo_journal (version_table, revision, direction, statement, statements,"
            " checksum, who, origin, tool, started, finished, outcome, error) VALUES\n"
            "    ('alembic_version', 'a', 'upgrade', NULL, 2, 'abc', current_user, 'db1', "
            "'capo " CAPO_VERSION
            "', clock_timestamp(), clock_timestamp(), 'done', NULL),\n"
            "    ('alembic_version', 'b''s', 'downgrade', NULL, 0, NULL, current_user, 'db1', "
            "'capo " CAPO_VERSION "', clock_timestamp(), clock_timestamp(), 'done', NULL)");
}

TEST(Journal, RowsOfARunHaveItsOwn) {
  const JournalEntry entry = {.revision = "a",
                              .statement = 3,
                              .checksum = "abc",
                              .outcome = Outcome::kFailed,
                              .times = Times{kStart, kEnd},
                              .error = "no such table: x"};
  EXPECT_EQ(journal("sqlite", {}).insert(std::span(&entry, 1)),
            "INSERT INTO capo_journal (version_table, revision, direction, statement, statements,"
            " checksum, who, origin, tool, started, finished, outcome, error) VALUES\n"
            "    ('alembic_version', 'a', 'upgrade', 3, NULL, 'abc', '', NULL, "
            "'capo " CAPO_VERSION
            "', '2026-11-22 06:21:00.123+00:00', '2026-11-22 06:21:01.000+00:00', 'failed', 'no "
            "such table: x')");
}

TEST(Journal, WhatIsOpenHasNoEnd) {
  const JournalEntry entry = {
      .revision = "a", .outcome = Outcome::kStarted, .times = Times{kStart, kEnd}};
  const std::string sql = journal().insert(std::span(&entry, 1));
  EXPECT_NE(sql.find("'2026-11-22 06:21:00.123+00:00', NULL, 'started', NULL)"), std::string::npos)
      << sql;
}

TEST(Journal, LongErrorsAreCutBetweenCharacters) {
  JournalEntry entry = {.revision = "a", .outcome = Outcome::kFailed};
  entry.error = std::string(1999, 'x') + "\u00e9\u00e9";
  const std::string sql = journal().insert(std::span(&entry, 1));
  EXPECT_NE(sql.find(std::string(1999, 'x') + "')"), std::string::npos);
}

TEST(Journal, EndsOfWhatIsOpen) {
  EXPECT_EQ(
      journal("sqlite").finish({.revision = "a", .checksum = "abc", .times = Times{kStart, kEnd}}),
      "UPDATE capo_journal SET finished = '2026-11-22 06:21:01.000+00:00', outcome = 'done', "
      "error = NULL, checksum = 'abc' WHERE version_table = 'alembic_version' AND revision = 'a' "
      "AND direction "
      "= 'upgrade' AND statement IS NULL AND outcome = 'started'");
  EXPECT_EQ(journal().finish({.revision = "a",
                              .direction = Direction::kDowngrade,
                              .statement = 2,
                              .checksum = "abc",
                              .outcome = Outcome::kFailed,
                              .error = "why"}),
            "UPDATE capo_journal SET finished = clock_timestamp(), outcome = 'failed', "
            "error = 'why' WHERE version_table = 'alembic_version' AND revision "
            "= 'a' AND "
            "direction = 'downgrade' AND statement = 2 AND outcome = 'started'");
  EXPECT_EQ(journal().note_error("a", Direction::kUpgrade, "why"),
            "UPDATE capo_journal SET error = 'why' WHERE version_table = 'alembic_version' AND "
            "revision = 'a' AND direction = 'upgrade' AND statement IS NULL AND outcome = "
            "'started'");
  EXPECT_EQ(journal().abandon("a", Direction::kUpgrade),
            "UPDATE capo_journal SET outcome = 'abandoned', finished = clock_timestamp() WHERE "
            "version_table = 'alembic_version' AND revision = 'a' AND direction = 'upgrade' AND "
            "outcome = 'started'");
}

TEST(Journal, IsReadBack) {
  const OpenRevision open = Journal::open_revision(
      {"9007199254740993", "b", "downgrade", "5", "2026-11-22 06:21:00", std::nullopt});
  EXPECT_EQ(open.id, 9007199254740993);
  EXPECT_EQ(open.half_done.revision, "b");
  EXPECT_EQ(open.half_done.direction, Direction::kDowngrade);
  EXPECT_EQ(open.half_done.statements, 5);
  EXPECT_EQ(open.half_done.started_at, "2026-11-22 06:21:00");
  EXPECT_EQ(open.half_done.error, "");
  EXPECT_EQ(journal().select_statements(open),
            "SELECT statement, checksum, outcome FROM capo_journal WHERE version_table = "
            "'alembic_version' AND revision = 'b' AND direction = 'downgrade' AND statement IS NOT "
            "NULL AND id > 9007199254740993 ORDER BY id");
}

}  // namespace
}  // namespace capo::runtime
