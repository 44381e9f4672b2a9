#include "base/unicode.hpp"

#include <gtest/gtest.h>

#include <string>

namespace capo::base {
namespace {

std::string joined(std::string_view text) {
  std::string result;
  for (const std::string_view word : unicode_words(text)) result.append(word).append("|");
  return result;
}

TEST(Unicode, Words) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"", ""},
      {"  --  ", ""},
      {"add column", "add|column|"},
      {"_a_1, b-2", "_a_1|b|2|"},
      {"\xC3\xBC"
       "ber \xE6\x97\xA5\xE6\x9C\xAC",
       "\xC3\xBC"
       "ber|\xE6\x97\xA5\xE6\x9C\xAC|"},
      {"x\xC2\xB2 \xC2\xBD \xE2\x85\xA7",
       "x\xC2\xB2|\xC2\xBD|\xE2\x85\xA7|"},  // superscript two, one half, roman eight
      {"e\xCC\x81t", "e|t|"},                // a combining accent is no letter
      {"a\xE2\x80\x93"
       "b \xF0\x9F\x8E\xB8",
       "a|b|"},  // en dash, guitar
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(joined(text), expected) << text;
}

TEST(Unicode, Lower) {
  EXPECT_EQ(unicode_lower(""), "");
  EXPECT_EQ(unicode_lower("ABC \xC3\x9C\xC3\x9F"), "abc \xC3\xBC\xC3\x9F");
  EXPECT_EQ(unicode_lower("\xC4\xB0"), "i\xCC\x87");                 // capital I with dot
  EXPECT_EQ(unicode_lower("\xCE\xA3\xCE\xA3"), "\xCF\x83\xCF\x82");  // final sigma
}

TEST(Unicode, FirstCodePoints) {
  EXPECT_EQ(first_code_points("\xC3\xBC\xC3\xBC"
                              "b",
                              2),
            "\xC3\xBC\xC3\xBC");
  EXPECT_EQ(first_code_points("ab", 5), "ab");
  EXPECT_EQ(first_code_points("ab", 0), "");
}

}  // namespace
}  // namespace capo::base
