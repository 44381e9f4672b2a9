// Connections to PostgreSQL that fail: from the start, in the middle, during COMMIT, and because
// somebody wants to stop.

#include <signal.h>
#include <sys/time.h>

#include <chrono>
#include <random>
#include <stdexcept>
#include <thread>

#include "postgresql_fixture.hpp"
#include "support/database.hpp"
#include "support/proxy.hpp"
#include "support/scratch.hpp"

namespace capo::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Mischief = Proxy::Mischief;

class PostgresqlPipeline : public Postgresql {};

// An error at any place belongs to its statement; everything before it is done, nothing after it.
TEST_F(PostgresqlPipeline, ErrorAtAnyPlaceOfTwentyThousand) {
  constexpr int kStatements = 20000;
  const auto connection = connect();
  connection->query("CREATE TABLE t (x int PRIMARY KEY)");
  std::mt19937 random(20261122);
  std::vector<int> places = {0, 1, 31, 32, 33, 1023, 1024, 1025, kStatements - 1};
  for (int i = 0; i < 6; ++i) places.push_back(static_cast<int>(random() % kStatements));
  for (const int bad : places) {
    int done = 0;
    const auto count = [&](const Result& result) {
      EXPECT_EQ(result.affected, 1);
      ++done;
    };
    std::string failing;
    connection->begin();
    const Error error = error_of([&] {
      for (int i = 0; i < kStatements; ++i) {
        const std::string value = i == bad ? "'x" + std::to_string(i) + "'" : std::to_string(i);
        const std::string sql = "INSERT INTO t VALUES (" + value + ")";
        if (i == bad) failing = sql;
        connection->enqueue(sql, {}, count);
      }
      connection->commit();
    });
    EXPECT_EQ(done, bad);
    EXPECT_EQ(error.sqlstate(), "22P02") << bad;
    EXPECT_EQ(error.statement(), failing);
    EXPECT_EQ(error.statement_offset(), 22) << bad;
    EXPECT_EQ(error_of([&] { connection->query("SELECT 1"); }).sqlstate(), "25P02");
    connection->rollback();
    EXPECT_EQ(cell(*connection, "SELECT count(*) FROM t"), "0");
  }
  connection->begin();
  int done = 0;
  for (int i = 0; i < kStatements; ++i) {
    connection->enqueue("INSERT INTO t VALUES (" + std::to_string(i) + ")", {},
                        [&](const Result&) { ++done; });
  }
  connection->commit();
  EXPECT_EQ(done, kStatements);
  EXPECT_EQ(cell(*connection, "SELECT count(*) FROM t"), std::to_string(kStatements));
}

// Neither side may wait for the other with full buffers.
TEST_F(PostgresqlPipeline, MuchInBothDirectionsAtOnce) {
  const auto connection = connect();
  connection->begin();
  std::size_t got = 0;
  const std::vector<Value> parameters = {std::string(20000, 'x')};
  for (int i = 0; i < 3000; ++i) {
    connection->enqueue("SELECT $1::text || $1::text", parameters,
                        [&](const Result& result) { got += result.rows.at(0).at(0)->size(); });
  }
  connection->commit();
  EXPECT_EQ(got, 3000U * 40000U);
}

// Whoever shows progress must not be told of a statement's end only when a long one behind it has
// ended as well.
TEST_F(PostgresqlPipeline, AnswersComeWhileALongStatementRuns) {
  const auto connection = connect();
  connection->begin();
  steady_clock::time_point first;
  connection->enqueue("CREATE TABLE t (x int)", {},
                      [&](const Result&) { first = steady_clock::now(); });
  connection->enqueue("SELECT pg_sleep(2)", {}, {});
  connection->commit();
  EXPECT_GT(steady_clock::now() - first, milliseconds(500));
}

