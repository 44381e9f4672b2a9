#include "proof/lock_log.hpp"

#include <gtest/gtest.h>

namespace capo::proof {
namespace {

using std::chrono::milliseconds;

const dialect::SeenLock kItems{.relation = "items", .mode = "ACCESS EXCLUSIVE"};

TEST(LockLog, ALockLastsUntilItIsGone) {
  LockLog log;
  log.add({}, milliseconds(0), 1);
  log.add({kItems}, milliseconds(5), 1);
  log.add({kItems}, milliseconds(10), 2);
  ASSERT_EQ(log.locks().size(), 1U);
  EXPECT_EQ(log.locks()[0],
            (HeldLock{"items", "ACCESS EXCLUSIVE", 1, milliseconds(5), milliseconds(5), true}));
  log.add({}, milliseconds(15), 2);
  log.add({}, milliseconds(20), 2);
  EXPECT_EQ(log.locks()[0],
            (HeldLock{"items", "ACCESS EXCLUSIVE", 1, milliseconds(5), milliseconds(10), false}));
}

TEST(LockLog, TakenAgainItIsAnother) {
  LockLog log;
  log.add({kItems}, milliseconds(1), 1);
  log.add({}, milliseconds(2), 1);
  log.add({kItems}, milliseconds(3), 2);
  ASSERT_EQ(log.locks().size(), 2U);
  EXPECT_EQ(log.locks()[1].statement, 2U);
}

TEST(LockLog, WaitingIsNotHolding) {
  LockLog log;
  log.add({{.relation = "items", .mode = "SHARE", .granted = false}}, milliseconds(1), 1);
  EXPECT_TRUE(log.locks().empty());
}

TEST(LockLog, WhatIsBeingMadeHasNoName) {
  LockLog log;
  log.add({{.relation = "16403", .mode = "ACCESS EXCLUSIVE"}}, milliseconds(1), 1);
  EXPECT_TRUE(log.locks().empty());
}

}  // namespace
}  // namespace capo::proof
