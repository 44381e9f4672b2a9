#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Works for one tenant at a time, on a connection of libpq that the caller has and keeps:
///
///     capo::TenantTransaction work(connection, std::to_string(user.id));
///     work.query("INSERT INTO items (title) VALUES ($1)", {title});
///     work.commit();
///
/// The tenant is a setting of the transaction and ends with it, so that the connection can go back
/// to a pool, and that a proxy which lends server processes out for one transaction at a time
/// (PgBouncer in transaction mode) does not carry it to somebody else. For services; a header by
/// itself, which needs nothing of capo but this file, and libpq. docs/tenant-client.md tells the
/// rest.
namespace capo {

/// What went wrong. Of what the server says `sqlstate()` is set.
class TenantError : public std::runtime_error {
 public:
  explicit TenantError(const std::string& message, std::string sqlstate = {}, bool in_doubt = false)
      : std::runtime_error(message), sqlstate_(std::move(sqlstate)), in_doubt_(in_doubt) {}

  const std::string& sqlstate() const noexcept { return sqlstate_; }
  /// The connection was lost during COMMIT: nobody but the database knows whether it is done.
  bool in_doubt() const noexcept { return in_doubt_; }

 private:
  std::string sqlstate_;
  bool in_doubt_;
};

struct TenantResultDeleter {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using TenantResult = std::unique_ptr<PGresult, TenantResultDeleter>;

/// A value of a statement; nothing is NULL.
using TenantValue = std::optional<std::string>;

inline constexpr const char* kTenantSetting = "app.current_user_id";

/// A transaction of one tenant. Not finished by commit(), it is rolled back. One thread at a time,
/// as libpq has it. The connection has to outlive it and must not be used beside it.
class TenantTransaction {
 public:
  /// Begins it, in one round trip. Throws TenantError, and nothing has begun, if the tenant is
  /// empty or holds a NUL, if a transaction is open already, if the connection is busy, in pipeline
  /// mode or broken, or if the setting does not hold afterwards.
  explicit TenantTransaction(PGconn* connection, std::string_view tenant,
                             std::string setting = kTenantSetting)
      : connection_(connection), setting_(std::move(setting)) {
    check_idle();
    if (tenant.empty()) throw TenantError("no tenant: a transaction needs one");
    begin(std::string(tenant));
  }
  TenantTransaction(const TenantTransaction&) = delete;
  TenantTransaction& operator=(const TenantTransaction&) = delete;
  /// What is still on its way is not waited for: then the connection is left as it is, and
  /// reset_for_pool() says that it is of no use.
  ~TenantTransaction() {
    if (is_open_ && has_transaction()) run("ROLLBACK");
  }

  /// One statement, its values sent beside it. Throws TenantError: what the server says; and if the
  /// transaction is over, by commit(), rollback() or by a COMMIT that somebody sent by hand, so
  /// that nothing runs without a tenant unnoticed.
  TenantResult query(const std::string& sql, const std::vector<TenantValue>& values = {}) {
    std::vector<const char*> texts;
    texts.reserve(values.size());
    for (const TenantValue& value : values) texts.push_back(value ? value->c_str() : nullptr);
    PGconn* const connection = this->connection();
    return checked(
        TenantResult(PQexecParams(connection, sql.c_str(), static_cast<int>(texts.size()), nullptr,
                                  texts.data(), nullptr, nullptr, 0)));
  }

  /// The connection, for calls of libpq, as long as the transaction is open. Throws TenantError if
  /// it is not. Don't keep it.
  PGconn* connection() const {
    if (!is_open_) throw TenantError("the tenant's transaction is over");
    if (!has_transaction()) {
      throw TenantError(PQstatus(connection_) == CONNECTION_BAD
                            ? "the connection was lost in a tenant's transaction"
                            : "the tenant's transaction was ended by hand, and its tenant with it; "
                              "begin another one");
    }
    return connection_;
  }

