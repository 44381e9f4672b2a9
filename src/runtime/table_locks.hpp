#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/system.hpp"
#include "dialect/dialect.hpp"
#include "dialect/lock_queue.hpp"
#include "runtime/lock_patience.hpp"
#include "runtime/migration.hpp"

namespace capo::runtime {

/// How a run comes to the locks that it needs on tables of others, over all its attempts: see
/// LockPatience for when it asks, and when it waits.
class TableLocks {
 public:
  /// Keeps references. `own_timeout` is what the user says of the longest wait of a statement; 0:
  /// nothing, then capo's own.
  TableLocks(const dialect::LockQueue& queue, const Options& options,
             std::chrono::milliseconds own_timeout, Events& events, base::Clock& clock,
             const StopFlag& stop);

  /// Comes back when `needs` may be asked for. `connection` is not in a transaction: capo waits
  /// with nothing in its hands. True if it took a while, and others may have been here meanwhile.
  /// Throws Error{kLocked} that says who is in the way after Options::max_wait, {kCancelled},
  /// {kConnection}.
  bool wait_for(const std::vector<dialect::LockNeed>& needs, dialect::Connection& connection);
  /// A statement was refused a lock, and nothing of its transaction remains.
  void failed();
  /// A transaction is through, or another run begins: what was waited until then is forgotten.
  void start_over();
  /// Of a statement that waits outside a transaction and takes no strong lock, and still has waited
  /// longer than Options::max_wait. Gives the error that says so.
  Error gave_up(const Error& cause) const;

  const dialect::LockQueue& queue() const { return queue_; }
  /// Of a statement that takes a strong lock, as the database's setting; known after wait_for().
  std::string timeout() const { return std::to_string(timeout_.count()) + "ms"; }
  /// Of any other one; nothing: not known yet.
  const std::optional<std::string>& session_timeout() const { return session_timeout_; }
  /// They are the same.
  bool is_timeout_of_session() const;
  /// The longest wait of a statement that may wait; nothing: as the session has it.
  std::optional<std::string> longest_wait() const;

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Needs = std::vector<dialect::LockNeed>;

  void pause(std::chrono::milliseconds duration);
  void report(const std::string& who, const std::string& identity);
  std::chrono::milliseconds waited() const;
  bool is_over() const;
  [[noreturn]] void give_up(const Needs& needs, const dialect::LockView& view) const;

  const dialect::LockQueue& queue_;
  std::chrono::milliseconds max_wait_;
  std::chrono::milliseconds own_timeout_;
  Events& events_;
  base::Clock& clock_;
  const StopFlag& stop_;
  base::SystemRandom random_ = {};

  LockPatience patience_;
  std::chrono::milliseconds timeout_;
  std::optional<std::string> session_timeout_ = {};
  std::optional<TimePoint> waiting_since_ = {};
  int tries_ = 0;        // that failed, since then
  bool failed_ = false;  // the last one did, and nobody has waited yet
  std::chrono::milliseconds after_failure_;
  std::optional<TimePoint> reported_ = {};
  std::string reported_identity_ = {};
};

}  // namespace capo::runtime
