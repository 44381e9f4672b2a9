#include "runtime/throttle.hpp"

#include <gtest/gtest.h>

#include "capo/error.hpp"

namespace capo::runtime {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Time passes only while somebody sleeps.
class SleepClock final : public base::Clock {
 public:
  std::chrono::system_clock::time_point now() const override { return {}; }
  std::chrono::steady_clock::time_point monotonic() const override { return time_; }
  void sleep(milliseconds duration) override { time_ += duration; }

 private:
  std::chrono::steady_clock::time_point time_ = {};
};

TEST(LagWatch, AReplicaIsAsFarBehindAsWhatItHasIsOld) {
  const LagWatch::TimePoint start;
  LagWatch watch;
  EXPECT_EQ(watch.lag(start, 0), milliseconds(0));
  watch.saw(start, 100);
  watch.saw(start + seconds(1), 200);
  watch.saw(start + seconds(2), 300);
  EXPECT_EQ(watch.lag(start + seconds(2), 300), seconds(0));
  EXPECT_EQ(watch.lag(start + seconds(2), 299), seconds(1));
  EXPECT_EQ(watch.lag(start + seconds(5), 200), seconds(4));
  // Further back than anybody has looked.
  EXPECT_EQ(watch.lag(start + seconds(5), 7), seconds(5));
}

// Nothing is written, so nothing is missing.
TEST(LagWatch, StandingStillTogetherIsNoLag) {
  const LagWatch::TimePoint start;
  LagWatch watch;
  for (int second = 0; second < 60; ++second) watch.saw(start + seconds(second), 100);
  EXPECT_EQ(watch.lag(start + seconds(59), 100), seconds(0));
}

TEST(Rest, EndsInTimeAndCanBeStopped) {
  SleepClock clock;
  StopFlag stop{0};
  rest(milliseconds(120), clock, stop);
  EXPECT_EQ(clock.monotonic().time_since_epoch(), milliseconds(120));
  stop = 2;
  EXPECT_THROW(rest(milliseconds(0), clock, stop), Error);
}

TEST(Throttle, RestsForItsShareOfTheTime) {
  const dialect::Dialect& sqlite = *dialect::find_dialect("sqlite");
  const auto connection = sqlite.connect({.database = ":memory:"});
  SleepClock clock;
  const StopFlag stop{0};
  Events events;
  const auto rests = [&](const BackfillOptions& options) {
    const Backfill backfill{options, "t"};
    const auto begin = clock.monotonic();
    Throttle(*connection, sqlite.batching(), backfill, clock, events, stop)
        .after_batch(milliseconds(30));
    return clock.monotonic() - begin;
  };
  const SqlText set("a = 1");
  EXPECT_EQ(rests({.set = set}), milliseconds(0));
  EXPECT_EQ(rests({.set = set, .duty = 25}), milliseconds(90));
  EXPECT_EQ(rests({.set = set, .pause_ms = 100, .duty = 25}), milliseconds(100));
  EXPECT_EQ(rests({.set = set, .pause_ms = 10, .duty = 25}), milliseconds(90));
}

}  // namespace
}  // namespace capo::runtime
