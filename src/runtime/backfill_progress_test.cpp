#include "runtime/backfill_progress.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace capo::runtime {
namespace {

using std::chrono::milliseconds;

TEST(BackfillProgress, IsWrittenForPeopleToo) {
  EXPECT_EQ(to_text({.rows = 20000, .batches = 2, .at = "('20000')", .to = "('5000000')"}),
            "rows=20000 batches=2 pass=1 done=0 at=9:('20000') to=11:('5000000')");
  EXPECT_EQ(to_text({}), "rows=0 batches=0 pass=1 done=0 at=0: to=0:");
}

RC_GTEST_PROP(BackfillProgress, ComesBack, (std::string at, std::string to, bool done)) {
  const BackfillProgress progress{.rows = *rc::gen::inRange<std::int64_t>(0, 1LL << 62),
                                  .batches = *rc::gen::inRange<std::int64_t>(0, 1000000),
                                  .pass = *rc::gen::inRange(1, 9),
                                  .pass_done = done,
                                  .at = std::move(at),
                                  .to = std::move(to)};
  RC_ASSERT(parse_progress(to_text(progress)) == progress);
}

// Half a progress would be a wrong one.
RC_GTEST_PROP(BackfillProgress, NothingElseIsOne, (std::string at, std::string to)) {
  const std::string text = to_text({.rows = 12, .batches = 3, .at = std::move(at), .to = to});
  const auto size = *rc::gen::inRange<std::size_t>(0, text.size());
  const auto shorter = parse_progress(text.substr(0, size));
  const bool is_whole = shorter && to_text(*shorter) == text.substr(0, size);
  RC_ASSERT(is_whole || !shorter.has_value());
  RC_ASSERT(!parse_progress(text + "x"));
}

TEST(BackfillProgress, RefusesOtherTexts) {
  for (const char* text : {"", "rows", "rows=1", "rows=-1 batches=1 pass=1 done=0 at=0: to=0:",
                           "rows=1 batches=1 pass=1 done=0 at=5:() to=0:",
                           "rows=01 batches=1 pass=1 done=0 at=0: to=0:"}) {
    EXPECT_FALSE(parse_progress(text)) << text;
  }
}

TEST(BackfillPace, SaysRateAndTimeLeft) {
  EXPECT_EQ(describe_pace("items", 20000, 20000, 120000, milliseconds(2000)),
            "items: 20000 of about 120000 rows, 10000 rows/s, 10.0 s left");
  // What an earlier run has done says nothing of the rate.
  EXPECT_EQ(describe_pace("items", 60000, 10000, 120000, milliseconds(1000)),
            "items: 60000 of about 120000 rows, 10000 rows/s, 6.0 s left");
  // An estimate that is passed is none.
  EXPECT_EQ(describe_pace("items", 20000, 20000, 20000, milliseconds(2000)),
            "items: 20000 rows, 10000 rows/s");
  EXPECT_EQ(describe_pace("items", 0, 0, 100, milliseconds(2000)), "items: 0 of about 100 rows");
}

TEST(BackfillPace, CountsInWords) {
  EXPECT_EQ(describe_amount({.rows = 1, .batches = 1}), "1 row in 1 batch");
  EXPECT_EQ(describe_amount({.rows = 20, .batches = 2}), "20 rows in 2 batches");
}

}  // namespace
}  // namespace capo::runtime
