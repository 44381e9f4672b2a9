// Chord charts, and the library that they may be copied from.

#include <gtest/gtest.h>

#include <chrono>

#include "harness.hpp"
#include "practice/chord_data.hpp"
#include "practice/item_numbers.hpp"

namespace gpra::test {
namespace {

const json kG = {{"tuning", "EADGBE"},      {"startingFret", 1},
                 {"numFrets", 5},           {"fingers", {{6, 3}, {5, 2}, {1, 3}}},
                 {"barres", json::array()}, {"sectionLabel", "Verse"}};

json chart(const std::string& items, const std::string& title) {
  return {{"item_id", items}, {"title", title}, {"chord_data", kG}};
}

std::string titles_of(const Answer& answer) {
  std::string titles;
  for (const json& row : answer.body.at("rows")) titles += row.at("title").get<std::string>() + " ";
  return titles;
}

class Chords : public testing::TestWithParam<const char*> {
 protected:
  bool is_sqlite() const { return std::string(GetParam()) == "sqlite"; }
  Client user() { return is_sqlite() ? service_.guest() : service_.user("ada"); }
  void subscribe(const std::string& tier) {
    if (!is_sqlite()) return service_.subscribe("ada", tier);
    service_.inside().script(
        "DELETE FROM subscriptions; INSERT INTO subscriptions (user_id, tier) VALUES (1, '" + tier +
        "')");
  }
  void add_common_chords() {
    service_.inside().script(
        R"(INSERT INTO common_chords (id, type, name, chord_data, order_col) VALUES
(1, 'major', 'F', '{"root": "F", "bass": 6, "startingFret": 1, "frets": [0, 2, 2, 1, 0, 0]}', 1),
(2, 'minor', 'Fm', '{"root": "F", "bass": 6, "startingFret": 1, "frets": [0, 2, 2, 0, 0, 0]}', 2),
(3, 'major seventh', 'FM', '{"fingers": [[1, 0], [2, 1]]}', 3),
(4, 'strange', 'F?', '{"frets": "none"}', 4),
(5, 'minor', 'Ebm', NULL, 5),
(6, NULL, NULL, '[]', 6))");
  }

