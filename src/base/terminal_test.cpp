#include "base/terminal.hpp"

#include <gtest/gtest.h>

namespace capo::base {
namespace {

TEST(Terminal, ColorOnlyWhereItIsWelcome) {
  const struct {
    ColorMode mode;
    bool terminal;
    Environment environment;
    bool color;
  } cases[] = {
      {ColorMode::kAuto, true, {}, true},
      {ColorMode::kAuto, false, {}, false},
      {ColorMode::kAuto, true, {{"NO_COLOR", "1"}}, false},
      {ColorMode::kAuto, true, {{"NO_COLOR", ""}}, true},
      {ColorMode::kAuto, true, {{"TERM", "dumb"}}, false},
      {ColorMode::kAlways, false, {{"NO_COLOR", "1"}}, true},
      {ColorMode::kNever, true, {}, false},
  };
  int row = 0;
  for (const auto& [mode, terminal, environment, color] : cases) {
    EXPECT_EQ(use_color(mode, terminal, environment), color) << "row " << row++;
  }
}

TEST(Terminal, Paint) {
  EXPECT_EQ(Paint(true)(Ink::kRed, "x"), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(Paint(false)(Ink::kRed, "x"), "x");
}

TEST(Terminal, ControlsAreDisarmed) {
  EXPECT_EQ(without_controls("a\tb\nc\x1b[2J\x7f"), "a\tb\nc\xEF\xBF\xBD[2J\xEF\xBF\xBD");
  EXPECT_EQ(without_controls("\xC2\x9B"), "\xEF\xBF\xBD");
  EXPECT_EQ(without_controls("Ünï é"), "Ünï é");
}

TEST(Terminal, ColoursArePassedOn) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"Rev: \x1b[33mabc\x1b[0m (head)\n", "Rev: \x1b[33mabc\x1b[0m (head)\n"},
      {"a\x1b[2Jb\rc\x1b]0;title\ad\x1b", "a�[2Jb�c�]0;title�d�"},
      {"\x1b[35mno colour of ours", "�[35mno colour of ours"},
      {"\x1b[31mleft on\nnext\x1b[1m", "\x1b[31mleft on\x1b[0m\nnext\x1b[1m\x1b[0m"},
      {"SELECT 1;\r\n\tSELECT 'ü';\r\n", "SELECT 1;\n\tSELECT 'ü';\n"},
      {"\xC2\x9B \xC2\xA0", "� \xC2\xA0"},
      {"", ""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(for_terminal(text), expected) << text;
}

}  // namespace
}  // namespace capo::base
