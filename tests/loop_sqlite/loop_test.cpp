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
  for (const LoopCase& item : all_cases()) {
    SCOPED_TRACE(item.name);
    EXPECT_TRUE(names.insert(item.name).second) << "two cases of one name";
    std::size_t steps = 0;
    EXPECT_EQ(broken_by(item, &steps), "");
    EXPECT_GT(steps, 0U) << "the case changes nothing";
    if (!item.renamings.empty() || item.rows) continue;
    EXPECT_EQ(broken_by(LoopCase{.from = item.to, .to = item.from}), "") << "the other way round";
  }
  EXPECT_GE(names.size(), 100U);
}

// No operation does it; it is said.
TEST(LoopSqlite, WhatKindOfTableItIsStays) {
  const auto connection = in_memory();
  const auto reflect = [&](const char* sql) {
    return sqlite().reflect_script(*connection, statements_of(std::string(sql)), {});
  };
  const dialect::Reflection from = reflect("CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY)");
  const dialect::Reflection to =
      reflect("CREATE TABLE t (a TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID");
  const autogenerate::Difference difference = autogenerate::compare(from, to, nullptr, sqlite());
  EXPECT_TRUE(difference.is_empty());
  ASSERT_EQ(difference.notes.size(), 2U);
  EXPECT_EQ(difference.notes[0].text, "table t: STRICT stays as it is");
  EXPECT_EQ(difference.notes[1].text, "table t: WITHOUT ROWID stays as it is");
}

}  // namespace
}  // namespace capo::test
