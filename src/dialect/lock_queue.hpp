#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capo/error.hpp"
#include "dialect/connection.hpp"

/// Locks on tables where whoever waits for one makes all who come after wait behind it.
namespace capo::dialect {

/// A lock that a statement is about to ask for.
struct LockNeed {
  std::string schema = {};  ///< empty: found by the search path
  std::string relation = {};
  std::string mode = {};  ///< `ACCESS EXCLUSIVE`
  /// The constraint of that name goes. If it is a foreign key, the table it refers to is locked as
  /// well; an empty name: all foreign keys from and to the table.
  std::optional<std::string> without_key = {};

  friend bool operator==(const LockNeed&, const LockNeed&) = default;
};

/// A transaction that holds a lock which keeps one of those out.
struct Blocker {
  std::string transaction = {};  ///< tells it from every other one
  int pid = 0;                   ///< 0: a prepared transaction, which no process has
  std::string who = {};          ///< its application or user, or the name it was prepared under
  std::string state = {};        ///< `idle in transaction`; empty: unknown
  std::optional<std::chrono::milliseconds> age = {};  ///< nothing: it may not be seen
  std::string query = {};                             ///< its last one; empty: unknown
  std::string relation = {};                          ///< what it holds, as the database prints it
  /// An autovacuum, which the server cancels for whoever waits for its deadlock time-out.
  bool is_autovacuum = false;
};

struct LockView {
  std::vector<Blocker> blockers = {};  ///< the oldest first
  std::string lock_timeout = {};       ///< the session's own, as `5s`; `0`: none
  /// After which an autovacuum goes, for whoever waits under a limit of `set_timeout`.
  std::chrono::milliseconds deadlock_timeout{0};
};

/// One for each database that has such a queue.
class LockQueue {
 public:
  virtual ~LockQueue() = default;

  /// Who keeps `needs` from being granted now. Changes nothing, and waits for nobody. Throws
  /// Error{kDatabase}, {kConnection}.
  virtual LockView look(Connection& connection, std::span<const LockNeed> needs) const = 0;
  /// True if there is no table yet, nor a view, that anybody could use.
  virtual bool is_empty(Connection& connection) const = 0;
  /// True if somebody held a lock for longer than was to be waited.
  virtual bool is_timeout(const Error& error) const = 0;
  /// True if the transaction and another one waited for each other, and this one had to go.
  virtual bool is_deadlock(const Error& error) const = 0;
  /// The statement that limits how long a statement waits for a lock, until the transaction ends;
  /// nothing: by what the session began with.
  virtual std::string set_timeout(const std::optional<std::string>& value) const = 0;
  /// The same until it is set again, outside a transaction; not behind a proxy that lends out
  /// processes, where it would reach others.
  /// `is_limit`: it is a limit of capo's, and no value that is put back.
  virtual void set_session_timeout(Connection& connection, const std::string& value,
                                   bool is_limit) const = 0;
};

}  // namespace capo::dialect
