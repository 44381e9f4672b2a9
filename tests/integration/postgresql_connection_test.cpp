// What a connection to PostgreSQL does when all is well, and with statements that the server
// refuses.

#include <chrono>

#include "postgresql_fixture.hpp"

namespace capo::test {
namespace {

using std::chrono::milliseconds;

class PostgresqlConnection : public Postgresql {};

TEST_F(PostgresqlConnection, RowsAndCounts) {
  const auto connection = connect();
  EXPECT_EQ(connection->query("CREATE TABLE t (i int, s text, b bytea)").affected, 0);
  const std::vector<Value> row = {"7", "caf\u00e9 \U0001f3b8", std::nullopt};
  EXPECT_EQ(connection->query("INSERT INTO t VALUES ($1, $2, $3)", row).affected, 1);
  EXPECT_EQ(connection->query("INSERT INTO t VALUES (8, '', '\\x00ff'), (9, NULL, NULL)").affected,
            2);
  const Result result = connection->query("SELECT * FROM t ORDER BY i");
  EXPECT_EQ(result.affected, 3);
  ASSERT_EQ(result.rows.size(), 3U);
  EXPECT_EQ(result.rows[0], (Row{"7", "caf\u00e9 \U0001f3b8", std::nullopt}));
  EXPECT_EQ(result.rows[1], (Row{"8", "", "\\x00ff"}));
  EXPECT_EQ(connection->query("UPDATE t SET s = '' WHERE i > 99").affected, 0);
  EXPECT_EQ(connection->query("DELETE FROM t RETURNING i").rows.size(), 3U);
  EXPECT_EQ(connection->query("").rows.size(), 0U);
  EXPECT_EQ(connection->query("-- nothing").rows.size(), 0U);
  EXPECT_EQ(connection->server_version(),
            "PostgreSQL " +
                cell(*connection, "SELECT split_part(current_setting('server_version'), ' ', 1)"));
  EXPECT_EQ(std::to_string(connection->backend_pid()),
            cell(*connection, "SELECT pg_backend_pid()"));
}

TEST_F(PostgresqlConnection, Session) {
  options_.lock_timeout = milliseconds(1500);
  options_.statement_timeout = milliseconds(61000);
  const auto connection = connect();
  EXPECT_EQ(cell(*connection, "SHOW row_security"), "off");
  EXPECT_EQ(cell(*connection, "SHOW lock_timeout"), "1500ms");
  EXPECT_EQ(cell(*connection, "SHOW statement_timeout"), "61s");
  EXPECT_EQ(cell(*connection, "SHOW client_encoding"), "UTF8");
  EXPECT_EQ(cell(*connection, "SHOW application_name"), "capo");
  connection->begin();
  EXPECT_EQ(cell(*connection, "SHOW row_security"), "off");
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SHOW row_security"), "off");
  EXPECT_EQ(cell(*connection, "SHOW statement_timeout"), "61s");

  options_.lock_timeout = options_.statement_timeout = {};
  options_.parameters = {{"application_name", "deploy"}, {"options", "-c work_mem=5MB"}};
  const auto other = connect();
  other->begin();
  EXPECT_EQ(cell(*other, "SHOW lock_timeout"), "0");
  EXPECT_EQ(cell(*other, "SHOW statement_timeout"), "0");
  EXPECT_EQ(cell(*other, "SHOW application_name"), "deploy");
  EXPECT_EQ(cell(*other, "SHOW work_mem"), "5MB");

  options_.parameters = {{"options", "-c standard_conforming_strings=off"}};
  EXPECT_EQ(cell(*connect(), "SELECT 'a\\b'"), "a\\b");
}

TEST_F(PostgresqlConnection, SettingsSurviveAFirstStatementThatFails) {
  const auto connection = connect();
  connection->begin();
  EXPECT_EQ(error_of([&] { connection->query("SELECT 1/0"); }).sqlstate(), "22012");
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SHOW row_security"), "off");
  const auto alone = connect();
  EXPECT_EQ(error_of([&] { alone->query("SELECT 1/0"); }).sqlstate(), "22012");
  EXPECT_EQ(cell(*alone, "SHOW row_security"), "off");
}

TEST_F(PostgresqlConnection, QueueAndTransactions) {
  const auto connection = connect();
  std::string trace;
  connection->rollback();
  EXPECT_FALSE(connection->in_transaction());
  connection->begin();
  EXPECT_TRUE(connection->in_transaction());
  connection->enqueue("CREATE TABLE t (x int)", {}, [&](const Result&) { trace += "create "; });
  const std::vector<Value> value = {"5"};
  connection->enqueue("INSERT INTO t VALUES ($1), (6)", value, [&](const Result& result) {
    trace += std::to_string(result.affected) + " ";
  });
  connection->enqueue("SELECT 1", {}, {});
  EXPECT_EQ(cell(*connection, "SELECT sum(x) FROM t"), "11");
  EXPECT_EQ(trace, "create 2 ");
  connection->enqueue("SELECT x FROM t", {},
                      [&](const Result& result) { trace += *result.rows.at(1).at(0) + " "; });
  connection->commit();
  EXPECT_EQ(trace, "create 2 6 ");
  EXPECT_FALSE(connection->in_transaction());

  connection->begin();
  connection->enqueue("DELETE FROM t", {}, {});
  connection->flush();
  EXPECT_TRUE(connection->in_transaction());
  connection->rollback();
  EXPECT_FALSE(connection->in_transaction());
  connection->begin();
  connection->enqueue("DELETE FROM t", {}, {});
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SELECT count(*) FROM t"), "2");

  connection->begin();
  connection->commit();
  EXPECT_FALSE(connection->in_transaction());
}

TEST_F(PostgresqlConnection, OutsideATransactionEachStatementStandsAlone) {
  const auto connection = connect();
  int done = 0;
  const auto count = [&](const Result&) { ++done; };
  connection->enqueue("CREATE TABLE t (x int)", {}, count);
  EXPECT_EQ(done, 1);
  EXPECT_THROW(connection->enqueue("INSERT INTO nowhere VALUES (1)", {}, count), Error);
  connection->enqueue("INSERT INTO t VALUES (1)", {}, count);
  EXPECT_EQ(done, 2);
  EXPECT_EQ(server_.execute("SELECT count(*) FROM t", options_.database), "1");
}

TEST_F(PostgresqlConnection, ErrorsOfStatements) {
  struct Case {
    std::string sql;
    ErrorCode code;
    const char* message;
    const char* sqlstate;
    int offset;
    const char* detail;
    const char* hint;
  };
  const auto connection = connect();
  connection->query("CREATE TABLE t (x int PRIMARY KEY)");
  connection->query("INSERT INTO t VALUES (1)");
  const Case cases[] = {
      {"SELECT * FROM missing", ErrorCode::kDatabase, "relation \"missing\" does not exist",
       "42P01", 14, "", ""},
      {"SELECT '\u00e9\U0001f3b8', nope", ErrorCode::kDatabase, "column \"nope\" does not exist",
       "42703", 17, "", ""},
      {"INSERT INTO t VALUES (1)", ErrorCode::kDatabase,
       "duplicate key value violates unique constraint \"t_pkey\"", "23505", -1,
       "Key (x)=(1) already exists.", ""},
      {"SELECT 1; SELECT 2", ErrorCode::kDatabase,
       "cannot insert multiple commands into a prepared statement", "42601", -1, "", ""},
      {"SELECT $1", ErrorCode::kDatabase,
       "bind message supplies 0 parameters, but prepared statement \"\" requires 1", "08P01", -1,
       "", ""},
      {std::string("SELECT 1\0", 9), ErrorCode::kDatabase, "the statement contains a NUL byte", "",
       -1, "", ""},
      {"DO $$BEGIN RAISE EXCEPTION 'no' USING HINT = 'do', DETAIL = 'why', ERRCODE = 'P0002'; "
       "END$$",
       ErrorCode::kDatabase, "no", "P0002", -1,
       "why\nCONTEXT: PL/pgSQL function inline_code_block line 1 at RAISE", "do"},
      {"DO $$BEGIN PERFORM broken; END$$", ErrorCode::kDatabase, "column \"broken\" does not exist",
       "42703", -1,
       "QUERY: SELECT broken\nCONTEXT: PL/pgSQL function inline_code_block line 1 at PERFORM", ""},
  };
  for (const Case& test : cases) {
    const Error error = error_of([&] { connection->query(test.sql); });
    EXPECT_EQ(error.code(), test.code) << test.sql;
    EXPECT_EQ(error.message(), test.message) << test.sql;
    EXPECT_EQ(error.sqlstate(), test.sqlstate) << test.sql;
    EXPECT_EQ(error.statement(), test.sql);
    EXPECT_EQ(error.statement_offset(), test.offset) << test.sql;
    EXPECT_EQ(error.detail(), test.detail) << test.sql;
    EXPECT_EQ(error.hint(), test.hint) << test.sql;
    EXPECT_EQ(cell(*connection, "SELECT 1"), "1") << "usable after: " << test.sql;
  }
}

TEST_F(PostgresqlConnection, ExecuteAlone) {
  const auto connection = connect();
  connection->execute_alone("CREATE TABLE t (x int)");
  EXPECT_EQ(connection->execute_alone("INSERT INTO t VALUES (1), (2)").affected, 2);
  connection->execute_alone("CREATE INDEX CONCURRENTLY t_x ON t (x)");
  connection->execute_alone("VACUUM t");
  EXPECT_EQ(connection->execute_alone("SELECT x FROM t ORDER BY x").rows.size(), 2U);
  EXPECT_EQ(cell(*connection, "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_x'::regclass"),
            "t");
  const Error error = error_of([&] { connection->execute_alone("SELECT nope"); });
  EXPECT_EQ(error.sqlstate(), "42703");
  EXPECT_EQ(error.statement_offset(), 7);
  EXPECT_EQ(connection->execute_alone("SHOW row_security").rows.at(0).at(0), "off");
  connection->begin();
  EXPECT_EQ(error_of([&] { connection->execute_alone("VACUUM t"); }).sqlstate(), "25001");
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
}

TEST_F(PostgresqlConnection, CommitThatDoesNotCommit) {
  const auto connection = connect();
  connection->query("CREATE TABLE p (id int PRIMARY KEY)");
  connection->query("CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED)");

  connection->begin();
  connection->enqueue("INSERT INTO c VALUES (1)", {}, {});
  Error error = error_of([&] { connection->commit(); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.sqlstate(), "23503");
  EXPECT_EQ(error.statement(), "COMMIT");
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SELECT count(*) FROM c"), "0");

  connection->begin();
  EXPECT_THROW(connection->query("SELECT 1/0"), Error);
  error = error_of([&] { connection->commit(); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.message(),
            "the server answered COMMIT with ROLLBACK: a statement of the transaction had failed");
  connection->rollback();

  connection->begin();
  connection->enqueue("COMMIT", {}, {});
  error = error_of([&] { connection->commit(); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.message(), "the transaction was over before its COMMIT");
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
}

TEST_F(PostgresqlConnection, NoticesComeInOrder) {
  std::string trace;
  options_.on_notice = [&](const Notice& notice) {
    trace += notice.severity + ":" + notice.message +
             (notice.hint.empty() ? "" : "/" + notice.hint) + " ";
  };
  const auto connection = connect();
  connection->begin();
  for (int i = 1; i <= 3; ++i) {
    connection->enqueue(
        "DO $$BEGIN RAISE NOTICE 'n" + std::to_string(i) + "' USING HINT = 'h'; END$$", {},
        [&, i](const Result&) { trace += "done" + std::to_string(i) + " "; });
  }
  connection->enqueue("DO $$BEGIN RAISE WARNING 'w'; END$$", {}, {});
  connection->commit();
  connection->execute_alone("DROP TABLE IF EXISTS nothing");
  EXPECT_EQ(trace,
            "NOTICE:n1/h done1 NOTICE:n2/h done2 NOTICE:n3/h done3 WARNING:w "
            "NOTICE:table \"nothing\" does not exist, skipping ");
}

TEST_F(PostgresqlConnection, FloodOfNotices) {
  int notices = 0;
  options_.on_notice = [&](const Notice&) { ++notices; };
  const auto connection = connect();
  connection->begin();
  for (int i = 0; i < 10; ++i) {
    connection->enqueue(
        "DO $$BEGIN FOR i IN 1..2000 LOOP RAISE NOTICE '%', repeat('x', 500); END LOOP; END$$", {},
        {});
  }
  connection->commit();
  EXPECT_EQ(notices, 20000);
  options_.on_notice = {};
  connect()->query("DO $$BEGIN RAISE NOTICE 'to nobody'; END$$");
}

TEST_F(PostgresqlConnection, LargeStatementsAndResults) {
  const auto connection = connect();
  connection->begin();
  const std::string text(3'000'000, 'x');
  std::size_t got = 0;
  for (int i = 0; i < 5; ++i) {
    const std::vector<Value> parameters = {text};
    connection->enqueue("SELECT $1::text || repeat('y', 2000000) FROM generate_series(1, 3)",
                        parameters,
                        [&](const Result& result) { got += result.rows.at(2).at(0)->size(); });
  }
  connection->commit();
  EXPECT_EQ(got, 25'000'000U);
  EXPECT_EQ(connection->query("SELECT * FROM generate_series(1, 200000)").rows.size(), 200000U);
}

TEST_F(PostgresqlConnection, LongAnswersComeInParts) {
  const auto connection = connect();
  std::string trace;
  const auto note = [&](const char* what) {
    return [&, what](const Result& answer) {
      trace += what + std::to_string(answer.rows.size()) + " ";
    };
  };
  std::vector<Row> rows;
  const auto take = [&](const Result& part) {
    note("part ")(part);
    rows.insert(rows.end(), part.rows.begin(), part.rows.end());
  };
  const std::vector<Value> limit = {"250"};
  const char* const sql =
      "SELECT i, CASE WHEN i % 2 = 0 THEN repeat('x', i) END FROM generate_series(1, $1::int) i";
  connection->begin();
  connection->enqueue("SELECT 1", {}, note("first "));
  connection->enqueue_in_parts(sql, limit, take, note("end "));
  connection->enqueue_in_parts("SELECT 1 WHERE false", {}, note("nothing "), note("end "));
  connection->enqueue("SELECT 1 UNION SELECT 2", {}, note("last "));
  connection->enqueue_in_parts("SELECT 3", {}, note("one "), {});
  connection->flush();
  EXPECT_EQ(trace, "first 1 part 100 part 100 part 50 end 0 end 0 last 2 one 1 ");
  ASSERT_EQ(rows.size(), 250U);
  EXPECT_EQ(rows[0], (Row{"1", std::nullopt}));
  EXPECT_EQ(rows[101], (Row{"102", std::string(102, 'x')}));
  EXPECT_EQ(rows[249], (Row{"250", std::string(250, 'x')}));

  trace.clear();
  const char* const failing = "SELECT 1 / (150 - i) FROM generate_series(1, 200) i";
  connection->enqueue_in_parts(failing, {}, note("part "), note("end "));
  connection->enqueue_in_parts("SELECT 1", {}, note("part "), note("end "));
  const Error error = error_of([&] { connection->flush(); });
  EXPECT_EQ(error.sqlstate(), "22012");
  EXPECT_EQ(error.statement(), failing);
  EXPECT_EQ(trace, "part 100 ");
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");

  trace.clear();
  connection->enqueue_in_parts(sql, limit, note("alone "), note("end "));
  EXPECT_EQ(trace, "alone 250 end 0 ");
}

TEST_F(PostgresqlConnection, CopyIsRefused) {
  for (const char* sql : {"COPY t FROM stdin", "COPY t TO stdout"}) {
    const auto connection = connect();
    connection->query("CREATE TABLE IF NOT EXISTS t (x int)");
    connection->begin();
    connection->enqueue("INSERT INTO t VALUES (1)", {}, {});
    connection->enqueue(sql, {}, {});
    connection->enqueue("INSERT INTO t VALUES (2)", {}, {});
    const Error error = error_of([&] { connection->commit(); });
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported) << sql;
    EXPECT_EQ(error.statement(), sql);
    connection->rollback();
    const auto other = connect();
    EXPECT_EQ(error_of([&] { other->execute_alone(sql); }).code(), ErrorCode::kUnsupported);
    EXPECT_EQ(cell(*connect(), "SELECT count(*) FROM t"), "0");
  }
}

TEST_F(PostgresqlConnection, LockTimeoutAndStatementTimeout) {
  const auto holder = connect();
  holder->query("CREATE TABLE t (x int)");
  holder->begin();
  holder->query("LOCK t");
  options_.lock_timeout = milliseconds(50);
  options_.statement_timeout = milliseconds(400);
  const auto connection = connect();
  connection->begin();
  Error error = error_of([&] { connection->query("ALTER TABLE t ADD y int"); });
  EXPECT_EQ(error.code(), ErrorCode::kLocked);
  EXPECT_EQ(error.message(), "canceling statement due to lock timeout");
  EXPECT_EQ(error.sqlstate(), "55P03");
  EXPECT_EQ(error.hint(),
            "another session holds the lock; pg_stat_activity and pg_locks tell which. Try again "
            "when it has ended, or wait longer with lock_timeout");
  connection->rollback();
  error = error_of([&] { connection->query("SELECT pg_sleep(10)"); });
  EXPECT_EQ(error.code(), ErrorCode::kDatabase);
  EXPECT_EQ(error.message(), "canceling statement due to statement timeout");
  EXPECT_EQ(error.hint(), "let it take longer with statement_timeout");
}

TEST_F(PostgresqlConnection, RowSecurityHidesNothing) {
  const auto owner = connect();
  owner->query("CREATE TABLE t (x int)");
  owner->query("INSERT INTO t VALUES (1)");
  owner->query("ALTER TABLE t ENABLE ROW LEVEL SECURITY");
  owner->query(
      "DO $$BEGIN CREATE ROLE limited LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$");
  owner->query("GRANT ALL ON t TO limited");
  options_.username = "limited";
  const Error error = error_of([&] { connect()->query("UPDATE t SET x = 2"); });
  EXPECT_EQ(error.sqlstate(), "42501");
  EXPECT_EQ(error.message(),
            "query would be affected by row-level security policy for table \"t\"");
  EXPECT_EQ(error.hint(),
            "capo sets row_security = off, so that no row is hidden from a migration in silence; "
            "run it as a role with BYPASSRLS; or, as the table's owner, put ALTER TABLE … NO FORCE "
            "ROW LEVEL SECURITY before the statement and FORCE after it; or say SET LOCAL "
            "row_security = on, if the policy is meant to hold for it");
}

TEST_F(PostgresqlConnection, RowSecurityForcedOnTheOwner) {
  const auto superuser = connect();
  superuser->query(
      "DO $$BEGIN CREATE ROLE limited LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END$$");
  superuser->query("CREATE TABLE t (x int)");
  superuser->query("ALTER TABLE t OWNER TO limited");
  superuser->query("ALTER TABLE t ENABLE ROW LEVEL SECURITY");
  superuser->query("ALTER TABLE t FORCE ROW LEVEL SECURITY");
  options_.username = "limited";
  const auto owner = connect();
  Error error = error_of([&] { owner->query("UPDATE t SET x = 2"); });
  EXPECT_TRUE(error.hint().starts_with("capo sets row_security = off")) << error.hint();
  EXPECT_EQ(error.detail(),
            "To disable the policy for the table's owner, use ALTER TABLE NO FORCE ROW LEVEL "
            "SECURITY.");
  // A policy that does apply is another matter.
  owner->query("SET row_security = on");
  error = error_of([&] { owner->query("INSERT INTO t VALUES (3)"); });
  EXPECT_EQ(error.message(), "new row violates row-level security policy for table \"t\"");
  EXPECT_EQ(error.hint(), "");
}

}  // namespace
}  // namespace capo::test
