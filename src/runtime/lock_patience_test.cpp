#include "runtime/lock_patience.hpp"

#include <gtest/gtest.h>

namespace capo::runtime {
namespace {

using dialect::Blocker;
using dialect::LockView;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = LockDecision::Kind;

constexpr milliseconds kAttempt{100};
constexpr milliseconds kDeadlockTimeout{1000};

Blocker blocker(std::string transaction, std::optional<milliseconds> age) {
  return {.transaction = std::move(transaction), .pid = 4711, .age = age, .relation = "items"};
}

Blocker autovacuum(milliseconds age) {
  Blocker worker = blocker("4/7", age);
  worker.is_autovacuum = true;
  return worker;
}

class LockPatienceTest : public testing::Test {
 protected:
  LockDecision decide(std::vector<Blocker> blockers) {
    return patience.decide({std::move(blockers), "0", kDeadlockTimeout}, now);
  }

  LockPatience patience{kAttempt};
  LockPatience::TimePoint now = LockPatience::TimePoint(seconds(1000));
};

TEST_F(LockPatienceTest, NobodyInTheWay) {
  EXPECT_EQ(decide({}).kind, Kind::kTry);
  EXPECT_EQ(decide({}).timeout, kAttempt);
}

TEST_F(LockPatienceTest, ShortTransactionsAreNoObstacle) {
  EXPECT_EQ(decide({blocker("3/1", kAttempt), blocker("3/2", milliseconds(0))}).kind, Kind::kTry);
  const LockDecision decision = decide({blocker("3/3", milliseconds(101)), blocker("3/4", {})});
  EXPECT_EQ(decision.kind, Kind::kWait);
  ASSERT_EQ(decision.obstacles.size(), 1U);
  EXPECT_EQ(decision.obstacles[0].transaction, "3/3");
}

// However long that takes: others would queue behind it.
TEST_F(LockPatienceTest, ALongTransactionIsWaitedFor) {
  for (int hour = 0; hour < 24; ++hour) {
    EXPECT_EQ(decide({blocker("3/1", seconds(2 + 3600 * hour))}).kind, Kind::kWait);
    now += std::chrono::hours(1);
  }
  EXPECT_EQ(decide({}).timeout, kAttempt);
}

// Of others' transactions a user without rights sees that they are there, and no more.
TEST_F(LockPatienceTest, AnAgeThatMayNotBeSeenIsWhatWasWatched) {
  EXPECT_EQ(decide({blocker("3/1", {})}).kind, Kind::kTry);
  now += milliseconds(100);
  EXPECT_EQ(decide({blocker("3/1", {})}).kind, Kind::kTry);
  now += milliseconds(1);
  EXPECT_EQ(decide({blocker("3/1", {})}).kind, Kind::kWait);
  EXPECT_EQ(decide({blocker("3/2", {})}).kind, Kind::kTry) << "that is another transaction";
  EXPECT_EQ(decide({blocker("3/1", {})}).kind, Kind::kTry) << "it was gone meanwhile";
  now += seconds(60);
  EXPECT_EQ(decide({blocker("3/1", {})}).kind, Kind::kWait);
}

// The server cancels one for whoever waits long enough, and not for whoever only looks.
TEST_F(LockPatienceTest, AnAutovacuumGoesAfterTenSeconds) {
  EXPECT_EQ(decide({autovacuum(seconds(60))}).kind, Kind::kWait);
  now += milliseconds(9999);
  EXPECT_EQ(decide({autovacuum(seconds(70))}).kind, Kind::kWait);
  now += milliseconds(1);
  const LockDecision decision = decide({autovacuum(seconds(70))});
  EXPECT_EQ(decision.kind, Kind::kTry);
  EXPECT_EQ(decision.timeout, milliseconds(1500));
  // One that keeps a table from being lost is not cancelled: another ten seconds, then again.
  now += seconds(2);
  EXPECT_EQ(decide({autovacuum(seconds(72))}).kind, Kind::kWait);
  now += seconds(8);
  EXPECT_EQ(decide({autovacuum(seconds(80))}).timeout, milliseconds(1500));
}

TEST_F(LockPatienceTest, AnAutovacuumBesideALongTransactionWins) {
  EXPECT_EQ(decide({autovacuum(seconds(60))}).kind, Kind::kWait);
  now += seconds(9);
  EXPECT_EQ(decide({autovacuum(seconds(69)), blocker("3/1", seconds(2))}).kind, Kind::kWait);
  now += seconds(9);
  EXPECT_EQ(decide({autovacuum(seconds(78))}).kind, Kind::kWait)
      << "the ten seconds begin when the other one has gone";
  now += seconds(10);
  EXPECT_EQ(decide({autovacuum(seconds(88))}).kind, Kind::kTry);
}

// Always another one that is a little older than an attempt: capo would never have its turn.
TEST_F(LockPatienceTest, ABusyTableDoesNotStarveIt) {
  int waits = 0;
  LockDecision decision;
  do {
    decision = decide({blocker("3/" + std::to_string(waits), milliseconds(300))});
    now += milliseconds(250);
    ++waits;
  } while (decision.kind == Kind::kWait && waits < 1000);
  EXPECT_EQ(waits, 41);
  EXPECT_EQ(decision.timeout, milliseconds(1500));
}

TEST_F(LockPatienceTest, WhatTheUserSaysIsTheAttempt) {
  patience = LockPatience(seconds(5));
  EXPECT_EQ(decide({blocker("3/1", seconds(5)), autovacuum(seconds(60))}).timeout, seconds(5));
  EXPECT_EQ(decide({blocker("3/1", seconds(6))}).kind, Kind::kWait);
}

TEST_F(LockPatienceTest, InWords) {
  Blocker app = blocker("3/1", std::chrono::minutes(3));
  app.who = "shop";
  app.state = "idle in transaction";
  app.query = "UPDATE items\n   SET title = 'x'";
  EXPECT_EQ(describe(app),
            "pid 4711 (shop, idle in transaction, begun 3 min 0 s ago): "
            "UPDATE items SET title = 'x'");
  EXPECT_EQ(remedy(app), "pg_terminate_backend(4711) ends it");
  EXPECT_EQ(describe(blocker("3/1", {})), "pid 4711");
  app.query = std::string(100, 'x');
  EXPECT_TRUE(describe(app).ends_with(std::string(80, 'x') + "…"));

  const Blocker prepared{.transaction = "-1/5", .who = "transfer 7", .age = seconds(90)};
  EXPECT_EQ(describe(prepared),
            "a prepared transaction (transfer 7, prepared, begun 1 min 30 s ago)");
  EXPECT_EQ(remedy(prepared),
            "ROLLBACK PREPARED 'transfer 7' or COMMIT PREPARED 'transfer 7' ends it");
}

}  // namespace
}  // namespace capo::runtime
