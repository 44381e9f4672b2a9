// What no transaction can hold is caught at the lock that it has to wait for.

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <thread>

#include "capo/error.hpp"
#include "lint/matrix_cases.hpp"
#include "lint/matrix_database.hpp"
#include "lint/observer.hpp"
#include "lint/postgresql/judge.hpp"

namespace capo::test {
namespace {

using lint::LockMode;

struct ConcurrentCase {
  std::string_view table;  ///< whose lock is held meanwhile
  std::string_view sql;
  int since = 12;
};

constexpr auto kCases = std::to_array<ConcurrentCase>({
    {"t", "CREATE INDEX CONCURRENTLY z ON t (a)"},
    {"t", "DROP INDEX CONCURRENTLY ta"},
    {"t", "REINDEX INDEX CONCURRENTLY ta"},
    {"t", "REINDEX TABLE CONCURRENTLY t"},
    {"t", "VACUUM t"},
    {"t", "VACUUM (FULL) t"},
    {"t", "VACUUM ANALYZE t"},
    {"pt", "ALTER TABLE pt DETACH PARTITION p0 CONCURRENTLY", 14},
});

/// The lock that the backend waits for, of a table that was there; kNone if it waits for none.
LockMode awaited(dialect::Connection& connection, int pid, const std::string& table) {
  const std::vector<dialect::Value> parameters = {std::to_string(pid), table};
  const dialect::Result rows = connection.query(
      "SELECT mode FROM pg_locks WHERE pid = $1::integer AND relation = $2::regclass AND NOT "
      "granted",
      parameters);
  return rows.rows.empty() ? LockMode::kNone : lint::lock_mode_of(rows.rows[0][0].value_or(""));
}

LockMode said(const lint::Effects& effects, std::string_view table) {
  for (const lint::RelationLock& lock : effects.locks) {
    if (lock.relation.text() == table) return lock.mode;
  }
  return LockMode::kNone;
}

TEST(Matrix, WhatCannotBeInATransactionWaitsForTheLockThatIsSaid) {
  MatrixDatabase database;
  const std::unique_ptr<dialect::Connection> worker = database.connect();
  const std::unique_ptr<dialect::Connection> watcher = database.connect();
  const int version = major_version(*watcher);
  for (const ConcurrentCase& one : kCases) {
    if (version < one.since) continue;
    SCOPED_TRACE(std::string(one.sql));
    const std::string sql(one.sql);
    const lint::Effects effects =
        lint::postgresql::judge(sql, database.catalog(), {.version = version});
    database.connection().begin();
    database.connection().query("LOCK TABLE " + std::string(one.table) +
                                " IN SHARE UPDATE EXCLUSIVE MODE");
    std::thread thread([&] {
      try {
        worker->execute_alone(sql);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::kCancelled) ADD_FAILURE() << error.message();
      }
    });
    LockMode mode = LockMode::kNone;
    for (int tries = 0; tries < 1000 && mode == LockMode::kNone; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      mode = awaited(*watcher, worker->backend_pid(), std::string(one.table));
    }
    worker->cancel();
    thread.join();
    worker->rollback();
    database.connection().rollback();
    EXPECT_EQ(lint::to_string(said(effects, one.table)), lint::to_string(mode));
    EXPECT_EQ(effects.unknown, "");
  }
}

}  // namespace
}  // namespace capo::test
