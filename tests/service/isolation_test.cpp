// Two users, and every route that there is: neither sees, changes or counts what is the other's.
//
// For each route of the service there is a case here that asks it, as one user, for what is the
// other's. A route that has none fails the test, so that whoever adds a route has to think about
// it. Each request is also sent by the owner, and must succeed then: a request that fails for
// everybody shows nothing.

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "harness.hpp"
#include "http/route.hpp"

namespace gpra::test {
namespace {

/// Rows of one user, each with the mark in it.
struct Owned {
  std::string mark = {};
  int item = 0;
  int routine = 0;
  int entry = 0;
  int chart = 0;
};

std::string text(int number) { return std::to_string(number); }

struct Attempt {
  std::string target = {};
  json body = {};
  /// What is answered to the one who does not own it; 0: what is his own, as if there were no
  /// other.
  int status = 0;
};

using Cases = std::map<std::string, std::function<Attempt(const Owned&)>>;

std::string items(const Owned& hers) { return "/api/items/" + text(hers.item); }
std::string routines(const Owned& hers) { return "/api/routines/" + text(hers.routine); }
std::string charts(const Owned& hers) { return "/api/chord-charts/" + text(hers.chart); }
std::string entries(const Owned& hers) { return routines(hers) + "/items/" + text(hers.entry); }

const json kDrawing = {{"fingers", json::array()}};

void add_item_cases(Cases& cases) {
  cases["GET /api/items"] = [](const Owned&) { return Attempt{"/api/items"}; };
  cases["POST /api/items"] = [](const Owned&) { return Attempt{"/api/items", {{"title", "x"}}}; };
  cases["GET /api/items/{id}"] = [](const Owned& hers) { return Attempt{items(hers), {}, 404}; };
  cases["PATCH /api/items/{id}"] = [](const Owned& hers) {
    return Attempt{items(hers), {{"title", "taken"}}, 404};
  };
  cases["DELETE /api/items/{id}"] = [](const Owned& hers) { return Attempt{items(hers), {}, 404}; };
  cases["GET /api/items/{id}/chord-charts"] = [](const Owned& hers) {
    return Attempt{items(hers) + "/chord-charts", {}, 404};
  };
  cases["POST /api/items/{id}/chord-charts"] = [](const Owned& hers) {
    return Attempt{items(hers) + "/chord-charts", {{"title", "x"}, {"chord_data", kDrawing}}, 404};
  };
}

void add_routine_cases(Cases& cases) {
  cases["GET /api/routines"] = [](const Owned&) { return Attempt{"/api/routines"}; };
  cases["POST /api/routines"] = [](const Owned&) {
    return Attempt{"/api/routines", {{"name", "x"}}};
  };
  cases["GET /api/routines/{id}"] = [](const Owned& hers) {
    return Attempt{routines(hers), {}, 404};
  };
  cases["PATCH /api/routines/{id}"] = [](const Owned& hers) {
    return Attempt{routines(hers), {{"name", "taken"}}, 404};
  };
  cases["DELETE /api/routines/{id}"] = [](const Owned& hers) {
    return Attempt{routines(hers), {}, 404};
  };
  cases["GET /api/routines/{id}/items"] = [](const Owned& hers) {
    return Attempt{routines(hers) + "/items", {}, 404};
  };
  cases["POST /api/routines/{id}/items"] = [](const Owned& hers) {
    return Attempt{routines(hers) + "/items", {{"item_id", hers.item}}, 404};
  };
  cases["PUT /api/routines/{id}/order"] = [](const Owned& hers) {
    return Attempt{routines(hers) + "/order", {{"items", {hers.entry}}}, 404};
  };
  cases["PATCH /api/routines/{id}/items/{entry}"] = [](const Owned& hers) {
    return Attempt{entries(hers), {{"completed", true}}, 404};
  };
  cases["DELETE /api/routines/{id}/items/{entry}"] = [](const Owned& hers) {
    return Attempt{entries(hers), {}, 404};
  };
  cases["GET /api/active-routine"] = [](const Owned&) { return Attempt{"/api/active-routine"}; };
  cases["PUT /api/active-routine"] = [](const Owned& hers) {
    return Attempt{"/api/active-routine", {{"routine_id", hers.routine}}, 422};
  };
  cases["DELETE /api/active-routine"] = [](const Owned&) { return Attempt{"/api/active-routine"}; };
}

void add_chord_cases(Cases& cases) {
  cases["GET /api/chord-charts"] = [](const Owned& hers) {
    return Attempt{"/api/chord-charts?item=" + hers.mark};
  };
  cases["POST /api/chord-charts"] = [](const Owned& hers) {
    return Attempt{"/api/chord-charts",
                   {{"item_id", hers.mark}, {"title", "x"}, {"chord_data", kDrawing}}};
  };
  cases["GET /api/chord-charts/{id}"] = [](const Owned& hers) {
    return Attempt{charts(hers), {}, 404};
  };
  cases["PATCH /api/chord-charts/{id}"] = [](const Owned& hers) {
    return Attempt{charts(hers), {{"title", "taken"}}, 404};
  };
  cases["DELETE /api/chord-charts/{id}"] = [](const Owned& hers) {
    return Attempt{charts(hers), {}, 404};
  };
  // Everybody's.
  cases["GET /api/common-chords"] = [](const Owned&) { return Attempt{"/api/common-chords"}; };
  cases["GET /api/common-chords/{id}"] = [](const Owned&) {
    return Attempt{"/api/common-chords/1"};
  };
  cases["POST /api/common-chords/{id}/copy"] = [](const Owned& hers) {
    return Attempt{"/api/common-chords/1/copy", {{"item_id", hers.mark}}};
  };
}

void add_account_cases(Cases& cases) {
  cases["GET /api/account"] = [](const Owned&) { return Attempt{"/api/account"}; };
  cases["GET /api/export"] = [](const Owned&) { return Attempt{"/api/export"}; };
  cases["DELETE /api/sessions/current"] = [](const Owned&) {
    return Attempt{"/api/sessions/current"};
  };
  cases["POST /api/account/password"] = [](const Owned&) {
    return Attempt{"/api/account/password",
                   {{"old_password", "correct horse battery"}, {"new_password", "another horse"}}};
  };
  cases["DELETE /api/account"] = [](const Owned&) {
    return Attempt{"/api/account", {{"password", "correct horse battery"}}};
  };
}

const Cases& all_cases() {
  static const Cases cases = [] {
    Cases all;
    add_item_cases(all);
    add_routine_cases(all);
    add_chord_cases(all);
    add_account_cases(all);
    return all;
  }();
  return cases;
}

// Routes that nobody logs in for: each with why no user's rows can come of it.
const std::set<std::string>& routes_of_nobody() {
  static const std::set<std::string> all = {
      "POST /api/accounts",        // makes a user, and tells of no other but that a name is taken
      "POST /api/sessions",        // tells nothing without the password
      "POST /api/stripe/webhook",  // does nothing without Stripe's signature
      // Of the program, and the same for everybody.
      "GET /", "GET /page/{file}", "GET /api/openapi.json"};
  return all;
}

std::string name_of(const Route& route) { return route.method + " " + route.path; }

class Isolation : public testing::Test {
 protected:
  Isolation() {
    service_.inside().script(
        "INSERT INTO common_chords (id, type, name, chord_data) VALUES (1, 'major', 'E', "
        "'{\"startingFret\": 0, \"frets\": [0, 2, 2, 1, 0, 0]}')");
  }

