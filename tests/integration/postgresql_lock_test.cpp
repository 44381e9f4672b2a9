// One deployer at a time, on a PostgreSQL server: between processes, after kill -9, and behind
// PgBouncer.

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

#include "base/text.hpp"
#include "dialect/dialect.hpp"
#include "dialect/examination.hpp"
#include "dialect/postgresql/lock.hpp"
#include "pgbouncer.hpp"
#include "postgresql_fixture.hpp"
#include "support/process.hpp"
#include "support/scratch.hpp"

namespace capo::test {
namespace {

using dialect::DeploymentLock;
using dialect::LockRequest;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class PostgresqlLock : public Postgresql {
 protected:
  std::unique_ptr<DeploymentLock> take(Connection& connection,
                                       const LockRequest& request = {}) const {
    return dialect::postgresql::lock(connection, options_, request);
  }

  LockRequest at_most(milliseconds wait) {
    LockRequest request;
    request.max_wait = wait;
    request.on_wait = [this](std::string_view holder, milliseconds) {
      holders_.emplace_back(holder);
      return true;
    };
    return request;
  }

  // Runs `action` in a child process, which ends with 0 unless it throws.
  static pid_t in_child(const std::function<void()>& action) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    try {
      action();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
      ::_exit(1);
    }
    ::_exit(0);
  }
  static int exit_status(pid_t child) {
    int status = -1;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  void wait_until(const std::string& condition) const {
    for (int i = 0; i < 2000; ++i) {
      if (server_.execute("SELECT " + condition, options_.database) == "t") return;
      std::this_thread::sleep_for(milliseconds(10));
    }
    FAIL() << "never came: " << condition;
  }
  std::string advisory_locks() const {
    return server_.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
                           options_.database);
  }

