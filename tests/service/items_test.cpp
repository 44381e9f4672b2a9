// Items, as one user and another use them.

#include <gtest/gtest.h>

#include "harness.hpp"

namespace gpra::test {
namespace {

class Items : public testing::TestWithParam<const char*> {
 protected:
  Service service_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(On, Items, testing::Values("postgresql", "sqlite"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Items, AreMadeShownChangedAndTakenAway) {
  const Client ada = std::string(GetParam()) == "sqlite" ? service_.guest() : service_.user("ada");
  const Answer made = ada.post("/api/items", {{"title", "Blues scale"}, {"order", 3}});
  ASSERT_EQ(made.status(), 201) << made.response.body;
  EXPECT_EQ(made.body.at("title"), "Blues scale");
  EXPECT_EQ(made.body.at("created_via"), "manual");
  const std::string path = made.header("Location");
  EXPECT_EQ(ada.get(path).body, made.body);
  EXPECT_EQ(ada.call("PATCH", path, {{"title", "x"}}).status(), 428);
  const Answer changed = ada.patch(path, {{"title", "Blues"}, {"notes", "slowly"}});
  ASSERT_EQ(changed.status(), 200) << changed.response.body;
  EXPECT_EQ(changed.body.at("notes"), "slowly");
  // Of two tabs the second one is told.
  EXPECT_EQ(ada.call("PATCH", path, {{"title", "x"}}, {{"if-match", made.header("ETag")}}).status(),
            412);
  EXPECT_EQ(ada.get("/api/items").body.at("rows").size(), 1u);
  EXPECT_EQ(ada.get("/api/items?search=bLu").body.at("rows").size(), 1u);
  EXPECT_EQ(ada.get("/api/items?search=%25").body.at("rows").size(), 0u);
  EXPECT_EQ(ada.remove(path).status(), 204);
  EXPECT_EQ(ada.get(path).status(), 404);
}

TEST_P(Items, WrongFieldsAreNamed) {
  const Client ada = std::string(GetParam()) == "sqlite" ? service_.guest() : service_.user("ada");
  const Answer answer = ada.post("/api/items", {{"title", " "}, {"order", "1"}, {"colour", 1}});
  ASSERT_EQ(answer.status(), 422);
  EXPECT_EQ(answer.body.at("fields").size(), 3u) << answer.response.body;
  EXPECT_EQ(ada.get("/api/items?limit=0").status(), 422);
  EXPECT_EQ(ada.call("POST", "/api/items").status(), 415);
  EXPECT_EQ(ada.get("/api/items/abc").status(), 404);
  EXPECT_EQ(ada.call("PUT", "/api/items").status(), 405);
}

TEST(ItemsOfTwo, AreNotSeenByEachOther) {
  Service service;
  const Client ada = service.user("ada");
  const Client bob = service.user("bob");
  const std::string path = ada.post("/api/items", {{"title", "Scales"}}).header("Location");
  EXPECT_EQ(bob.get(path).status(), 404);
  EXPECT_EQ(bob.call("PATCH", path, {{"title", "mine"}}, {{"if-match", "*"}}).status(), 404);
  EXPECT_EQ(bob.remove(path).status(), 404);
  EXPECT_EQ(bob.get("/api/items").body.at("rows").size(), 0u);
  EXPECT_EQ(service.guest().get(path).status(), 401);
  EXPECT_EQ(ada.get(path).body.at("title"), "Scales");
}

TEST(ItemsOfTwo, EndAtTheLimitOfTheTier) {
  Service service;
  const Client ada = service.user("ada");
  for (int i = 0; i < 15; ++i) ASSERT_EQ(ada.post("/api/items", {{"title", "x"}}).status(), 201);
  const Answer refused = ada.post("/api/items", {{"title", "x"}});
  ASSERT_EQ(refused.status(), 402);
  EXPECT_EQ(refused.body.at("needed_tier"), "basic");
  service.subscribe("ada", "basic");
  EXPECT_EQ(ada.post("/api/items", {{"title", "x"}}).status(), 201);
  service.subscribe("ada", "basic", "past_due");
  EXPECT_EQ(ada.post("/api/items", {{"title", "x"}}).status(), 402);
  EXPECT_EQ(ada.get("/api/items").body.at("rows").size(), 16u);
}

}  // namespace
}  // namespace gpra::test
