#pragma once

#include <libpq-fe.h>

#include <concepts>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

/// Transactions of a service for one of its tenants, on PostgreSQL's own client library:
///
///     capo::TenantTransaction work(connection, user.id);
///     PQexec(connection, "INSERT INTO items (title) VALUES ('Scales')");
///     work.commit();
///
/// The tenant is a setting of the transaction, which the policies of the tables compare with. It
/// goes when the transaction ends, however that ends, so that nothing of it is left on a pooled
/// connection. This header stands alone: what uses it links libpq, and not capo.
namespace capo {

class TenantError : public std::runtime_error {
 public:
  enum class Kind {
    kMisuse,      ///< nothing was sent: no tenant, a transaction within another one
    kEnded,       ///< somebody else ended the transaction, or changed its tenant; rolled back
    kFailed,      ///< a statement of the transaction had failed; rolled back
    kLeft,        ///< a tenant is set on the session, outside of transactions
    kDatabase,    ///< the server refused; rolled back
    kConnection,  ///< the connection broke; the server rolls back
    kInDoubt      ///< it broke during COMMIT: it is unknown whether that took effect
  };

  TenantError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

struct TenantOptions {
  /// Two words with a dot between, of small letters, digits and underscores.
  std::string setting = "app.current_user_id";
  std::string begin = "BEGIN";  ///< `BEGIN ISOLATION LEVEL SERIALIZABLE`, `BEGIN READ ONLY`
};

namespace tenant_detail {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;
using Kind = TenantError::Kind;

inline bool is_setting(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() && name.size() < 64 &&
         name.find('.', dot + 1) == std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789.") ==
             std::string_view::npos &&
         name.find_first_of("0123456789") != 0;
}

/// Numbers, UUIDs, short names. It is sent as a parameter all the same.
inline bool is_tenant(std::string_view tenant) {
  return !tenant.empty() && tenant.size() <= 64 &&
         tenant.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
             std::string_view::npos;
}

/// Whether an error takes the connection along, which may not know that yet: a FATAL one, or one of
/// libpq's own, without an SQLSTATE (it wrote to a server that had said farewell and was gone).
inline bool is_lost(const PGresult* error) {
  if (error != nullptr && PQresultStatus(error) != PGRES_FATAL_ERROR) return false;
  const char* state = PQresultErrorField(error, PG_DIAG_SQLSTATE);
  const char* severity = PQresultErrorField(error, PG_DIAG_SEVERITY_NONLOCALIZED);
  return state == nullptr ||
         (severity != nullptr && std::string_view(severity) != std::string_view("ERROR"));
}

[[noreturn]] inline void fail(PGconn* connection, Kind kind, const std::string& what) {
  throw TenantError(PQstatus(connection) == CONNECTION_OK ? kind : Kind::kConnection,
                    what + ": " + PQerrorMessage(connection));
}

inline void require(PGconn* connection, const Result& result, ExecStatusType status,
                    const std::string& what) {
  if (PQresultStatus(result.get()) == status) return;
  fail(connection, is_lost(result.get()) ? Kind::kConnection : Kind::kDatabase, what);
}

inline Result execute(PGconn* connection, const std::string& sql) {
  return Result(PQexec(connection, sql.c_str()));
}

/// The tenant that is set now; empty: none.
inline std::string current(PGconn* connection, const std::string& setting) {
  const char* values[] = {setting.c_str()};
  const Result result(PQexecParams(connection, "SELECT pg_catalog.current_setting($1, true)", 1,
                                   nullptr, values, nullptr, nullptr, 0));
  require(connection, result, PGRES_TUPLES_OK, "cannot read " + setting);
  return PQgetvalue(result.get(), 0, 0);
}

inline void require_idle(PGconn* connection, const std::string& what) {
  if (connection == nullptr) throw TenantError(Kind::kMisuse, what + ": no connection");
  if (PQstatus(connection) != CONNECTION_OK) fail(connection, Kind::kConnection, what);
  if (PQtransactionStatus(connection) == PQTRANS_IDLE) return;
  throw TenantError(Kind::kMisuse, what + ": a transaction is open, or a statement is at work");
}

}  // namespace tenant_detail

/// Begins a transaction for a tenant on a connection of the caller's, which outlives it. Rolls back
/// when it is destroyed without commit().
class TenantTransaction {
 public:
  /// Throws TenantError; no transaction is open then.
  TenantTransaction(PGconn* connection, std::string_view tenant, TenantOptions options = {})
      : connection_(connection), tenant_(tenant), options_(std::move(options)) {
    begin();
  }
  template <std::integral Number>
  TenantTransaction(PGconn* connection, Number tenant, TenantOptions options = {})
      : TenantTransaction(connection, tenant > 0 ? std::to_string(tenant) : std::string(),
                          std::move(options)) {}
  TenantTransaction(const TenantTransaction&) = delete;
  TenantTransaction& operator=(const TenantTransaction&) = delete;
  ~TenantTransaction() {
    if (is_open_) abandon();
  }

