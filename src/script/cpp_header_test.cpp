#include "script/cpp_header.hpp"

#include <gtest/gtest.h>

#include "script/testing.hpp"

namespace capo::script {
namespace {

std::string token(std::string_view text) {
  const auto header = read_cpp_header(text, "x.cpp");
  return header ? header->token + "/" + header->id + "/" + std::to_string(header->line) : "none";
}

TEST(CppHeader, FindsTheMacro) {
  const struct {
    std::string_view text;
    std::string_view found;
  } cases[] = {
      {"", "none"},
      {"int main() {}\n", "none"},
      {"CAPO_REVISION(001);", "001/001/1"},
      {"\xEF\xBB\xBF#include <x>\r\nCAPO_REVISION(a_1, .message = \"m\");\r\n", "a_1/a_1/2"},
      {"CAPO_REVISION /* c */ (\n  // c\n  27c6a30d7c24 , .message = \"m\")",
       "27c6a30d7c24/27c6a30d7c24/1"},
      {"CAPO_REVISION(a_1, .id = \"a-1\")", "a_1/a-1/1"},
      {"CAPO_REVISION(a_1, .id = \"\")", "a_1/a_1/1"},
      {"CAPO_REVISION(a_1, // c\n .id=\"a.1\", .message = \"m\")", "a_1/a.1/1"},
      // Not the macro.
      {"// CAPO_REVISION(001)\n", "none"},
      {"// continued \\\nCAPO_REVISION(001)\n", "none"},
      {"/* CAPO_REVISION(001) */", "none"},
      {"const char* s = \"CAPO_REVISION(001) \\\" CAPO_REVISION(2)\";", "none"},
      {"auto s = R\"(\" CAPO_REVISION(001))\";", "none"},
      {"auto s = u8R\"x(\n)\" CAPO_REVISION(001) )x\";CAPO_REVISION(2)", "2/2/2"},
      {"#define MINE(x) CAPO_REVISION(x) \\\n CAPO_REVISION(y)\nCAPO_REVISION(3)", "3/3/3"},
      {"char c = '\"'; CAPO_REVISION(4) char d = '\\'';", "4/4/1"},
      {"int n = 1'000'000; CAPO_REVISION(5)", "5/5/1"},
      {"int XCAPO_REVISION(001); int CAPO_REVISIONS(2);", "none"},
      {"a / b; CAPO_REVISION(6)", "6/6/1"},
  };
  for (const auto& [text, found] : cases) EXPECT_EQ(token(text), found) << text;
}

TEST(CppHeader, TheCommentAtTheTop) {
  const auto doc = [](std::string_view text) { return read_cpp_header(text, "x.cpp")->doc; };
  EXPECT_EQ(doc("// add items\n//\n// For the shop.\n#include <x>\n// not this\nCAPO_REVISION(1)"),
            "add items\n\nFor the shop.");
  EXPECT_EQ(doc("/* add items\n * and more */\nCAPO_REVISION(1)"), "add items\nand more");
  EXPECT_EQ(doc("#include <x>\nCAPO_REVISION(1)"), "");
}

TEST(CppHeader, SaysWhatIsWrong) {
  const struct {
    std::string_view text;
    std::string_view error;
  } cases[] = {
      {"CAPO_REVISION;",
       "x.cpp:1:1: CAPO_REVISION without its arguments\n | CAPO_REVISION;\n"
       "hint: write CAPO_REVISION(001, .down_revision = {\"000\"}, .message = \"…\");"},
      {"CAPO_REVISION( , .message = \"m\")",
       "x.cpp:1:16: CAPO_REVISION without an id\n | CAPO_REVISION( , .message = \"m\")\n"
       "hint: write CAPO_REVISION(001, .down_revision = {\"000\"}, .message = \"…\");"},
      {"\n  CAPO_REVISION(a-1, .message = \"m\");",
       "x.cpp:2:17: 'a-1' cannot be a part of a C++ name\n |   CAPO_REVISION(a-1, .message = "
       "\"m\");\nhint: write a word there and the id behind it: CAPO_REVISION(a_1, .id = \"a-1\", "
       "…)"},
      {"CAPO_REVISION(\"001\")",
       "x.cpp:1:15: '\"001\"' cannot be a part of a C++ name\n | CAPO_REVISION(\"001\")\nhint: "
       "write a word there without quotes: CAPO_REVISION(001, …)"},
      {"CAPO_REVISION(1)\nCAPO_REVISION(2)",
       "x.cpp:2:1: a second CAPO_REVISION; the first is in line 1\n | CAPO_REVISION(2)\nhint: one "
       "file is one revision: move it to a file of its own"},
      {"/* x", "x.cpp:1:1: this comment is never closed\n | /* x"},
      {"int x;\nauto s = R\"(x", "x.cpp:2:11: this literal is never closed\n | auto s = R\"(x"},
      {"auto s = \"x\n\";", "x.cpp:1:10: this literal is never closed\n | auto s = \"x"},
      {"\xFF\xFE",
       "x.cpp:1:1: the file is UTF-16, not UTF-8\n | \xEF\xBF\xBD\xEF\xBF\xBD\nhint: "
       "save it as UTF-8"},
  };
  for (const auto& [text, error] : cases) {
    EXPECT_EQ(failure([&, input = text] { read_cpp_header(input, "x.cpp"); }), error) << text;
  }
}

TEST(CppHeader, TheChecksumKnowsNoLineEndings) {
  EXPECT_EQ(cpp_checksum("a\r\nb\r\n"), cpp_checksum("a\nb\n"));
  EXPECT_EQ(cpp_checksum("\xEF\xBB\xBF"
                         "a\n"),
            cpp_checksum("a\n"));
  EXPECT_NE(cpp_checksum("a\n"), cpp_checksum("b\n"));
}

TEST(CppHeader, NamesOfFiles) {
  for (const std::string_view name : {"001.cpp", "001.cc", "x.cxx"})
    EXPECT_TRUE(may_be_cpp_revision(name)) << name;
  for (const std::string_view name : {"001.sql", "x.hpp", ".#x.cpp", "._x.cpp", "cpp"})
    EXPECT_FALSE(may_be_cpp_revision(name)) << name;
}

}  // namespace
}  // namespace capo::script
