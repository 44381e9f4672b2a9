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

}  // namespace
}  // namespace capo::base