TEST_F(PostgresqlPipeline, WhatACallbackThrowsComesOut) {
  const auto connection = connect();
  connection->begin();
  // From whichever call the answer comes in.
  const auto send_all = [&] {
    connection->enqueue("SELECT 1", {}, [](const Result&) { throw std::runtime_error("thrown"); });
    for (int i = 0; i < 100; ++i) connection->enqueue("SELECT 2", {}, {});
    connection->flush();
  };
  EXPECT_THROW(send_all(), std::runtime_error);
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
}

TEST_F(PostgresqlPipeline, RollbackDoesNotWaitForWhatItTakesBack) {
  const auto connection = connect();
  connection->begin();
  connection->enqueue("SELECT pg_sleep(60)", {}, {});
  connection->enqueue("SELECT pg_sleep(60)", {}, {});
  const auto begin = steady_clock::now();
  connection->rollback();
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(30));
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
}

class PostgresqlCancel : public Postgresql {
 protected:
  // Cancels `connection` after a while, during `action`.
  static Error cancelled_in(Connection& connection, const std::function<void()>& action) {
    std::thread other([&] {
      std::this_thread::sleep_for(milliseconds(150));
      connection.cancel();
    });
    const auto begin = steady_clock::now();
    const Error error = error_of(action);
    EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(20));
    other.join();
    return error;
  }
};

TEST_F(PostgresqlCancel, FromAnotherThread) {
  const auto connection = connect();
  Error error = cancelled_in(*connection, [&] { connection->query("SELECT pg_sleep(30)"); });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  EXPECT_EQ(error.message(), "cancelled while a statement was running");
  EXPECT_EQ(error.statement(), "SELECT pg_sleep(30)");
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1") << "a cancellation hits one statement";

  error = cancelled_in(*connection, [&] { connection->execute_alone("SELECT pg_sleep(30)"); });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");

  int done = 0;
  connection->begin();
  error = cancelled_in(*connection, [&] {
    connection->enqueue("SELECT 1", {}, [&](const Result&) { ++done; });
    for (int i = 0; i < 3; ++i) {
      connection->enqueue("SELECT pg_sleep(30)", {}, [&](const Result&) { ++done; });
    }
    connection->commit();
  });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  EXPECT_EQ(done, 1);
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
}

TEST_F(PostgresqlCancel, BetweenStatementsHitsTheNextOne) {
  const auto connection = connect();
  connection->cancel();
  EXPECT_EQ(error_of([&] { connection->query("SELECT 1"); }).code(), ErrorCode::kCancelled);
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
  connection->begin();
  connection->cancel();
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
}

Connection* alarmed = nullptr;

TEST_F(PostgresqlCancel, FromASignalHandler) {
  const auto connection = connect();
  alarmed = connection.get();
  struct sigaction action {};
  action.sa_handler = [](int) { alarmed->cancel(); };
  struct sigaction before {};
  ::sigaction(SIGALRM, &action, &before);
  itimerval timer{};
  timer.it_value.tv_usec = 150000;
  ::setitimer(ITIMER_REAL, &timer, nullptr);
  const Error error = error_of([&] { connection->query("SELECT pg_sleep(30)"); });
  ::sigaction(SIGALRM, &before, nullptr);
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
}

TEST_F(PostgresqlCancel, WhileAStatementGoesOnInMany) {
  // The time between statements is when a cancellation is lost; it is sent again.
  const auto connection = connect();
  connection->begin();
  const Error error = cancelled_in(*connection, [&] {
    for (int i = 0; i < 1000000; ++i) connection->enqueue("SELECT 1", {}, {});
    connection->commit();
  });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
}

class PostgresqlBadNetwork : public Postgresql {
 protected:
  PostgresqlBadNetwork() : scratch_("proxy"), proxy_(scratch_.path(), server_.socket_directory()) {
    server_.execute("CREATE TABLE t (x int)", options_.database);
    options_.host = scratch_.path();
  }

  std::string rows() const { return server_.execute("SELECT count(*) FROM t", options_.database); }