  std::vector<std::string> holders_;
};

TEST_F(PostgresqlLock, IsGivenBack) {
  const auto connection = connect();
  {
    const auto held = take(*connection);
    EXPECT_EQ(advisory_locks(), "2");
  }
  wait_until("NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')");
  const auto again = take(*connection);
  connection->begin();
  EXPECT_EQ(error_of([&] { take(*connection); }).code(), ErrorCode::kInternal);
}

TEST_F(PostgresqlLock, SaysWhoHoldsItAndWhatRuns) {
  const auto first = connect();
  const auto held = take(*first);
  const auto second = connect();
  const std::string holder = server_.execute(
      "SELECT format('pid %s (capo lock), user capo, since %s', pid, to_char(backend_start, "
      "'YYYY-MM-DD HH24:MI:SS')) "
      "FROM pg_stat_activity WHERE application_name = 'capo lock' AND pid IN "
      "(SELECT pid FROM pg_locks WHERE locktype = 'advisory')",
      options_.database);
  const std::string message =
      "the deployment lock of the database " + options_.database + " is held by " + holder;
  Error error = error_of([&] { take(*second, at_most(milliseconds(50))); });
  EXPECT_EQ(error.code(), ErrorCode::kLocked);
  EXPECT_EQ(error.message(), message);
  EXPECT_EQ(error.hint(), "wait until it has ended; pg_terminate_backend() ends it");

  std::thread work([&] {
    const std::string sql = "SELECT pg_sleep(60)  /*\n\u00e9" + std::string(100, 'x') + "*/";
    EXPECT_EQ(error_of([&] { first->query(sql); }).code(), ErrorCode::kCancelled);
  });
  wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%')");
  error = error_of([&] { take(*second, at_most(milliseconds(50))); });
  EXPECT_EQ(error.message(),
            message + ", running SELECT pg_sleep(60) /* \u00e9" + std::string(55, 'x') + "…");
  LockRequest request = at_most(milliseconds(0));
  request.on_wait = [this](std::string_view told, milliseconds) {
    holders_.emplace_back(told);
    return false;
  };
  holders_.clear();
  EXPECT_THROW(take(*second, request), Error);
  ASSERT_EQ(holders_.size(), 1U);
  EXPECT_TRUE(error.message().ends_with(" is held by " + holders_[0])) << holders_[0];
  first->cancel();
  work.join();
}

TEST_F(PostgresqlLock, EachVersionTableHasItsOwn) {
  const auto first = connect();
  const auto second = connect();
  LockRequest request = at_most(milliseconds(20));
  request.version_table = "alembic_version";
  const auto held = take(*first, request);
  request.schema = "public";  // the same, by its name
  EXPECT_THROW(take(*second, request), Error);
  request.schema = "other";
  const auto other_schema = take(*second, request);
  request.schema = "";
  request.version_table = "other";
  const auto third = connect();
  const auto other_table = take(*third, request);
}

TEST_F(PostgresqlLock, WaitingCanBeStopped) {
  const auto first = connect();
  const auto held = take(*first);
  const auto second = connect();
  LockRequest request;
  request.on_wait = [](std::string_view, milliseconds) { return false; };
  Error error = error_of([&] { take(*second, request); });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  EXPECT_EQ(error.message(),
            "stopped while waiting for the deployment lock of the database " + options_.database);
  const auto begin = steady_clock::now();
  options_.stop_requested = [&] { return steady_clock::now() - begin > milliseconds(100); };
  EXPECT_EQ(error_of([&] { take(*second); }).code(), ErrorCode::kCancelled);
}

TEST_F(PostgresqlLock, IsAskedForAboutOnceASecond) {
  const auto first = connect();
  auto held = take(*first);
  const auto second = connect();
  std::thread release([&] {
    std::this_thread::sleep_for(milliseconds(2300));
    held.reset();
  });
  const auto taken = take(*second, at_most(milliseconds(0)));
  release.join();
  EXPECT_GE(holders_.size(), 2U);
  EXPECT_LE(holders_.size(), 5U);
}

TEST_F(PostgresqlLock, TwentyProcessesOneAtATime) {
  server_.execute("CREATE TABLE counter AS SELECT 0 AS value", options_.database);
  std::vector<pid_t> children;
  for (int i = 0; i < 20; ++i) {
    children.push_back(in_child([&] {
      const auto connection = connect();
      const auto held = take(*connection);
      // Without the lock, most of these would read the same value.
      const auto value = base::parse_integer(cell(*connection, "SELECT value FROM counter"));
      connection->execute_alone("CREATE INDEX CONCURRENTLY ON counter (value)");
      connection->query("UPDATE counter SET value = " + std::to_string(value.value() + 1));
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(exit_status(child), 0);
  EXPECT_EQ(server_.execute("SELECT value FROM counter", options_.database), "20");
  EXPECT_EQ(server_.execute(
                "SELECT count(*) FROM pg_index WHERE indrelid = 'counter'::regclass AND indisvalid",
                options_.database),
            "20");
}

TEST_F(PostgresqlLock, DiesWithItsProcess) {
  const pid_t child = in_child([&] {
    const auto connection = connect();
    const auto held = take(*connection);
    connection->query("CREATE TABLE held ()");
    ::pause();
  });
  wait_until("to_regclass('held') IS NOT NULL");
  const auto connection = connect();
  EXPECT_THROW(take(*connection, at_most(milliseconds(20))), Error);
  ::kill(child, SIGKILL);
  EXPECT_EQ(exit_status(child), -SIGKILL);
  take(*connection, at_most(std::chrono::seconds(20)));
}

// What a killed deployer's last statement does is not over when the deployer is.
TEST_F(PostgresqlLock, WaitsForTheStatementOfAKilledDeployer) {
  const std::string database = options_.database;
  server_.execute("CREATE TABLE t AS SELECT 1 AS x", database);
  const auto blocker = connect();
  blocker->begin();
  blocker->query("UPDATE t SET x = 2");
  const pid_t child = in_child([&] {
    const auto connection = connect();
    const auto held = take(*connection);
    connection->execute_alone("CREATE INDEX CONCURRENTLY t_x ON t (x)");
  });
  wait_until(
      "EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%' AND "
      "wait_event_type = 'Lock')");
  ::kill(child, SIGKILL);
  EXPECT_EQ(exit_status(child), -SIGKILL);
  wait_until("NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'capo lock')");

  const auto connection = connect();
  const Error error = error_of([&] { take(*connection, at_most(milliseconds(50))); });
  EXPECT_EQ(error.code(), ErrorCode::kLocked);
  EXPECT_TRUE(
      error.message().starts_with("the lock of an interrupted run, a statement of which the server "
                                  "still executes, is held by pid "))
      << error.message();
  EXPECT_TRUE(error.message().ends_with(", running CREATE INDEX CONCURRENTLY t_x ON t (x)"))
      << error.message();

  std::thread end([&] {
    std::this_thread::sleep_for(milliseconds(200));
    blocker->commit();
  });
  const auto held = take(*connection);
  end.join();
  EXPECT_EQ(cell(*connection, "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_x'::regclass"),
            "t");
}

// The idle connection may be cut by a firewall or an administrator while the migration goes on.
TEST_F(PostgresqlLock, HoldsEvenIfItsOwnConnectionIsCut) {
  const auto first = connect();
  const auto held = take(*first);
  server_.terminate("application_name = 'capo lock' AND datname = '" + options_.database + "'");
  const auto second = connect();
  const Error error = error_of([&] { take(*second, at_most(milliseconds(50))); });
  EXPECT_EQ(error.code(), ErrorCode::kLocked);
}

TEST_F(PostgresqlLock, GivenBackAfterACancellation) {
  const auto connection = connect();
  {
    const auto held = take(*connection);
    connection->cancel();
  }
  wait_until("NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')");
  EXPECT_EQ(cell(*connection, "SELECT 1"), "1");
}

TEST_F(PostgresqlLock, OutlivesALostConnection) {
  const auto connection = connect();
  {
    const auto held = take(*connection);
    server_.terminate("pid = " + std::to_string(connection->backend_pid()));
    EXPECT_THROW(connection->query("SELECT 1"), Error);
  }
  const auto other = connect();
  take(*other, at_most(std::chrono::seconds(20)));
}

// What the doctor finds: level and text of each finding of a topic.
std::vector<std::string> findings(dialect::Connection& connection, const ConnectOptions& options,
                                  const std::string& topic) {
  const dialect::ExaminationRequest request{.options = options,
                                            .version_table = "alembic_version",
                                            .long_transaction = std::chrono::seconds(0)};
  std::vector<std::string> found;
  for (const dialect::Finding& finding :
       dialect::find_dialect("postgresql")->examine(connection, request)) {
    if (finding.topic != topic) continue;
    const bool is_problem = finding.level == dialect::Finding::Level::kProblem;
    found.push_back((is_problem ? "problem: " : "") + finding.text);
  }
  return found;
}

TEST_F(PostgresqlLock, TheDoctorSeesWhatPoolsProcesses) {
  const PgBouncer transactions(server_, "transaction");
  const PgBouncer sessions(server_, "session");
  const ConnectOptions direct = options_;
  EXPECT_EQ(findings(*connect(), direct, "pooler"),
            std::vector<std::string>{"none between capo and the server"});
  options_ = transactions.options(direct);
  EXPECT_EQ(findings(*connect(), options_, "pooler"),
            (std::vector<std::string>{
                "problem: a proxy lends out a server process for one transaction at a time: no "
                "deployment lock would hold, and capo refuses to migrate through it"}));
  options_ = sessions.options(direct);
  EXPECT_EQ(findings(*connect(), options_, "pooler"),
            (std::vector<std::string>{
                "a proxy stands between capo and the server; it seems to pool sessions"}));
}

TEST_F(PostgresqlLock, TheDoctorSeesLongTransactions) {
  const auto other = connect();
  other->begin();
  other->query("CREATE TABLE held (id integer)");
  std::vector<std::string> found = findings(*connect(), options_, "activity");
  ASSERT_EQ(found.size(), 1U);
  // What is not committed has no name yet: the transaction counts all the same.
  EXPECT_EQ(found[0].find("a long transaction (pid " + std::to_string(other->backend_pid())), 0U)
      << found[0];
  other->commit();
  other->begin();
  other->query("SELECT * FROM held");
  found = findings(*connect(), options_, "activity");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(
      found[0].find("problem: a long transaction holds locks that a migration would wait for, "
                    "on held (pid " +
                    std::to_string(other->backend_pid()) + ", user capo, idle in transaction "),
      0U)
      << found[0];
  other->rollback();
  other->query("DROP TABLE held");
}

TEST_F(PostgresqlLock, RefusedBehindAPoolOfTransactions) {
  const PgBouncer pool(server_, "transaction");
  const auto direct = connect();
  options_ = pool.options(options_);
  const auto connection = connect();
  Error error = error_of([&] { take(*connection); });
  EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  EXPECT_EQ(error.message(),
            "a proxy between capo and the server lends out a server process for one transaction at "
            "a time, so that no deployment lock would hold");
  EXPECT_EQ(error.hint(),
            "connect to PostgreSQL directly, or through a pool in session mode; or, if nobody else "
            "deploys now, say --no-lock");
  EXPECT_EQ(cell(*direct, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), "0")
      << "nothing left behind";

  // While other clients use the pool as well.
  std::atomic<bool> ending = false;
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      const auto client = connect();
      while (!ending) client->query("SELECT 1");
    });
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(error_of([&] { take(*connection); }).code(), ErrorCode::kUnsupported);
  }
  ending = true;
  for (std::thread& client : clients) client.join();
}

// Without the lock everything else works there, and no setting of ours reaches another client.
TEST_F(PostgresqlLock, PoolOfTransactionsKeepsNoSetting) {
  const PgBouncer pool(server_, "transaction");
  options_ = pool.options(options_);
  options_.lock_timeout = milliseconds(1234);
  const auto connection = connect();
  EXPECT_EQ(cell(*connection, "SHOW row_security"), "on");
  for (int round = 0; round < 2; ++round) {
    connection->begin();
    EXPECT_EQ(cell(*connection, "SHOW row_security"), "off");
    EXPECT_EQ(cell(*connection, "SHOW lock_timeout"), "1234ms");
    int done = 0;
    for (int i = 0; i < 3000; ++i)
      connection->enqueue("SELECT 1", {}, [&](const Result&) { ++done; });
    connection->commit();
    EXPECT_EQ(done, 3000);
    EXPECT_EQ(cell(*connection, "SHOW row_security"), "on");
    EXPECT_EQ(cell(*connection, "SHOW lock_timeout"), "0");
  }
  connection->execute_alone("CREATE TABLE t (x int)");
  connection->begin();
  connection->enqueue("INSERT INTO t VALUES ('x')", {}, {});
  EXPECT_EQ(error_of([&] { connection->commit(); }).sqlstate(), "22P02");
  connection->rollback();
  EXPECT_EQ(cell(*connection, "SELECT count(*) FROM t"), "0");
}

TEST_F(PostgresqlLock, PoolOfSessionsIsAsGoodAsNone) {
  const PgBouncer pool(server_, "session");
  options_ = pool.options(options_);
  const auto first = connect();
  const auto held = take(*first);
  const auto second = connect();
  EXPECT_EQ(error_of([&] { take(*second, at_most(milliseconds(50))); }).code(), ErrorCode::kLocked);
}

}  // namespace
}  // namespace capo::test
