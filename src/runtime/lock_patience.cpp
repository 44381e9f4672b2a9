#include "runtime/lock_patience.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/duration.hpp"
#include "base/one_line.hpp"
#include "base/text.hpp"

namespace capo::runtime {

using dialect::Blocker;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

/// A transaction that is older is not one of those that come and go.
constexpr milliseconds kLong{1000};
/// So long only an autovacuum, or ever new short transactions, may keep capo from asking.
constexpr milliseconds kPatience{10000};
/// The server cancels an autovacuum once somebody has waited for its deadlock time-out.
constexpr milliseconds kAfterDeadlockCheck{500};

}  // namespace

LockDecision LockPatience::decide(const dialect::LockView& view, TimePoint now) {
  std::map<std::string, TimePoint> seen;
  LockDecision decision;
  bool is_passable = true;
  const bool cancels_autovacuum = attempt_ > view.deadlock_timeout;
  for (const Blocker& blocker : view.blockers) {
    const auto before = first_seen_.find(blocker.transaction);
    const TimePoint first = before == first_seen_.end() ? now : before->second;
    seen.emplace(blocker.transaction, first);
    const milliseconds age = blocker.age.value_or(duration_cast<milliseconds>(now - first));
    if (age <= attempt_ || (blocker.is_autovacuum && cancels_autovacuum)) continue;
    is_passable = is_passable && (blocker.is_autovacuum || age <= std::max(kLong, attempt_));
    decision.obstacles.push_back(blocker);
  }
  first_seen_ = std::move(seen);

  if (!is_passable) {
    passable_since_.reset();
  } else if (!passable_since_) {
    passable_since_ = now;
  }
  const bool is_overdue = passable_since_ && now - *passable_since_ >= kPatience;
  if (!decision.obstacles.empty() && !is_overdue) {
    decision.kind = LockDecision::Kind::kWait;
    return decision;
  }
  decision.timeout = attempt_;
  if (is_overdue) {
    passable_since_ = now;
    decision.timeout = std::max(attempt_, view.deadlock_timeout + kAfterDeadlockCheck);
  }
  decision.obstacles.clear();
  return decision;
}

void LockPatience::forget() { passable_since_.reset(); }

std::string describe(const Blocker& blocker) {
  std::vector<std::string> facts;
  if (!blocker.who.empty()) facts.push_back(blocker.who);
  if (blocker.pid == 0) {
    facts.emplace_back("prepared");
  } else if (!blocker.state.empty()) {
    facts.push_back(blocker.state);
  }
  if (blocker.age) facts.push_back(fmt::format("begun {} ago", base::describe(*blocker.age)));
  std::string text =
      blocker.pid == 0 ? "a prepared transaction" : fmt::format("pid {}", blocker.pid);
  if (!facts.empty()) text += fmt::format(" ({})", base::join(facts, ", "));
  if (!blocker.query.empty()) text += ": " + base::one_line(blocker.query);
  return text;
}

std::string remedy(const Blocker& blocker) {
  if (blocker.pid == 0) {
    return fmt::format("ROLLBACK PREPARED '{0}' or COMMIT PREPARED '{0}' ends it", blocker.who);
  }
  return fmt::format("pg_terminate_backend({}) ends it", blocker.pid);
}

}  // namespace capo::runtime
