#include "proof/samples.hpp"

#include <gtest/gtest.h>

namespace capo::proof {
namespace {

std::string first(Type type, int number = 1) {
  return samples(Column("x", std::move(type)), number).front().value_or("(left out)");
}

TEST(Samples, FitTheirType) {
  EXPECT_EQ(first(SmallInteger()), "7001");
  EXPECT_EQ(first(Numeric(10, 2)), "7001.01");
  EXPECT_EQ(first(Numeric(2, 2)), "0.01");
  EXPECT_EQ(first(Numeric(3), 2), "2");
  EXPECT_EQ(first(String(3), 2), "w 2");
  EXPECT_EQ(first(Text(), 2), "capo row 2");
  EXPECT_EQ(first(Enum("mood", {"sad", "ok"}), 2), "ok");
  EXPECT_EQ(first(Array(Text())), "{\"capo row 1\"}");
  EXPECT_EQ(first(Jsonb()), "{\"row\": 1}");
  EXPECT_EQ(first(Named("daterange")), "[2024-01-01,2024-01-02)");
}

TEST(Samples, WhatTheDatabaseGivesOutIsLeftOut) {
  EXPECT_EQ(samples(Column("x", Integer(), {.identity = Identity{.always = true}}), 1).size(), 1U);
  EXPECT_EQ(samples(Column("x", Integer(), {.computed = Computed{SqlText("1")}}), 1).front(),
            std::nullopt);
}

TEST(Samples, ConditionsMentionValues) {
  EXPECT_EQ(mentioned_values("kind = ANY (ARRAY['song'::text, 'it''s'::text])"),
            (std::vector<std::string>{"song", "it's"}));
  EXPECT_EQ(mentioned_values("rating >= 1 AND a2 < 9"),
            (std::vector<std::string>{"1", "2", "0", "9", "10", "8"}));
  EXPECT_EQ(mentioned_values("x > 99999999999999999999"), std::vector<std::string>{});
}

TEST(Samples, ConditionsMentionColumns) {
  EXPECT_TRUE(mentions("(rating > 1)", "rating"));
  EXPECT_TRUE(mentions("\"Rating\" > 1", "Rating"));
  EXPECT_FALSE(mentions("ratings > 1 AND old_rating > 2", "rating"));
}

}  // namespace
}  // namespace capo::proof
