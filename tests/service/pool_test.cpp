// Many users on few connections: 200 users' requests at once through a pool of 2 connections.
//
// No row of one user's may come to another, no setting may be left on a connection, and every
// request gets an answer. A 503 would be an answer too: it is what a request is told that has
// waited five seconds for a connection. None is expected here, as whoever waits gets his turn in
// the order of coming, and 200 requests are done in less time than that.
//
// It takes two seconds; with GPRA_POOL_SECONDS=60 in the environment it takes a minute.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "accounts/tokens.hpp"
#include "harness.hpp"

namespace gpra::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kUsers = 200;

int seconds() {
  const char* text = std::getenv("GPRA_POOL_SECONDS");
  return text == nullptr ? 2 : std::max(1, number(text));
}

/// What all the users together have seen.
class Tally {
 public:
  void add(const Answer& answer, const std::string& mark, Clock::duration took) {
    const std::lock_guard hold(guard_);
    ++statuses_[answer.status()];
    slowest_ = std::max(slowest_, took);
    // Every text of every row is the mark of its user.
    const std::string& body = answer.response.body;
    for (std::size_t at = body.find("mark-"); at != std::string::npos;
         at = body.find("mark-", at + 1)) {
      ++marks_;
      if (body.compare(at, mark.size(), mark) != 0) ++crossed_;
    }
  }
  void count_answered(int user) {
    const std::lock_guard hold(guard_);
    ++answered_[user];
  }

  int crossed() const { return crossed_; }
  long long marks() const { return marks_; }
  int of(int status) const { return statuses_.contains(status) ? statuses_.at(status) : 0; }
  int least() const {
    if (answered_.size() < kUsers) return 0;
    return std::min_element(answered_.begin(), answered_.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->second;
  }
  std::string text() const {
    std::string all =
        std::to_string(marks_) + " marks seen, " + std::to_string(crossed_) +
        " crossed; at least " + std::to_string(least()) + " answers to each user; slowest " +
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(slowest_).count()) +
        " ms; answers:";
    for (const auto& [status, count] : statuses_) {
      all += " " + std::to_string(status) + ": " + std::to_string(count);
    }
    return all;
  }

 private:
  std::mutex guard_ = {};
  std::map<int, int> statuses_ = {};
  std::map<int, int> answered_ = {};
  int crossed_ = 0;
  long long marks_ = 0;
  Clock::duration slowest_ = {};
};

/// What one user does, over and over.
class User {
 public:
  User(Client client, int number, Tally& tally)
      : client_(std::move(client)),
        number_(number),
        mark_("mark-" + std::to_string(number) + "-"),
        tally_(tally),
        random_(static_cast<unsigned>(number)) {}

  void act() {
    switch (random_() % 8) {
      case 0:
        ask("POST", "/api/items", {{"title", mark_}, {"notes", mark_}});
        break;
      case 1:
        change_one("/api/items", "title");
        break;
      case 2:
        ask("POST", "/api/routines", {{"name", mark_}});
        break;
      case 3:
        change_one("/api/routines", "name");
        break;
      case 4:
        ask("GET", "/api/export");
        break;
      case 5:
        // Refused, and rolled back.
        ask("POST", "/api/items/1000000/chord-charts",
            {{"title", mark_}, {"chord_data", {{"fingers", json::array()}}}});
        break;
      case 6:
        practise();
        break;
      default:
        ask("GET", "/api/items");
    }
  }

 private:
  Answer ask(const std::string& method, const std::string& target, const json& body = {}) {
    const Clock::time_point begin = Clock::now();
    Answer answer = client_.call(method, target, body, {{"if-match", "*"}});
    tally_.add(answer, mark_, Clock::now() - begin);
    tally_.count_answered(number_);
    return answer;
  }
  void change_one(const std::string& path, const std::string& field) {
    const json rows = ask("GET", path).body.value("rows", json::array());
    if (rows.empty()) return;
    ask("PATCH", path + "/" + rows[random_() % rows.size()].at("id").dump(), {{field, mark_}});
  }
  void practise() {
    const json routines = ask("GET", "/api/routines").body.value("rows", json::array());
    const json items = ask("GET", "/api/items").body.value("rows", json::array());
    if (routines.empty() || items.empty()) return;
    const json& id = routines[0].at("id");
    ask("PUT", "/api/active-routine", {{"routine_id", id}});
    ask("POST", "/api/routines/" + id.dump() + "/items", {{"item_id", items[0].at("id")}});
  }

