#include "dialect/sqlite/split.hpp"

#include <gtest/gtest.h>

// What a splitter makes of SQL stands in tests/golden/split/.

namespace capo::dialect::sqlite {
namespace {

std::string repeat(std::string_view part, std::size_t size) {
  std::string text;
  text.reserve(size + part.size());
  while (text.size() < size) text += part;
  return text;
}

std::string outcome(std::string_view text) {
  try {
    return std::to_string(split(text, {"f.sql", 1, 1}).size());
  } catch (const Error& error) {
    return to_string(error.where()) + ": " + error.message();
  }
}

// Anything worse than linear, or recursive, does not come back from these.
TEST(SqliteSplit, TakesLinearTimeAndNoStack) {
  constexpr std::size_t kSize = 400'000;
  const struct {
    std::string begin, part, end, outcome;
  } cases[] = {
      {"", ";", "", "0"},
      {"", "a;", "", "200000"},
      {"", "(", "", "1"},
      {"/*", "/", "", "f.sql:1:1: unterminated comment"},
      {"", "/*/*/ ", "", "0"},
      {"/*", "*", "", "f.sql:1:1: unterminated comment"},
      {"", "/**/", "", "0"},
      {"", "-", "", "0"},
      {"", "- ", "", "1"},
      {"", "'", "", "1"},
      {"", "\"`\"", "", "1"},
      {"", "[", "", "f.sql:1:1: unterminated quoted name"},
      {"", "[]", "", "1"},
      {"", "$a", "", "1"},
      {"", "\xEF\xBB\xBF", "", "0"},
      {"", "CREATE ", "", "1"},
      {"", "CREATE TRIGGER ", "", "f.sql:1:1: unterminated trigger"},
      {"CREATE TRIGGER ", ";", "", "f.sql:1:1: unterminated trigger"},
      {"CREATE TRIGGER ", ";END x", "", "f.sql:1:1: unterminated trigger"},
      {"", "CREATE TRIGGER ;END;", "", "20000"},
      {"", "EXPLAIN CREATE TEMP ", "", "1"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(outcome(c.begin + repeat(c.part, kSize) + c.end), c.outcome) << "many " << c.part;
  }
}

TEST(SqliteSplit, RefusesNul) {
  EXPECT_EQ(outcome(std::string_view("SELECT 1;\n'\0'", 13)), "f.sql:2:2: NUL byte in SQL");
}

}  // namespace
}  // namespace capo::dialect::sqlite