  /// Throws TenantError: after a statement that failed, when all of it is rolled back; if the
  /// transaction is over; or what the server says. If the connection is lost meanwhile the error
  /// is `in_doubt()`.
  void commit() {
    PGconn* const connection = this->connection();
    is_open_ = false;
    const bool had_failed = PQtransactionStatus(connection) == PQTRANS_INERROR;
    const TenantResult result = run(had_failed ? "ROLLBACK" : "COMMIT");
    if (had_failed) {
      throw TenantError("a statement of the transaction failed: nothing of it is committed");
    }
    if (PQstatus(connection) == CONNECTION_BAD) {
      throw TenantError("the connection was lost during COMMIT: whether it is done is unknown", {},
                        true);
    }
    // A deferred constraint may refuse it.
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw error_of(result.get());
    if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
      throw TenantError("the server has rolled the transaction back");
    }
  }

  /// Does nothing if it is over.
  void rollback() {
    if (!std::exchange(is_open_, false) || !has_transaction()) return;
    checked(run("ROLLBACK"));
  }

 private:
  void check_idle() const {
    if (connection_ == nullptr || PQstatus(connection_) == CONNECTION_BAD) {
      throw TenantError("there is no connection to work on");
    }
    if (PQpipelineStatus(connection_) != PQ_PIPELINE_OFF) {
      throw TenantError("the connection is in pipeline mode");
    }
    switch (PQtransactionStatus(connection_)) {
      case PQTRANS_IDLE:
        return;
      case PQTRANS_ACTIVE:
        throw TenantError("the connection is busy with another statement");
      default:
        throw TenantError("a transaction is open already: one tenant's work cannot begin in it");
    }
  }

  // Both in one message: nothing else can come between them, and a proxy that lends out a server
  // process for a transaction sends both to the same.
  void begin(const std::string& tenant) {
    if (tenant.find('\0') != std::string::npos) throw TenantError("a tenant holds no NUL");
    const std::string sql = "BEGIN; SELECT pg_catalog.set_config(" + literal(setting_) + ", " +
                            literal(tenant) + ", true)";
    const TenantResult result = run(sql.c_str());
    if (PQresultStatus(result.get()) == PGRES_TUPLES_OK && has_transaction() &&
        PQntuples(result.get()) == 1 && PQgetvalue(result.get(), 0, 0) == tenant) {
      is_open_ = true;
      return;
    }
    const TenantError error = PQresultStatus(result.get()) == PGRES_TUPLES_OK
                                  ? TenantError("the setting " + setting_ + " does not hold")
                                  : error_of(result.get());
    if (has_transaction()) run("ROLLBACK");
    throw error;
  }

  std::string literal(const std::string& text) const {
    const std::unique_ptr<char, decltype(&PQfreemem)> quoted(
        PQescapeLiteral(connection_, text.data(), text.size()), &PQfreemem);
    if (quoted == nullptr) throw TenantError(PQerrorMessage(connection_));
    return quoted.get();
  }

  bool has_transaction() const {
    const PGTransactionStatusType status = PQtransactionStatus(connection_);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
  }

  TenantResult run(const char* sql) const { return TenantResult(PQexec(connection_, sql)); }

  TenantResult checked(TenantResult result) const {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return result;
    throw error_of(result.get());
  }

  TenantError error_of(const PGresult* result) const {
    const char* const sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    return TenantError(message == nullptr ? PQerrorMessage(connection_) : message,
                       sqlstate == nullptr ? "" : sqlstate);
  }

  PGconn* connection_;
  std::string setting_;
  bool is_open_ = false;
};

/// Before a connection goes back to a pool: rolls back what is open, and takes away a tenant that
/// somebody set for the whole session (`SET`, which is always a mistake here). False: the
/// connection is of no use any more, close it.
inline bool reset_for_pool(PGconn* connection, const std::string& setting = kTenantSetting) {
  if (connection == nullptr || PQstatus(connection) == CONNECTION_BAD ||
      PQpipelineStatus(connection) != PQ_PIPELINE_OFF) {
    return false;
  }
  const PGTransactionStatusType status = PQtransactionStatus(connection);
  if (status == PQTRANS_ACTIVE || status == PQTRANS_UNKNOWN) return false;
  if (status != PQTRANS_IDLE) {
    const TenantResult result(PQexec(connection, "ROLLBACK"));
    if (PQtransactionStatus(connection) != PQTRANS_IDLE) return false;
  }
  const char* const values[] = {setting.c_str()};
  const TenantResult result(PQexecParams(connection, "SELECT pg_catalog.set_config($1, '', false)",
                                         1, nullptr, values, nullptr, nullptr, 0));
  return PQresultStatus(result.get()) == PGRES_TUPLES_OK;
}

}  // namespace capo
