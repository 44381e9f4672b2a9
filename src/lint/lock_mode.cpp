#include "lint/lock_mode.hpp"

#include <array>
#include <cstddef>

namespace capo::lint {
namespace {

struct Words {
  std::string_view in_sql;
  std::string_view in_pg_locks;
};

constexpr std::array<Words, 9> kWords = {{
    {"no lock", ""},
    {"ACCESS SHARE", "AccessShareLock"},
    {"ROW SHARE", "RowShareLock"},
    {"ROW EXCLUSIVE", "RowExclusiveLock"},
    {"SHARE UPDATE EXCLUSIVE", "ShareUpdateExclusiveLock"},
    {"SHARE", "ShareLock"},
    {"SHARE ROW EXCLUSIVE", "ShareRowExclusiveLock"},
    {"EXCLUSIVE", "ExclusiveLock"},
    {"ACCESS EXCLUSIVE", "AccessExclusiveLock"},
}};

}  // namespace

std::string_view to_string(LockMode mode) { return kWords[static_cast<std::size_t>(mode)].in_sql; }

LockMode lock_mode_of(std::string_view in_pg_locks) {
  for (std::size_t i = 1; i < kWords.size(); ++i) {
    if (kWords[i].in_pg_locks == in_pg_locks) return static_cast<LockMode>(i);
  }
  return LockMode::kNone;
}

}  // namespace capo::lint
