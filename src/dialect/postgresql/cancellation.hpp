#pragma once

#include <atomic>
#include <chrono>
#include <future>

#include "dialect/postgresql/wake_up.hpp"

struct pg_conn;  // PGconn, without libpq's header

namespace capo::dialect::postgresql {

/// A wish to cancel, from the call by any thread to the statement's end on the server. Used by the
/// connection's own thread, except request().
class Cancellation {
 public:
  /// How long the server may take to end a statement that was cancelled, and when it is asked
  /// again: the first time may have come between two statements.
  static constexpr std::chrono::seconds kGrace{5};
  static constexpr std::chrono::milliseconds kBetweenRequests{250};

  void request() noexcept {
    requested_ = true;
    wake_up_.set();
  }
  /// Becomes readable with a request; take_wake_up() must be called then.
  int descriptor() const { return wake_up_.descriptor(); }

  /// Whether there is a request; there is none any more after that.
  bool take_request();
  bool take_wake_up();
  void forget() { take_wake_up(); }

  /// True between begin() and settle().
  bool is_under_way() const { return under_way_; }
  void begin(pg_conn* connection);
  /// Asks the server once more. False: it has been given time enough.
  bool repeat(pg_conn* connection);
  /// Before another statement is sent, which a request still on its way would hit. If it hit none
  /// at all, the next statement is not to be sent. False as above.
  bool settle();
  /// The connection is closed.
  void end();

 private:
  std::atomic<bool> requested_{false};
  WakeUp wake_up_;
  bool under_way_ = false;
  std::future<void> sent_;
  std::chrono::steady_clock::time_point deadline_;
};

}  // namespace capo::dialect::postgresql
