#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/lock_queue.hpp"

/// When to ask for a lock on a table that others use. Whoever waits for a strong lock makes all who
/// come after wait behind it, also those who only read. So capo does not queue behind a transaction
/// that may take long, and under short ones gives up after a moment and tries again.
namespace capo::runtime {

/// What to do, as seen from who is in the way now.
struct LockDecision {
  enum class Kind { kWait, kTry };
  Kind kind = Kind::kTry;
  std::chrono::milliseconds timeout{0};          ///< of kTry: the longest wait of a statement
  std::vector<dialect::Blocker> obstacles = {};  ///< of kWait: who is waited for, the oldest first
};

/// Pure: everything it knows it is told.
class LockPatience {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `attempt`: how long a statement may wait for a lock, and others behind it.
  explicit LockPatience(std::chrono::milliseconds attempt) : attempt_(attempt) {}

  /// `view` is what the database shows at `now`.
  LockDecision decide(const dialect::LockView& view, TimePoint now);
  /// Another transaction of the run begins.
  void forget();

 private:
  std::chrono::milliseconds attempt_;
  std::map<std::string, TimePoint> first_seen_ = {};
  /// Since when nobody is in the way who stays.
  std::optional<TimePoint> passable_since_ = {};
};

/// `pid 4711 (app, idle in transaction, begun 3 min ago): UPDATE items SET …`
std::string describe(const dialect::Blocker& blocker);
/// How that transaction is ended, in words.
std::string remedy(const dialect::Blocker& blocker);

}  // namespace capo::runtime
