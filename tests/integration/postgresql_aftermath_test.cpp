#include <gtest/gtest.h>

#include "config/url.hpp"
#include "dialect/dialect.hpp"
#include "support/database.hpp"

namespace capo::dialect {
namespace {

std::string to_string(const Aftermath& aftermath) {
  switch (aftermath.kind) {
    case Aftermath::Kind::kUnknown:
      return "unknown";
    case Aftermath::Kind::kDone:
      return "done";
    case Aftermath::Kind::kNotDone:
      return "not done";
    case Aftermath::Kind::kLeftover:
      return "leftover: " + aftermath.cleanup;
    case Aftermath::Kind::kRepeatable:
      return "repeatable";
  }
  return {};
}

TEST(PostgresqlAftermath, OfEachStatement) {
  const std::unique_ptr<test::Database> database = test::make_postgresql();
  const config::DatabaseUrl url = config::parse_url(database->url());
  const Dialect& dialect = *find_dialect("postgresql");
  ConnectOptions options;
  options.host = url.host;
  options.port = url.port;
  options.username = url.username;
  options.database = url.database;
  options.parameters = url.query;
  const std::unique_ptr<Connection> connection = dialect.connect(options);
  database->script(
      "CREATE SCHEMA \"My S\"; CREATE TABLE t (x integer, \"Y\" integer);"
      "CREATE TABLE \"My S\".\"T\" (x integer); INSERT INTO t VALUES (1, 1), (1, 1);"
      "CREATE INDEX valid ON t (x); CREATE INDEX \"Valid\"\"er\" ON \"My S\".\"T\" (x);");
  for (const char* sql : {"CREATE UNIQUE INDEX CONCURRENTLY invalid ON t (x)",
                          "CREATE UNIQUE INDEX CONCURRENTLY \"In Valid\" ON t (\"Y\")"}) {
    EXPECT_THROW(connection->execute_alone(sql), Error);
  }

  struct Case {
    const char* statement;
    const char* expected;
  };
  const Case cases[] = {
      {"CREATE INDEX CONCURRENTLY valid ON t (x)", "done"},
      {"create index concurrently VALID on only public.T (x)", "done"},
      {"CREATE INDEX CONCURRENTLY /* why */ IF NOT EXISTS \"Valid\"\"er\" ON \"My S\".\"T\" (x)",
       "done"},
      {"CREATE UNIQUE INDEX CONCURRENTLY invalid ON t (x)",
       "leftover: DROP INDEX CONCURRENTLY public.invalid"},
      {"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"In Valid\" ON t (\"Y\")",
       "leftover: DROP INDEX CONCURRENTLY public.\"In Valid\""},
      {"CREATE INDEX CONCURRENTLY missing ON t (x)", "not done"},
      {"CREATE INDEX CONCURRENTLY valid ON \"My S\".\"T\" (x)", "not done"},
      {"CREATE INDEX CONCURRENTLY valid ON nowhere (x)", "not done"},
      {"CREATE INDEX CONCURRENTLY ON t (x)", "unknown"},
      {"CREATE INDEX CONCURRENTLY U&\"valid\" ON t (x)", "unknown"},
      {"CREATE INDEX valid ON t (x)", "unknown"},
      {"CREATE TABLE t (x integer)", "unknown"},
      {"DROP INDEX CONCURRENTLY missing", "done"},
      {"DROP INDEX CONCURRENTLY IF EXISTS \"My S\".missing", "done"},
      {"DROP INDEX CONCURRENTLY valid", "not done"},
      {"DROP INDEX CONCURRENTLY \"My S\".\"Valid\"\"er\"", "not done"},
      {"DROP TABLE t", "unknown"},
      {"CREATE DATABASE postgres", "done"},
      {"CREATE DATABASE missing OWNER x", "not done"},
      {"DROP DATABASE IF EXISTS missing", "done"},
      {"DROP DATABASE postgres", "not done"},
      {"VACUUM FULL t", "repeatable"},
      {"REINDEX INDEX CONCURRENTLY valid", "repeatable"},
      {"REFRESH MATERIALIZED VIEW v", "repeatable"},
      {"ALTER SYSTEM SET work_mem = '1MB'", "repeatable"},
      {"ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "unknown"},
      {"CALL p()", "unknown"},
      {"CREATE INDEX CONCURRENTLY", "unknown"},
      {"CREATE INDEX CONCURRENTLY IF", "unknown"},
      {"CREATE INDEX CONCURRENTLY x ON", "unknown"},
      {"DROP INDEX CONCURRENTLY", "unknown"},
      {"", "unknown"},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(to_string(dialect.aftermath(*connection, test.statement)), test.expected)
        << test.statement;
  }
}

}  // namespace
}  // namespace capo::dialect