  Scratch scratch_;
  Proxy proxy_;
};

TEST_F(PostgresqlBadNetwork, CutInCommitIsInDoubt) {
  for (const bool arrives : {false, true}) {
    const auto connection = connect();
    connection->begin();
    connection->enqueue("INSERT INTO t VALUES (1)", {}, {});
    proxy_.set(arrives ? Mischief::kCutAfterCommit : Mischief::kCutBeforeCommit);
    const Error error = error_of([&] { connection->commit(); });
    proxy_.set(Mischief::kNone);
    EXPECT_EQ(error.code(), ErrorCode::kInDoubt);
    EXPECT_EQ(error.message(),
              "the connection was lost before COMMIT was answered: it is unknown whether the "
              "transaction took effect");
    EXPECT_EQ(error.detail(), "server closed the connection unexpectedly");
    EXPECT_EQ(rows(), arrives ? "1" : "0");
    EXPECT_FALSE(connection->in_transaction());
    connection->rollback();
    EXPECT_EQ(error_of([&] { connection->query("SELECT 1"); }).code(), ErrorCode::kConnection);
  }
}

TEST_F(PostgresqlBadNetwork, CancelOfAServerThatDoesNotAnswer) {
  const auto connection = connect();
  connection->begin();
  connection->enqueue("INSERT INTO t VALUES (1)", {}, {});
  connection->flush();
  proxy_.set(Mischief::kSilence);
  connection->cancel();
  EXPECT_EQ(error_of([&] { connection->query("SELECT 1"); }).code(), ErrorCode::kCancelled);
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(100));
    connection->cancel();
  });
  const auto begin = steady_clock::now();
  const Error error = error_of([&] { connection->commit(); });
  other.join();
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(40));
  EXPECT_EQ(error.code(), ErrorCode::kInDoubt);
  EXPECT_EQ(
      error.message(),
      "cancelled before COMMIT was answered: it is unknown whether the transaction took effect");
  connection->rollback();
  EXPECT_EQ(error_of([&] { connection->flush(); }).detail(),
            "the server did not answer a cancellation");
}

TEST_F(PostgresqlBadNetwork, ConnectingToAServerThatDoesNotAnswer) {
  proxy_.set(Mischief::kSilence);
  const auto begin = steady_clock::now();
  options_.stop_requested = [&] { return steady_clock::now() - begin > milliseconds(120); };
  Error error = error_of([&] { connect(); });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  EXPECT_EQ(error.message(), "stopped while connecting to the server");
  EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(8));

  options_.stop_requested = {};
  options_.parameters = {{"connect_timeout", "2"}};
  error = error_of([&] { connect(); });
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_TRUE(error.message().ends_with("failed: timeout expired")) << error.message();
  EXPECT_EQ(error.hint(),
            "the host does not answer: check host, port and firewall, or wait longer with "
            "connect_timeout=SECONDS in "
            "the URL");
}

TEST_F(PostgresqlBadNetwork, SomethingElseThanPostgresqlAnswers) {
  for (const Mischief mischief : {Mischief::kRubbish, Mischief::kHangUp}) {
    proxy_.set(mischief);
    const Error error = error_of([&] { connect(); });
    EXPECT_EQ(error.code(), ErrorCode::kConnection);
    EXPECT_EQ(error.hint(), "check that host and port are those of a PostgreSQL server")
        << error.message();
  }
}

TEST_F(Postgresql, BackendIsTerminated) {
  const auto connection = connect();
  const std::string terminate =
      "SELECT pg_terminate_backend(" + std::to_string(connection->backend_pid()) + ")";
  connection->begin();
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(150));
    server_.execute(terminate);
  });
  Error error = error_of([&] { connection->query("SELECT pg_sleep(30)"); });
  other.join();
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(
      error.message(),
      "the connection to the server was lost: terminating connection due to administrator command");
  EXPECT_EQ(error.sqlstate(), "57P01");
  EXPECT_EQ(error.statement(), "SELECT pg_sleep(30)");
  EXPECT_FALSE(connection->in_transaction());
  connection->rollback();
  error = error_of([&] { connection->begin(); });
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(error.message(), "there is no connection to the server any more");
  EXPECT_EQ(error.detail(), "terminating connection due to administrator command");
}