  int made(const Client& client, const std::string& path, const json& body) {
    const Answer answer = client.post(path, body);
    if (answer.status() != 201) throw std::runtime_error(path + answer.response.body);
    return answer.body.at("id");
  }

  /// One of everything.
  Owned fill(const Client& client, const std::string& mark) {
    Owned owned{.mark = mark};
    owned.item = made(client, "/api/items", {{"title", mark}, {"notes", mark}, {"item_id", mark}});
    owned.routine = made(client, "/api/routines", {{"name", mark}});
    owned.entry =
        made(client, "/api/routines/" + text(owned.routine) + "/items", {{"item_id", owned.item}});
    owned.chart = made(client, "/api/chord-charts",
                       {{"item_id", mark}, {"title", mark}, {"chord_data", kDrawing}});
    client.call("PUT", "/api/active-routine", {{"routine_id", owned.routine}});
    return owned;
  }

  /// Every row of a user's, as the superuser sees it.
  std::string rows_of(const std::string& name) {
    const std::string id = text(service_.id_of(name));
    std::string all;
    for (const char* table : {"items", "routines", "routine_items", "chord_charts",
                              "active_routine", "subscriptions", "sessions"}) {
      all += std::string(table) + "\n" +
             capo::test::to_text(service_.inside().query("SELECT * FROM " + std::string(table) +
                                                         " AS t WHERE user_id = " + id +
                                                         " ORDER BY t::text"));
    }
    return all +
           service_.inside().value("SELECT row(u.*)::text FROM ab_user AS u WHERE id = " + id);
  }

  static Answer send(const Client& client, const Route& route, const Attempt& attempt) {
    return client.call(route.method, attempt.target, attempt.body, {{"if-match", "*"}});
  }

