#include "lint/effects.hpp"

#include <algorithm>

namespace capo::lint {
namespace {

void add_once(std::vector<ObjectName>& names, const ObjectName& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

LockMode Effects::strongest() const {
  LockMode mode = LockMode::kNone;
  for (const RelationLock& lock : locks) mode = std::max(mode, lock.mode);
  return mode;
}

bool Effects::is_long_under_lock() const {
  if (rewrites.empty() && rebuilds.empty() && builds.empty() && scans.empty()) return false;
  return blocks_writes(strongest());
}

void Effects::lock(const ObjectName& relation, LockMode mode, bool is_index) {
  if (mode == LockMode::kNone || relation.name.empty()) return;
  for (RelationLock& held : locks) {
    if (held.relation == relation) {
      held.mode = std::max(held.mode, mode);
      return;
    }
  }
  locks.push_back({relation, mode, is_index});
}

void Effects::scan(const ObjectName& table) { add_once(scans, table); }
void Effects::rewrite(const ObjectName& table) { add_once(rewrites, table); }
void Effects::build(const ObjectName& table) { add_once(builds, table); }

void Effects::say_unknown(std::string_view why) {
  if (unknown.find(why) != std::string::npos) return;
  if (!unknown.empty()) unknown += "; ";
  unknown += why;
}

}  // namespace capo::lint