  const std::string& tenant() const { return tenant_; }
  bool is_open() const { return is_open_; }

  /// Throws unless this transaction is still open, is good, and is the tenant's. A round trip: for
  /// long work that others had a hand in. commit() does it as well.
  void check() {
    require_open();
    const PGTransactionStatusType status = PQtransactionStatus(connection_);
    if (status == PQTRANS_INTRANS &&
        tenant_detail::current(connection_, options_.setting) == tenant_)
      return;
    abandon();
    if (PQstatus(connection_) != CONNECTION_OK) {
      tenant_detail::fail(connection_, Kind::kConnection, "the transaction is lost");
    }
    if (status == PQTRANS_INERROR) {
      throw TenantError(Kind::kFailed,
                        "a statement of the transaction had failed: nothing was committed");
    }
    if (status == PQTRANS_ACTIVE) {
      throw TenantError(Kind::kMisuse, "a statement is still at work: nothing was committed");
    }
    throw TenantError(Kind::kEnded,
                      "the transaction of tenant " + tenant_ +
                          " was ended by somebody else, or its tenant was changed: what came after "
                          "was rolled back");
  }

  /// Throws if it did not commit (kLeft: it did, and a tenant is set on the session; it is taken
  /// away). Either way the transaction is over.
  void commit() {
    check();
    is_open_ = false;
    end("COMMIT");
  }

  void rollback() {
    require_open();
    is_open_ = false;
    if (PQstatus(connection_) != CONNECTION_OK) return;
    if (PQtransactionStatus(connection_) == PQTRANS_ACTIVE) {
      throw TenantError(Kind::kMisuse, "a statement is still at work: close the connection");
    }
    end("ROLLBACK");
  }

 private:
  using Kind = TenantError::Kind;

  void require_open() const {
    if (!is_open_) throw TenantError(Kind::kMisuse, "the transaction is over");
  }

  void begin() {
    if (!tenant_detail::is_tenant(tenant_)) {
      throw TenantError(Kind::kMisuse, "no tenant, or none that can be: \"" + tenant_ + "\"");
    }
    if (!tenant_detail::is_setting(options_.setting)) {
      throw TenantError(Kind::kMisuse, "\"" + options_.setting + "\" is no setting: app.tenant is");
    }
    tenant_detail::require_idle(connection_, "cannot begin");
    const tenant_detail::Result begun = tenant_detail::execute(connection_, options_.begin);
    tenant_detail::require(connection_, begun, PGRES_COMMAND_OK, "cannot begin");
    is_open_ = true;  // an exception of a constructor runs no destructor
    try {
      set_tenant();
    } catch (...) {
      abandon();
      throw;
    }
  }