  Service service_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(On, Chords, testing::Values("postgresql", "sqlite"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Chords, AreMadeShownChangedAndTakenAway) {
  const Client ada = user();
  const Answer made = ada.post("/api/chord-charts", chart(" 400,404 ", "G"));
  ASSERT_EQ(made.status(), 201) << made.response.body;
  EXPECT_EQ(made.body.at("item_id"), "400, 404");
  EXPECT_EQ(made.body.at("items"), json({"400", "404"}));
  EXPECT_EQ(made.body.at("chord_data"), kG);
  EXPECT_EQ(made.body.at("generation_method"), "manual");
  const std::string path = made.header("Location");
  EXPECT_EQ(ada.get(path).body, made.body);
  EXPECT_EQ(ada.call("PATCH", path, {{"title", "x"}}).status(), 428);
  const Answer changed = ada.patch(path, {{"title", "G7"}, {"order", 3}, {"item_id", "404"}});
  ASSERT_EQ(changed.status(), 200) << changed.response.body;
  EXPECT_EQ(changed.body.at("items"), json({"404"}));
  EXPECT_EQ(changed.body.at("chord_data"), kG);
  EXPECT_EQ(ada.call("PATCH", path, {{"title", "x"}}, {{"if-match", made.header("ETag")}}).status(),
            412);
  EXPECT_EQ(ada.patch(path, {{"chord_data", 7}}).body.at("fields").size(), 1u);
  EXPECT_EQ(ada.remove(path).status(), 204);
  EXPECT_EQ(ada.get(path).status(), 404);
  EXPECT_EQ(ada.remove(path).status(), 404);
}

TEST_P(Chords, AreOfOneItemOrOfSeveral) {
  const Client ada = user();
  for (const auto& [items, title] :
       std::vector<std::pair<std::string, std::string>>{{"400", "one"},
                                                        {"400, 404", "two"},
                                                        {"404,4000", "no"},
                                                        {"14, 40", "not"},
                                                        {"a%", "odd"}}) {
    ASSERT_EQ(ada.post("/api/chord-charts", chart(items, title)).status(), 201);
  }
  // As the old program left them.
  service_.inside().script("UPDATE chord_charts SET item_id = '404,400' WHERE title = 'two'");
  EXPECT_EQ(titles_of(ada.get("/api/chord-charts?item=400")), "one two ");
  EXPECT_EQ(titles_of(ada.get("/api/chord-charts?item=a%25")), "odd ");
  EXPECT_EQ(titles_of(ada.get("/api/chord-charts?item=A%25")), "");
  EXPECT_EQ(titles_of(ada.get("/api/chord-charts?item=%25")), "");
  EXPECT_EQ(titles_of(ada.get("/api/chord-charts?item=404,400&search=w")), "two ");
  EXPECT_EQ(ada.get("/api/chord-charts").body.at("rows").size(), 5u);
  const std::string item =
      ada.post("/api/items", {{"title", "Song"}, {"item_id", "400"}}).header("Location");
  EXPECT_EQ(titles_of(ada.get(item + "/chord-charts")), "one two ");
  EXPECT_EQ(titles_of(ada.get(item + "/chord-charts?search=TW")), "two ");
  EXPECT_EQ(ada.get("/api/items/1000000/chord-charts").status(), 404);
}

TEST_P(Chords, OfAnItemWithoutANumberGiveItOne) {
  const Client ada = user();
  const std::string item = ada.post("/api/items", {{"title", "Song"}}).header("Location");
  EXPECT_EQ(titles_of(ada.get(item + "/chord-charts")), "");
  json body = chart("", "G");
  body.erase("item_id");
  for (int i = 0; i < 2; ++i) {
    const Answer made = ada.post(item + "/chord-charts", body);
    ASSERT_EQ(made.status(), 201) << made.response.body;
    EXPECT_EQ(made.body.at("items")[0], ada.get(item).body.at("item_id"));
  }
  EXPECT_EQ(titles_of(ada.get(item + "/chord-charts")), "G G ");
  EXPECT_EQ(ada.post("/api/items/1000000/chord-charts", body).status(), 404);
}

TEST_P(Chords, MadeByAProgramAreOfSomeTiers) {
  const Client ada = user();
  json body = chart("400", "G");
  for (const char* method : {"autocreate_file", "autocreate_youtube"}) {
    body["generation_method"] = method;
    subscribe("basic");
    const Answer refused = ada.post("/api/chord-charts", body);
    EXPECT_EQ(refused.status(), 402);
    EXPECT_EQ(refused.body.at("needed_tier"), "standard");
    subscribe("standard");
    EXPECT_EQ(ada.post("/api/chord-charts", body).body.at("generation_method"), method);
  }
  body["generation_method"] = "magic";
  EXPECT_EQ(ada.post("/api/chord-charts", body).status(), 422);
  EXPECT_EQ(ada.get("/api/chord-charts").body.at("rows").size(), 2u);
}

TEST_P(Chords, WrongItemsAreRefused) {
  const Client ada = user();
  for (const char* items : {"", " ", ",", "400,", "400,,404", "400, 400"}) {
    const Answer answer = ada.post("/api/chord-charts", chart(items, "G"));
    EXPECT_EQ(answer.status(), 422) << items;
    EXPECT_TRUE(answer.body.at("fields").contains("item_id")) << items;
  }
  std::string many = "1";
  for (int i = 2; i < 80; ++i) many += "," + std::to_string(i);
  EXPECT_EQ(ada.post("/api/chord-charts", chart(many, "G")).body.at("fields").at("item_id"),
            "names too many");
}

TEST_P(Chords, OfTheLibraryAreFoundAndCopied) {
  const Client ada = user();
  add_common_chords();
  const auto names = [&](const std::string& query) {
    std::string all;
    const json rows = ada.get("/api/common-chords" + query).body.at("rows");
    for (const json& row : rows) {
      all += (row.at("name").is_null() ? "-" : row.at("name").get<std::string>()) + " ";
    }
    return all;
  };
  EXPECT_EQ(names(""), "F Fm FM F? Ebm - ");
  EXPECT_EQ(names("?search=FM"), "FM Fm ");
  EXPECT_EQ(names("?search=fm"), "Fm FM ");
  EXPECT_EQ(names("?type=minor"), "Fm Ebm ");
  EXPECT_EQ(names("?type=minor&search=b"), "Ebm ");
  EXPECT_EQ(names("?limit=2&offset=1"), "Fm FM ");
  EXPECT_EQ(ada.get("/api/common-chords?limit=2").body.at("next"), 2);
  EXPECT_EQ(ada.get("/api/common-chords/1").body.at("name"), "F");
  EXPECT_EQ(ada.get("/api/common-chords/99").status(), 404);
  const Answer copied = ada.post("/api/common-chords/1/copy", {{"item_id", "400"}, {"order", 7}});
  ASSERT_EQ(copied.status(), 201) << copied.response.body;
  EXPECT_EQ(copied.body.at("title"), "F");
  EXPECT_EQ(copied.body.at("order"), 7);
  EXPECT_EQ(copied.body.at("chord_data").at("fingers"),
            json({{6, 1}, {5, 3}, {4, 3}, {3, 2}, {2, 1}, {1, 1}}));
  EXPECT_EQ(ada.get(copied.header("Location")).body, copied.body);
  EXPECT_EQ(ada.post("/api/common-chords/3/copy", {{"item_id", "4"}, {"title", "My own"}})
                .body.at("title"),
            "My own");
  for (const char* id : {"4", "5", "6"}) {
    EXPECT_EQ(
        ada.post("/api/common-chords/" + std::string(id) + "/copy", {{"item_id", "4"}}).status(),
        409);
  }
  EXPECT_EQ(ada.post("/api/common-chords/99/copy", {{"item_id", "4"}}).status(), 404);
  EXPECT_EQ(ada.post("/api/common-chords/1/copy", json::object()).status(), 422);
  EXPECT_EQ(ada.call("DELETE", "/api/common-chords/1").status(), 405);
}

// As many as production has.
TEST_P(Chords, OfTheLibraryAreFoundFastEnough) {
  const Client ada = user();
  service_.inside().script(
      R"(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12700)
INSERT INTO common_chords (id, type, name, chord_data, order_col)
SELECT i, 'minor', 'chord ' || i, '{"frets": [0, 2, 2, 1, 0, 0], "startingFret": 1}', i FROM n)");
  const auto begin = std::chrono::steady_clock::now();
  constexpr int kTimes = 20;
  for (int i = 0; i < kTimes; ++i) {
    const Answer answer = ada.get("/api/common-chords?search=RD%20" + std::to_string(i + 100));
    ASSERT_GT(answer.body.at("rows").size(), 0u);
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  RecordProperty("milliseconds_a_search", std::to_string(took.count() / kTimes));
  std::printf("%s: %.1f ms a search\n", GetParam(), took.count() / kTimes);
  EXPECT_LT(took.count() / kTimes, 500);  // with sanitizers, on a machine with something else to do
}

// ---- What a drawing is.

std::map<std::string, std::string> wrong_in(const json& data) {
  Problem problem(422, "invalid", "");
  check_chord_data(data, problem);
  const json body = json::parse(problem.response().body);
  return body.value("fields", std::map<std::string, std::string>());
}

json with(const std::string& name, const json& value) {
  json data = kG;
  data[name] = value;
  return data;
}

TEST(ChordData, ThatIsGoodIsTaken) {
  for (const json& data :
       {kG, json({{"fingers", json::array()}}), with("tuning", "DADGAD"),
        with("tuning", "E♭A♭D♭G♭B♭E♭"), with("tuning", "Eb Ab Db Gb Bb Eb"),
        with("fingers", {{6, "x"}, {5, 0}, {4, 2, "ring"}}),
        with("barres", {{{"fromString", 6}, {"toString", 1}, {"fret", 1}}}),
        with("barres", {{{"fromString", 6}, {"toString", 1}, {"fret", 1}, {"text", "1"}}}),
        with("sectionLabel", nullptr), with("startingFret", 24)}) {
    EXPECT_TRUE(wrong_in(data).empty()) << data << json(wrong_in(data));
  }
}

TEST(ChordData, ThatIsNonsenseIsNamed) {
  const std::vector<std::pair<std::string, json>> cases = {
      {"chord_data", nullptr},
      {"chord_data", 7},
      {"chord_data", json::array()},
      {"chord_data.fingers", json::object()},
      {"chord_data.colour", with("colour", "red")},
      {"chord_data.tuning", with("tuning", "EADGBX")},
      {"chord_data.tuning", with("tuning", "#EADGBE")},
      {"chord_data.tuning", with("tuning", "")},
      {"chord_data.tuning", with("tuning", 6)},
      {"chord_data.startingFret", with("startingFret", 0)},
      {"chord_data.startingFret", with("startingFret", 1.5)},
      {"chord_data.startingFret", with("startingFret", 18446744073709551615ULL)},
      {"chord_data.numFrets", with("numFrets", -1)},
      {"chord_data.fingers", with("fingers", "6 3")},
      {"chord_data.fingers", with("fingers", json(std::vector<int>(25, 1)))},
      {"chord_data.fingers[0]", with("fingers", {{7, 3}})},
      {"chord_data.fingers[1]", with("fingers", {{6, 3}, {0, 3}})},
      {"chord_data.fingers[0]", with("fingers", json::array({{6, 6}}))},
      {"chord_data.fingers[0]", with("fingers", json::array({{6, "y"}}))},
      {"chord_data.fingers[0]", with("fingers", json::array({json::array({6})}))},
      {"chord_data.fingers[0]", with("fingers", json::array({{6, 1, 1}}))},
      {"chord_data.fingers[1]", with("fingers", {{6, 1}, {6, 1}})},
      {"chord_data.barres", with("barres", 1)},
      {"chord_data.barres[0]", with("barres", json::array({1}))},
      {"chord_data.barres[0]", with("barres", {{{"fromString", 1}, {"toString", 6}, {"fret", 1}}})},
      {"chord_data.barres[0]", with("barres", {{{"fromString", 6}, {"toString", 1}, {"fret", 0}}})},
      {"chord_data.barres[0]",
       with("barres", {{{"fromString", 6}, {"toString", 1}, {"fret", 1}, {"x", 1}}})},
      {"chord_data.sectionLabel", with("sectionLabel", std::string(401, 'x'))}};
  for (const auto& [field, data] : cases) {
    EXPECT_TRUE(wrong_in(data).contains(field)) << field << " " << data << json(wrong_in(data));
    EXPECT_EQ(wrong_in(data).size(), 1u) << data << json(wrong_in(data));
  }
}

// What the demonstration data has, at the nut, up the neck, and behind the nut.
TEST(ChordData, OfTheLibraryIsDrawn) {
  const auto drawn = [](int first, const json& frets) {
    const auto drawing = drawing_of({{"root", "E"}, {"startingFret", first}, {"frets", frets}});
    EXPECT_TRUE(drawing.has_value() && wrong_in(*drawing).empty());
    return drawing.value_or(json());
  };
  const json e = drawn(0, {0, 2, 2, 1, 0, 0});
  EXPECT_EQ(e.at("startingFret"), 1);
  EXPECT_EQ(e.at("fingers"), json({{6, 0}, {5, 2}, {4, 2}, {3, 1}, {2, 0}, {1, 0}}));
  const json b = drawn(7, {0, 2, 2, 1, 0, 0});
  EXPECT_EQ(b.at("startingFret"), 7);
  EXPECT_EQ(b.at("fingers"), json({{6, 1}, {5, 3}, {4, 3}, {3, 2}, {2, 1}, {1, 1}}));
  const json half = drawn(0, {0, nullptr, 0, 0, -1, nullptr});
  EXPECT_EQ(half.at("startingFret"), 11);
  EXPECT_EQ(half.at("fingers"), json({{6, 2}, {5, "x"}, {4, 2}, {3, 2}, {2, 1}, {1, "x"}}));
  EXPECT_FALSE(drawing_of(nullptr));
  EXPECT_FALSE(drawing_of({{"frets", {0, 1}}, {"startingFret", 1}}));
  EXPECT_FALSE(drawing_of({{"frets", {0, 1, 2, 3, 4, "a"}}, {"startingFret", 1}}));
  EXPECT_FALSE(drawing_of({{"frets", {0, 24, 0, 0, 0, 0}}, {"startingFret", 24}}));
}

}  // namespace
}  // namespace gpra::test
