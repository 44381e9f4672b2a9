#include "dialect/sqlite/options.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "capo/error.hpp"
#include "support/scratch.hpp"

namespace capo::dialect::sqlite {
namespace {

using std::chrono::milliseconds;
using Parameters = std::vector<std::pair<std::string, std::string>>;

ConnectOptions with(Parameters parameters) {
  ConnectOptions options;
  options.database = "/data/app.db";
  options.parameters = std::move(parameters);
  return options;
}

TEST(SqliteOptions, Defaults) {
  EXPECT_EQ(open_options(with({})), (OpenOptions{.path = "/data/app.db",
                                                 .mode = OpenMode::kCreate,
                                                 .busy_timeout = milliseconds(60000),
                                                 .foreign_keys = {}}));
  EXPECT_EQ(open_options({}).path, ":memory:");
  EXPECT_TRUE(is_in_memory({}));
  EXPECT_FALSE(is_in_memory(with({})));
}

TEST(SqliteOptions, Parameters) {
  EXPECT_EQ(open_options(with({{"mode", "ro"}})).mode, OpenMode::kReadOnly);
  EXPECT_EQ(open_options(with({{"mode", "rw"}})).mode, OpenMode::kReadWrite);
  EXPECT_EQ(open_options(with({{"mode", "rwc"}})).mode, OpenMode::kCreate);
  EXPECT_EQ(open_options(with({{"timeout", "0.25"}})).busy_timeout, milliseconds(250));
  EXPECT_EQ(open_options(with({{"timeout", "0"}})).busy_timeout, milliseconds(0));
  EXPECT_EQ(open_options(with({{"timeout", "1"}, {"timeout", "2"}})).busy_timeout,
            milliseconds(2000));
  EXPECT_EQ(open_options(with({{"foreign_keys", "ON"}})).foreign_keys, true);
  EXPECT_EQ(open_options(with({{"foreign_keys", "0"}})).foreign_keys, false);
  EXPECT_EQ(open_options(with({{"check_same_thread", "false"}})), open_options(with({})));
}

TEST(SqliteOptions, WhatTheCallerWantsGoesBeforeTheUrl) {
  ConnectOptions options = with({{"timeout", "5"}, {"mode", "rwc"}});
  options.lock_timeout = milliseconds(70);
  options.must_exist = true;
  EXPECT_EQ(open_options(options).busy_timeout, milliseconds(70));
  EXPECT_EQ(open_options(options).mode, OpenMode::kReadWrite);
  options.parameters = {{"mode", "ro"}};
  EXPECT_EQ(open_options(options).mode, OpenMode::kReadOnly);
}

TEST(SqliteOptions, RefusesWhatItDoesNotKnow) {
  struct Case {
    Parameters parameters;
    const char* message;
    const char* hint;
  };
  const Case cases[] = {
      {{{"mood", "ro"}},
       "unknown SQLite parameter \"mood\" in the URL",
       "known are mode, timeout and foreign_keys"},
      {{{"sslmode", "require"}},
       "unknown SQLite parameter \"sslmode\" in the URL",
       "known are mode, timeout and foreign_keys"},
      {{{"mode", "memory"}},
       "the SQLite parameter mode=memory means nothing",
       "write mode=ro, mode=rw or mode=rwc"},
      {{{"timeout", ""}},
       "the SQLite parameter timeout= means nothing",
       "write a number of seconds, at most 86400: timeout=5, timeout=0.5"},
      {{{"timeout", "-1"}},
       "the SQLite parameter timeout=-1 means nothing",
       "write a number of seconds, at most 86400: timeout=5, timeout=0.5"},
      {{{"timeout", "nan"}},
       "the SQLite parameter timeout=nan means nothing",
       "write a number of seconds, at most 86400: timeout=5, timeout=0.5"},
      {{{"timeout", "5s"}},
       "the SQLite parameter timeout=5s means nothing",
       "write a number of seconds, at most 86400: timeout=5, timeout=0.5"},
      {{{"foreign_keys", "maybe"}},
       "the SQLite parameter foreign_keys=maybe means nothing",
       "write foreign_keys=on or foreign_keys=off"},
  };
  for (const Case& test : cases) {
    try {
      open_options(with(test.parameters));
      ADD_FAILURE() << "no error for " << test.message;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kConnection) << test.message;
      EXPECT_EQ(error.message(), test.message);
      EXPECT_EQ(error.hint(), test.hint) << test.message;
    }
  }
}

TEST(SqliteOptions, MissingDatabaseIsOneThatConnectingWouldMake) {
  const test::Scratch scratch("sqlite-options");
  test::write_file(scratch.at("there.db"), "");
  ASSERT_EQ(::symlink("loop", scratch.at("loop").c_str()), 0);
  struct Case {
    std::string path;
    std::string mode;
    bool missing;
  };
  const Case cases[] = {
      {scratch.at("there.db"), "rwc", false},
      {scratch.at("new.db"), "rwc", true},
      {scratch.at("new.db"), "rw", false},
      {scratch.at("new.db"), "ro", false},
      {scratch.at("no/new.db"), "rwc", false},
      // There may be one: it cannot be seen.
      {scratch.at("there.db/new.db"), "rwc", false},
      {scratch.at("loop/new.db"), "rwc", false},
      {scratch.at("loop"), "rwc", false},
      {scratch.at(std::string(300, 'x')), "rwc", false},
      {":memory:", "rwc", false},
      {"", "rwc", false},
  };
  for (const Case& test : cases) {
    ConnectOptions options = with({{"mode", test.mode}});
    options.database = test.path;
    EXPECT_EQ(is_missing_database(options), test.missing) << test.path << " " << test.mode;
  }
}

}  // namespace
}  // namespace capo::dialect::sqlite