  Client client_;
  int number_;
  std::string mark_;
  Tally& tally_;
  std::mt19937 random_;
};

class Pool : public testing::Test {
 protected:
  /// Registering takes a password's hash each; these come with a session.
  Client user(int number) {
    const std::string name = "user" + std::to_string(number);
    const std::string token = make_token();
    service_.inside().script(
        "WITH made AS (INSERT INTO ab_user (id, first_name, last_name, username, email, active) "
        "VALUES (nextval('ab_user_id_seq'), '" +
        name + "', 'Test', '" + name + "', '" + name + "@example.com', true) RETURNING id) " +
        "INSERT INTO sessions (token_hash, user_id, expires_at) SELECT '" + hash_of_token(token) +
        "', id, now() + interval '1 day' FROM made");
    numbers_[service_.id_of(name)] = number;
    return {service_.app(), token};
  }

  // Who wrote a row is who owns it.
  void expect_nothing_crossed() {
    for (const auto& [table, column] : std::map<std::string, std::string>{
             {"items", "title"}, {"items AS i", "notes"}, {"routines", "name"}}) {
      const auto rows =
          service_.inside().query("SELECT DISTINCT user_id, " + column + " FROM " + table);
      EXPECT_GT(rows.size(), 0u) << table;
      for (const auto& row : rows) {
        EXPECT_EQ(row[1], "mark-" + std::to_string(numbers_.at(number(row[0]))) + "-") << table;
      }
    }
  }

  // Both connections are taken, and looked at outside of any transaction.
  void expect_no_setting_left() {
    std::vector<TransactionPtr> all;
    std::set<std::string> seen;
    for (int i = 0; i < 2; ++i) {
      all.push_back(service_.database().for_user(1));
      all.back()->query("ROLLBACK");
      const Rows rows = all.back()->query(
          "SELECT pg_backend_pid() AS pid, current_setting('app.current_user_id', true) AS id");
      EXPECT_EQ(rows.text(0, "id"), "");
      seen.insert(rows.text(0, "pid"));
    }
    // They are the ones that the requests were sent on.
    const auto pids = service_.inside().column(
        "SELECT pid FROM pg_stat_activity WHERE usename = 'gpra_test_app' AND datname = "
        "current_database()");
    EXPECT_EQ(seen, std::set<std::string>(pids.begin(), pids.end()));
    EXPECT_EQ(seen.size(), 2u);
  }

  Service service_{"postgresql", [](Config& config) { config.connections = 2; }};
  std::map<int, int> numbers_ = {};
};

TEST_F(Pool, OfTwoConnectionsServesTwoHundredUsers) {
  Tally tally;
  std::vector<User> users;
  for (int i = 0; i < kUsers; ++i) users.emplace_back(user(i), i, tally);
  const Clock::time_point end = Clock::now() + std::chrono::seconds(seconds());
  {
    std::vector<std::jthread> threads;
    for (User& one : users) {
      threads.emplace_back([&one, end] {
        while (Clock::now() < end) one.act();
      });
    }
  }
  std::printf("%s\n", tally.text().c_str());
  EXPECT_EQ(tally.crossed(), 0);
  EXPECT_GT(tally.marks(), kUsers);
  EXPECT_EQ(tally.of(500), 0);
  EXPECT_EQ(tally.of(503), 0);
  EXPECT_GT(tally.least(), 0);
  expect_nothing_crossed();
  expect_no_setting_left();
}

