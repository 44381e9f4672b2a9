#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Throws Error{kDatabase} if `part` of `sql` holds a NUL byte, which libpq takes for its end.
void refuse_nul(std::string_view sql, std::string_view part, const char* what);
/// Parameters as libpq takes them, for as long as these values live. Throws as refuse_nul() does.
std::vector<const char*> to_parameters(std::string_view sql, std::span<const Value> parameters);

Result to_result(const PGresult* answer);

/// Rows of one answer that come one at a time, handed on some at a time in one Result, whose memory
/// is used again and again.
class RowsInParts {
 public:
  explicit RowsInParts(std::function<void(const Result&)> part) : part_(std::move(part)) {}
  /// Takes over the rows of `answer`.
  void add(const PGresult* answer);
  /// The same, and hands on what is left.
  void finish(const PGresult* answer);

 private:
  std::function<void(const Result&)> part_;
  Result rows_ = {};
  std::size_t filled_ = 0;
};

/// A field of an error or notice (PG_DIAG_…), or "".
std::string diagnostic(const PGresult* answer, int field);
/// True for an error after which the server hangs up.
bool is_fatal(const PGresult* answer);
/// The same of a notice, or for a warning before the server process quits at once.
bool is_farewell(const PGresult* notice);
/// The server's refusal of `sql`: Error{kDatabase}, or {kLocked} if another session held a lock for
/// too long.
Error to_error(const PGresult* answer, const std::string& sql);
Error copy_error();
Notice to_notice(const PGresult* notice);

/// What the server reports of itself without being asked ("server_version"), or "".
std::string parameter_status(const PGconn* connection, const char* name);

std::string first_line(std::string_view text);
/// The first line of libpq's own message, for errors that no server reported.
std::string libpq_message(const PGconn* connection);

}  // namespace capo::dialect::postgresql
