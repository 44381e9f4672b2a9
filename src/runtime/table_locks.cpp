#include "runtime/table_locks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "dialect/lock_wait.hpp"
#include "runtime/throttle.hpp"

namespace capo::runtime {

using dialect::Blocker;
using dialect::LockView;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

/// Short enough that those who queue behind capo hardly notice.
constexpr milliseconds kAttempt{100};
constexpr milliseconds kFirstPause{20};
constexpr milliseconds kLongestPause{250};
/// After an attempt that failed: others get at least as long a turn as it had.
constexpr milliseconds kLongestRest{2000};
constexpr milliseconds kBetweenReports{1000};

std::string in_ms(milliseconds time) { return std::to_string(time.count()) + "ms"; }

std::string name_of(const dialect::LockNeed& need) {
  return need.schema.empty() ? need.relation : need.schema + "." + need.relation;
}

std::string names_of(const std::vector<dialect::LockNeed>& needs) {
  std::vector<std::string> names;
  for (const dialect::LockNeed& need : needs) {
    std::string name = name_of(need);
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }
  return base::join(names, ", ");
}

std::string describe_all(const std::vector<Blocker>& blockers) {
  std::string text = blockers.front().relation + ": " + describe(blockers.front());
  if (blockers.size() == 2) text += ", and one more";
  if (blockers.size() > 2) text += fmt::format(", and {} more", blockers.size() - 1);
  return text;
}

std::string identity_of(const std::vector<Blocker>& blockers) {
  std::string identity;
  for (const Blocker& blocker : blockers) identity += blocker.transaction + " ";
  return identity;
}

}  // namespace

TableLocks::TableLocks(const dialect::LockQueue& queue, const Options& options,
                       milliseconds own_timeout, Events& events, base::Clock& clock,
                       const StopFlag& stop)
    : queue_(queue),
      max_wait_(options.max_wait),
      own_timeout_(own_timeout),
      events_(events),
      clock_(clock),
      stop_(stop),
      patience_(own_timeout.count() > 0 ? own_timeout : kAttempt),
      timeout_(own_timeout.count() > 0 ? own_timeout : kAttempt),
      after_failure_(2 * kAttempt) {}

bool TableLocks::wait_for(const Needs& needs, dialect::Connection& connection) {
  if (needs.empty()) return false;
  bool took_a_while = false;
  if (std::exchange(failed_, false)) {
    took_a_while = true;
    // No news: who is in the way is to be told right after it.
    events_.waiting_for_tables(
        fmt::format("{}: no lock within {}, tried {}", names_of(needs), base::describe(timeout_),
                    tries_ == 1 ? "once" : fmt::format("{} times", tries_)),
        false, waited());
    pause(after_failure_);
    after_failure_ = std::min(after_failure_ * 3 / 2, kLongestRest);
  }
  milliseconds between = kFirstPause;
  for (;;) {
    const LockView view = queue_.look(connection, needs);
    // On a connection of somebody else's, what the user says holds in transactions only.
    const bool is_hidden = own_timeout_.count() > 0 && view.lock_timeout == "0";
    session_timeout_ = is_hidden ? in_ms(own_timeout_) : view.lock_timeout;
    const LockDecision decision = patience_.decide(view, clock_.monotonic());
    if (is_over()) give_up(needs, view);
    if (decision.kind == LockDecision::Kind::kTry) {
      timeout_ = decision.timeout;
      return took_a_while;
    }
    if (!waiting_since_) waiting_since_ = clock_.monotonic();
    report(describe_all(decision.obstacles), identity_of(decision.obstacles));
    pause(between);
    between = std::min(between * 3 / 2, kLongestPause);
    took_a_while = true;
  }
}

void TableLocks::failed() {
  if (!waiting_since_) waiting_since_ = clock_.monotonic() - timeout_;
  ++tries_;
  failed_ = true;
}

void TableLocks::start_over() {
  patience_.forget();
  waiting_since_.reset();
  reported_.reset();
  reported_identity_.clear();
  tries_ = 0;
  failed_ = false;
  after_failure_ = 2 * kAttempt;
}

/// With some chance in it, so that those who wait do not ask at once.
void TableLocks::pause(milliseconds duration) {
  milliseconds time = dialect::with_jitter(duration, random_);
  if (max_wait_.count() > 0) time = std::min(time, std::max(max_wait_ - waited(), milliseconds(1)));
  rest(time, clock_, stop_);
}

/// At once, and then no more than once a second.
void TableLocks::report(const std::string& who, const std::string& identity) {
  const TimePoint now = clock_.monotonic();
  if (reported_ && now - *reported_ < kBetweenReports) return;
  reported_ = now;
  const bool is_news = identity != std::exchange(reported_identity_, identity);
  events_.waiting_for_tables(who, is_news, waited());
}

milliseconds TableLocks::waited() const {
  if (!waiting_since_) return milliseconds(0);
  return duration_cast<milliseconds>(clock_.monotonic() - *waiting_since_);
}

bool TableLocks::is_over() const {
  return max_wait_.count() > 0 && waiting_since_ && waited() >= max_wait_;
}

bool TableLocks::is_timeout_of_session() const {
  return session_timeout_ && base::parse_duration(*session_timeout_) == timeout_;
}

std::optional<std::string> TableLocks::longest_wait() const {
  if (max_wait_.count() == 0 || own_timeout_.count() > 0) return std::nullopt;
  return in_ms(max_wait_);
}

void TableLocks::give_up(const Needs& needs, const LockView& view) const {
  constexpr std::string_view kAgain =
      "then run the same command again, or give it longer with --max-wait";
  std::string detail = "waited " + base::describe(waited());
  if (tries_ > 0) detail += tries_ == 1 ? ", tried once" : fmt::format(", tried {} times", tries_);
  if (view.blockers.empty()) {
    throw Error(ErrorCode::kLocked, "no lock on " + names_of(needs) + " was to be had")
        .detail(std::move(detail))
        .hint(fmt::format("pg_locks and pg_stat_activity tell who uses it; {}", kAgain));
  }
  const Blocker& first = view.blockers.front();
  throw Error(ErrorCode::kLocked, fmt::format("no lock on {} was to be had: it is held by {}",
                                              first.relation, runtime::describe(first)))
      .detail(std::move(detail))
      .hint(fmt::format("{}; {}", remedy(first), kAgain));
}

Error TableLocks::gave_up(const Error& cause) const {
  Error error(ErrorCode::kLocked, cause.message());
  return error.sqlstate(cause.sqlstate())
      .statement(cause.statement(), cause.statement_offset())
      .detail(fmt::format("waited {}, as --max-wait says", base::describe(max_wait_)))
      .hint(
          "pg_locks and pg_stat_activity tell who is in the way; when it has ended run the same "
          "command again, or give it longer with --max-wait");
}

}  // namespace capo::runtime
