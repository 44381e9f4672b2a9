// include/capo/tenant.hpp on a real server, and through PgBouncer: the tenant holds for its
// transaction and no longer, whatever goes wrong.

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

#include "capo/tenant.hpp"
#include "pgbouncer.hpp"
#include "support/server.hpp"

namespace capo::test {
namespace {

using Kind = TenantError::Kind;

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Pg = std::unique_ptr<PGconn, Finish>;

Pg connect(const std::string& url) {
  Pg connection(PQconnectdb(url.c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw std::runtime_error(PQerrorMessage(connection.get()));
  }
  return connection;
}

/// The first value, or what the server says against it.
std::string value(const Pg& connection, const std::string& sql) {
  const tenant_detail::Result result(PQexec(connection.get(), sql.c_str()));
  if (PQresultStatus(result.get()) == PGRES_TUPLES_OK && PQntuples(result.get()) > 0) {
    return PQgetvalue(result.get(), 0, 0);
  }
  return PQresultErrorMessage(result.get());
}

/// Which kind of error an action ends with.
template <class Action>
std::optional<Kind> error_of(const Action& action) {
  try {
    action();
  } catch (const TenantError& error) {
    return error.kind();
  }
  return std::nullopt;
}

class TenantClient : public testing::Test {
 protected:
  TenantClient() {
    execute(
        "CREATE TABLE notes (text text, tenant text DEFAULT "
        "current_setting('app.current_user_id', true))");
    connection_ = connect(server_.url(database_));
  }

  std::string execute(const std::string& sql) { return server_.execute(sql, database_); }
  std::string tenant() {
    return value(connection_, "SELECT current_setting('app.current_user_id', true)");
  }
  std::string notes() {
    return execute("SELECT string_agg(text || ' of ' || tenant, ', ' ORDER BY text) FROM notes");
  }
  PGTransactionStatusType status() { return PQtransactionStatus(connection_.get()); }
  void write(const std::string& text) {
    value(connection_, "INSERT INTO notes (text) VALUES ('" + text + "')");
  }

  PostgresServer& server_ = server_of_this_program();
  std::string database_ = server_.create_database();
  Pg connection_;
};

TEST_F(TenantClient, CommitsAndLeavesNothing) {
  for (int tenant_id = 1; tenant_id <= 2; ++tenant_id) {
    TenantTransaction work(connection_.get(), tenant_id);
    EXPECT_EQ(tenant(), std::to_string(tenant_id));
    write("note" + std::to_string(tenant_id));
    work.commit();
    EXPECT_FALSE(work.is_open());
    EXPECT_EQ(tenant(), "");
  }
  EXPECT_EQ(notes(), "note1 of 1, note2 of 2");
  reset_for_pool(connection_.get());
  reset_for_pool(connection_.get(), true);
}

TEST_F(TenantClient, RollsBackWithoutACommit) {
  {
    TenantTransaction work(connection_.get(), "8f14e45f-ceea-467f-9575-1c5a1a1b1c1d");
    write("lost");
  }
  EXPECT_EQ(status(), PQTRANS_IDLE);
  TenantTransaction work(connection_.get(), 1, {.begin = "BEGIN READ ONLY"});
  work.rollback();
  EXPECT_EQ(error_of([&] { work.rollback(); }), Kind::kMisuse);
  EXPECT_EQ(tenant(), "");
  EXPECT_EQ(notes(), "");
}

TEST_F(TenantClient, RefusesWhatIsNoTenant) {
  for (const std::string tenant : {"", " ", "1 OR true", "1;", "'", "1,2", "\xC3\xA4"}) {
    EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), tenant); }), Kind::kMisuse)
        << tenant;
  }
  EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), std::string(65, '1')); }),
            Kind::kMisuse);
  for (const int tenant : {0, -1}) {
    EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), tenant); }), Kind::kMisuse);
  }
  for (const std::string setting : {"", "tenant", "app.", ".x", "app.a.b", "app.x'", "App.x"}) {
    EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), 1, {.setting = setting}); }),
              Kind::kMisuse)
        << setting;
  }
  EXPECT_EQ(error_of([&] { TenantTransaction(nullptr, 1); }), Kind::kMisuse);
  EXPECT_EQ(status(), PQTRANS_IDLE);
}