  // One statement tells what was set before, and what is set now.
  void set_tenant() {
    const char* values[] = {options_.setting.c_str(), tenant_.c_str()};
    const tenant_detail::Result set(PQexecParams(
        connection_,
        "SELECT pg_catalog.current_setting($1, true), pg_catalog.set_config($1, $2, true), "
        "pg_catalog.current_setting($1, true)",
        2, nullptr, values, nullptr, nullptr, 0));
    tenant_detail::require(connection_, set, PGRES_TUPLES_OK, "cannot set the tenant");
    if (const std::string left = PQgetvalue(set.get(), 0, 0); !left.empty()) {
      throw TenantError(Kind::kLeft, options_.setting + " is \"" + left +
                                         "\" on this session: somebody has set it outside of a "
                                         "transaction, or as a default of the role or database");
    }
    // Where `begin` began nothing, it held for that one statement only.
    if (PQtransactionStatus(connection_) != PQTRANS_INTRANS) {
      throw TenantError(Kind::kMisuse, "\"" + options_.begin + "\" began no transaction");
    }
    if (PQgetvalue(set.get(), 0, 2) != tenant_) {
      throw TenantError(Kind::kDatabase, "the server did not take " + options_.setting);
    }
  }

  // In one message, so that a proxy cannot lend the session to somebody else in between. The name
  // of the setting has no quotes in it.
  void end(const std::string& command) {
    const std::string look = "SELECT pg_catalog.current_setting('" + options_.setting + "', true)";
    const bool is_sent = PQsendQuery(connection_, (command + "; " + look).c_str()) == 1;
    if (!is_sent) tenant_detail::fail(connection_, Kind::kDatabase, command);
    std::string done;
    std::string left;
    std::string refused;
    bool is_lost = false;
    while (const tenant_detail::Result result{PQgetResult(connection_)}) {
      const ExecStatusType status = PQresultStatus(result.get());
      if (status == PGRES_COMMAND_OK) done = PQcmdStatus(result.get());
      if (status == PGRES_TUPLES_OK) left = PQgetvalue(result.get(), 0, 0);
      if (status == PGRES_FATAL_ERROR) refused = PQresultErrorMessage(result.get());
      is_lost = is_lost || tenant_detail::is_lost(result.get());
      if (PQstatus(connection_) != CONNECTION_OK) break;
    }
    is_lost = is_lost || PQstatus(connection_) != CONNECTION_OK;
    judge(command, done, left, refused, is_lost);
  }

  void judge(const std::string& command, const std::string& done, const std::string& left,
             const std::string& refused, bool is_lost) {
    if (done.empty() && is_lost) {
      throw TenantError(command == "COMMIT" ? Kind::kInDoubt : Kind::kConnection,
                        "the connection broke during " + command + ": " + refused);
    }
    if (done.empty()) throw TenantError(Kind::kDatabase, command + " was refused: " + refused);
    if (done != command) {
      throw TenantError(Kind::kFailed, command + " became " + done + ": nothing was committed");
    }
    if (left.empty()) return;
    tenant_detail::execute(connection_,
                           "SELECT pg_catalog.set_config('" + options_.setting + "', '', false)");
    throw TenantError(Kind::kLeft, options_.setting + " was \"" + left +
                                       "\" on the session after " + command +
                                       " (which took effect): somebody used SET "
                                       "without LOCAL; it was taken away");
  }

  void abandon() noexcept {
    is_open_ = false;
    const PGTransactionStatusType status = PQtransactionStatus(connection_);
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR) {
      tenant_detail::execute(connection_, "ROLLBACK");
    }
  }

  PGconn* connection_;  // the caller's
  std::string tenant_;
  TenantOptions options_;
  bool is_open_ = false;
};

/// What a pool does before it lends a connection to the next: throws unless the connection is
/// alive, no transaction is open and no tenant is set; throw such a connection away. With
/// `discard_all` it also sends DISCARD ALL, which is not for connections through a proxy that lends
/// out transactions.
inline void reset_for_pool(PGconn* connection, bool discard_all = false,
                           const std::string& setting = TenantOptions().setting) {
  tenant_detail::require_idle(connection, "not for the pool");
  const std::string left = tenant_detail::current(connection, setting);
  if (discard_all) {
    const tenant_detail::Result done = tenant_detail::execute(connection, "DISCARD ALL");
    tenant_detail::require(connection, done, PGRES_COMMAND_OK, "DISCARD ALL");
  }
  if (left.empty()) return;
  throw TenantError(TenantError::Kind::kLeft, setting + " was \"" + left + "\" on the session");
}

}  // namespace capo
