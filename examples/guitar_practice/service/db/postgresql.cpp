// libpq: a pool for each role, and transactions on its connections.

#include <libpq-fe.h>
#include <poll.h>

#include <capo/tenant.hpp>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>

#include "db/database.hpp"

namespace gpra {
namespace {

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Connection = std::unique_ptr<PGconn, Finish>;
using Result = std::unique_ptr<PGresult, Clear>;

/// Connections of one role. As many as were asked for are open at most; who comes when all are lent
/// out waits, and those who wait get them in the order in which they came.
class Pool {
 public:
  Pool(std::string url, int size, int wait_seconds, std::string purpose)
      : url_(std::move(url)),
        free_(size),
        wait_(std::chrono::seconds(wait_seconds)),
        purpose_(std::move(purpose)) {}

  /// Throws Unavailable.
  Connection take() {
    if (url_.empty()) throw Unavailable("no database URL is given for " + purpose_);
    std::unique_lock hold(guard_);
    wait_for_turn(hold);
    Connection connection;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    hold.unlock();
    try {
      // One that the server has closed in the meantime is not worth a failed request.
      if (connection != nullptr && is_alive(connection.get())) return connection;
      return open();
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }

  /// None: it was of no use any more.
  void give_back(Connection connection) {
    const std::lock_guard hold(guard_);
    if (connection != nullptr) idle_.push_back(std::move(connection));
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    // Handed on: were it free for a moment, whoever comes just then would take it.
    Waiting* const next = waiting_.front();
    waiting_.pop_front();
    next->has_turn = true;
    next->woken.notify_one();  // with the lock held: it is gone as soon as it runs
  }

 private:
  struct Waiting {
    std::condition_variable woken = {};
    bool has_turn = false;
  };

  void wait_for_turn(std::unique_lock<std::mutex>& hold) {
    if (free_ > 0) {
      --free_;
      return;
    }
    Waiting self;
    waiting_.push_back(&self);
    if (self.woken.wait_for(hold, wait_, [&self] { return self.has_turn; })) return;
    waiting_.remove(&self);
    throw Unavailable("all connections for " + purpose_ + " are in use");
  }

  // Without a round trip: nothing is to be read from one that nobody uses, but the farewell or the
  // end of a server that has closed it.
  static bool is_alive(PGconn* connection) {
    pollfd socket{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
    return PQstatus(connection) == CONNECTION_OK &&
           PQtransactionStatus(connection) == PQTRANS_IDLE && poll(&socket, 1, 0) == 0;
  }

  Connection open() const {
    Connection connection(PQconnectdb(url_.c_str()));
    if (PQstatus(connection.get()) != CONNECTION_OK) {
      throw Unavailable("no connection for " + purpose_ + ": " + PQerrorMessage(connection.get()));
    }
    PQsetNoticeProcessor(
        connection.get(), [](void*, const char*) {}, nullptr);
    return connection;
  }

  const std::string url_;
  std::mutex guard_ = {};
  std::list<Waiting*> waiting_ = {};
  int free_;  // none while somebody waits
  const std::chrono::seconds wait_;
  const std::string purpose_;
  std::vector<Connection> idle_ = {};
};

/// A connection of the pool, given back when it is done with: unless something is left on it.
class Lease {
 public:
  explicit Lease(Pool& pool) : pool_(pool), connection_(pool.take()) {}
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() {
    const bool is_clean = PQstatus(connection_.get()) == CONNECTION_OK &&
                          PQtransactionStatus(connection_.get()) == PQTRANS_IDLE && !is_spoilt_;
    pool_.give_back(is_clean ? std::move(connection_) : nullptr);
  }

  PGconn* get() const { return connection_.get(); }
  void spoil() { is_spoilt_ = true; }

 private:
  Pool& pool_;
  Connection connection_;
  bool is_spoilt_ = false;
};

std::string field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

Rows read(const PGresult* result) {
  std::vector<std::string> columns;
  for (int i = 0; i < PQnfields(result); ++i) columns.emplace_back(PQfname(result, i));
  std::vector<std::vector<Rows::Value>> rows(static_cast<std::size_t>(PQntuples(result)));
  for (int row = 0; row < PQntuples(result); ++row) {
    for (int i = 0; i < PQnfields(result); ++i) {
      Rows::Value value;
      if (PQgetisnull(result, row, i) == 0) {
        value.emplace(PQgetvalue(result, row, i),
                      static_cast<std::size_t>(PQgetlength(result, row, i)));
      }
      rows[static_cast<std::size_t>(row)].push_back(std::move(value));
    }
  }
  const std::string_view text = PQcmdTuples(const_cast<PGresult*>(result));
  long long affected = 0;  // where it is no number, nothing was
  std::from_chars(text.data(), text.data() + text.size(), affected);
  return {std::move(columns), std::move(rows), affected};
}

/// Not what was asked is wrong, but the moment: the server stops, has no more memory, or has ended
/// one of two transactions that waited for each other.
bool is_passing(const std::string& sqlstate) {
  for (const char* kind : {"08", "40", "53", "57"}) {
    if (sqlstate.starts_with(kind)) return true;
  }
  return false;
}

Rows run(PGconn* connection, std::string_view sql, const std::vector<Param>& params) {
  std::vector<const char*> values;
  for (const Param& param : params) {
    values.push_back(param.text() ? param.text()->c_str() : nullptr);
  }
  const Result result(PQexecParams(connection, std::string(sql).c_str(),
                                   static_cast<int>(values.size()), nullptr, values.data(), nullptr,
                                   nullptr, 0));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return read(result.get());
  if (PQstatus(connection) != CONNECTION_OK) throw Unavailable(PQerrorMessage(connection));
  const std::string sqlstate = field(result.get(), PG_DIAG_SQLSTATE);
  // Without one it is libpq's own: the connection is of no use, and may not know that yet.
  if (sqlstate.empty() || is_passing(sqlstate)) throw Unavailable(PQerrorMessage(connection));
  throw DatabaseError(sqlstate, field(result.get(), PG_DIAG_CONSTRAINT_NAME),
                      PQerrorMessage(connection));
}

[[noreturn]] void rethrow(const capo::TenantError& error) {
  using Kind = capo::TenantError::Kind;
  if (error.kind() == Kind::kInDoubt) throw Unavailable(error.what(), true);
  if (error.kind() == Kind::kConnection || error.kind() == Kind::kDatabase) {
    throw Unavailable(error.what());
  }
  throw std::runtime_error(error.what());
}

class UserTransaction final : public Transaction {
 public:
  UserTransaction(Pool& pool, UserId user, const char* begin) : lease_(pool) {
    try {
      work_.emplace(lease_.get(), user, capo::TenantOptions{.begin = begin});
    } catch (const capo::TenantError& error) {
      lease_.spoil();
      rethrow(error);
    }
  }

  Rows query(std::string_view sql, const std::vector<Param>& params) override {
    return run(lease_.get(), sql, params);
  }
  void lock_user() override {
    // The number is only this service's: whatever else locks by advice, begins with another.
    query("SELECT pg_advisory_xact_lock(7209, $1::integer)", {work_->tenant()});
  }
  void commit() override {
    try {
      work_->commit();
    } catch (const capo::TenantError& error) {
      lease_.spoil();
      rethrow(error);
    }
  }
  bool is_sqlite() const override { return false; }

 private:
  Lease lease_;
  std::optional<capo::TenantTransaction> work_ = {};  // gone before the connection is
};

/// Of a role that is no user's.
class PlainTransaction final : public Transaction {
 public:
  explicit PlainTransaction(Pool& pool) : lease_(pool) { run(lease_.get(), "BEGIN", {}); }
  ~PlainTransaction() override {
    if (!is_over_) Result(PQexec(lease_.get(), "ROLLBACK"));
  }

  Rows query(std::string_view sql, const std::vector<Param>& params) override {
    return run(lease_.get(), sql, params);
  }
  void lock_user() override { throw std::logic_error("the transaction is nobody's"); }
  void commit() override {
    const PGTransactionStatusType status = PQtransactionStatus(lease_.get());
    if (status == PQTRANS_UNKNOWN) throw Unavailable("the connection broke");
    if (status != PQTRANS_INTRANS) {
      throw std::logic_error("a statement of the transaction had failed");
    }
    is_over_ = true;
    try {
      run(lease_.get(), "COMMIT", {});
    } catch (const Unavailable& error) {
      throw Unavailable(error.what(), true);
    }
  }
  bool is_sqlite() const override { return false; }

 private:
  Lease lease_;
  bool is_over_ = false;
};

class Postgresql final : public Database {
 public:
  explicit Postgresql(const PostgresqlOptions& options)
      : app_(options.app_url, options.connections, options.wait_seconds, "the application"),
        accounts_(options.accounts_url, options.connections, options.wait_seconds, "accounts"),
        webhook_(options.webhook_url, kFew, options.wait_seconds, "Stripe's webhook"),
        export_(options.export_url, kFew, options.wait_seconds, "the outbox") {}

  TransactionPtr for_user(UserId user) override {
    return std::make_unique<UserTransaction>(app_, user, "BEGIN");
  }
  TransactionPtr for_reader(UserId user) override {
    return std::make_unique<UserTransaction>(app_, user,
                                             "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }
  TransactionPtr for_accounts() override { return std::make_unique<PlainTransaction>(accounts_); }
  Rows ask_accounts(std::string_view sql, const std::vector<Param>& params) override {
    const Lease lease(accounts_);
    return run(lease.get(), sql, params);
  }
  TransactionPtr for_webhook() override { return std::make_unique<PlainTransaction>(webhook_); }
  TransactionPtr for_export() override { return std::make_unique<PlainTransaction>(export_); }

 private:
  static constexpr int kFew = 2;

  Pool app_;
  Pool accounts_;
  Pool webhook_;
  Pool export_;
};

}  // namespace

std::unique_ptr<Database> open_postgresql(const PostgresqlOptions& options) {
  return std::make_unique<Postgresql>(options);
}

}  // namespace gpra