// A COMMIT that was never sent is no doubt.
TEST_F(Postgresql, BackendIsTerminatedBeforeCommit) {
  const auto connection = connect();
  connection->begin();
  connection->query("SELECT 1");
  server_.terminate("pid = " + std::to_string(connection->backend_pid()));
  const Error error = error_of([&] { connection->commit(); });
  EXPECT_EQ(error.code(), ErrorCode::kConnection) << error.message();
  EXPECT_EQ(error.sqlstate(), "57P01");
}

// A server of its own: this test crashes it.
TEST(PostgresqlServerTrouble, CrashAndRestart) {
  PostgresServer server;
  const ConnectOptions options = options_for(server, "postgres");
  server.execute("CREATE TABLE t (x int)");
  for (const bool crash : {true, false}) {
    const auto connection = dialect::postgresql::connect(options);
    connection->begin();
    connection->enqueue("INSERT INTO t VALUES (1)", {}, {});
    std::thread other([&] {
      std::this_thread::sleep_for(milliseconds(150));
      crash ? server.crash() : server.stop();
    });
    Error error = error_of([&] { connection->query("SELECT pg_sleep(30)"); });
    other.join();
    EXPECT_EQ(error.code(), ErrorCode::kConnection);
    // Before 14 a backend could not tell the one from the other.
    const bool looks_crashed = crash && server_major() < 14;
    EXPECT_EQ(error.sqlstate(), looks_crashed ? "57P02" : "57P01") << error.message();
    EXPECT_EQ(error.message(),
              std::string("the connection to the server was lost: terminating connection ") +
                  (looks_crashed ? "because of crash of another server process"
                   : crash       ? "due to immediate shutdown command"
                                 : "due to administrator command"));
    connection->rollback();
    error = error_of([&] { dialect::postgresql::connect(options); });
    EXPECT_EQ(error.code(), ErrorCode::kConnection);
    EXPECT_EQ(error.hint(),
              "is the server running there? Try: pg_isready -h " + options.host + " -p 5432");
    server.start();
    EXPECT_EQ(server.execute("SELECT count(*) FROM t"), "0");
  }
}

// One process of the server dies, and the others go with it.
TEST(PostgresqlServerTrouble, AnotherProcessCrashes) {
  PostgresServer server;
  const ConnectOptions options = options_for(server, "postgres");
  const auto victim = dialect::postgresql::connect(options);
  const auto connection = dialect::postgresql::connect(options);
  std::thread other([&] {
    std::this_thread::sleep_for(milliseconds(150));
    ::kill(victim->backend_pid(), SIGKILL);
  });
  const Error error = error_of([&] { connection->query("SELECT pg_sleep(30)"); });
  other.join();
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(error.sqlstate(), "57P02");
  EXPECT_EQ(error.message(),
            "the connection to the server was lost: terminating connection because of crash of "
            "another server process");
  EXPECT_EQ(error.statement(), "SELECT pg_sleep(30)");
}

class PostgresqlRefused : public testing::Test {
 protected:
  PostgresqlRefused()
      : server_({.tcp = true,
                 .settings = {"max_connections = 5", "superuser_reserved_connections = 1",
                              "password_encryption = 'scram-sha-256'"},
                 .hba_lines = {"local all guarded scram-sha-256", "local all outsider reject",
                               "local all namesake peer"}}),
        options_(options_for(server_, "postgres")) {}

  Error refused() {
    return error_of([&] { dialect::postgresql::connect(options_); });
  }

