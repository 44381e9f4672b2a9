#include "runtime/hints.hpp"

#include <array>

#include "base/text.hpp"

namespace capo::runtime {

namespace {

struct Rule {
  std::string_view sqlstate = {};  ///< empty: by the message alone, where there is none (SQLite)
  std::string_view words = {};     ///< part of the message; empty: any
  std::string_view hint = {};      ///< `$` stands for the revision
};

constexpr std::string_view kExists =
    "if the database already has what $ makes, `capo stamp $` records it as applied without "
    "running it; or make the statement tolerant with IF NOT EXISTS";
constexpr std::string_view kColumnExists =
    "if the database already has what $ makes, `capo stamp $` records it as applied without "
    "running it";
constexpr std::string_view kMissing =
    "is it made by a revision that $ does not come after (Revises, Depends On), or in a schema "
    "that is not on the search path?";
constexpr std::string_view kLockTimeout =
    "another transaction holds a lock that this statement needs; run the same command again when "
    "it has ended, or wait longer with lock_timeout";
constexpr std::string_view kDiskFull =
    "make room on the database's disk and run the same command again";
constexpr std::string_view kData =
    "the data that is there does not fit; correct it, in this revision or before it, and run the "
    "same command again";

constexpr std::string_view kNoRoles =
    "let an administrator of the server make the role (the statement says how), then run the same "
    "command again";
constexpr std::string_view kOutside =
    "for that each statement must commit by itself: transaction=off behind the marker of the "
    "section, as in -- capo:upgrade transaction=off; in C++ .transactional = false in "
    "CAPO_REVISION";

// What capo writes and an older server has not.
constexpr std::string_view kSince14 =
    "PostgreSQL has CREATE OR REPLACE TRIGGER from 14 on: before, drop the trigger and create it";
constexpr std::string_view kSince15 =
    "PostgreSQL has NULLS NOT DISTINCT, and security_invoker of views, from 15 on";
constexpr std::string_view kSince18 =
    "PostgreSQL has generated columns that are not stored from 18 on: before, .stored = true";

constexpr std::array kRules = {
    Rule{.sqlstate = "42601", .words = "at or near \"TRIGGER\"", .hint = kSince14},
    Rule{.sqlstate = "42601", .words = "at or near \"NULLS\"", .hint = kSince15},
    Rule{.sqlstate = "22023", .words = "\"security_invoker\"", .hint = kSince15},
    Rule{.sqlstate = "42601", .words = "at or near \"VIRTUAL\"", .hint = kSince18},
    Rule{.sqlstate = "42P07", .hint = kExists},        // duplicate_table, also of indexes and views
    Rule{.sqlstate = "42P06", .hint = kExists},        // duplicate_schema
    Rule{.sqlstate = "42701", .hint = kExists},        // duplicate_column
    Rule{.sqlstate = "42710", .hint = kColumnExists},  // duplicate_object: constraint, trigger, …
    Rule{.sqlstate = "42723", .hint = kColumnExists},  // duplicate_function
    Rule{.words = "already exists", .hint = kExists},
    Rule{.words = "duplicate column name", .hint = kColumnExists},
    Rule{.sqlstate = "42P01", .hint = kMissing},
    Rule{.words = "no such table", .hint = kMissing},
    Rule{.sqlstate = "42501", .words = "to create role", .hint = kNoRoles},
    Rule{.sqlstate = "42501", .words = "to create superusers", .hint = kNoRoles},
    Rule{.sqlstate = "42501", .words = "to create bypassrls", .hint = kNoRoles},
    Rule{
        .sqlstate = "42501",
        .hint = "the database's user may not do this: GRANT it the right, or connect as the owner"},
    Rule{.sqlstate = "55P03", .hint = kLockTimeout},
    Rule{.sqlstate = "40P01",
         .hint = "run the same command again, when the application is less busy"},
    Rule{.sqlstate = "40001", .hint = "run the same command again"},
    Rule{.sqlstate = "53100", .hint = kDiskFull},
    Rule{.sqlstate = "25006",
         .hint = "this is a standby, or the connection is read-only: connect to the primary"},
    Rule{.sqlstate = "25001", .hint = kOutside},
    Rule{.sqlstate = "23502", .hint = kData},  // not_null_violation
    Rule{.sqlstate = "23503", .hint = kData},  // foreign_key_violation
    Rule{.sqlstate = "23505", .hint = kData},  // unique_violation
    Rule{.sqlstate = "23514", .hint = kData},  // check_violation
    // What a table that is made anew on SQLite is checked for, before anything happens to it.
    Rule{.words = "than when this was planned",
         .hint = "another program has changed the table meanwhile: run the same command again"},
    Rule{.words = "constraint failed", .hint = kData},
    Rule{.sqlstate = "42704",  // undefined_object
         .words = "type \"",
         .hint = "an enum is a type of its own on PostgreSQL: op.create_enum() makes it, before "
                 "what uses it; other types come with an extension or a schema"},
};

bool matches(const Rule& rule, const Error& error) {
  return rule.sqlstate == error.sqlstate() && error.message().find(rule.words) != std::string::npos;
}

}  // namespace

std::string hint_for(const Error& error, std::string_view revision) {
  // No right that one could be granted is missing then.
  if (error.sqlstate() == "42501" &&
      error.message().find("row-level security") != std::string::npos) {
    return {};
  }
  for (const Rule& rule : kRules) {
    if (matches(rule, error)) return base::replace_all(rule.hint, "$", revision);
  }
  return {};
}

}  // namespace capo::runtime
