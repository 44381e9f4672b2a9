#pragma once

#include <libpq-fe.h>

#include <future>
#include <memory>
#include <string>

#include "capo/error.hpp"
#include "dialect/connection.hpp"

/// libpq in capo's terms: owners for its objects, and its answers as values. The only file that
/// includes libpq's header; only those that work on the connection itself
/// (cancellation.cpp, connection.cpp, libpq.cpp) include this one.
namespace capo::dialect::postgresql {

struct CloseConnection {
  void operator()(PGconn* connection) const {
    if (!borrowed) PQfinish(connection);
  }
  bool borrowed = false;
};
using ConnectionHandle = std::unique_ptr<PGconn, CloseConnection>;

struct ClearAnswer {
  void operator()(PGresult* answer) const { PQclear(answer); }
};
using AnswerHandle = std::unique_ptr<PGresult, ClearAnswer>;

/// Sets off for the server; the connection is then open_connection()'s.
std::shared_ptr<Opening> begin_opening(const ConnectOptions& options);

/// A connection that is ready. Throws as connect() does.
ConnectionHandle open_connection(const ConnectOptions& options);

/// Asks the server to end what `connection` runs. The future is ready when the server has taken
/// note of it: what is sent before then may be hit instead.
std::future<void> send_cancellation(PGconn* connection);

Result to_result(const PGresult* answer);

/// A field of an error or notice (PG_DIAG_…), or "".
std::string diagnostic(const PGresult* answer, int field);
/// True for an error after which the server hangs up.
bool is_fatal(const PGresult* answer);
/// The server's refusal of `sql`: Error{kDatabase}, or {kLocked} if another session held a lock for
/// too long.
Error to_error(const PGresult* answer, const std::string& sql);
Notice to_notice(const PGresult* notice);

/// What the server reports of itself without being asked ("server_version"), or "".
std::string parameter_status(const PGconn* connection, const char* name);

/// The first line of libpq's own message, for errors that no server reported.
std::string libpq_message(const PGconn* connection);

}  // namespace capo::dialect::postgresql
