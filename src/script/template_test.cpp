#include "script/template.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "script/testing.hpp"

namespace capo::script {
namespace {

std::string fill(std::string_view text, const TemplateValues& values) {
  return fill_template(text, "t", values);
}

TEST(Template, Tokens) {
  const TemplateValues values{.message = "m",
                              .up_revision = "u",
                              .down_revision = "d, e",
                              .create_date = "c",
                              .branch_labels = "b",
                              .depends_on = "o",
                              .upgrades = "U;",
                              .downgrades = "D;"};
  EXPECT_EQ(fill("${message} ${up_revision} ${down_revision} ${create_date} ${branch_labels} "
                 "${depends_on}\n"
                 "${upgrades}${downgrades}\n",
                 values),
            "m u d, e c b o\nU;D;\n");
}

TEST(Template, Lines) {
  const TemplateValues empty;
  const TemplateValues labels{.branch_labels = "x"};
  const TemplateValues long_message{.message = "one\ntwo\r\n\nfour\n"};
  const struct {
    std::string_view text;
    const TemplateValues& values;
    std::string_view expected;
  } cases[] = {
      {"", empty, ""},
      {"a\n\nb", empty, "a\n\nb\n"},
      {"a\r\nb\r\n", empty, "a\nb\n"},
      {"\xEF\xBB\xBF"
       "a",
       empty, "a\n"},
      {"-- ${message}\n--  \n", empty, "--\n--  \n"},
      {"-- Revises: ${down_revision}\n", empty, "-- Revises:\n"},
      {"a\n-- Branch Labels: ${branch_labels}\n-- Depends On: ${depends_on}\nb\n", empty, "a\nb\n"},
      {"-- Branch Labels: ${branch_labels}\n-- Depends On: ${depends_on}\n", labels,
       "-- Branch Labels: x\n"},
      {"${branch_labels}${depends_on}\n", labels, "x\n"},
      {"${branch_labels}${down_revision}\n", empty, "\n"},
      {"-- ${message}\n", long_message, "-- one\n-- two\n--\n-- four\n"},
      {"$$ $1 $$$$ a$ ${message}", labels, "$ $1 $$ a$\n"},
  };
  for (const auto& [text, values, expected] : cases)
    EXPECT_EQ(fill(text, values), expected) << text;
}

TEST(Template, Errors) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"a\n b ${mesage}\n",
       "t:2:4: unknown token \"${mesage}\"\n |  b ${mesage}\nhint: did you mean \"${message}\"?"},
      {"${x | comma,n}",
       "t:1:1: unknown token \"${x | comma,n}\"\n | ${x | comma,n}\n"
       "hint: the tokens are message, up_revision, down_revision, create_date, branch_labels, "
       "depends_on, upgrades, downgrades"},
      {"x ${message\n}",
       "t:1:3: this token is never closed\n | x ${message\nhint: write $$ for the character $"},
      {"\xFF", "t:1:1: the file is not UTF-8\n | \xEF\xBF\xBD\nhint: save it as UTF-8"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(failure([t = text] { fill(t, {}); }), expected) << text;
  }
}

}  // namespace
}  // namespace capo::script
