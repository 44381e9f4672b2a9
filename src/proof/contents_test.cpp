#include "proof/contents.hpp"

#include <gtest/gtest.h>

namespace capo::proof {
namespace {

TableContents items(std::vector<dialect::Row> rows) {
  return {.columns = {"id", "title"}, .key = {"id"}, .rows = std::move(rows)};
}

std::vector<std::string> texts(const TableContents& before, const TableContents& after) {
  std::vector<std::string> result;
  for (const RowDifference& found : compare_contents({{"items", before}}, {{"items", after}})) {
    result.push_back(found.text);
  }
  return result;
}

using Texts = std::vector<std::string>;

TEST(Contents, SameRowsInAnotherOrderAreTheSame) {
  EXPECT_EQ(texts(items({{"1", "a"}, {"2", "b"}}), items({{"2", "b"}, {"1", "a"}})), Texts());
}

TEST(Contents, TellsWhatBecameOfValues) {
  const TableContents before = items({{"1", "a"}, {"2", "b"}, {"3", "c"}});
  EXPECT_EQ(texts(before, items({{"1", {}}, {"2", {}}, {"3", "c"}})),
            Texts({"items.title: 2 rows lost their value"}));
  EXPECT_EQ(texts(before, items({{"1", "a"}, {"2", "x"}, {"3", "c"}})),
            Texts({"items.title: 1 row has another value: b became x"}));
  EXPECT_EQ(texts(before, items({{"1", "a"}})), Texts({"items: 2 rows are gone"}));
  EXPECT_EQ(texts(items({{"1", "a"}}), items({{"1", "a"}, {"2", "b"}})),
            Texts({"items: 1 row was not there before"}));
}

TEST(Contents, ANewColumnAndALostOneAreTheSchemasAffair) {
  const TableContents before = items({{"1", "a"}});
  EXPECT_EQ(texts(before, {.columns = {"kind", "id"}, .key = {"id"}, .rows = {{"k", "1"}}}),
            Texts());
}

TEST(Contents, WithoutAKeyColumnsAreComparedAsAWhole) {
  TableContents before{.columns = {"a", "b"}, .rows = {{"1", "x"}, {"2", "y"}}};
  TableContents after = before;
  EXPECT_EQ(texts(before, after), Texts());
  after.rows = {{"1", "x"}, {"2", {}}};
  EXPECT_EQ(texts(before, after), Texts({"items.b: 1 row lost its value"}));
  after.rows = {{"1", "y"}, {"2", "x"}};
  EXPECT_EQ(texts(before, after), Texts({"items: the values are not in the same rows as before"}));
  after.rows = {{"1", "x"}};
  EXPECT_EQ(texts(before, after), Texts({"items: 1 row is gone"}));
}

TEST(Contents, ATableThatIsGoneIsTheSchemasAffair) {
  EXPECT_TRUE(compare_contents({{"items", items({{"1", "a"}})}}, {}).empty());
}

TEST(Contents, WhatIsDeclared) {
  const RowDifference column = {"items", "title", ""};
  const RowDifference rows = {"items", "", ""};
  EXPECT_TRUE(is_declared(column, {"items.title"}));
  EXPECT_TRUE(is_declared(column, {"x", "items"}));
  EXPECT_TRUE(is_declared(rows, {"*"}));
  EXPECT_FALSE(is_declared(rows, {"items.title"}));
  EXPECT_FALSE(is_declared(column, {"items.id", "title"}));
  EXPECT_FALSE(is_declared(column, {}));
}

}  // namespace
}  // namespace capo::proof