  PostgresServer server_;
  ConnectOptions options_;
};

TEST_F(PostgresqlRefused, EachCauseHasItsHint) {
  server_.execute(
      "CREATE ROLE guarded LOGIN PASSWORD 'right'; CREATE ROLE outsider LOGIN; CREATE ROLE "
      "namesake LOGIN");
  const std::string socket = "connection to server on socket \"" + options_.host + "/.s.PGSQL." +
                             options_.port + "\" failed: ";
  const std::string here = " -h " + options_.host + " -p " + options_.port;
  options_.database = "nosuch";
  Error error = refused();
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(error.message(), socket + "FATAL:  database \"nosuch\" does not exist");
  EXPECT_EQ(error.hint(),
            "create it, or correct the URL. Try: createdb" + here + " -U capo nosuch");

  options_.database = "postgres";
  options_.username = "nobody_here";
  EXPECT_EQ(refused().message(), socket + "FATAL:  role \"nobody_here\" does not exist");

  options_.username = "guarded";
  options_.password = "wrong-secret";
  error = refused();
  EXPECT_EQ(error.message(),
            socket + "FATAL:  password authentication failed for user \"guarded\"");
  EXPECT_EQ(error.hint(),
            "check user and password in the URL, or in PGPASSWORD or the password file");
  EXPECT_EQ((error.message() + error.detail() + error.hint()).find("wrong-secret"),
            std::string::npos);
  options_.password = "right";
  EXPECT_EQ(cell(*dialect::postgresql::connect(options_), "SELECT current_user"), "guarded");
  options_.password.clear();
  error = refused();
  EXPECT_EQ(error.message(), socket + "fe_sendauth: no password supplied");

  options_.username = "outsider";
  EXPECT_EQ(refused().hint(),
            "the server's pg_hba.conf does not allow this user, database, address and encryption "
            "together");
  options_.username = "namesake";
  error = refused();
  EXPECT_EQ(error.message(), socket + "FATAL:  Peer authentication failed for user \"namesake\"");
  EXPECT_EQ(error.hint(),
            "by socket, the server lets in the operating system's user of the same name only; give "
            "host=localhost and a password, or change pg_hba.conf");

  options_.username = "capo";
  options_.host = "no-such-host.invalid";
  error = refused();
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(error.hint(), "check the name of the host in the URL") << error.message();

  options_.host = "127.0.0.1";
  EXPECT_EQ(cell(*dialect::postgresql::connect(options_), "SELECT 1"), "1");
  options_.parameters = {{"sslmode", "require"}};
  error = refused();
  EXPECT_EQ(
      error.hint(),
      "the URL's sslmode asks for more than the server offers; sslmode=prefer takes what there is");
  options_.parameters = {{"sslmode", "sometimes"}};
  EXPECT_EQ(refused().message(), "invalid sslmode value: \"sometimes\"");
  options_.parameters = {{"sslmod", "require"}};
  EXPECT_EQ(refused().hint(), "did you mean sslmode?");
  options_.parameters = {};
  options_.port = "1";
  error = refused();
  EXPECT_EQ(error.message(),
            "connection to server at \"127.0.0.1\", port 1 failed: Connection refused");
  EXPECT_EQ(error.hint(), "is the server running there? Try: pg_isready -h 127.0.0.1 -p 1");
}

TEST_F(PostgresqlRefused, TooManyConnections) {
  options_.username = "visitor";
  server_.execute("CREATE ROLE visitor LOGIN");
  std::vector<std::unique_ptr<Connection>> connections;
  const Error error = error_of([&] {
    for (int i = 0; i < 20; ++i) connections.push_back(dialect::postgresql::connect(options_));
  });
  EXPECT_EQ(error.code(), ErrorCode::kConnection);
  EXPECT_EQ(error.hint(),
            "wait until other programs have closed connections, or raise the limit on the server")
      << error.message();
}

}  // namespace
}  // namespace capo::test
