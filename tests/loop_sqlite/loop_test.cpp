#include "loop_sqlite/loop.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "reflect_sqlite/statements.hpp"

namespace capo::test {
namespace {

std::vector<LoopCase> all_cases() {
  std::vector<LoopCase> all;
  for (const auto& cases : {column_cases(), constraint_cases(), table_cases(), index_cases(),
                            object_cases(), mixed_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

// There and back, and the other way round.
TEST(LoopSqlite, EveryCaseBothWays) {
  std::set<std::string> names;
  int merged = 0;
  for (const LoopCase& item : all_cases()) {
    SCOPED_TRACE(item.name);
    EXPECT_TRUE(names.insert(item.name).second) << "two cases of one name";
    LoopCounts counts;
    EXPECT_EQ(broken_by(item, &counts), "");
    EXPECT_GT(counts.steps, 0U) << "the case changes nothing";
    if (counts.rebuilds < counts.rebuilds_apart) ++merged;
    if (!item.renamings.empty() || item.rows) continue;
    EXPECT_EQ(broken_by(LoopCase{.from = item.to, .to = item.from}), "") << "the other way round";
  }
  EXPECT_GE(names.size(), 100U);
  EXPECT_GE(merged, 15);
}

// Once for all that becomes of a table, and the same comes out.
TEST(LoopSqlite, ATableIsMadeAnewOnce) {
  struct Case {
    const char* what;
    const char* from;
    const char* to;
    std::size_t rebuilds;
    std::size_t apart;
  };
  // There and back.
  const Case cases[] = {
      {"columns, constraints and a foreign key",
       "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY, p "
       "INTEGER, "
       "a TEXT, b TEXT, CONSTRAINT ck CHECK (a <> ''))",
       "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER "
       "CONSTRAINT fk REFERENCES p, a VARCHAR(9), b TEXT DEFAULT 'x', CONSTRAINT uq UNIQUE (a))",
       2, 10},
      {"a key under WITHOUT ROWID",
       "CREATE TABLE t (a TEXT NOT NULL, b TEXT NOT NULL, PRIMARY KEY (a)) WITHOUT ROWID",
       "CREATE TABLE t (a TEXT NOT NULL, b TEXT NOT NULL, PRIMARY KEY (b, a)) WITHOUT ROWID", 2, 8},
      {"two tables that have nothing to do with each other",
       "CREATE TABLE t (a TEXT); CREATE TABLE u (a TEXT)",
       "CREATE TABLE t (a INTEGER, CONSTRAINT ck CHECK (a > 0)); CREATE TABLE u (a INTEGER, "
       "CONSTRAINT uq UNIQUE (a))",
       4, 8},
      {"two tables of which one refers to the other",
       "CREATE TABLE t (id INTEGER PRIMARY KEY, u INTEGER REFERENCES u, a TEXT); CREATE TABLE u "
       "(id "
       "INTEGER PRIMARY KEY, a TEXT)",
       "CREATE TABLE t (id INTEGER PRIMARY KEY, u INTEGER REFERENCES u, a BLOB, CONSTRAINT ck "
       "CHECK "
       "(id > 0)); CREATE TABLE u (id INTEGER PRIMARY KEY, a BLOB, CONSTRAINT ck CHECK (id > 0))",
       8, 8},
  };
  for (const Case& item : cases) {
    SCOPED_TRACE(item.what);
    LoopCounts counts;
    EXPECT_EQ(broken_by(LoopCase{.from = item.from, .to = item.to}, &counts), "");
    EXPECT_EQ(counts.rebuilds, item.rebuilds);
    EXPECT_EQ(counts.rebuilds_apart, item.apart);
  }
}

}  // namespace
}  // namespace capo::test
