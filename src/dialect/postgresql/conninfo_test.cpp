#include "dialect/postgresql/conninfo.hpp"

#include <gtest/gtest.h>

#include "capo/error.hpp"

namespace capo::dialect::postgresql {
namespace {

using List = std::vector<std::pair<std::string, std::string>>;

const LibpqDefaults kDefaults = {
    {"service", "user", "password", "connect_timeout", "dbname", "host", "port", "client_encoding",
     "options", "application_name", "keepalives_idle", "sslmode"},
    false};

std::string dump(const List& keywords) {
  std::string text;
  for (const auto& [keyword, value] : keywords) text += keyword + "=" + value + " ";
  return text;
}

std::string keywords(const ConnectOptions& options, const LibpqDefaults& defaults = kDefaults) {
  return dump(connection_keywords(options, defaults));
}

const std::string kUsual =
    "client_encoding=UTF8 fallback_application_name=capo connect_timeout=10 keepalives_idle=60 "
    "keepalives_interval=10 keepalives_count=6 ";

ConnectOptions with(List parameters) {
  ConnectOptions options;
  options.parameters = std::move(parameters);
  return options;
}

TEST(PostgresqlKeywords, FromTheUrlsFields) {
  EXPECT_EQ(keywords({}), kUsual);
  ConnectOptions options;
  options.host = "db1";
  options.port = "5433";
  options.username = "u";
  options.password = "p w";
  options.database = "a=b";
  EXPECT_EQ(keywords(options), "host=db1 port=5433 user=u password=p w dbname=a=b " + kUsual);
}

TEST(PostgresqlKeywords, ParametersGoBeforeFieldsAndDefaults) {
  ConnectOptions options = with({{"host", "/run/postgresql"},
                                 {"connect_timeout", "3"},
                                 {"sslmode", "require"},
                                 {"sslmode", "disable"},
                                 {"keepalives_idle", "5"}});
  options.host = "db1";
  EXPECT_EQ(keywords(options),
            "host=/run/postgresql connect_timeout=3 sslmode=disable keepalives_idle=5 "
            "client_encoding=UTF8 fallback_application_name=capo keepalives_interval=10 "
            "keepalives_count=6 ");
}

TEST(PostgresqlKeywords, NoTimeoutOfOursOverOneOfTheEnvironmentOrAService) {
  const std::string without =
      "client_encoding=UTF8 fallback_application_name=capo keepalives_idle=60 "
      "keepalives_interval=10 keepalives_count=6 ";
  LibpqDefaults defaults = kDefaults;
  defaults.connect_timeout_is_set = true;
  EXPECT_EQ(keywords({}, defaults), without);
  EXPECT_EQ(keywords(with({{"service", "prod"}})), "service=prod " + without);
}

TEST(PostgresqlKeywords, SeveralHosts) {
  EXPECT_EQ(keywords(with({{"host", "a:1"}, {"host", "b"}})), "host=a,b port=1, " + kUsual);
  EXPECT_EQ(keywords(with({{"host", "a"}, {"host", "b"}})), "host=a,b " + kUsual);
  EXPECT_EQ(keywords(with({{"host", "::1"}, {"host", "/tmp:x"}})), "host=::1,/tmp:x " + kUsual);
  EXPECT_EQ(keywords(with({{"host", "a:1"}})), "host=a:1 " + kUsual);
}

TEST(PostgresqlKeywords, Refused) {
  struct Case {
    List parameters;
    const char* message;
    const char* hint;
  };
  const Case cases[] = {
      {{{"sslmod", "x"}},
       "unknown PostgreSQL parameter \"sslmod\" in the URL",
       "did you mean sslmode?"},
      {{{"prepared_statement_cache_size", "0"}},
       "unknown PostgreSQL parameter \"prepared_statement_cache_size\" in the URL",
       "a URL takes libpq's connection parameters, for example sslmode or connect_timeout"},
      {{{"", ""}},
       "unknown PostgreSQL parameter \"\" in the URL",
       "a URL takes libpq's connection parameters, for example sslmode or connect_timeout"},
      {{{"client_encoding", "latin1"}},
       "client_encoding=latin1 in the URL: capo's files are UTF-8",
       "leave client_encoding out; the server converts to the database's own encoding"},
      {{{"options", std::string("a\0b", 3)}},
       "the PostgreSQL parameter options contains a NUL byte",
       ""},
  };
  for (const Case& test : cases) {
    try {
      keywords(with(test.parameters));
      ADD_FAILURE() << "no error: " << test.message;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kConnection) << test.message;
      EXPECT_EQ(error.message(), test.message);
      EXPECT_EQ(error.hint(), test.hint) << test.message;
    }
  }
  EXPECT_EQ(keywords(with({{"client_encoding", "utf-8"}})), kUsual);
}

}  // namespace
}  // namespace capo::dialect::postgresql
