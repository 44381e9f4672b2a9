#pragma once

#include <optional>
#include <string>

#include "capo/schema.hpp"

/// Rows of a large table that are to be changed while others work with it: batch by batch along a
/// key, each batch a transaction of its own.
namespace capo {

/// How many rows a backfill must change in all.
struct RowCount {
  enum class Bound { kExactly, kAtLeast, kAtMost };
  Bound bound = Bound::kExactly;
  long long rows = 0;

  friend bool operator==(const RowCount&, const RowCount&) = default;
};

constexpr RowCount exactly(long long rows) { return {RowCount::Bound::kExactly, rows}; }
constexpr RowCount at_least(long long rows) { return {RowCount::Bound::kAtLeast, rows}; }
constexpr RowCount at_most(long long rows) { return {RowCount::Bound::kAtMost, rows}; }

/// What a backfill does besides naming its table. docs/backfill.md tells the rest.
struct BackfillOptions {
  SqlText set;                        ///< as behind SET: `user_id = 1, seen = true`
  std::optional<SqlText> where = {};  ///< the rows that are meant; nothing: all
  Names key = {};      ///< the columns to go along, not null and indexed; none: the primary key
  int batch = 10'000;  ///< at most so many rows a transaction
  std::string description = {};  ///< in a few words, for previews
  std::optional<RowCount> expect_rows = {};
  /// What must be true of no row afterwards. A row of which it still is one that was inserted or
  /// passed over meanwhile, and has its turn then, as if `where` said so too.
  std::optional<SqlText> expect_no_rows = {};

  int pause_ms = 0;  ///< between two batches
  int duty = 100;    ///< the share of the time, in per cent, that is spent at work
  /// PostgreSQL: while a replica is further behind than this, no batch begins. 0: nobody looks.
  int max_replica_lag_ms = 10'000;
  /// PostgreSQL: nor while more sessions than this are at work. 0: nobody looks; nothing: half of
  /// max_connections.
  std::optional<int> max_active = {};

  std::string schema = {};
  std::string on = {};

  friend bool operator==(const BackfillOptions&, const BackfillOptions&) = default;
};

}  // namespace capo