// As it is when PostgreSQL was started again: what lay in the pool is closed, and no request fails
// because of that.
TEST_F(Pool, OpensAnewWhatTheServerClosed) {
  const Client ada = user(1);
  const std::string closes =
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename LIKE "
      "'gpra_test_%' AND datname = current_database()";
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(ada.get("/api/items").status(), 200);
    EXPECT_EQ(service_.inside().value(closes), "2");
    while (service_.inside().value("SELECT count(*) FROM pg_stat_activity WHERE usename LIKE "
                                   "'gpra_test_%' AND datname = current_database()") != "0") {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

// Whoever waits is served before whoever comes later: were it otherwise, somebody could wait for as
// long as others keep coming.
TEST_F(Pool, ServesInTheOrderOfComing) {
  user(1);
  const TransactionPtr one = service_.database().for_user(1);
  TransactionPtr other = service_.database().for_user(1);
  std::mutex guard;
  std::vector<int> order;
  const auto come = [&](int number) {
    const TransactionPtr work = service_.database().for_user(1);
    const std::lock_guard hold(guard);
    order.push_back(number);
  };
  {
    std::vector<std::jthread> waiting;
    for (int i = 0; i < 5; ++i) waiting.emplace_back(come, i);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    // Given back, and asked for again at once.
    other = nullptr;
    come(5);
  }
  ASSERT_EQ(order.size(), 6u);
  EXPECT_EQ(order.back(), 5);
}

// Whoever has waited in vain is told so, and is in nobody's way.
TEST_F(Pool, EndsTheWaiting) {
  user(1);
  const auto database =
      open_postgresql({.app_url = service_.config().app_url, .connections = 1, .wait_seconds = 1});
  TransactionPtr work = database->for_user(1);
  EXPECT_THROW(database->for_user(1), Unavailable);
  work = nullptr;
  EXPECT_NO_THROW(database->for_user(1));
}

// A GET changes nothing, whatever its handler does, and sees one moment.
TEST_F(Pool, ReadersReadOnly) {
  user(1);
  const int id = service_.id_of("user1");
  const TransactionPtr reader = service_.database().for_reader(id);
  EXPECT_THROW(reader->query("DELETE FROM items"), DatabaseError);
  const TransactionPtr other = service_.database().for_reader(id);
  EXPECT_EQ(other->query("SELECT count(*) AS n FROM items").integer(0, "n"), 0);
  service_.inside().script("INSERT INTO items (title, user_id) VALUES ('new', " +
                           std::to_string(id) + ")");
  EXPECT_EQ(other->query("SELECT count(*) AS n FROM items").integer(0, "n"), 0);
}

/// A database whose statements are refused.
class Refusing final : public Database {
 public:
  explicit Refusing(std::string sqlstate) : sqlstate_(std::move(sqlstate)) {}
  TransactionPtr for_user(UserId) override { fail(); }
  TransactionPtr for_reader(UserId) override { fail(); }
  TransactionPtr for_accounts() override { fail(); }
  Rows ask_accounts(std::string_view, const std::vector<Param>&) override { fail(); }
  TransactionPtr for_webhook() override { fail(); }
  TransactionPtr for_export() override { fail(); }
  std::optional<UserId> only_user() const override { return 1; }

 private:
  [[noreturn]] void fail() const { throw DatabaseError(sqlstate_, "", "refused"); }

  std::string sqlstate_;
};

// What another request was in the way of can be asked again: that is no fault of the service's, and
// none of the request's.
TEST(Refusals, AreToldAsWhatTheyAre) {
  const std::map<std::string, int> statuses = {
      {"40001", 503}, {"40P01", 503}, {"55P03", 503}, {"57014", 503}, {"57P01", 503},
      {"53300", 503}, {"23505", 409}, {"23503", 409}, {"22001", 422}, {"42P01", 500}};
  for (const auto& [sqlstate, status] : statuses) {
    Refusing database(sqlstate);
    const Config config;
    const App app(config, database);
    const Answer answer = Client(app, "").get("/api/items");
    EXPECT_EQ(answer.status(), status) << sqlstate;
    EXPECT_EQ(answer.header("Retry-After").empty(), status != 503) << sqlstate;
  }
}

}  // namespace
}  // namespace gpra::test
