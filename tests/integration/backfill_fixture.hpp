#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "runtime_fixture.hpp"

namespace capo::runtime {

/// A table t of rows that count how often each was changed: `n`.
class Backfills : public Runtime {
 protected:
  /// `columns` of t besides n; `rows` of them as VALUES, or a SELECT.
  void make_table(const std::string& columns, const std::string& rows) {
    database->script("CREATE TABLE t (n integer NOT NULL DEFAULT 0, " + columns + "); " + rows);
  }
  /// With ids from 1 to `count`.
  void make_rows(int count) {
    make_table("id integer PRIMARY KEY, a integer",
               "INSERT INTO t (id, a) WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
               "c WHERE i < " +
                   std::to_string(count) + ") SELECT i, i % 10 FROM c");
  }
  /// A revision r on top of nothing, whose section is `body`.
  void revision(const std::string& body) {
    project.add("r", "", "-- capo:upgrade\n" + body + "\n-- capo:downgrade\n");
  }
  /// How often the rows were changed: `0|3\n1|97\n`.
  std::string changes(const std::string& where = "true") {
    return test::to_text(
        database->query("SELECT n, count(*) FROM t WHERE " + where + " GROUP BY n ORDER BY n"));
  }
  /// The last line of the log that tells of a backfill.
  std::string outcome() const {
    const auto found =
        std::find_if(log.lines.rbegin(), log.lines.rend(),
                     [](const std::string& line) { return line.starts_with("info: Backfilled"); });
    return found == log.lines.rend() ? "nothing" : found->substr(6, found->rfind(',') - 6);
  }
  bool was_told(const std::string& words) const {
    return std::any_of(log.lines.begin(), log.lines.end(), [&](const std::string& line) {
      return line.find(words) != std::string::npos;
    });
  }
};

}  // namespace capo::runtime
