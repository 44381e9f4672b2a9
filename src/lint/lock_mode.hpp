#pragma once

#include <string_view>

namespace capo::lint {

/// PostgreSQL's table locks, each stronger than those before it in what it keeps out
/// (https://www.postgresql.org/docs/current/explicit-locking.html). A database that has one lock
/// for all of itself knows the first and the last.
enum class LockMode {
  kNone,
  kAccessShare,
  kRowShare,
  kRowExclusive,
  kShareUpdateExclusive,
  kShare,
  kShareRowExclusive,
  kExclusive,
  kAccessExclusive,
};

/// `ACCESS EXCLUSIVE`; "no lock" for none.
std::string_view to_string(LockMode mode);
/// `AccessExclusiveLock`, as pg_locks has it; kNone for anything else.
LockMode lock_mode_of(std::string_view in_pg_locks);

/// True if a SELECT has to wait for whoever holds it.
constexpr bool blocks_reads(LockMode mode) { return mode == LockMode::kAccessExclusive; }
/// True if an INSERT, UPDATE or DELETE has to wait.
constexpr bool blocks_writes(LockMode mode) { return mode >= LockMode::kShare; }

}  // namespace capo::lint
