#include "runtime/hints.hpp"

#include <gtest/gtest.h>

namespace capo::runtime {
namespace {

TEST(Hints, OfEachTrouble) {
  struct Case {
    const char* sqlstate;
    const char* message;
    const char* expected;
  };
  constexpr const char* kExists =
      "if the database already has what 007 makes, `capo stamp 007` records it as applied without "
      "running it; or make the statement tolerant with IF NOT EXISTS";
  constexpr const char* kColumnExists =
      "if the database already has what 007 makes, `capo stamp 007` records it as applied without "
      "running it";
  constexpr const char* kData =
      "the data that is there does not fit; correct it, in this revision or before it, and run the "
      "same command again";
  constexpr const char* kFull = "make room on the database's disk and run the same command again";
  const Case cases[] = {
      {"42P07", "relation \"t\" already exists", kExists},
      {"42701", "column \"c\" of relation \"t\" already exists", kExists},
      {"42710", "trigger \"x\" for relation \"t\" already exists", kColumnExists},
      {"", "table t already exists", kExists},
      {"", "index i already exists", kExists},
      {"", "duplicate column name: c", kColumnExists},
      {"42P01", "relation \"t\" does not exist",
       "is it made by a revision that 007 does not come after (Revises, Depends On), or in a "
       "schema that is not on the search path?"},
      {"42501", "permission denied for schema public",
       "the database's user may not do this: GRANT it the right, or connect as the owner"},
      {"42501", "permission denied to create role",
       "let an administrator of the server make the role (the statement says how), then run the "
       "same command again"},
      {"42501", "must be superuser to create bypassrls users",
       "let an administrator of the server make the role (the statement says how), then run the "
       "same command again"},
      {"55P03", "canceling statement due to lock timeout",
       "another transaction holds a lock that this statement needs; run the same command again "
       "when it has ended, or wait longer with lock_timeout"},
      {"40P01", "deadlock detected",
       "run the same command again, when the application is less busy"},
      {"53100", "could not extend file", kFull},
      {"", "database or disk is full", ""},
      // What the connection says to these is better than any rule.
      {"57014", "canceling statement due to statement timeout", ""},
      {"42501", "query would be affected by row-level security policy for table \"t\"", ""},
      {"23505", "could not create unique index", kData},
      {"", "UNIQUE constraint failed: t.x", kData},
      {"", "CHECK constraint failed: the table t has other columns than when this was planned",
       "another program has changed the table meanwhile: run the same command again"},
      {"42704", "type \"mood\" does not exist",
       "an enum is a type of its own on PostgreSQL: op.create_enum() makes it, before what uses "
       "it; other types come with an extension or a schema"},
      {"42704", "role \"x\" does not exist", ""},
      {"25001", "VACUUM cannot run inside a transaction block",
       "for that each statement must commit by itself: transaction=off behind the marker of the "
       "section, as in -- capo:upgrade transaction=off; in C++ .transactional = false in "
       "CAPO_REVISION"},
      {"42601", "syntax error", ""},
      {"42601", "syntax error at or near \"TRIGGER\"",
       "PostgreSQL has CREATE OR REPLACE TRIGGER from 14 on: before, drop the trigger and create "
       "it"},
      {"42601", "syntax error at or near \"NULLS\"",
       "PostgreSQL has NULLS NOT DISTINCT, and security_invoker of views, from 15 on"},
      {"22023", "unrecognized parameter \"security_invoker\"",
       "PostgreSQL has NULLS NOT DISTINCT, and security_invoker of views, from 15 on"},
      {"42601", "syntax error at or near \"VIRTUAL\"",
       "PostgreSQL has generated columns that are not stored from 18 on: before, .stored = "
       "true"},
      {"", "near \"x\": syntax error", ""},
      // Words alone do not count where there is a SQLSTATE.
      {"P0001", "an invoice already exists", ""},
  };
  for (const Case& test : cases) {
    const Error error = Error(ErrorCode::kDatabase, test.message).sqlstate(test.sqlstate);
    EXPECT_EQ(hint_for(error, "007"), test.expected) << test.sqlstate << " " << test.message;
  }
}

}  // namespace
}  // namespace capo::runtime
