// All that one has, as one document.

#include <gtest/gtest.h>

#include "harness.hpp"

namespace gpra::test {
namespace {

class Export : public testing::TestWithParam<const char*> {
 protected:
  Service service_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(On, Export, testing::Values("postgresql", "sqlite"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Export, HoldsAllOfIt) {
  const bool is_sqlite = std::string(GetParam()) == "sqlite";
  const Client ada = is_sqlite ? service_.guest() : service_.user("ada");
  const std::string user = is_sqlite ? "1" : std::to_string(service_.id_of("ada"));
  // More than is read at a time.
  service_.inside().script(
      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1201) "
      "INSERT INTO items (title, notes, user_id) SELECT 'item ' || i, 'quote \" and ü', " +
      user + " FROM n");
  const int routine = ada.post("/api/routines", {{"name", "R"}}).body.at("id");
  const int item = ada.get("/api/items?limit=1").body.at("rows")[0].at("id");
  ada.post("/api/routines/" + std::to_string(routine) + "/items", {{"item_id", item}});
  ada.call("PUT", "/api/active-routine", {{"routine_id", routine}});
  const json drawing = {{"fingers", json::array()}};
  ada.post("/api/chord-charts", {{"item_id", "4, 5"}, {"title", "C"}, {"chord_data", drawing}});
  const Answer all = ada.get("/api/export");
  ASSERT_EQ(all.status(), 200) << all.response.body;
  ASSERT_FALSE(all.body.is_discarded());
  EXPECT_NE(all.header("Content-Disposition").find("attachment"), std::string::npos);
  EXPECT_EQ(all.body.at("items").size(), 1201u);
  EXPECT_EQ(all.body.at("items")[1200].at("title"), "item 1201");
  EXPECT_EQ(all.body.at("items")[0].at("notes"), "quote \" and ü");
  EXPECT_EQ(all.body.at("routines")[0].at("name"), "R");
  EXPECT_EQ(all.body.at("routine_items")[0].at("item_id"), item);
  EXPECT_EQ(all.body.at("routine_items")[0].at("completed"), false);
  EXPECT_EQ(all.body.at("chord_charts")[0].at("chord_data"), drawing);
  EXPECT_EQ(all.body.at("active_routine")[0].at("routine_id"), routine);
  EXPECT_EQ(all.body.at("subscription").at("tier"), "free");
  EXPECT_EQ(all.body.at("account").at("username"), is_sqlite ? "admin" : "ada");
  EXPECT_EQ(all.response.body.find("password"), std::string::npos);
  EXPECT_EQ(all.response.body.find("argon"), std::string::npos);
}

TEST_P(Export, OfNothingIsADocumentAsWell) {
  const bool is_sqlite = std::string(GetParam()) == "sqlite";
  const Client ada = is_sqlite ? service_.guest() : service_.user("ada");
  const Answer all = ada.get("/api/export");
  ASSERT_EQ(all.status(), 200);
  for (const char* name :
       {"items", "routines", "routine_items", "chord_charts", "active_routine"}) {
    EXPECT_EQ(all.body.at(name), json::array()) << name;
  }
}

}  // namespace
}  // namespace gpra::test
