#include "dialect/split.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace capo::dialect {
namespace {

TEST(Locator, AgreesWithCountingFromTheStart) {
  const std::string text = "a\nbä€𝄞c\r\n\n\nlast";
  Locator ascending(text, {"f", 1, 1});
  for (std::size_t offset = 0; offset <= text.size(); ++offset) {
    if (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0U) == 0x80U)
      continue;
    EXPECT_EQ(ascending.at(offset), base::position_at(text, offset, "f")) << offset;
    EXPECT_EQ(Locator(text, {"f", 1, 1}).at(offset), base::position_at(text, offset, "f"))
        << offset;
  }
  EXPECT_EQ(ascending.at(0), (SourcePosition{"f", 1, 1}));
  EXPECT_EQ(ascending.at(1000), (SourcePosition{"f", 5, 5}));
}

TEST(Locator, CountsFromTheOrigin) {
  Locator locator("ab\ncd", {"f", 10, 5});
  EXPECT_EQ(locator.at(1), (SourcePosition{"f", 10, 6}));
  EXPECT_EQ(locator.at(4), (SourcePosition{"f", 11, 2}));
  EXPECT_EQ(Locator("ab", {}).at(1), (SourcePosition{"", 1, 2}));
}

TEST(ErrorAt, ShowsTheLineAroundTheOffset) {
  const Error error = error_at("one\r\ntwo three\r\nfour", 9, {"f", 10, 1}, "bad");
  EXPECT_EQ(error.code(), ErrorCode::kScript);
  EXPECT_EQ(to_string(error.where()), "f:11:5");
  EXPECT_EQ(error.source_line(), "two three");
}

TEST(ErrorAt, KeepsTheColumnWhereTheTextBeginsInsideALine) {
  const Error error = error_at("two three\n", 4, {"f", 10, 7}, "bad");
  EXPECT_EQ(to_string(error.where()), "f:10:11");
  EXPECT_EQ(error.source_line(), "      two three");
}

}  // namespace
}  // namespace capo::dialect
