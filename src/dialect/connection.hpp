#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capo/schema.hpp"

/// A connection to one database, as the runtime needs it. Implemented by `dialect/<name>/connection.cpp`, the only file
/// that includes the client library. Used by one thread at a time, except cancel().
namespace capo::dialect {

/// A value in text form, or NULL.
using Value = std::optional<std::string>;
using Row = std::vector<Value>;

struct Result {
  std::vector<Row> rows = {};
  std::int64_t affected = 0;  ///< rows changed, or returned
};

/// A message of the server that is no error (`NOTICE: …`).
struct Notice {
  std::string severity = {};
  std::string message = {};
  std::string detail = {};
  std::string hint = {};
};

/// A connection on its way, while its user does something else. Dropped, it is given up.
class Opening {
 public:
  virtual ~Opening() = default;
};

/// Where and how to connect: a parsed URL, without knowledge of where it came from.
struct ConnectOptions {
  std::string host = {};      ///< name, address, or directory of a socket; empty: the client library's default
  std::string port = {};
  std::string username = {};
  std::string password = {};
  std::string database = {};  ///< PostgreSQL: name. SQLite: path, or empty / ":memory:"
  std::vector<std::pair<std::string, std::string>> parameters = {};  ///< the URL's query, in order
  std::chrono::milliseconds lock_timeout{0};       ///< 0: the server's own
  std::chrono::milliseconds statement_timeout{0};  ///< 0: the server's own
  /// Called for every notice, on the thread that uses the connection. Must not throw.
  std::function<void(const Notice&)> on_notice = {};
  /// SQLite: refuse to create the file (read-only commands must not leave an empty database behind).
  bool must_exist = false;
  /// Asked several times a second while connecting and while waiting for another's lock; true: Error{kCancelled}.
  std::function<bool()> stop_requested = {};
  /// A connection that somebody else owns (PGconn*, sqlite3*), to be used instead of one of capo's
  /// own and left as it was; see Dialect::borrow().
  void* borrowed = nullptr;
  /// What Dialect::begin_connecting() gave for the same options: the first connect() takes it over.
  std::shared_ptr<Opening> opening = {};
};

/// What is known of how long a statement takes: nothing, or that it touches a row of capo's own.
enum class Duration { kAny, kTiny };

class Connection {
 public:
  virtual ~Connection() = default;
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends one statement with parameters `$1`, `$2`, … (`?1`, `?2` on SQLite) and waits. What was queued goes first.
  /// Throws Error{kDatabase} with SQLSTATE, detail, hint and offset; {kConnection} if the connection broke;
  /// {kCancelled} after cancel().
  virtual Result query(std::string_view sql, std::span<const Value> parameters = {}) = 0;

  /// The same with values of a kind: a database that tells numbers from texts is given numbers.
  virtual Result query_with(std::string_view sql, std::span<const capo::Literal> parameters);

  /// Queues one statement; on PostgreSQL a run of them crosses the network as one pipeline. `done` is called once, in
  /// order, when the statement has succeeded; it may be empty and must not use this connection. When one fails, its `done`
  /// and those of all later ones are not called, the rest of the queue is dropped, and the error is thrown from this call
  /// or a later enqueue(), flush(), query() or commit(): it belongs to the first statement whose `done` was not called.
  /// Outside a transaction each statement is waited for, so that none runs after one that failed.
  /// By the time a statement that is not tiny begins, the `done` of those before it can be called.
  virtual void enqueue(std::string_view sql, std::span<const Value> parameters,
                       std::function<void(const Result&)> done, Duration duration = Duration::kAny) = 0;
  /// The same for an answer that may be long: `part` is called with some rows at a time, in order,
  /// as they come; then `done`, without rows. Nothing of the answer is kept longer. If the
  /// statement fails, `part` may have been called before.
  virtual void enqueue_in_parts(std::string_view sql, std::span<const Value> parameters,
                                std::function<void(const Result&)> part,
                                std::function<void(const Result&)> done);
  /// Waits until everything queued is done.
  virtual void flush() = 0;

  /// One statement alone, outside any transaction block, by the simple protocol (`CREATE INDEX CONCURRENTLY`, `VACUUM`).
  virtual Result execute_alone(std::string_view sql) = 0;

  /// SQLite: BEGIN IMMEDIATE, waiting for other writers. PostgreSQL: travels with the first statement.
  virtual void begin() = 0;
  /// The same with foreign keys off, where they are a setting of the session that a transaction cannot change (SQLite).
  /// What the settings were they are again after commit() or rollback().
  virtual void begin_without_foreign_keys() { begin(); }
  /// Throws Error{kInDoubt} if the connection breaks before the answer arrives. After any other error the transaction is
  /// still to be rolled back.
  virtual void commit() = 0;
  virtual void rollback() = 0;  ///< no error if no transaction is open, or the connection is gone
  virtual bool in_transaction() const = 0;

  /// Interrupts the statement that is running, which then throws Error{kCancelled}; if none is running, the next one
  /// throws it instead. rollback() forgets a cancel() that nothing has answered. Callable from another thread and from a
  /// signal handler.
  virtual void cancel() noexcept = 0;

  /// "PostgreSQL 15.18", "SQLite 3.40.1".
  virtual std::string server_version() const = 0;
  /// Number of the server's process for this connection, 0 if there is none.
  virtual int backend_pid() const = 0;
};

/// Held while this object lives; given back by the destructor, and by the operating system or the server when the
/// process dies.
class DeploymentLock {
 public:
  virtual ~DeploymentLock() = default;
};

struct LockRequest {
  std::string schema = {};         ///< of the version table; empty: the default one
  std::string version_table = {};
  /// Called when the lock is not free, and then about once a second: who holds it, as far as it can be told
  /// ("pid 4711, capo on host db1, since 10:02:11"). Returns false to stop waiting: Error{kCancelled} is thrown.
  std::function<bool(std::string_view holder, std::chrono::milliseconds waited)> on_wait = {};
  /// Longest wait; 0: for ever. Past it Error{kLocked} says who holds the lock.
  std::chrono::milliseconds max_wait{0};
};

}  // namespace capo::dialect
