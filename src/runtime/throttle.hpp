#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "base/system.hpp"
#include "dialect/dialect.hpp"
#include "runtime/migration.hpp"

namespace capo::runtime {

/// How far a replica is behind in time, by what was written when: the server itself says nothing
/// true of one that stands still.
class LagWatch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `written` bytes of the log there were at `now`.
  void saw(TimePoint now, std::int64_t written);
  /// Behind at `now`, of a replica that has come to `replayed`.
  std::chrono::milliseconds lag(TimePoint now, std::int64_t replayed) const;

 private:
  struct Sample {
    TimePoint time;
    std::int64_t written;
  };
  std::deque<Sample> samples_ = {};
};

/// Sleeps in small pieces. Throws Error{kCancelled} once the flag is set.
void rest(std::chrono::milliseconds duration, base::Clock& clock, const StopFlag& stop);

/// Keeps a backfill from taking more of a database than it may.
class Throttle {
 public:
  /// Keeps the references.
  Throttle(dialect::Connection& connection, const dialect::Batching& batching,
           const Backfill& backfill, base::Clock& clock, Events& events, const StopFlag& stop)
      : connection_(connection),
        batching_(batching),
        backfill_(backfill),
        clock_(clock),
        events_(events),
        stop_(stop) {}

  /// Waits until a batch may begin. Throws Error{kCancelled}, {kDatabase}, {kConnection}.
  void before_batch();
  /// The pause that is due after one that took so long.
  void after_batch(std::chrono::milliseconds took);

 private:
  /// Why not now; empty: go on.
  std::string objection();
  std::string too_far_behind(const dialect::Load& load);
  std::string too_busy(const dialect::Load& load) const;

  dialect::Connection& connection_;
  const dialect::Batching& batching_;
  const Backfill& backfill_;
  base::Clock& clock_;
  Events& events_;
  const StopFlag& stop_;
  LagWatch lag_ = {};
  std::optional<LagWatch::TimePoint> looked_ = {};
  bool told_of_hidden_ = false;
};

}  // namespace capo::runtime
