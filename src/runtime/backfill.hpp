#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/system.hpp"
#include "dialect/dialect.hpp"
#include "runtime/backfill_progress.hpp"
#include "runtime/backfill_sql.hpp"
#include "runtime/journal.hpp"
#include "runtime/migration.hpp"
#include "runtime/throttle.hpp"

namespace capo::runtime {

/// What a backfill works with, and which statement of which step it is.
struct BackfillContext {
  dialect::Connection& connection;
  const dialect::Dialect& dialect;
  const Journal* journal = nullptr;  ///< null: no record is kept
  StatementName name = {};
  Events& events;
  base::Clock& clock;
  const StopFlag& stop;
};

/// The columns that a backfill goes along. Throws Error{kSchema} if there are none, or they do not
/// serve, with the place of the backfill.
const Names& key_of(const dialect::BatchedTable& table, const Backfill& backfill);

/// Carries a backfill out: batch after batch, each in a transaction that also writes down how far
/// it has come, and begins by locking that record. So whatever happened to an earlier run, its
/// batches are either there and known, or not there, even while the server still is at the last one
/// of a process that was killed.
class BackfillRun {
 public:
  /// Keeps the references.
  BackfillRun(const Backfill& backfill, BackfillContext context);

  /// Carries on where the journal says. Throws Error: {kSchema} for a table that it cannot go
  /// through; {kDatabase} for what the database refuses and for a promise that is not kept;
  /// {kCancelled}; {kConnection}.
  void run();
  /// What is committed; nothing: no batch is.
  const std::optional<BackfillProgress>& progress() const { return committed_; }

 private:
  void prepare();
  void take_up();
  void count_left();
  void go_along();
  void batch();
  void change(BackfillProgress& now);
  bool is_up_to_date(const std::string& kept);
  std::string next_edge(const BackfillProgress& now);
  std::string text_of(const std::string& query);
  void check_not_too_many(std::int64_t rows) const;
  void check_enough() const;
  void with_patience(void (BackfillRun::*action)());
  void wait_for_lock(int attempt, std::chrono::steady_clock::time_point since);
  void tell();
  void conclude();

  std::chrono::milliseconds since(std::chrono::steady_clock::time_point start) const;
  Error failed(std::string what) const;

  const Backfill& backfill_;
  BackfillContext context_;
  dialect::Connection& connection_;
  const dialect::Batching& batching_;
  std::string title_;  // of the table
  std::optional<BackfillSql> sql_ = {};
  std::vector<std::string> preamble_ = {};
  Throttle throttle_;

  std::optional<BackfillProgress> committed_ = {};
  BackfillProgress next_ = {};  // where the next batch begins
  std::string kept_ = {};       // the journal's record, as it was last seen
  std::int64_t left_ = 0;
  bool is_dense_ = false;  // most rows of the last batch's stretch were changed

  std::int64_t expected_ = 0;  // rows in all, about
  std::int64_t rows_before_ = 0;
  std::chrono::steady_clock::time_point started_ = {};
};

}  // namespace capo::runtime
