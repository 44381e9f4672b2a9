#include <gtest/gtest.h>

#include "base/fs.hpp"
#include "base/hash.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

namespace capo::base {
namespace {

TEST(Text, Utf8) {
  EXPECT_FALSE(find_invalid_utf8("Ünïcode \xF0\x9F\x8E\xB8"));
  const struct {
    std::string_view text;
    std::size_t at;
  } bad[] = {{"a\xFF", 1},
             {"\xC0\x80", 0},
             {"ab\xED\xA0\x80", 2},
             {"\xF4\x90\x80\x80", 0},
             {"x\xE2\x82", 1}};
  for (const auto& [text, at] : bad) {
    EXPECT_EQ(find_invalid_utf8(text), at) << text;
    // Wherever it stands.
    for (std::size_t before = 0; before < 20; ++before) {
      for (std::size_t behind = 0; behind < 20; ++behind) {
        const std::string inside =
            std::string(before, 'x') + std::string(text) + std::string(behind, 'y');
        EXPECT_EQ(find_invalid_utf8(inside), before + at) << inside;
      }
    }
  }
}

TEST(Text, FirstBytesKeepsCodePointsWhole) {
  const struct {
    std::size_t most;
    std::string_view expected;
  } cases[] = {{0, ""}, {1, "a"}, {2, "a"}, {3, "a"}, {4, "a€"}, {5, "a€b"}, {99, "a€b"}};
  for (const auto& [most, expected] : cases) EXPECT_EQ(first_bytes("a€b", most), expected) << most;
}

TEST(Text, Hexadecimal) {
  EXPECT_EQ(to_hex(std::string_view("\0\x1F\xFF", 3)), "001fff");
  const std::string_view digits = "0123456789abcdef";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    EXPECT_EQ(hex_digit_value(digits[i]), static_cast<int>(i));
  }
  EXPECT_EQ(hex_digit_value('F'), 15);
  for (const char c : {'g', '/', ':', '@', '`', '\0', '\xC3'})
    EXPECT_EQ(hex_digit_value(c), -1) << c;
}

TEST(Text, PositionCountsCodePoints) {
  EXPECT_EQ(position_at("é = 1\nab", 2, "f"), (SourcePosition{"f", 1, 2}));
  EXPECT_EQ(position_at("é = 1\nab", 8, "f"), (SourcePosition{"f", 2, 2}));
  EXPECT_EQ(line_at("one\r\ntwo", 1), "one");
  EXPECT_EQ(line_at("one\r\ntwo", 2), "two");
  EXPECT_EQ(line_at("one\r\ntwo", 3), "");
}

TEST(Text, Integer) {
  EXPECT_EQ(parse_integer("+12"), 12);
  EXPECT_EQ(parse_integer("-3"), -3);
  for (const char* bad : {"", "+", "+-1", "1x", " 1", "99999999999999999999"}) {
    EXPECT_FALSE(parse_integer(bad)) << bad;
  }
}

TEST(Suggest, Near) {
  const std::vector<std::string> commands = {"upgrade", "downgrade", "history", "heads"};
  EXPECT_EQ(closest("upgarde", commands), "upgrade");
  EXPECT_EQ(closest("histroy", commands), "history");
  EXPECT_EQ(closest("frobnicate", commands), std::nullopt);
  EXPECT_EQ(closest("up", commands), std::nullopt);
  EXPECT_EQ(closest_or_longer("up", commands), "upgrade");
  EXPECT_EQ(closest_or_longer("upgarde", commands), "upgrade");
  EXPECT_EQ(closest_or_longer("h", commands), std::nullopt);
  EXPECT_EQ(closest_or_longer("", commands), std::nullopt);
  EXPECT_EQ(edit_distance("abcd", "acbd"), 1);
}

TEST(Hash, Sha256OfKnownInput) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Path, Normal) {
  const struct {
    std::string_view in, out;
  } cases[] = {
      {"a/./b//c", "a/b/c"}, {"/a/../..", "/"}, {"../x", "../x"}, {"a/..", "."}, {"/", "/"}};
  for (const auto& [in, out] : cases) EXPECT_EQ(normal_path(in), out) << in;
  EXPECT_EQ(join_path("a", "/b"), "/b");
  EXPECT_EQ(parent_path("/a"), "/");
}

TEST(MemoryFileSystem, DirectoriesFollowFiles) {
  MemoryFileSystem fs("/p");
  fs.write("versions/a.sql", "x");
  EXPECT_EQ(fs.kind("/p/versions"), FileKind::kDirectory);
  EXPECT_EQ(fs.list("versions"), std::vector<std::string>{"a.sql"});
  EXPECT_EQ(fs.read("/p/versions/a.sql"), "x");
  EXPECT_FALSE(fs.read_if_exists("none"));
}

}  // namespace
}  // namespace capo::base