TEST_F(TenantClient, RefusesATransactionWithinAnother) {
  TenantTransaction outer(connection_.get(), 1);
  EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), 2); }), Kind::kMisuse);
  EXPECT_EQ(error_of([&] { reset_for_pool(connection_.get()); }), Kind::kMisuse);
  EXPECT_EQ(tenant(), "1");
  outer.commit();
}

TEST_F(TenantClient, RefusesToWorkOutsideATransaction) {
  EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), 1, {.begin = "SELECT"}); }),
            Kind::kDatabase);
  EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), 1, {.begin = "SET a.b = ''"}); }),
            Kind::kMisuse);
  EXPECT_EQ(tenant(), "");
}

TEST_F(TenantClient, AFailedTransactionIsNotCommitted) {
  TenantTransaction work(connection_.get(), 1);
  write("lost");
  value(connection_, "SELECT 1 / 0");
  EXPECT_EQ(error_of([&] { work.commit(); }), Kind::kFailed);
  EXPECT_EQ(status(), PQTRANS_IDLE);
  EXPECT_EQ(notes(), "");
}

TEST_F(TenantClient, ACommitThatIsRefusedIsAnError) {
  execute("ALTER TABLE notes ADD UNIQUE (text) DEFERRABLE INITIALLY DEFERRED");
  TenantTransaction work(connection_.get(), 1);
  write("twice");
  write("twice");
  EXPECT_EQ(error_of([&] { work.commit(); }), Kind::kDatabase);
  EXPECT_EQ(status(), PQTRANS_IDLE);
  EXPECT_EQ(tenant(), "");
}

// Whoever ends it by hand: what came after is not the tenant's, and is not committed.
TEST_F(TenantClient, SeesThatSomebodyElseEndedIt) {
  for (const std::string ended : {"COMMIT", "ROLLBACK", "COMMIT; BEGIN", "ROLLBACK AND CHAIN",
                                  "SELECT set_config('app.current_user_id', '2', true)"}) {
    SCOPED_TRACE(ended);
    TenantTransaction work(connection_.get(), 1);
    value(connection_, ended);
    if (status() == PQTRANS_INTRANS) write("lost");
    EXPECT_EQ(error_of([&] { work.commit(); }), Kind::kEnded);
    EXPECT_EQ(status(), PQTRANS_IDLE);
    EXPECT_EQ(tenant(), "");
  }
  EXPECT_EQ(notes(), "");
}

TEST_F(TenantClient, SeesWhatIsLeftOnTheSession) {
  TenantTransaction work(connection_.get(), 1);
  value(connection_, "SET app.current_user_id = '1'");
  write("kept");
  EXPECT_EQ(error_of([&] { work.commit(); }), Kind::kLeft);
  EXPECT_EQ(tenant(), "") << "it is taken away";
  EXPECT_EQ(notes(), "kept of 1");

  value(connection_, "SET app.current_user_id = '1'");
  EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), 2); }), Kind::kLeft);
  EXPECT_EQ(status(), PQTRANS_IDLE);
  EXPECT_EQ(error_of([&] { reset_for_pool(connection_.get()); }), Kind::kLeft);
  EXPECT_EQ(error_of([&] { reset_for_pool(connection_.get(), true); }), Kind::kLeft);
  reset_for_pool(connection_.get());
}

TEST_F(TenantClient, AConnectionThatBreaks) {
  const auto cut = [this] {
    server_.terminate("pid = " + std::to_string(PQbackendPID(connection_.get())));
  };
  {
    TenantTransaction work(connection_.get(), 1);
    write("lost");
    cut();
    EXPECT_EQ(error_of([&] { work.commit(); }), Kind::kConnection);
  }
  EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), 1); }), Kind::kConnection);
  EXPECT_EQ(error_of([&] { reset_for_pool(connection_.get()); }), Kind::kConnection);
  connection_ = connect(server_.url(database_));
  {
    TenantTransaction work(connection_.get(), 1);
    cut();
    write("lost");
  }
  EXPECT_EQ(notes(), "");
}

