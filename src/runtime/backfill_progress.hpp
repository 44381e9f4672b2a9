#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace capo::runtime {

/// How far a backfill has come: what the journal keeps, in the transaction of each batch.
struct BackfillProgress {
  std::int64_t rows = 0;
  std::int64_t batches = 0;
  /// 1: along the whole table; after that over rows that should not be left.
  int pass = 1;
  bool pass_done = false;
  std::string at = {};  ///< the key of the last row that had its turn, as SQL; empty: none had
  std::string to = {};  ///< the key that the pass ends with; empty: not known yet

  friend bool operator==(const BackfillProgress&, const BackfillProgress&) = default;
};

/// `rows=20000 batches=2 pass=1 done=0 at=9:('20000') to=11:('5000000')`
std::string to_text(const BackfillProgress& progress);
/// Nothing for anything that to_text() does not give.
std::optional<BackfillProgress> parse_progress(std::string_view text);

/// `20000 rows in 2 batches`
std::string describe_amount(const BackfillProgress& progress);

/// `items: 20000 of about 5000000 rows, 45210 rows/s, 1 min 50 s left`. `done` of `rows` are the
/// work of this run, which took `took`; `expected`: rows in all, 0 if that is not known.
std::string describe_pace(std::string_view table, std::int64_t rows, std::int64_t done,
                          std::int64_t expected, std::chrono::milliseconds took);

}  // namespace capo::runtime
