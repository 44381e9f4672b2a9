#include "config/ini.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"

namespace capo::config {
namespace {

/// `section.key=<value>` of every key, in the order of the file; a raw line break as `|`.
std::string dump(const Ini& ini) {
  std::string text;
  for (const std::string& section : ini.section_names()) {
    text += "[" + section + "]";
    for (const std::string& key : ini.keys(section)) {
      text += " " + key + "=<" + base::replace_all(*ini.raw(section, key), "\n", "|") + ">";
    }
  }
  return text;
}

/// What reading throws: `position: message; hint`.
template <typename Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfig);
    return to_string(error.where()) + ": " + error.message() + "; " + error.hint();
  }
  return "no error";
}

TEST(Ini, Reads) {
  const struct {
    std::string_view content, expected;
  } cases[] = {
      {"", ""},
      {"\n# only a comment\n; and another\n", ""},
      {"[a]", "[a]"},
      {"[a]\nk = v", "[a] k=<v>"},
      {"[a]\nk: v\nl=w\nm =\n", "[a] k=<v> l=<w> m=<>"},
      {"[a]\nurl = postgresql://u:p@h/d?x=y\n", "[a] url=<postgresql://u:p@h/d?x=y>"},
      {"[a]\nKEY.Name = V\n", "[a] key.name=<V>"},
      {"[a]\nk = v ; no comment # here\n", "[a] k=<v ; no comment # here>"},
      {"[a] ; ignored\nk=v", "[a] k=<v>"},
      {"[a]b]\nk=v", "[a]b] k=<v>"},
      {"  [a]\n  k = v\n", "[a] k=<v>"},
      {"[a]\n  k = v\nl = w\n", "[a] k=<v> l=<w>"},
      {"\xEF\xBB\xBF[a]\r\nk = v\r\n", "[a] k=<v>"},
      {"[a]\rk = v\rl = w", "[a] k=<v> l=<w>"},
      {"[a]\nk =\n  one\n  two\n", "[a] k=<|one|two>"},
      {"[a]\nk = one\n\n\n  two\n\nl = w\n", "[a] k=<one|||two> l=<w>"},
      {"[a]\nk = one\n# comment\n  # and here\n  two\n", "[a] k=<one|two>"},
      {"[a]\nk = one\n  l = two\n  [b]\n", "[a] k=<one|l = two|[b]>"},
      {"[a]\nk = one\n\n[b]\n  l = two\n    three", "[a] k=<one>[b] l=<two|three>"},
      {"[DEFAULT]\nk = v\n[a]\nl = w\n[DEFAULT]\nm = x\n[b]\nk = own",
       "[a] k=<v> l=<w> m=<x>[b] k=<own> m=<x>"},
      {"[a]\nk\u00A0=\u00A0v\u2003\n", "[a] k=<v>"},
  };
  for (const auto& [content, expected] : cases) {
    EXPECT_EQ(dump(Ini(content, "x.ini")), expected) << content;
  }
}

TEST(Ini, Errors) {
  const struct {
    std::string_view content, expected;
  } cases[] = {
      {"k = v",
       "x.ini:1:1: text before the first section; begin the file with a section's header, "
       "[alembic]"},
      {"# c\n  k = v",
       "x.ini:2:3: text before the first section; begin the file with a section's header, "
       "[alembic]"},
      {"[a]\nk = v\nword\n",
       "x.ini:3:1: neither [section] nor key = value; a line that continues a value is indented; a "
       "comment starts with # or ;"},
      {"[a\nk = v", "x.ini:1:1: a section's header without its ]; write [name]"},
      {"[a]\n[b\n", "x.ini:2:1: a section's header without its ]; write [name]"},
      {"[a]\n[]\n", "x.ini:2:1: a section's header without a name; write [name]"},
      {"[a = b\n",
       "x.ini:1:1: text before the first section; begin the file with a section's header, "
       "[alembic]"},
      {"[a]\n = v\n", "x.ini:2:2: a value without a key; write key = value"},
      {"[a]\nk = 1\n[b]\n\n[a]\n",
       "x.ini:5:1: the section [a] is there twice; the first is in line 1; put the keys of both "
       "into one"},
      {"[a]\nk = 1\n# c\nK = 2\n",
       "x.ini:4:1: the key 'k' is there twice in [a]; the first is in line 2"},
      {"[DEFAULT]\nk = 1\n[DEFAULT]\nk = 2\n",
       "x.ini:4:1: the key 'k' is there twice in [DEFAULT]; the first is in line 2"},
      {"[a]\nk = \xE9t\xE9\n",
       "x.ini:2:5: the file is not UTF-8 text; save the file in the encoding UTF-8"},
      {"\xFF\xFE[\0a",
       "x.ini:1:1: the file is not UTF-8 text; it looks like UTF-16; save it as UTF-8"},
      {std::string_view("[a]\r\nk = \0", 10),
       "x.ini:2:5: the file contains a NUL byte; save the file as plain text in the encoding "
       "UTF-8"},
  };
  for (const auto& [content, expected] : cases) {
    EXPECT_EQ(error_of([&, text = content] { Ini(text, "x.ini"); }), expected) << content;
  }
}

