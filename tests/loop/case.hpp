#pragma once

#include <string>
#include <vector>

/// Pairs of schemas between which autogenerate has to find the way, there and back.
namespace capo::test {

/// One of a file of cases:
///
///     == a column comes
///     -- old
///     CREATE TABLE t (id integer);
///     -- rows
///     INSERT INTO t VALUES (1);
///     -- new
///     CREATE TABLE t (id integer, a text);
///     -- kept
///     SELECT id FROM t
///     -- steps
///     add column t.a
///
/// Everything but `old` and `new` may be missing. A name ends with `(since 14)` where no older server
/// has what it takes.
struct LoopCase {
  std::string name = {};
  std::string before = {};  ///< SQL
  std::string after = {};   ///< SQL
  std::string rows = {};    ///< SQL that runs on the old schema
  std::string kept = {};    ///< queries, one a line, whose answers stay the same all the way
  std::string steps = {};   ///< what is to be found, in words, where it matters
  int line = 0;

  friend void PrintTo(const LoopCase& test, std::ostream* out);
};

/// Throws std::runtime_error that names the place of what is no case.
std::vector<LoopCase> read_cases(const std::string& path);

}  // namespace capo::test
