// Routines, what is in them, and which one is practised.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <thread>

#include "harness.hpp"
#include "practice/pages.hpp"

namespace gpra::test {
namespace {

class Routines : public testing::TestWithParam<const char*> {
 protected:
  Client user() {
    if (std::string(GetParam()) == "sqlite") return service_.guest();
    Client ada = service_.user("ada");
    service_.subscribe("ada", "standard");
    return ada;
  }
  static std::string made(const Client& client, const std::string& path, const json& body) {
    const Answer answer = client.post(path, body);
    EXPECT_EQ(answer.status(), 201) << answer.response.body;
    return std::to_string(answer.body.at("id").get<int>());
  }
  /// A routine with three items; its path.
  std::string routine_of_three(const Client& ada) {
    const std::string routine =
        "/api/routines/" + made(ada, "/api/routines", {{"name", "Warm-up"}});
    for (const char* title : {"a", "b", "c"}) {
      const int item = number(made(ada, "/api/items", {{"title", title}}));
      made(ada, routine + "/items", {{"item_id", item}});
    }
    return routine;
  }

  Service service_{GetParam(), [](Config& config) { config.connections = 8; }};
};

INSTANTIATE_TEST_SUITE_P(On, Routines, testing::Values("postgresql", "sqlite"),
                         [](const auto& test) { return std::string(test.param); });

std::vector<int> ids_of(const json& rows) {
  std::vector<int> ids;
  for (const json& row : rows) ids.push_back(row.at("id").get<int>());
  return ids;
}

std::string titles_of(const json& rows) {
  std::string titles;
  for (const json& row : rows) titles += row.at("title").get<std::string>();
  return titles;
}

TEST_P(Routines, AreMadeShownChangedAndTakenAway) {
  if (std::string(GetParam()) == "sqlite") {
    service_.inside().script("INSERT INTO subscriptions (user_id, tier) VALUES (1, 'basic')");
  }
  const Client ada = user();
  const Answer made = ada.post("/api/routines", {{"name", "Warm-up"}, {"order", 2}});
  ASSERT_EQ(made.status(), 201) << made.response.body;
  const std::string path = made.header("Location");
  EXPECT_EQ(ada.get(path).body, made.body);
  const std::string made_at = made.body.at("created_at");
  EXPECT_EQ(made_at[10], 'T') << made_at;
  EXPECT_EQ(ada.call("PATCH", path, {{"name", "x"}}).status(), 428);
  EXPECT_EQ(ada.patch(path, {{"name", "Scales"}, {"order", 5}}).body.at("name"), "Scales");
  EXPECT_EQ(ada.call("PATCH", path, {{"name", "x"}}, {{"if-match", made.header("ETag")}}).status(),
            412);
  ada.post("/api/routines", {{"name", "Before"}, {"order", 1}});
  const json rows = ada.get("/api/routines").body.at("rows");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("name"), "Before");
  EXPECT_EQ(ada.get("/api/routines?search=sCa").body.at("rows").size(), 1u);
  EXPECT_EQ(ada.post("/api/routines", {{"name", " "}}).body.at("fields").size(), 1u);
  // Which letters have two cases is the database's business: both sides are asked of it.
  ada.patch(path, {{"name", "Étude"}});
  EXPECT_EQ(ada.get("/api/routines?search=ÉTUDE").body.at("rows").size(), 1u);
  EXPECT_EQ(ada.remove(path).status(), 204);
  EXPECT_EQ(ada.get(path).status(), 404);
  EXPECT_EQ(ada.remove(path).status(), 404);
}

// Of whatever zone the server writes.
TEST(Times, AreOfOneForm) {
  EXPECT_EQ(time_text("2026-11-29 04:30:31.5+00"), "2026-11-29T04:30:31.5Z");
  EXPECT_EQ(time_text("2026-11-29 04:30:31"), "2026-11-29T04:30:31Z");
  EXPECT_EQ(time_text("2026-11-29 06:30:31-02"), "2026-11-29T06:30:31-02:00");
  EXPECT_EQ(time_text("2026-11-29 10:00:31+05:30"), "2026-11-29T10:00:31+05:30");
  EXPECT_EQ(time_text(""), "");
}

TEST_P(Routines, HoldItemsInAnOrder) {
  const Client ada = user();
  const std::string routine = routine_of_three(ada);
  const Answer before = ada.get(routine + "/items");
  ASSERT_EQ(before.status(), 200) << before.response.body;
  EXPECT_EQ(titles_of(before.body.at("rows")), "abc");
  const std::vector<int> ids = ids_of(before.body.at("rows"));
  const Answer after = ada.call("PUT", routine + "/order", {{"items", {ids[2], ids[0], ids[1]}}});
  ASSERT_EQ(after.status(), 200) << after.response.body;
  EXPECT_EQ(titles_of(after.body.at("rows")), "cab");
  EXPECT_EQ(ada.get(routine + "/items").body, after.body);
  // What comes next comes after those.
  const int item = after.body.at("rows")[0].at("item_id");
  EXPECT_EQ(ada.post(routine + "/items", {{"item_id", item}}).body.at("order"), 3);
  EXPECT_EQ(titles_of(ada.get(routine + "/items").body.at("rows")), "cabc");
}

TEST_P(Routines, OrdersOfSomethingElseAreRefused) {
  const Client ada = user();
  const std::string routine = routine_of_three(ada);
  const json before = ada.get(routine + "/items").body;
  const std::vector<int> ids = ids_of(before.at("rows"));
  const auto put = [&](const json& items) {
    return ada.call("PUT", routine + "/order", {{"items", items}});
  };
  EXPECT_EQ(put({ids[0], ids[1]}).status(), 409);
  EXPECT_EQ(put({ids[0], ids[1], ids[2], 1000000}).status(), 409);
  EXPECT_EQ(put({ids[0], ids[1], 1000000}).body.at("current"), json(ids));
  EXPECT_EQ(put(json::array()).status(), 409);
  EXPECT_EQ(put({ids[0], ids[1], ids[2], ids[2]}).body.at("fields").at("items"), "names one twice");
  EXPECT_EQ(put({ids[0], "b", ids[2]}).status(), 422);
  EXPECT_EQ(put({ids[0], -1, ids[2]}).status(), 422);
  EXPECT_EQ(put(7).status(), 422);
  EXPECT_EQ(ada.call("PUT", routine + "/order", json::object()).status(), 422);
  EXPECT_EQ(ada.call("PUT", "/api/routines/1000000/order", {{"items", ids}}).status(), 404);
  EXPECT_EQ(ada.get(routine + "/items").body, before);
}

TEST_P(Routines, ItemsAreMarkedAndTakenOut) {
  const Client ada = user();
  const std::string routine = routine_of_three(ada);
  const std::vector<int> ids = ids_of(ada.get(routine + "/items").body.at("rows"));
  const std::string first = routine + "/items/" + std::to_string(ids[0]);
  EXPECT_EQ(ada.call("PATCH", first, {{"completed", true}}).body.at("completed"), true);
  EXPECT_EQ(ada.get(routine + "/items").body.at("rows")[0].at("completed"), true);
  EXPECT_EQ(ada.call("PATCH", first, {{"completed", false}}).body.at("completed"), false);
  EXPECT_EQ(ada.call("PATCH", first, {{"completed", 1}}).status(), 422);
  EXPECT_EQ(ada.call("PATCH", first, json::object()).status(), 422);
  // Of another routine there is no such place.
  EXPECT_EQ(ada.remove("/api/routines/1000000/items/" + std::to_string(ids[0])).status(), 404);
  EXPECT_EQ(ada.remove(first).status(), 204);
  EXPECT_EQ(ada.remove(first).status(), 404);
  EXPECT_EQ(titles_of(ada.get(routine + "/items").body.at("rows")), "bc");
  EXPECT_EQ(ada.get("/api/items").body.at("rows").size(), 3u);
  EXPECT_EQ(ada.post(routine + "/items", {{"item_id", 1000000}}).body.at("fields").size(), 1u);
  EXPECT_EQ(ada.post("/api/routines/1000000/items", {{"item_id", 1}}).status(), 404);
}

TEST_P(Routines, AnItemGoesFromThem) {
  const Client ada = user();
  const std::string routine = routine_of_three(ada);
  const json rows = ada.get(routine + "/items").body.at("rows");
  EXPECT_EQ(ada.remove("/api/items/" + rows[1].at("item_id").dump()).status(), 204);
  EXPECT_EQ(titles_of(ada.get(routine + "/items").body.at("rows")), "ac");
}

TEST_P(Routines, OneIsActive) {
  const Client ada = user();
  const std::string routine = routine_of_three(ada);
  const int id = ada.get(routine).body.at("id");
  const char* path = "/api/active-routine";
  EXPECT_EQ(ada.get(path).body.at("routine_id"), nullptr);
  EXPECT_EQ(ada.remove(path).status(), 204);
  EXPECT_EQ(ada.call("PUT", path, {{"routine_id", 1000000}}).status(), 422);
  for (int i = 0; i < 2; ++i) {
    const Answer answer = ada.call("PUT", path, {{"routine_id", id}});
    ASSERT_EQ(answer.status(), 200) << answer.response.body;
    EXPECT_EQ(answer.body.at("routine_id"), id);
    EXPECT_EQ(answer.body.at("name"), "Warm-up");
  }
  EXPECT_EQ(service_.inside().value("SELECT count(*) FROM active_routine"), "1");
  EXPECT_EQ(ada.remove(path).status(), 204);
  EXPECT_EQ(ada.get(path).body.at("routine_id"), nullptr);
  // A routine that goes leaves nothing behind.
  ada.call("PUT", path, {{"routine_id", id}});
  EXPECT_EQ(ada.remove(routine).status(), 204);
  EXPECT_EQ(ada.get(path).body.at("routine_id"), nullptr);
  EXPECT_EQ(service_.inside().value("SELECT count(*) FROM routine_items"), "0");
  EXPECT_EQ(ada.get("/api/items").body.at("rows").size(), 3u);
}

TEST_P(Routines, HaveAnEnd) {
  const Client ada = user();
  const std::string routine = routine_of_three(ada);
  const std::string items = routine + "/items";
  const int item = ada.get(items).body.at("rows")[0].at("item_id");
  for (int i = 3; i < 500; ++i) made(ada, items, {{"item_id", item}});
  EXPECT_EQ(ada.post(items, {{"item_id", item}}).body.at("code"), "routine_full");
  std::vector<int> ids = ids_of(ada.get(items).body.at("rows"));
  std::reverse(ids.begin(), ids.end());
  const Answer all = ada.call("PUT", routine + "/order", {{"items", ids}});
  ASSERT_EQ(all.status(), 200) << all.response.body;
  EXPECT_EQ(ids_of(all.body.at("rows")), ids);
}

// Orders, additions and removals at once: each is done in full or refused, the order is one of
// those that were asked for, and nothing is there twice or gone.
TEST_P(Routines, ManyHandsLoseNothing) {
  const Client ada = user();
  const std::string routine = routine_of_three(ada);
  const int item = ada.get(routine + "/items").body.at("rows")[0].at("item_id");
  std::atomic<int> added = 3;
  std::atomic<int> ordered = 0;
  std::atomic<int> wrong = 0;
  const auto work = [&](unsigned number) {
    std::mt19937 random(number);
    for (int i = 0; i < 20; ++i) {
      if (random() % 4 == 0) {
        if (ada.post(routine + "/items", {{"item_id", item}}).status() == 201) ++added;
        continue;
      }
      std::vector<int> ids = ids_of(ada.get(routine + "/items").body.at("rows"));
      std::shuffle(ids.begin(), ids.end(), random);
      const Answer answer = ada.call("PUT", routine + "/order", {{"items", ids}});
      if (answer.status() == 200) {
        ++ordered;
        if (ids_of(answer.body.at("rows")) != ids) ++wrong;
      } else if (answer.status() != 409) {
        ++wrong;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < 8; ++i) threads.emplace_back(work, i);
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(ordered, 0);
  const json rows = ada.get(routine + "/items").body.at("rows");
  EXPECT_EQ(rows.size(), static_cast<std::size_t>(added));
  std::vector<int> places;
  for (const json& row : rows) places.push_back(row.at("order"));
  EXPECT_EQ(std::adjacent_find(places.begin(), places.end()), places.end()) << json(places);
}

}  // namespace
}  // namespace gpra::test