TEST(Ini, Interpolates) {
  const Ini ini(
      "[DEFAULT]\nroot = /srv\n"
      "[a]\nhere_too = %(HERE)s/x\nnested = %(here_too)s:%(root)s\npercent = 100%% %%(root)s\n"
      "own = %(root)s\nroot = /own\nempty =\nwith_empty = [%(empty)s]\nlines = %(root)s\n  "
      "%(empty)s\n  z\n",
      "x.ini", {{"here", "/100%(done)"}, {"root", "never"}});
  const struct {
    std::string_view key, expected;
  } cases[] = {
      {"here_too", "/100%(done)/x"},
      {"nested", "/100%(done)/x:/own"},
      {"percent", "100% %(root)s"},
      {"own", "/own"},
      {"OWN", "/own"},
      {"with_empty", "[]"},
      {"lines", "/own\n\nz"},
  };
  for (const auto& [key, expected] : cases) EXPECT_EQ(ini.get("a", key), expected) << key;
  EXPECT_EQ(ini.get("a", "absent"), std::nullopt);
  EXPECT_EQ(ini.get("b", "root"), std::nullopt);
  EXPECT_EQ(ini.get("a", "here"), std::nullopt) << "a variable is no key";
}

TEST(Ini, InterpolationErrors) {
  const Ini ini(
      "[a]\n"
      "template = %(year)d_%(rev)s\n"
      "slug = x\n    %(slag)s\n"
      "sqlalchemy.url = postgresql://u:p%40ss@h/d\n"
      "the_url = x%(s3cret)s\n"
      "loop = %(pool)s\npool = é%(loop)s\n"
      "end = 50%\n"
      "uses_end = %(end)s\n"
      "big = %(b)s%(b)s%(b)s%(b)s%(b)s%(b)s%(b)s%(b)s\n"
      "b = %(c)s%(c)s%(c)s%(c)s%(c)s%(c)s%(c)s%(c)s\nc = %(d)s%(d)s%(d)s%(d)s%(d)s%(d)s%(d)s%(d)s\n"
      "d = %(e)s%(e)s%(e)s%(e)s%(e)s%(e)s%(e)s%(e)s\ne = "
      "%(f)s%(f)s%(f)s%(f)s%(f)s%(f)s%(f)s%(f)s\nf =\n",
      "x.ini");
  const std::string double_it = "; write %% for each % that is meant as it stands: %%40 for %40";
  const struct {
    std::string_view key;
    std::string expected;
  } cases[] = {
      {"template",
       "x.ini:2:12: the value of 'template' has a % that begins no reference like %(here)s" +
           double_it},
      {"slug",
       "x.ini:4:5: the value of 'slug' refers to 'slag' that is neither in [a] nor in [DEFAULT]; "
       "write %%(slag)s if the text is meant as it stands"},
      {"sqlalchemy.url",
       "x.ini:5:34: the value of 'sqlalchemy.url' has a % that begins no reference like %(here)s" +
           double_it},
      {"the_url",
       "x.ini:6:12: the value of 'the_url' refers to something that is neither in [a] nor in "
       "[DEFAULT]; "
       "write %%(name)s if the text is meant as it stands"},
      {"loop",
       "x.ini:8:9: the references of 'pool' go more than 10 levels deep; does one of them lead "
       "back to itself?"},
      {"end",
       "x.ini:9:9: the value of 'end' has a % that begins no reference like %(here)s" + double_it},
      {"uses_end",
       "x.ini:9:9: the value of 'end' has a % that begins no reference like %(here)s" + double_it},
      {"big", "x.ini:11:7: the references of 'big' expand to too much text; "},
  };
  for (const auto& [key, expected] : cases) {
    EXPECT_EQ(error_of([&, name = key] { (void)ini.get("a", name); }), expected) << key;
    EXPECT_EQ(ini.get_if_valid("a", key), std::nullopt) << key;
  }
}

TEST(Ini, NestsReferencesTenDeep) {
  std::string content = "[a]\nk1 = end\n";
  for (int i = 2; i <= 12; ++i) {
    content += "k" + std::to_string(i) + " = %(k" + std::to_string(i - 1) + ")s\n";
  }
  const Ini ini(content, "x.ini");
  EXPECT_EQ(ini.get("a", "k11"), "end");
  EXPECT_EQ(error_of([&] { (void)ini.get("a", "k12"); }),
            "x.ini:4:6: the references of 'k3' go more than 10 levels deep; does one of them lead "
            "back to itself?");
}

TEST(Ini, KnowsWhereAValueIs) {
  const Ini ini("[a]\nk = v\nempty =\nlist =\n\n   é\n   b\n", "x.ini");
  EXPECT_EQ(ini.where("a", "k"), (SourcePosition{"x.ini", 2, 5}));
  EXPECT_EQ(ini.where("a", "empty"), (SourcePosition{"x.ini", 3, 0}));
  EXPECT_EQ(ini.where("a", "list"), (SourcePosition{"x.ini", 6, 4}));
  EXPECT_EQ(ini.where("a", "absent"), SourcePosition{});
  EXPECT_EQ(ini.source_line("a", "list"), "   é");
  EXPECT_EQ(ini.source_line("a", "absent"), "");
}

TEST(Ini, ValuesOfAnyLength) {
  const std::string value(3'000'000, 'x');
  EXPECT_EQ(Ini("[a]\nk = " + value + "\n", "x.ini").get("a", "k"), value);
  std::string lines;
  for (int i = 0; i < 100'000; ++i) lines += "  line\n";
  EXPECT_EQ(Ini("[a]\nk =\n" + lines, "x.ini").get("a", "k")->size(), 500'000U);
}

RC_GTEST_PROP(Ini, AnEscapedValueComesBack, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab%()s=:#;[]$ \"'"))));
  std::string value;
  for (const std::string& word : words) value += "x" + word + "x";
  const Ini ini("[a]\nk = " + base::replace_all(value, "%", "%%") + "\n", "x.ini");
  RC_ASSERT(ini.get("a", "k") == value);
}

}  // namespace
}  // namespace capo::config
