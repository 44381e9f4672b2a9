#include "runtime/throttle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/duration.hpp"

namespace capo::runtime {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kBetweenLooks{1000};
constexpr milliseconds kBetweenLooksWaiting{250};
constexpr milliseconds kRestAtOnce{50};
/// An hour of looks: a replica that is further behind is so in any case.
constexpr std::size_t kMostSamples = 3600;

}  // namespace

void LagWatch::saw(TimePoint now, std::int64_t written) {
  samples_.push_back({now, written});
  if (samples_.size() > kMostSamples) samples_.pop_front();
}

milliseconds LagWatch::lag(TimePoint now, std::int64_t replayed) const {
  if (samples_.empty()) return milliseconds(0);
  TimePoint seen = samples_.front().time;
  for (const Sample& sample : samples_) {
    if (sample.written <= replayed) seen = sample.time;
  }
  return duration_cast<milliseconds>(now - seen);
}

void rest(milliseconds duration, base::Clock& clock, const StopFlag& stop) {
  const auto end = clock.monotonic() + duration;
  for (;;) {
    if (stop != 0) throw Error(ErrorCode::kCancelled, "stopped");
    const auto left = duration_cast<milliseconds>(end - clock.monotonic());
    if (left.count() <= 0) return;
    clock.sleep(std::min(left, kRestAtOnce));
  }
}

void Throttle::before_batch() {
  if (looked_ && clock_.monotonic() - *looked_ < kBetweenLooks) return;
  for (std::string reason = objection(); !reason.empty(); reason = objection()) {
    events_.data_step_progress(fmt::format("{}: waiting, {}", backfill_.table, reason));
    rest(kBetweenLooksWaiting, clock_, stop_);
  }
}

void Throttle::after_batch(milliseconds took) {
  milliseconds pause(backfill_.pause_ms);
  if (backfill_.duty < 100) {
    pause = std::max(pause, took * (100 - backfill_.duty) / backfill_.duty);
  }
  if (pause.count() > 0) rest(pause, clock_, stop_);
}

std::string Throttle::objection() {
  if (backfill_.max_replica_lag_ms == 0 && backfill_.max_active == 0) return {};
  const std::optional<dialect::Load> load = batching_.load(connection_);
  looked_ = clock_.monotonic();
  if (!load) return {};
  lag_.saw(*looked_, load->written);
  const std::string behind = too_far_behind(*load);
  return behind.empty() ? too_busy(*load) : behind;
}

std::string Throttle::too_far_behind(const dialect::Load& load) {
  if (backfill_.max_replica_lag_ms == 0) return {};
  if (load.is_hidden && !std::exchange(told_of_hidden_, true)) {
    events_.warning(
        "the backfill cannot see how far the replicas are behind: GRANT pg_monitor to the user, or "
        "say that nobody is to look (max_replica_lag_ms = 0)");
  }
  if (!load.replayed) return {};
  const milliseconds lag =
      std::max(lag_.lag(*looked_, *load.replayed), milliseconds(load.reported_lag_ms));
  if (lag <= milliseconds(backfill_.max_replica_lag_ms)) return {};
  return fmt::format("a replica is {} behind", base::describe(lag));
}

std::string Throttle::too_busy(const dialect::Load& load) const {
  const int most = backfill_.max_active.value_or(load.max_connections / 2);
  if (most == 0 || load.active <= most) return {};
  return fmt::format("{} sessions are at work, more than {}", load.active, most);
}

}  // namespace capo::runtime
