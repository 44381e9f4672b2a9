#include "config/dotenv.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"

namespace capo::config {
namespace {

const base::Environment kEnvironment = {{"HOME", "/home/u"}, {"EMPTY", ""}, {"SHADOWED", "outer"}};

/// `NAME=<value>@line` of every entry, a line break as `|`; `NAME@line` without a value.
std::string dump(std::string_view content) {
  std::string text;
  for (const DotEnvEntry& entry : read_dotenv(content, ".env", kEnvironment)) {
    if (!text.empty()) text += " ";
    text += entry.name;
    if (entry.value) text += "=<" + base::replace_all(*entry.value, "\n", "|") + ">";
    text += "@" + std::to_string(entry.line);
  }
  return text;
}

std::string error_of(std::string_view content) {
  try {
    dump(content);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfig);
    EXPECT_EQ(error.source_line(), "") << "the line may hold a password";
    return to_string(error.where()) + ": " + error.message() + "; " + error.hint();
  }
  return "no error";
}

TEST(DotEnv, Reads) {
  const struct {
    std::string_view content, expected;
  } cases[] = {
      {"", ""},
      {"\n  \n# comment\n\t# another = one\n", ""},
      {"A=1", "A=<1>@1"},
      {"A=1\nB=2\n", "A=<1>@1 B=<2>@2"},
      {"\n\n  A = 1  \n", "A=<1>@3"},
      {"export A=1\nexport\tB=2\nexported=3\nexport=4",
       "A=<1>@1 B=<2>@2 exported=<3>@3 export=<4>@4"},
      {"A\nexport B\nC=", "A@1 B@2 C=<>@3"},
      {"A=\nB= \nC=''\nD=\"\"", "A=<>@1 B=<>@2 C=<>@3 D=<>@4"},
      {"A=a # comment\nB=a#b\nC=#c\nD= #d\nE=a #", "A=<a>@1 B=<a#b>@2 C=<#c>@3 D=<#d>@4 E=<a>@5"},
      {"A # comment\nB#comment", "A@1 B@2"},
      {"A=a b  c \nB=a\tb", "A=<a b  c>@1 B=<a\tb>@2"},
      {"A='a # b' # c\nB=\"a # b\"#c", "A=<a # b>@1 B=<a # b>@2"},
      {"A='it\\'s \\\\ \\n'", "A=<it's \\ \\n>@1"},
      {"A=\"\\\"q\\\" \\\\ \\n\\t\\x \\'\"", "A=<\"q\" \\ |\t\\x '>@1"},
      {"A=\\n", "A=<\\n>@1"},
      {"A='x\ny'\nB=\"1\r\n2\"\nC=3", "A=<x|y>@1 B=<1|2>@3 C=<3>@5"},
      {"A='C:\\'\nB=2", "A=<C:\\>@1 B=<2>@2"},
      {"A='C:\\\\'\nB='2'", "A=<C:\\>@1 B=<2>@2"},
      {"'A B'=1\n\"C\"=2", "A B=<1>@1 \"C\"=<2>@2"},
      {"A=a'b\"c", "A=<a'b\"c>@1"},
      {"\xEF\xBB\xBF"
       "A=1\r\nB=2\rC=3",
       "A=<1>@1 B=<2>@2 C=<3>@3"},
      {"A=1\nA=2", "A=<1>@1 A=<2>@2"},
      {"URL=postgresql://u:p%40@h:5432/d?a=b&c=d", "URL=<postgresql://u:p%40@h:5432/d?a=b&c=d>@1"},
  };
  for (const auto& [content, expected] : cases) EXPECT_EQ(dump(content), expected) << content;
}

TEST(DotEnv, Expands) {
  const struct {
    std::string_view content, expected;
  } cases[] = {
      {"A=${HOME}/x", "A=</home/u/x>@1"},
      {"A=1\nB=${A}${A}", "A=<1>@1 B=<11>@2"},
      {"B=${A}\nA=1", "B=<>@1 A=<1>@2"},
      {"A=${NONE}|${NONE:-x y}|${NONE:-}", "A=<|x y|>@1"},
      {"A=${EMPTY:-x}", "A=<>@1"},
      {"SHADOWED=inner\nA=${SHADOWED}", "SHADOWED=<inner>@1 A=<outer>@2"},
      {"A\nB=${A:-x}", "A@1 B=<>@2"},
      {"A='${HOME}' \nB=\"${HOME}\"", "A=</home/u>@1 B=</home/u>@2"},
      {"A=$HOME $$ ${ ${HOME ${HOME:x} $(HOME)", "A=<$HOME $$ ${ ${HOME ${HOME:x} $(HOME)>@1"},
      {"A=${HOME", "A=<${HOME>@1"},
      {"A=${NONE:-${HOME}}", "A=<${HOME}>@1"},
      {"A=\"${HOME}\\${HOME}\"", "A=</home/u\\/home/u>@1"},
  };
  for (const auto& [content, expected] : cases) EXPECT_EQ(dump(content), expected) << content;
}

TEST(DotEnv, Errors) {
  const struct {
    std::string content;
    std::string_view expected;
  } cases[] = {
      {"A=1\n=2", ".env:2:1: a value without a name; a line is NAME=value"},
      {"export =2", ".env:1:8: a value without a name; a line is NAME=value"},
      {"''=2", ".env:1:1: a value without a name; a line is NAME=value"},
      {"é B=2", ".env:1:3: a = is missing between a name and its value; a line is NAME=value"},
      {"if [ -f x ]; then",
       ".env:1:4: a = is missing between a name and its value; a line is NAME=value"},
      {"A='x\nB=2", ".env:1:3: the value has no closing quote '; "},
      {"A=1\n  B=\"x\\\n", ".env:2:5: the value has no closing quote \"; "},
      {"'A=1", ".env:1:1: the name has no closing quote '; "},
      {"A='x'y",
       ".env:1:6: text behind the closing quote; a comment begins with #; a quote inside a quoted "
       "value needs a \\ before it"},
      {"A=\"1\n2\" x",
       ".env:2:4: text behind the closing quote; a comment begins with #; a quote inside a quoted "
       "value needs a \\ before it"},
      {"A=\xFF", ".env:1:3: the file is not UTF-8 text; save the file in the encoding UTF-8"},
      {std::string("A=1\nB=\0", 7),
       ".env:2:3: the file contains a NUL byte; save the file as plain text in the encoding "
       "UTF-8"},
  };
  for (const auto& [content, expected] : cases) EXPECT_EQ(error_of(content), expected) << content;
}

TEST(DotEnv, AValueThatDoublesItselfIsStopped) {
  std::string content = "A=x\n";
  for (int i = 0; i < 64; ++i) content += "A=${A}${A}\n";
  EXPECT_EQ(error_of(content), ".env:19: the value grows beyond 128 KiB by its ${…}; ");
}

TEST(DotEnv, LongValues) {
  const std::string value(1'000'000, 'x');
  EXPECT_EQ(read_dotenv("A=" + value, ".env", {}).at(0).value, value);
  EXPECT_EQ(read_dotenv("A='" + value + "'", ".env", {}).at(0).value, value);
  EXPECT_EQ(read_dotenv("A=" + value + "${B}", ".env", {{"B", "b"}}).at(0).value, value + "b");
  // Not one search through the rest for each `${`.
  for (const char* end : {"", ":", ":-"}) {
    std::string dollars;
    for (int i = 0; i < 100'000; ++i) dollars += "${";
    dollars += end;
    EXPECT_EQ(read_dotenv("A=" + dollars, ".env", {}).at(0).value, dollars);
  }
}

TEST(DotEnv, TheLastEntryCounts) {
  const auto entries = read_dotenv("A=1\nB=2\nA=3\n", ".env", {});
  ASSERT_NE(find_entry(entries, "A"), nullptr);
  EXPECT_EQ(find_entry(entries, "A")->value, "3");
  EXPECT_EQ(find_entry(entries, "C"), nullptr);
}

RC_GTEST_PROP(DotEnv, AQuotedValueComesBack, (const std::string& bytes)) {
  std::string value;
  for (const char c : bytes) {
    if (c != '\0' && c != '\r' && c != '$' && static_cast<unsigned char>(c) < 0x80) value += c;
  }
  const std::string escaped = base::replace_all(value, "\\", "\\\\");
  const auto entries = read_dotenv("A='" + base::replace_all(escaped, "'", "\\'") + "'\nB=\"" +
                                       base::replace_all(escaped, "\"", "\\\"") + "\" # end\nC='c'",
                                   ".env", {});
  RC_ASSERT(entries.size() == 3U);
  RC_ASSERT(entries[0].value == value);
  RC_ASSERT(entries[1].value == value);
}

}  // namespace
}  // namespace capo::config