// The server ends the session while it commits: a trigger that is put off until then waits.
TEST_F(TenantClient, ACommitWithoutAnAnswerIsInDoubt) {
  execute(
      "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); "
      "RETURN NULL; END'; CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON notes DEFERRABLE "
      "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()");
  TenantTransaction work(connection_.get(), 1);
  write("perhaps");
  const int pid = PQbackendPID(connection_.get());
  std::thread cutter([&] {
    const std::string which = "pid = " + std::to_string(pid);
    const std::string sleeping =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND " + which;
    for (int i = 0; i < 1000 && execute(sleeping) == "0"; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    server_.terminate(which);
  });
  EXPECT_EQ(error_of([&] { work.commit(); }), Kind::kInDoubt);
  cutter.join();
}

// When one session is killed the server ends all others, each with a warning. What is written then
// goes nowhere, there is something to be read, and libpq takes the connection for a good one.
TEST_F(TenantClient, AServerThatCrashes) {
  const auto crash = [this] {
    const Pg other = connect(server_.url(database_));
    ASSERT_EQ(kill(PQbackendPID(other.get()), SIGKILL), 0);
    pollfd farewell{.fd = PQsocket(connection_.get()), .events = POLLIN, .revents = 0};
    ASSERT_EQ(poll(&farewell, 1, 30'000), 1);
    // Until the session is gone: from then on nobody reads what is written.
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  };
  const auto connect_again = [this] {
    for (int i = 0; i < 1000; ++i) {
      connection_.reset(PQconnectdb(server_.url(database_).c_str()));
      if (PQstatus(connection_.get()) == CONNECTION_OK) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    FAIL() << PQerrorMessage(connection_.get());
  };
  {
    TenantTransaction work(connection_.get(), 1);
    write("lost");
    crash();
    EXPECT_EQ(error_of([&] { work.commit(); }), Kind::kConnection);
  }
  connect_again();
  crash();
  EXPECT_EQ(error_of([&] { TenantTransaction(connection_.get(), 1); }), Kind::kConnection);
  connect_again();
  EXPECT_EQ(notes(), "");
}

TEST_F(TenantClient, AStatementAtWork) {
  TenantTransaction work(connection_.get(), 1);
  value(connection_, "COPY notes (text) FROM STDIN");
  EXPECT_EQ(error_of([&] { work.rollback(); }), Kind::kMisuse);
  EXPECT_EQ(error_of([&] { reset_for_pool(connection_.get()); }), Kind::kMisuse);
}

// PgBouncer that lends out its one server process for a transaction at a time.
class BehindPgBouncer : public TenantClient {
 protected:
  Pg client() {
    return connect("host=" + proxy_.directory() + " port=" + PgBouncer::port() +
                   " user=capo dbname=" + database_);
  }

  PgBouncer proxy_{server_, "transaction", "capo", 1};
};

TEST_F(BehindPgBouncer, TenantsTakeTurnsOnOneSession) {
  const Pg one = client();
  const Pg two = client();
  std::string pid;
  for (int turn = 0; turn < 20; ++turn) {
    const Pg& connection = turn % 2 == 0 ? one : two;
    TenantTransaction work(connection.get(), turn + 1);
    EXPECT_EQ(value(connection, "SELECT current_setting('app.current_user_id')"),
              std::to_string(turn + 1));
    const std::string server = value(connection, "SELECT pg_backend_pid()");
    if (pid.empty()) pid = server;
    EXPECT_EQ(server, pid) << "the test is about one session";
    if (turn % 3 == 0) {
      work.rollback();
    } else {
      work.commit();
    }
    reset_for_pool(connection.get());
  }
}

// One client's mistake is found before the other client's work begins.
TEST_F(BehindPgBouncer, WhatOneLeavesTheOtherRefuses) {
  const Pg one = client();
  const Pg two = client();
  value(one, "SET app.current_user_id = '1'");
  EXPECT_EQ(error_of([&] { TenantTransaction(two.get(), 2); }), Kind::kLeft);
}

}  // namespace
}  // namespace capo::test
