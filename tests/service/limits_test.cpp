// Limits of tiers, against many requests at once.

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "harness.hpp"

namespace gpra::test {
namespace {

constexpr int kAtOnce = 50;

struct Counted {
  int made = 0;
  int refused = 0;
  int other = 0;
};

/// The same request 50 times, all at once.
Counted post_at_once(const Client& client, const std::string& path, const json& body) {
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  std::barrier ready(kAtOnce);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kAtOnce; ++i) {
      threads.emplace_back([&] {
        ready.arrive_and_wait();
        const int status = client.post(path, body).status();
        if (status == 201) ++made;
        if (status == 402) ++refused;
      });
    }
  }
  return {.made = made, .refused = refused, .other = kAtOnce - made - refused};
}

class Limits : public testing::TestWithParam<int> {
 protected:
  static void two(Config& config) { config.connections = 2; }
  static void eight(Config& config) { config.connections = 8; }
  static void many(Config& config) { config.connections = 20; }

  void expect_room(const std::string& tier, const std::string& what, const json& body, int room) {
    service_.inside().script("DELETE FROM items; DELETE FROM routines");
    service_.subscribe("ada", tier);
    const Counted counted = post_at_once(ada_, "/api/" + what, body);
    EXPECT_EQ(counted.made, room) << tier << " " << what;
    EXPECT_EQ(counted.refused, kAtOnce - room) << tier << " " << what;
    EXPECT_EQ(counted.other, 0) << tier << " " << what;
    EXPECT_EQ(service_.inside().value("SELECT count(*) FROM " + what), std::to_string(room));
    // One goes, and there is room for one.
    if (room == kAtOnce) return;
    service_.inside().script("DELETE FROM " + what + " WHERE id = (SELECT min(id) FROM " + what +
                             ")");
    EXPECT_EQ(post_at_once(ada_, "/api/" + what, body).made, 1) << tier << " " << what;
  }

  Service service_{"postgresql", GetParam() == 2 ? two : GetParam() == 8 ? eight : many};
  Client ada_ = service_.user("ada");
};

INSTANTIATE_TEST_SUITE_P(Connections, Limits, testing::Values(2, 8, 20),
                         [](const auto& test) { return std::to_string(test.param); });

TEST_P(Limits, OfItemsHoldAgainstFiftyAtOnce) {
  expect_room("free", "items", {{"title", "x"}}, 15);
  expect_room("standard", "items", {{"title", "x"}}, kAtOnce);
}

TEST_P(Limits, OfRoutinesHoldAgainstFiftyAtOnce) {
  expect_room("free", "routines", {{"name", "x"}}, 1);
  expect_room("basic", "routines", {{"name", "x"}}, 5);
  expect_room("pro", "routines", {{"name", "x"}}, 25);
  expect_room("unlimited", "routines", {{"name", "x"}}, kAtOnce);
}

}  // namespace
}  // namespace gpra::test
