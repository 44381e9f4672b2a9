#include "dialect/lock_wait.hpp"

#include <algorithm>
#include <optional>

#include "base/duration.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::dialect {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{10};
constexpr milliseconds kLongestPause{250};
constexpr milliseconds kBetweenReports{1000};

}  // namespace

milliseconds with_jitter(milliseconds pause, base::Random& random) {
  const std::string digits = random.hex(2);
  const int chance = base::hex_digit_value(digits[0]) * 16 + base::hex_digit_value(digits[1]);
  return pause / 2 + pause * chance / 510;
}

void wait_for_lock(const LockWait& wait, const LockRequest& request,
                   const std::function<bool()>& stop_requested) {
  base::RealClock clock;
  base::SystemRandom random;
  const auto begin = clock.monotonic();
  milliseconds pause = kFirstPause;
  std::optional<milliseconds> reported;
  while (!wait.attempt()) {
    const auto waited = std::chrono::duration_cast<milliseconds>(clock.monotonic() - begin);
    if (request.max_wait.count() > 0 && waited >= request.max_wait) {
      throw Error(ErrorCode::kLocked, wait.what + " is held by " + wait.holder())
          .detail("waited " + base::describe(waited))
          .hint(wait.hint);
    }
    bool go_on = !(stop_requested && stop_requested());
    if (go_on && request.on_wait && (!reported || waited - *reported >= kBetweenReports)) {
      reported = waited;
      go_on = request.on_wait(wait.holder(), waited);
    }
    if (!go_on) {
      throw Error(ErrorCode::kCancelled, "stopped while waiting for " + wait.what);
    }
    milliseconds rest = with_jitter(pause, random);
    if (request.max_wait.count() > 0) rest = std::min(rest, request.max_wait - waited);
    clock.sleep(std::max(rest, milliseconds(1)));
    pause = std::min(pause * 3 / 2, kLongestPause);
  }
}

}  // namespace capo::dialect
