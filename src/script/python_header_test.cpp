#include "script/python_header.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "script/testing.hpp"

namespace capo::script {
namespace {

std::string dump(std::string_view text) {
  const Script script = parse_python_header(text, "v/a.py");
  const revision::Revision& revision = script.revision;
  return revision.id + " [" + base::join(revision.down_revisions, " ") + "] [" +
         base::join(revision.branch_labels, " ") + "] [" + base::join(revision.depends_on, " ") +
         "]";
}

std::string error(std::string_view text) {
  return failure([&] { parse_python_header(text, "v/a.py"); });
}

TEST(PythonHeader, AsAlembicWritesIt) {
  const Script script = parse_python_header(
      "\"\"\"add a column\n"
      "\n"
      "Revision ID: ae1027a6acf0\n"
      "Revises: 1975ea83b712, 27c6\n"
      "Create Date: 2026-11-22 06:21:00.123456\n"
      "\n"
      "\"\"\"\n"
      "from typing import Sequence, Union\n"
      "\n"
      "from alembic import op\n"
      "import sqlalchemy as sa\n"
      "\n"
      "# revision identifiers, used by Alembic.\n"
      "revision: str = 'ae1027a6acf0'\n"
      "down_revision: Union[str, Sequence[str], None] = ('1975ea83b712', '27c6')\n"
      "branch_labels: Union[str, Sequence[str], None] = 'cart'\n"
      "depends_on: Union[str, Sequence[str], None] = None\n"
      "\n"
      "\n"
      "def upgrade() -> None:\n"
      "    \"\"\"Upgrade schema.\"\"\"\n"
      "    op.add_column('t', sa.Column('revision', sa.Integer()))\n"
      "    revision = 5\n",
      "v/a.py");
  EXPECT_EQ(script.revision.id, "ae1027a6acf0");
  EXPECT_EQ(script.revision.down_revisions, (std::vector<std::string>{"1975ea83b712", "27c6"}));
  EXPECT_EQ(script.revision.branch_labels, std::vector<std::string>{"cart"});
  EXPECT_TRUE(script.revision.depends_on.empty());
  EXPECT_EQ(script.revision.message, "add a column");
  EXPECT_EQ(script.create_date, "2026-11-22 06:21:00.123456");
  EXPECT_EQ(script.doc,
            "add a column\n\nRevision ID: ae1027a6acf0\nRevises: 1975ea83b712, 27c6\n"
            "Create Date: 2026-11-22 06:21:00.123456");
  EXPECT_EQ(script.kind, ScriptKind::kPython);
  EXPECT_EQ(script.path, "v/a.py");
}

TEST(PythonHeader, Values) {
  const struct {
    std::string_view module, expected;
  } cases[] = {
      {"revision='a'\ndown_revision=None", "a [] [] []"},
      {"revision = \"a\"  # the id\ndown_revision = r'b'", "a [b] [] []"},
      {"revision = u'a' 'b' \"c\"\ndown_revision = ('d'\n  'e')", "abc [de] [] []"},
      {"revision = (\n  # comment\n  'a'\n)\ndown_revision = [\n 'b',\n 'c',\n]\n",
       "a [b c] [] []"},
      {"revision = '''a'''\ndown_revision = {'b'}", "a [b] [] []"},
      {"revision = 'a'\ndown_revision = ()\nbranch_labels = []", "a [] [] []"},
      {"revision = 'a'\ndown_revision = 'b', 'c'\nbranch_labels = ('x',)", "a [b c] [x] []"},
      {"revision = 'a'\ndown_revision = ((None))\ndepends_on = (('b'), ('c'),)", "a [] [] [b c]"},
      {"revision = 'a'; down_revision = 'b'; depends_on = 'c';", "a [b] [] [c]"},
      {"revision = \\\n  'a'\ndown_revision \\\n= 'b'", "a [b] [] []"},
      {"revision = 'old'\nrevision = 'new'\ndown_revision = None", "new [] [] []"},
      {"x = revision = 'a'\ndown_revision: str = 'b'\ndepends_on: list['=']", "a [b] [] []"},
      {"\xEF\xBB\xBFrevision = 'a'\r\ndown_revision = 'b'\r\n", "a [b] [] []"},
      {"revision = 'a'\rdown_revision = 'b'", "a [b] [] []"},
      {"revision = '\\x61\\142\\u00fc\\'\\\\\\q'\ndown_revision = None",
       "ab\xC3\xBC'\\\\q [] [] []"},
      {"revision = 'a\\\nb'\ndown_revision = R'\\x'", "ab [\\x] [] []"},
      {"revision = 'a'\ndown_revision = None\ndef f(revision=1): depends_on = 5\nclass A:\n  "
       "revision = 6\n"
       "@decorated(revision=7)\nasync def g():\n  revision = 8",
       "a [] [] []"},
      {"if x:\n  y = 'revision = 1'\nrevision = 'a'\ndown_revision = None\nif revision == 'b': "
       "pass",
       "a [] [] []"},
      {"s = '''\nrevision = 'x'\n'''\nrevision = 'a'\ndown_revision = None", "a [] [] []"},
      {"s = f\"{d[\"k\"]:>{w}} {{ {x!r:%H:%M} \\N{BULLET} {f'{y}'}\"\nrevision = "
       "'a'\ndown_revision = None",
       "a [] [] []"},
      {"s = rf'\\{x}' + f'''{\n 1 # it's\n}'''\nrevision = 'a'\ndown_revision = None",
       "a [] [] []"},
  };
  for (const auto& [module, expected] : cases) {
    EXPECT_EQ(failure([&, m = module, e = expected] { EXPECT_EQ(dump(m), e) << m; }), "no error")
        << module;
  }
}

TEST(PythonHeader, Message) {
  const struct {
    std::string_view doc, message;
  } cases[] = {
      {"'''one'''", "one"},
      {"\"\"\"\none\ntwo\n\nthree\n\"\"\"", "one\ntwo"},
      {"('one '\n 'more')", "one more"},
      {"\n# comment\n'one'; x = 1", "one"},
      {"'''\n\nRevision ID: a\n'''", ""},
      {"b'one'", ""},
      {"f'one'", ""},
      {"'one' + 'two'", ""},
      {"x = 'one'", ""},
      {"import os\n'one'", ""},
  };
  for (const auto& [doc, message] : cases) {
    const std::string module = std::string(doc) + "\nrevision = 'a'\ndown_revision = None\n";
    EXPECT_EQ(parse_python_header(module, "v/a.py").revision.message, message) << module;
  }
}

TEST(PythonHeader, Errors) {
  const std::string literal_hint =
      "\nhint: capo does not run Python: it reads None, a string, or a tuple, list or set of "
      "strings";
  const struct {
    std::string_view module;
    std::string expected;
  } cases[] = {
      {"",
       "1:1: no \"revision = ...\" in this module\n"
       "hint: a Python file in a versions directory is one of Alembic's revisions; keep others "
       "elsewhere"},
      {"revision = 'a'\n",
       "2:1: no \"down_revision = ...\" in this module\n"
       "hint: a Python file in a versions directory is one of Alembic's revisions; keep others "
       "elsewhere"},
      {"revision = make_id()",
       "1:12: capo cannot read this value\n | revision = make_id()" + literal_hint},
      {"revision = 'a' + 'b'",
       "1:16: capo cannot read this value\n | revision = 'a' + 'b'" + literal_hint},
      {"revision = f'a'",
       "1:12: capo cannot read this kind of string\n | revision = f'a'" + literal_hint},
      {"revision = b'a'",
       "1:12: capo cannot read this kind of string\n | revision = b'a'" + literal_hint},
      {"down_revision = ['a', 5]",
       "1:23: capo cannot read this value\n | down_revision = ['a', 5]" + literal_hint},
      {"down_revision = ['a' 5]",
       "1:22: capo cannot read this value\n | down_revision = ['a' 5]" + literal_hint},
      {"down_revision = ('a', None)",
       "1:23: capo cannot read this value\n | down_revision = ('a', None)" + literal_hint},
      {"down_revision = [('a',)]",
       "1:18: capo cannot read this value\n | down_revision = [('a',)]" + literal_hint},
      {"down_revision = {}",
       "1:17: capo cannot read this value\n | down_revision = {}" + literal_hint},
      {"down_revision = {'a': 'b'}",
       "1:21: capo cannot read this value\n | down_revision = {'a': 'b'}" + literal_hint},
      {"revision = \n", "1:1: a value is missing\n | revision = " + literal_hint},
      {"revision = None", "1:1: \"revision\" is not a string\n | revision = None"},
      {"revision = ''", "1:1: an empty string in \"revision\"\n | revision = ''"},
      {"if x:\n  revision = 'a'",
       "2:3: capo cannot read this assignment of \"revision\"\n |   revision = 'a'\n"
       "hint: capo does not run Python: write revision = ... at the beginning of a line of its "
       "own"},
      {"if x: revision = 'a'",
       "1:7: capo cannot read this assignment of \"revision\"\n | if x: revision = 'a'\n"
       "hint: capo does not run Python: write revision = ... at the beginning of a line of its "
       "own"},
      {"if x: y = revision = 'a'",
       "1:11: capo cannot read this assignment of \"revision\"\n | if x: y = revision = 'a'\n"
       "hint: capo does not run Python: write revision = ... at the beginning of a line of its "
       "own"},
      {"x, revision = 'a', 'b'",
       "1:4: capo cannot read this assignment of \"revision\"\n | x, revision = 'a', 'b'\n"
       "hint: capo does not run Python: write revision = ... at the beginning of a line of its "
       "own"},
      {"depends_on += 'a'",
       "1:1: capo cannot read this assignment of \"depends_on\"\n | depends_on += 'a'\n"
       "hint: capo does not run Python: write depends_on = ... at the beginning of a line of its "
       "own"},
      {"x = 'abc\nrevision = 'a'", "1:5: this string is never closed\n | x = 'abc"},
      {"\n'''abc\n", "2:1: this string is never closed\n | '''abc"},
      {"x = f'{y'", "1:9: this string is never closed\n | x = f'{y'"},
      {"x = (1,\n", "1:5: this bracket is never closed\n | x = (1,"},
      {"x = (1]", "1:7: this bracket closes nothing\n | x = (1]"},
      {"revision = '\\N{BULLET}'",
       "1:13: a character by its Unicode name in a string\n | revision = '\\N{BULLET}'\nhint: "
       "write the character itself"},
      {"revision = '\\xg'",
       "1:13: a malformed escape in a string\n | revision = '\\xg'\nhint: write the character "
       "itself"},
      {"revision = 'a\\ud800'",
       "1:14: a character that is no text in a string\n | revision = 'a\\ud800'\nhint: write the "
       "character itself"},
      {"# \xFF", "1:3: the file is not UTF-8\n | # \xEF\xBF\xBD\nhint: save it as UTF-8"},
  };
  for (const auto& [module, expected] : cases)
    EXPECT_EQ(error(module), "v/a.py:" + expected) << module;
  EXPECT_EQ(
      error("revision = " + std::string(100000, '(') + std::string(100000, ')')).substr(0, 41),
      "v/a.py:1:112: capo cannot read this value");
}

}  // namespace
}  // namespace capo::script
