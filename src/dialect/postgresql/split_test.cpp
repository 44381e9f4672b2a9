#include "dialect/postgresql/split.hpp"

#include <gtest/gtest.h>

// What a splitter makes of SQL stands in tests/golden/split/.

namespace capo::dialect::postgresql {
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
TEST(PostgresqlSplit, TakesLinearTimeAndNoStack) {
  constexpr std::size_t kSize = 400'000;
  const struct {
    std::string begin, part, end, outcome;
  } cases[] = {
      {"", ";", "", "0"},
      {"", "a;", "", "200000"},
      {"", "(", "", "f.sql:1:1: unclosed parenthesis"},
      {"", ")", "", "1"},
      {"", "()", ";", "1"},
      {"", "/*", "", "f.sql:1:1: unterminated comment"},
      {"", "/*/", "", "f.sql:1:1: unterminated comment"},
      {"/*", "*", "", "f.sql:1:1: unterminated comment"},
      {"", "/**/", "", "0"},
      {"", "/", "", "1"},
      {"", "-", "", "0"},
      {"", "--\n", "", "0"},
      {"", "- ", "", "1"},
      {"", "$a", "", "1"},
      {"", "$a ", "", "1"},
      {"", "$", " ", "1"},
      {"", "$$", "", "1"},
      {"", "$1", "", "1"},
      {"$" + std::string(kSize, 'a') + "$", "$aaaaaaaaa", "",
       "f.sql:1:1: unterminated dollar quote $" + std::string(kSize, 'a') + "$"},
      {"$a$", "$a ", "", "f.sql:1:1: unterminated dollar quote $a$"},
      {"", "'", "", "1"},
      {"", "'' ", "", "1"},
      {"", "E''", "", "1"},
      {"", "E'' \n", "", "1"},
      {"", "E''--\n", "", "1"},
      {"E'", "\\", "", "f.sql:1:1: unterminated string literal"},
      {"E'a'\n", "'\\''\n", "", "1"},
      {"", "\"\"", "", "1"},
      {"", "1e", "", "1"},
      {"", "1_", "", "1"},
      {"", "0x", "", "1"},
      {"", "CREATE FUNCTION f() BEGIN ATOMIC ", "", "f.sql:1:21: unterminated BEGIN ATOMIC body"},
      {"CREATE FUNCTION f() ", "BEGIN ", "", "1"},
      {"COPY ", "FROM ", "", "1"},
      {"", "é", "", "1"},
      {"", "\n", "'", ""},
  };
  for (const auto& c : cases) {
    const std::string text = c.begin + repeat(c.part, kSize) + c.end;
    std::string expected = c.outcome;
    if (expected.empty())
      expected = "f.sql:" + std::to_string(kSize + 1) + ":1: unterminated string literal";
    EXPECT_EQ(outcome(text), expected) << "many " << c.part;
  }
}

TEST(PostgresqlSplit, RefusesNul) {
  EXPECT_EQ(outcome(std::string_view("SELECT 1;\n'\0'", 13)), "f.sql:2:2: NUL byte in SQL");
}

}  // namespace
}  // namespace capo::dialect::postgresql
