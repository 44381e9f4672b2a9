// Two session locks, both polled.
//
// The deployment lock is on a connection of its own that does nothing else. A connection that waits
// in pg_advisory_lock() holds a snapshot, for whose end the lock holder's CREATE INDEX CONCURRENTLY
// waits in turn: hence pg_try_advisory_lock(), again and again.
//
// The worker lock is on the connection that runs the migration. When a deployer is killed its
// connections close, but the server's process may still work on its last statement (CREATE INDEX
// CONCURRENTLY goes on to its end) and notices the closed connection only then. By that time the
// deployment lock is free, and the worker lock is not. It also holds if the idle connection of the
// first one is cut.

#include "dialect/postgresql/lock.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

#include "base/hash.hpp"
#include "base/one_line.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/lock_wait.hpp"
#include "dialect/postgresql/connection.hpp"

namespace capo::dialect::postgresql {
namespace {

// Enough to catch a proxy that lends out processes even while other clients use it.
constexpr int kProcessLooks = 20;

// A server may close sessions that are idle for long (since PostgreSQL 14); not the one that holds
// the lock. Behind a proxy ($2 is not the server's process) no setting may be left behind.
constexpr std::string_view kIdentify =
    "SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_database(),"
    " COALESCE(NULLIF($1, ''), pg_catalog.current_schema(), ''),"
    " CASE WHEN pg_catalog.pg_backend_pid() = $2::pg_catalog.int4"
    " AND pg_catalog.current_setting('idle_session_timeout', true) IS NOT NULL"
    " THEN pg_catalog.set_config('idle_session_timeout', '0', false) END";

constexpr std::string_view kTry = "SELECT pg_catalog.pg_try_advisory_lock($1::pg_catalog.int8)";
constexpr std::string_view kUnlock = "SELECT pg_catalog.pg_advisory_unlock($1::pg_catalog.int8)";
constexpr std::string_view kProcess = "SELECT pg_catalog.pg_backend_pid()";

// Whoever holds one of two keys; pg_locks shows a key of 64 bits as its two halves.
constexpr std::string_view kHolders =
    "SELECT l.pid, l.key = $1::int8, a.application_name, a.usename,"
    " COALESCE(a.client_hostname, pg_catalog.host(a.client_addr)),"
    " pg_catalog.to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS'), a.state, a.query"
    " FROM (SELECT pid, (classid::int8 << 32) | objid::int8 AS key FROM pg_catalog.pg_locks"
    " WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND database ="
    " (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())) AS l"
    " LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid"
    " WHERE l.key IN ($1::int8, $2::int8)";

constexpr std::string_view kWhere =
    "SELECT pg_catalog.current_database(),"
    " COALESCE(NULLIF($1, ''), pg_catalog.current_schema(), '')";

struct Keys {
  std::string deployment;
  std::string worker;
};

// The first 64 bits of a hash over parts that cannot run into each other.
std::string make_key(std::string_view purpose, const std::string& database,
                     const std::string& schema, const std::string& table) {
  std::string text("capo ");
  text.append(purpose);
  for (const std::string* part : {&database, &schema, &table}) text.append(1, '\0').append(*part);
  const std::string digits = base::sha256(text).substr(0, 16);
  std::uint64_t bits = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
  return std::to_string(static_cast<std::int64_t>(bits));
}

Keys make_keys(const std::string& database, const std::string& schema, const LockRequest& request) {
  return {make_key("deployment", database, schema, request.version_table),
          make_key("worker", database, schema, request.version_table)};
}

bool is_true(const Result& result) { return result.rows.at(0).at(0) == "t"; }

bool try_lock(Connection& connection, const std::string& key) {
  const std::array<Value, 1> parameters = {key};
  return is_true(connection.query(kTry, parameters));
}

std::string describe_process(const Row& row) {
  std::string text = "pid " + row[0].value_or("?");
  if (row[2] && !row[2]->empty()) text += " (" + *row[2] + ")";
  if (row[3]) text += ", user " + *row[3];
  if (row[4]) text += " on " + *row[4];
  if (row[5]) text += ", since " + *row[5];
  return text;
}

std::string describe_work(const Row& row) {
  if (!row[6] || !row[7] || row[7]->empty()) return {};
  if (*row[6] == "active") return ", running " + base::one_line(*row[7]);
  if (row[6]->starts_with("idle in transaction"))
    return ", idle in a transaction after " + base::one_line(*row[7]);
  return {};
}

// Who migrates the database, and what runs; or "".
std::string find_deployment_holder(Connection& keeper, const Keys& keys) {
  const std::array<Value, 2> parameters = {keys.deployment, keys.worker};
  const Result holders = keeper.query(kHolders, parameters);
  std::string who;
  std::string work;
  std::string orphan;
  for (const Row& row : holders.rows) {
    if (row[1] == "t") {
      who = describe_process(row);
    } else {
      work = describe_work(row);
      orphan = describe_process(row) + work;
    }
  }
  // A deployer that has gone may have left a statement running.
  return who.empty() ? orphan : who + work;
}

std::string deployment_holder(Connection& keeper, const Keys& keys) {
  const std::string holder = find_deployment_holder(keeper, keys);
  return holder.empty() ? "a session that has just ended" : holder;
}

// Whose statement is still running, though its deployer has gone.
std::string worker_holder(Connection& keeper, const Keys& keys) {
  const std::array<Value, 2> parameters = {keys.worker, keys.worker};
  const Result holders = keeper.query(kHolders, parameters);
  if (holders.rows.empty()) return "a session that has just ended";
  return describe_process(holders.rows[0]) + describe_work(holders.rows[0]);
}

ConnectOptions keeper_options(const ConnectOptions& options) {
  ConnectOptions keeper = options;
  keeper.on_notice = {};
  keeper.borrowed = nullptr;
  keeper.lock_timeout = keeper.statement_timeout = {};
  for (auto& [keyword, value] : keeper.parameters) {
    if (keyword == "application_name") {
      value += " lock";
      return keeper;
    }
  }
  keeper.parameters.emplace_back("application_name", "capo lock");
  return keeper;
}

[[noreturn]] void refuse_proxy() {
  throw Error(ErrorCode::kUnsupported,
              "a proxy between capo and the server lends out a server process for one transaction "
              "at a time, so that no deployment lock would hold")
      .hint(
          "connect to PostgreSQL directly, or through a pool in session mode; or, if nobody else "
          "deploys now, say --no-lock");
}

class AdvisoryLock final : public DeploymentLock {
 public:
  AdvisoryLock(std::unique_ptr<Connection> keeper, Connection& worker, std::string worker_key)
      : keeper_(std::move(keeper)), worker_(worker), worker_key_(std::move(worker_key)) {}
  AdvisoryLock(const AdvisoryLock&) = delete;
  AdvisoryLock& operator=(const AdvisoryLock&) = delete;

