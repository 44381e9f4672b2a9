#include "dialect/postgresql/classify.hpp"

#include <gtest/gtest.h>

namespace capo::dialect::postgresql {
namespace {

TEST(PostgresqlTransactionControl, IsToldByTheFirstWords) {
  const struct {
    std::string_view statement, word;
  } cases[] = {
      {"BEGIN", "BEGIN"},
      {"begin isolation level serializable", "BEGIN"},
      {"/* a /* b */ */ -- c\n Begin", "BEGIN"},
      {"START TRANSACTION", "START TRANSACTION"},
      {"COMMIT AND CHAIN", "COMMIT"},
      {"END", "END"},
      {"ABORT", "ABORT"},
      {"ROLLBACK", "ROLLBACK"},
      {"ROLLBACK WORK", "ROLLBACK"},
      {"PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION"},
      {"ROLLBACK TO s", ""},
      {"ROLLBACK TO SAVEPOINT s", ""},
      {"ROLLBACK WORK TO s", ""},
      {"ROLLBACK TRANSACTION TO SAVEPOINT s", ""},
      {"SAVEPOINT s", ""},
      {"RELEASE s", ""},
      {"COMMIT PREPARED 'x'", ""},
      {"ROLLBACK PREPARED 'x'", ""},
      {"PREPARE q AS SELECT 1", ""},
      {"SELECT 'COMMIT'", ""},
      {"\"COMMIT\"", ""},
      {"COMMITTED", ""},
      {"", ""},
      {"/* never closed", ""},
      {"'never closed", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(transaction_control(c.statement), c.word) << c.statement;
}

// What the server answers is asked in tests/integration/postgresql_dialect_test.cpp.
TEST(PostgresqlOutsideTransaction, IsToldByTheFirstWords) {
  const struct {
    std::string_view statement, reason;
  } cases[] = {
      {"VACUUM", "VACUUM"},
      {"VACUUM FULL t", "VACUUM"},
      {"CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY"},
      {"create unique /* x */ index -- y\n concurrently if not exists i on t (a)",
       "CREATE INDEX CONCURRENTLY"},
      {"DROP INDEX CONCURRENTLY i", "DROP INDEX CONCURRENTLY"},
      {"REINDEX INDEX CONCURRENTLY i", "REINDEX CONCURRENTLY"},
      {"REINDEX TABLE CONCURRENTLY t", "REINDEX CONCURRENTLY"},
      {"REINDEX (VERBOSE, CONCURRENTLY) TABLE t", "REINDEX CONCURRENTLY"},
      {"REINDEX (CONCURRENTLY TRUE, VERBOSE) TABLE t", "REINDEX CONCURRENTLY"},
      {"REINDEX SCHEMA s", "REINDEX SCHEMA"},
      {"REINDEX DATABASE d", "REINDEX DATABASE"},
      {"REINDEX (VERBOSE) SYSTEM d", "REINDEX SYSTEM"},
      {"CREATE DATABASE d", "CREATE DATABASE"},
      {"DROP DATABASE IF EXISTS d", "DROP DATABASE"},
      {"ALTER DATABASE d SET TABLESPACE s", "ALTER DATABASE … SET TABLESPACE"},
      {"CREATE TABLESPACE s LOCATION '/x'", "CREATE TABLESPACE"},
      {"DROP TABLESPACE s", "DROP TABLESPACE"},
      {"ALTER SYSTEM RESET ALL", "ALTER SYSTEM"},
      {"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
       "CREATE SUBSCRIPTION with create_slot = true"},
      {"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (enabled = false)",
       "CREATE SUBSCRIPTION with create_slot = true"},
      {"ALTER SUBSCRIPTION s REFRESH PUBLICATION", "ALTER SUBSCRIPTION … REFRESH"},
      {"ALTER SUBSCRIPTION s SET PUBLICATION p", "ALTER SUBSCRIPTION with refresh"},
      {"ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (copy_data = false)",
       "ALTER SUBSCRIPTION with refresh"},
      {"CLUSTER", "CLUSTER without a table"},
      {"CLUSTER VERBOSE", "CLUSTER without a table"},
      {"CLUSTER (VERBOSE)", "CLUSTER without a table"},
      {"ALTER TABLE IF EXISTS a.\"b\" DETACH PARTITION \"c\".d CONCURRENTLY",
       "ALTER TABLE … DETACH PARTITION … CONCURRENTLY"},
      {"DISCARD ALL", "DISCARD ALL"},
      {"COMMIT PREPARED 'x'", "COMMIT PREPARED"},
      {"ROLLBACK PREPARED 'x'", "ROLLBACK PREPARED"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(outside_transaction_reason(c.statement),
              std::string(c.reason) + " cannot run inside a transaction")
        << c.statement;
  }
}

TEST(PostgresqlOutsideTransaction, IsEmptyForTheRest) {
  const std::string_view cases[] = {
      "ANALYZE",
      "CREATE INDEX i ON t (concurrently)",
      "CREATE TABLE concurrently_x (a int)",
      "DROP INDEX i",
      "REINDEX TABLE t",
      "REINDEX (CONCURRENTLY off) TABLE t",
      "REINDEX (CONCURRENTLY 0, VERBOSE) TABLE t",
      "REINDEX (CONCURRENTLY = false) TABLE t",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
      "ALTER DATABASE d SET work_mem = '1MB'",
      "ALTER DATABASE d RENAME TO e",
      "ALTER TABLESPACE s SET (random_page_cost = 1)",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)",
      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (enabled, create_slot = 'off')",
      "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)",
      "ALTER SUBSCRIPTION s SET (slot_name = NONE)",
      "ALTER SUBSCRIPTION s DISABLE",
      "CLUSTER t",
      "CLUSTER VERBOSE t USING i",
      "CLUSTER (VERBOSE) t",
      "ALTER TABLE a DETACH PARTITION b",
      "ALTER TABLE a DETACH PARTITION b FINALIZE",
      "ALTER TABLE a ADD COLUMN detach int",
      "ALTER TYPE e ADD VALUE 'x'",
      "DISCARD PLANS",
      "COMMIT",
      "CHECKPOINT",
      "SELECT 'VACUUM'",
      "",
      "CREATE",
      "REINDEX (",
  };
  for (const std::string_view statement : cases) {
    EXPECT_EQ(outside_transaction_reason(statement), "") << statement;
  }
}

TEST(PostgresqlMustRunAlone, IsToldByTheFirstWords) {
  for (const std::string_view statement :
       {"CALL p()", "do $$ BEGIN COMMIT; END $$", "VACUUM", "CREATE INDEX CONCURRENTLY i ON t (x)",
        "REINDEX TABLE t", "CLUSTER t", "DROP SUBSCRIPTION s"}) {
    EXPECT_TRUE(must_run_alone(statement)) << statement;
  }
  for (const std::string_view statement :
       {"CREATE TABLE t (x int)", "INSERT INTO t VALUES (1)", "DROP TABLE t", "CALLED", "SELECT 1",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v", ""}) {
    EXPECT_FALSE(must_run_alone(statement)) << statement;
  }
}

TEST(PostgresqlSessionState, IsToldByTheFirstWords) {
  for (const std::string_view statement :
       {"SET search_path = a", "set local x = 1", "RESET ALL", "LOAD 'x'", "LISTEN c", "UNLISTEN *",
        "PREPARE q AS SELECT 1", "DEALLOCATE q", "DISCARD PLANS",
        "SELECT pg_catalog.set_config('search_path', '', false)",
        "SELECT set_config('a', 'b', false)"}) {
    EXPECT_TRUE(is_session_state(statement)) << statement;
  }
  for (const std::string_view statement :
       {"PREPARE TRANSACTION 'x'", "SELECT 1", "SELECT set_config", "CREATE TABLE t (a int)",
        "SETTINGS", "UPDATE t SET a = 1", ""}) {
    EXPECT_FALSE(is_session_state(statement)) << statement;
  }
}

}  // namespace
}  // namespace capo::dialect::postgresql
