#include "script/file_name.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "script/testing.hpp"

namespace capo::script {
namespace {

TEST(Slug, AsAlembicCutsIt) {
  const struct {
    std::string_view message;
    int length;
    std::string_view expected;
  } cases[] = {
      {"", 40, ""},
      {"!!! -- ???", 40, ""},
      {"Add Column", 40, "add_column"},
      {"  add: a (big) column.  ", 40, "add_a_big_column"},
      {"a very long message that needs cutting down", 40,
       "a_very_long_message_that_needs_cutting_"},
      {"a_very_long_message_that_needs_cutting_dx", 40, "a_very_long_message_that_needs_cutting_"},
      {"a23456789_123456789_123456789_123456789x", 40, "a23456789_123456789_123456789_123456789x"},
      {"a23456789_123456789_123456789_123456789xy", 40, "a23456789_123456789_123456789_"},
      {"abcdefghij", 5, "abcde_"},
      {"_bcdefghij", 5, "_"},
      {"\xC3\x9C"
       "ber \xC3\x84nderung",
       40,
       "\xC3\xBC"
       "ber_\xC3\xA4nderung"},
      {"\xC3\xA4\xC3\xA4\xC3\xA4", 2, "\xC3\xA4\xC3\xA4_"},
      {"abc", 0, "_"},
      {"line one\nline two", 40, "line_one_line_two"},
  };
  for (const auto& [message, length, expected] : cases)
    EXPECT_EQ(slug(message, length), expected) << message;
}

FileNameValues values() {
  FileNameValues values{.rev = "ab12", .slug = "add_x", .epoch = 1795330295};
  values.created = {.year = 2026, .month = 3, .day = 7, .hour = 6, .minute = 51, .second = 5};
  return values;
}

TEST(FileTemplate, Tokens) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"%(rev)s_%(slug)s", "ab12_add_x"},
      {"%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s", "2026_03_07_0651-ab12"},
      {"%(year)d/%(month)02d/%(epoch)s", "2026/03/1795330295"},
      {"%(month)4d|%(month)-4d|%(month)+d|%(month) d|%(month)i|%(month)u", "   3|3   |+3| 3|3|3"},
      {"%(month)05.3d|%(month)-05d|%(month)#d|%(month)5.3d|%(month).d", "00003|3    |3|  003|3"},
      {"%(slug).3s|%(slug)8s|%(slug)-8s|", "add|   add_x|add_x   |"},
      {"100%%", "100%"},
      {"", ""},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(fill_file_template(text, values()), expected) << text;
  }
}

TEST(FileTemplate, Errors) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"%(revision)s",
       "file_template: unknown token \"%(revision)\"\nfile_template = %(revision)s\n"
       "hint: the tokens are rev, slug, epoch, year, month, day, hour, minute, second"},
      {"%(yaer)d",
       "file_template: unknown token \"%(yaer)\"\nfile_template = %(yaer)d\nhint: did you mean "
       "%(year)?"},
      {"%(slug)d",
       "file_template: \"%(slug)d\" is a text, not a number\nfile_template = %(slug)d\nhint: end "
       "it with s"},
      {"%(rev)",
       "file_template: \"%(rev)\" is no token\nfile_template = %(rev)\nhint: end it with s, or d "
       "for a number"},
      {"%(day)x",
       "file_template: \"%(day)x\" is no token\nfile_template = %(day)x\nhint: end it with s, or d "
       "for a number"},
      {"%s",
       "file_template: a % that begins no token\nfile_template = %s\n"
       "hint: write %(rev)s for a token, and %% for the character itself"},
      {"x%",
       "file_template: a % that begins no token\nfile_template = x%\n"
       "hint: write %(rev)s for a token, and %% for the character itself"},
      {"%(day)999999999999999999999d",
       "file_template: a width of more than 255 characters\nfile_template = "
       "%(day)999999999999999999999d"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(failure([t = text] { fill_file_template(t, values()); }), expected) << text;
  }
}

RC_GTEST_PROP(SlugProperty, IsOneShortWord, (const std::string& bytes)) {
  if (base::find_invalid_utf8(bytes)) return;
  const std::string result = slug(bytes, 10);
  RC_ASSERT(base::count_code_points(result) <= 11);
  RC_ASSERT(result.find('/') == std::string::npos);
}

}  // namespace
}  // namespace capo::script