  Service service_{};
};

TEST_F(Isolation, EveryRouteHasACase) {
  std::set<std::string> cases = routes_of_nobody();
  for (const auto& [name, ignored] : all_cases()) cases.insert(name);
  std::set<std::string> routes;
  for (const Route& route : all_routes()) {
    routes.insert(name_of(route));
    EXPECT_EQ(routes_of_nobody().contains(name_of(route)), route.access == Access::kAnyone)
        << name_of(route);
  }
  EXPECT_EQ(cases, routes) << "a new route needs a case in this file";
}

TEST_F(Isolation, NobodySeesOrChangesWhatIsAnothers) {
  int number = 0;
  for (const Route& route : all_routes()) {
    const auto found = all_cases().find(name_of(route));
    if (found == all_cases().end()) continue;  // EveryRouteHasACase tells
    SCOPED_TRACE(name_of(route));
    const std::string hers = "ada" + text(++number);
    const std::string his = "bob" + text(number);
    const Client ada = service_.user(hers);
    const Client bob = service_.user(his);
    // Room for what the requests add; of one user each, so that tiers may differ.
    service_.subscribe(hers, "pro");
    service_.subscribe(his, "standard");
    const Owned owned = fill(ada, "mark-of-" + hers);
    fill(bob, "mark-of-" + his);
    const Attempt attempt = found->second(owned);
    const std::string before = rows_of(hers);
    const Answer answer = send(bob, route, attempt);
    EXPECT_EQ(answer.status(), attempt.status == 0 ? route.success : attempt.status)
        << answer.response.body;
    // He may say her mark himself; then it comes back.
    if (attempt.body.dump().find(owned.mark) == std::string::npos) {
      EXPECT_EQ(answer.response.body.find(owned.mark), std::string::npos) << answer.response.body;
    }
    EXPECT_EQ(rows_of(hers), before);
    EXPECT_EQ(service_.guest().call(route.method, attempt.target, attempt.body).status(), 401);
    const Answer own = send(ada, route, attempt);
    EXPECT_EQ(own.status(), route.success) << own.response.body;
  }
}

// Whatever one does, what the other is answered stays the same to the byte.
TEST_F(Isolation, NobodyCountsWhatIsAnothers) {
  const Client ada = service_.user("ada");
  const Client bob = service_.user("bob");
  service_.subscribe("ada", "pro");
  fill(bob, "his");
  const auto answers = [&] {
    std::map<std::string, std::string> all;
    for (const Route& route : all_routes()) {
      if (route.method != "GET" || route.access != Access::kUser ||
          route.path.find('{') != std::string::npos) {
        continue;
      }
      all[route.path] = bob.get(route.path).response.body;
      if (route.query.empty()) continue;
      all[route.path + " at an offset"] = bob.get(route.path + "?limit=1&offset=1").response.body;
      all[route.path + " that is sought"] = bob.get(route.path + "?search=hers").response.body;
    }
    return all;
  };
  const auto before = answers();
  EXPECT_GE(before.size(), 10u);
  const Owned owned = fill(ada, "hers");
  for (int i = 0; i < 20; ++i) made(ada, "/api/items", {{"title", "hers"}});
  for (int i = 0; i < 20; ++i) made(ada, "/api/routines", {{"name", "hers"}});
  EXPECT_EQ(answers(), before);
  // Nor does what is hers take up his room: he has one routine of one, and 14 items left.
  EXPECT_EQ(bob.post("/api/routines", {{"name", "x"}}).status(), 402);
  for (int i = 0; i < 14; ++i) EXPECT_EQ(bob.post("/api/items", {{"title", "x"}}).status(), 201);
  EXPECT_EQ(bob.post("/api/items", {{"title", "x"}}).status(), 402);
  EXPECT_EQ(ada.get(items(owned)).status(), 200);
}

// What a body names is looked for among one's own as well.
TEST_F(Isolation, NobodyUsesWhatIsAnothers) {
  const Client ada = service_.user("ada");
  const Client bob = service_.user("bob");
  const Owned hers = fill(ada, "hers");
  const Owned his = fill(bob, "his");
  const std::string before = rows_of("ada");
  const Answer foreign = bob.post(routines(his) + "/items", {{"item_id", hers.item}});
  const Answer none = bob.post(routines(his) + "/items", {{"item_id", 1000000}});
  EXPECT_EQ(foreign.status(), 422);
  EXPECT_EQ(foreign.response.body, none.response.body);
  EXPECT_EQ(bob.call("PUT", routines(his) + "/order", {{"items", {hers.entry}}}).status(), 409);
  EXPECT_EQ(
      bob.call("PUT", routines(his) + "/order", {{"items", {his.entry, hers.entry}}}).status(),
      409);
  const std::string mixed = routines(his) + "/items/" + text(hers.entry);
  EXPECT_EQ(bob.call("PATCH", mixed, {{"completed", true}}).status(), 404);
  EXPECT_EQ(bob.remove(mixed).status(), 404);
  EXPECT_EQ(rows_of("ada"), before);
  // All of it goes with the account, and nothing else.
  EXPECT_EQ(bob.call("DELETE", "/api/account", {{"password", "correct horse battery"}}).status(),
            204);
  EXPECT_EQ(rows_of("ada"), before);
  for (const char* table :
       {"items", "routines", "routine_items", "chord_charts", "active_routine", "sessions"}) {
    EXPECT_EQ(service_.inside().value("SELECT count(DISTINCT user_id) FROM " + std::string(table)),
              "1")
        << table;
  }
}

}  // namespace
}  // namespace gpra::test