  // The worker lock first: the next deployer then finds both free. The deployment lock goes with
  // its connection.
  ~AdvisoryLock() override {
    try {
      // Forgets a Ctrl-C, which would hit the unlocking.
      if (!worker_.in_transaction()) worker_.rollback();
      const std::array<Value, 1> parameters = {worker_key_};
      worker_.query(kUnlock, parameters);
    } catch (const Error&) {
      // The connection is broken, or soon closed by whoever left a failed transaction on it: with
      // it goes the lock.
    }
  }

 private:
  std::unique_ptr<Connection> keeper_;
  Connection& worker_;
  std::string worker_key_;
};

}  // namespace

// In a pool of sessions, each connection keeps its process; in a pool of transactions, two
// connections meet in one process, or one of them moves to another.
bool processes_are_lent(Connection& one, Connection& other) {
  const auto process = [](Connection& connection) {
    return connection.query(kProcess).rows.at(0).at(0).value_or("");
  };
  const std::string first = process(one);
  const std::string second = process(other);
  for (int i = 0; i < kProcessLooks; ++i) {
    if (first == second || process(one) != first || process(other) != second) return true;
  }
  return false;
}

std::unique_ptr<DeploymentLock> lock(Connection& connection, const ConnectOptions& options,
                                     const LockRequest& request) {
  if (connection.in_transaction()) {
    throw Error(ErrorCode::kInternal, "the deployment lock is asked for inside a transaction");
  }
  std::unique_ptr<Connection> keeper = connect(keeper_options(options));
  const std::array<Value, 2> parameters = {request.schema, std::to_string(keeper->backend_pid())};
  const Row identity = keeper->query(kIdentify, parameters).rows.at(0);
  const std::string database = identity.at(1).value_or("");
  const std::string schema = identity.at(2).value_or("");
  const Keys keys = make_keys(database, schema, request);
  const bool direct = identity.at(0) == std::to_string(keeper->backend_pid());
  if (!direct && processes_are_lent(*keeper, connection)) refuse_proxy();

  wait_for_lock({.what = "the deployment lock of the database " + database,
                 .attempt = [&] { return try_lock(*keeper, keys.deployment); },
                 .holder = [&] { return deployment_holder(*keeper, keys); },
                 .hint = "wait until it has ended; pg_terminate_backend() ends it"},
                request, options.stop_requested);
  if (!direct && try_lock(connection, keys.deployment)) refuse_proxy();
  wait_for_lock(
      {.what = "the lock of an interrupted run, a statement of which the server still executes,",
       .attempt = [&] { return try_lock(connection, keys.worker); },
       .holder = [&] { return worker_holder(*keeper, keys); },
       .hint = "wait until it has ended; pg_cancel_backend() stops it"},
      request, options.stop_requested);
  return std::make_unique<AdvisoryLock>(std::move(keeper), connection, keys.worker);
}

std::string lock_holder(Connection& connection, const ConnectOptions&, const LockRequest& request) {
  const std::array<Value, 1> parameters = {request.schema};
  const Row where = connection.query(kWhere, parameters).rows.at(0);
  return find_deployment_holder(connection,
                                make_keys(where[0].value_or(""), where[1].value_or(""), request));
}

}  // namespace capo::dialect::postgresql
