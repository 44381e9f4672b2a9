#include "base/duration.hpp"

#include <gtest/gtest.h>

namespace capo::base {
namespace {

using std::chrono::milliseconds;

TEST(Duration, Parse) {
  const struct {
    std::string_view text;
    long long expected;
  } good[] = {{"0", 0},        {"250", 250},
              {"500ms", 500},  {"5s", 5000},
              {" 5 s ", 5000}, {"1min", 60'000},
              {"2m", 120'000}, {"1h", 3'600'000},
              {"0s", 0},       {"2147483647", 2147483647}};
  for (const auto& [text, expected] : good) {
    ASSERT_TRUE(parse_duration(text)) << text;
    EXPECT_EQ(parse_duration(text)->count(), expected) << text;
  }
  for (const char* bad : {"", "s", "-1", "+1", "1.5s", "5 sec", "5S", "2147483648", "600h",
                          "99999999999999999999", "1s2"}) {
    EXPECT_FALSE(parse_duration(bad)) << bad;
  }
}

TEST(Duration, Describe) {
  EXPECT_EQ(describe(milliseconds(0)), "0 ms");
  EXPECT_EQ(describe(milliseconds(999)), "999 ms");
  EXPECT_EQ(describe(milliseconds(1290)), "1.2 s");
  EXPECT_EQ(describe(milliseconds(125'900)), "2 min 5 s");
}

}  // namespace
}  // namespace capo::base
