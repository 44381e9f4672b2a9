// What capo says of names and statements without asking, against what PostgreSQL answers.

#include "dialect/dialect.hpp"
#include "postgresql_fixture.hpp"
#include "support/database.hpp"

namespace capo::test {
namespace {

class PostgresqlDialect : public Postgresql {
 protected:
  const dialect::Dialect& dialect_ = *dialect::find_dialect("postgresql");
};

TEST_F(PostgresqlDialect, QuotesWhatTheServerReserves) {
  const auto connection = connect();
  const Result words =
      connection->query("SELECT word, catcode FROM pg_get_keywords() ORDER BY word");
  ASSERT_GT(words.rows.size(), 400U);
  for (const Row& row : words.rows) {
    const std::string& word = row.at(0).value();
    if (row.at(1) == "R" || row.at(1) == "T") {
      EXPECT_TRUE(dialect_.is_reserved(word)) << word;
    }
    const dialect::Identifier name(word);
    const std::string create =
        (dialect_.writer() << "CREATE TEMP TABLE " << name << " (" << name << " int)").str();
    EXPECT_NO_THROW(connection->query(create)) << create;
  }
}

TEST_F(PostgresqlDialect, KnowsWhatCannotRunInATransaction) {
  const auto connection = connect();
  for (const char* sql :
       {"CREATE TABLE t (a int PRIMARY KEY)", "CREATE INDEX i ON t (a)",
        "CREATE TABLE p (a int) PARTITION BY RANGE (a)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (5)",
        "CREATE MATERIALIZED VIEW m AS SELECT a FROM t", "CREATE UNIQUE INDEX mi ON m (a)",
        "CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere' PUBLICATION p WITH (connect = false)",
        "ALTER SUBSCRIPTION s SET (slot_name = 's')", "ALTER SUBSCRIPTION s ENABLE"}) {
    connection->query(sql);
  }
  const std::string database = "\"" + options_.database + "\"";
  const std::string statements[] = {
      "VACUUM",
      "VACUUM FULL t",
      "ANALYZE",
      "CHECKPOINT",
      "DISCARD ALL",
      "DISCARD PLANS",
      "CREATE INDEX CONCURRENTLY i2 ON t (a)",
      "CREATE UNIQUE /* c */ INDEX CONCURRENTLY IF NOT EXISTS i2 ON t (a)",
      "CREATE INDEX i2 ON t (a)",
      "DROP INDEX CONCURRENTLY i",
      "DROP INDEX i",
      "REINDEX INDEX CONCURRENTLY i",
      "REINDEX TABLE CONCURRENTLY t",
      "REINDEX TABLE t",
      "REINDEX (CONCURRENTLY) TABLE t",
      "REINDEX (VERBOSE, CONCURRENTLY true) INDEX i",
      "REINDEX (CONCURRENTLY off) TABLE t",
      "REINDEX (CONCURRENTLY 0, VERBOSE) TABLE t",
      "REINDEX SCHEMA public",
      "REINDEX DATABASE " + database,
      "REINDEX SYSTEM " + database,
      "CLUSTER",
      "CLUSTER VERBOSE",
      "CLUSTER t USING i",
      "CLUSTER VERBOSE t USING i",
      "CREATE DATABASE other",
      "DROP DATABASE IF EXISTS other",
      "ALTER DATABASE " + database + " SET TABLESPACE pg_default",
      "ALTER DATABASE " + database + " SET work_mem = '4MB'",
      "CREATE TABLESPACE s LOCATION '/nowhere'",
      "DROP TABLESPACE IF EXISTS s",
      "ALTER TABLESPACE pg_default SET (random_page_cost = 2)",
      "ALTER SYSTEM SET work_mem = '4MB'",
      "ALTER SYSTEM RESET work_mem",
      "ALTER TABLE p DETACH PARTITION p1",
      "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY",
      "ALTER TABLE ONLY public.p DETACH PARTITION public.p1 CONCURRENTLY",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
      "CREATE SUBSCRIPTION s2 CONNECTION 'host=/nowhere' PUBLICATION p",
      "CREATE SUBSCRIPTION s2 CONNECTION 'host=/nowhere' PUBLICATION p WITH (connect = false)",
      "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
      "ALTER SUBSCRIPTION s SET PUBLICATION q",
      "ALTER SUBSCRIPTION s ADD PUBLICATION q WITH (copy_data = false)",
      "ALTER SUBSCRIPTION s SET PUBLICATION q WITH (refresh = false)",
      "ALTER SUBSCRIPTION s DISABLE",
      "COMMIT PREPARED 'x'",
      "ROLLBACK PREPARED 'x'"};
  for (const std::string& sql : statements) {
    std::string sqlstate;
    connection->begin();
    try {
      connection->query(sql);
    } catch (const Error& error) {
      sqlstate = error.sqlstate();
    }
    connection->rollback();
    // Before 14 some are no statements yet, and a subscription's is refused as an internal error.
    if (server_major() < 14 && sqlstate == "42601") continue;
    const bool refused = sqlstate == "25001" ||  // active_sql_transaction
                         (server_major() < 14 && sqlstate == "XX000");
    EXPECT_EQ(dialect_.runs_outside_transaction_only(sql), refused) << sql << ": " << sqlstate;
  }
  connection->query("ALTER SUBSCRIPTION s DISABLE");
  connection->query("ALTER SUBSCRIPTION s SET (slot_name = NONE)");
  connection->query("DROP SUBSCRIPTION s");
}

// libpg_query, the oracle of the unit tests, is wrong on the first of these.
TEST_F(PostgresqlDialect, CutsWhereTheServerDoes) {
  const auto connection = connect();
  const auto run = [&](const std::string& text) {
    for (const dialect::Statement& statement :
         dialect_.compile(operation::ExecuteSql{text, true, {"text.sql", 1, 1}})) {
      EXPECT_NO_THROW(connection->query(statement.sql)) << statement.sql;
    }
  };
  run("CREATE TABLE t AS SELECT E'a' -- ;\n 'b\\';' AS s;\n"
      "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql " +
      std::string(server_major() >= 14
                      ? "BEGIN ATOMIC\n  SELECT 1 AS end;;\n  SELECT CASE x WHEN 1 THEN 2 END;\nEND"
                      : "AS 'SELECT 1;; SELECT CASE x WHEN 1 THEN 2 END;'") +
      ";\n"
      "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2);\n"
      "SELECT 5 +-- ;\n 5;\n");
  EXPECT_EQ(cell(*connection, "SELECT s FROM t"), "ab';");
  EXPECT_EQ(cell(*connection, "SELECT f(1)"), "2");
}

}  // namespace
}  // namespace capo::test
