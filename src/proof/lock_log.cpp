#include "proof/lock_log.hpp"

#include <algorithm>

namespace capo::proof {
namespace {

bool has_name(const dialect::SeenLock& lock) {
  return lock.relation.find_first_not_of("0123456789") != std::string::npos;
}

bool is_same(const HeldLock& held, const dialect::SeenLock& seen) {
  return held.relation == seen.relation && held.mode == seen.mode;
}

}  // namespace

void LockLog::add(const std::vector<dialect::SeenLock>& locks, std::chrono::milliseconds now,
                  std::size_t statement) {
  for (HeldLock& held : locks_) {
    if (!held.is_held) continue;
    held.held = now - held.since;
    held.is_held = std::any_of(locks.begin(), locks.end(), [&](const dialect::SeenLock& lock) {
      return lock.granted && is_same(held, lock);
    });
  }
  for (const dialect::SeenLock& lock : locks) {
    if (!lock.granted || !has_name(lock)) continue;
    const bool is_known = std::any_of(locks_.begin(), locks_.end(), [&](const HeldLock& held) {
      return held.is_held && is_same(held, lock);
    });
    if (is_known) continue;
    locks_.push_back(
        {.relation = lock.relation, .mode = lock.mode, .statement = statement, .since = now});
  }
}

}  // namespace capo::proof
