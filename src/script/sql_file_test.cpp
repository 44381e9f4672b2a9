#include "script/sql_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "script/testing.hpp"

namespace capo::script {
namespace {

using revision::Direction;

constexpr std::string_view kSmall =
    "-- add tenants\n"
    "--\n"
    "-- Revision ID: 001\n"
    "-- Revises: 000\n"
    "-- Create Date: 2026-11-22 06:21:00\n"
    "\n"
    "-- capo:upgrade\n"
    "CREATE TABLE t (id integer);\n"
    "\n"
    "-- capo:downgrade\n"
    "DROP TABLE t;\n";

SqlFile parse(std::string_view text) { return parse_sql_file(text, "v/001.sql"); }

std::string header_failure(std::string_view text) {
  return failure([&] { parse_sql_header(text, "v/001.sql"); });
}
std::string file_failure(std::string_view text) {
  return failure([&] { parse(text); });
}

// One line a fact.
std::string dump(const Script& script) {
  const revision::Revision& revision = script.revision;
  std::string text = revision.id + " <- [" + base::join(revision.down_revisions, " ") + "]";
  if (!revision.depends_on.empty())
    text += " depends [" + base::join(revision.depends_on, " ") + "]";
  if (!revision.branch_labels.empty()) {
    text += " labels [" + base::join(revision.branch_labels, " ") + "]";
  }
  if (!revision.message.empty()) text += " '" + revision.message + "'";
  return text;
}

std::string dump_header(std::string_view text) {
  const std::optional<Script> script = parse_sql_header(text, "v/001.sql");
  return script ? dump(*script) : "not a revision";
}

std::string dump(const std::vector<Section>& sections) {
  std::string text;
  for (const Section& section : sections) {
    text += section.direction == Direction::kUpgrade ? "up" : "down";
    if (!section.transactional) text += " outside";
    if (!section.dialects.empty()) text += " for " + base::join(section.dialects, "+");
    text += " @" + std::to_string(section.origin.line) + " {" + section.text + "}\n";
  }
  return text;
}

TEST(SqlFile, Small) {
  const SqlFile file = parse(kSmall);
  EXPECT_EQ(dump(file.script), "001 <- [000] 'add tenants'");
  EXPECT_EQ(file.script.path, "v/001.sql");
  EXPECT_EQ(file.script.create_date, "2026-11-22 06:21:00");
  EXPECT_EQ(file.script.doc,
            "add tenants\n\nRevision ID: 001\nRevises: 000\nCreate Date: 2026-11-22 06:21:00");
  EXPECT_EQ(dump(file.sections),
            "up @8 {CREATE TABLE t (id integer);\n\n}\n"
            "down @11 {DROP TABLE t;\n}\n");
  EXPECT_EQ(file.sections[0].origin, (SourcePosition{"v/001.sql", 8, 1}));
}

TEST(SqlFile, SaysWhatItDoesNotBringBack) {
  const SqlFile file =
      parse("-- x\n-- Revision ID: 1\n-- loses data: items.title ,notes,\n-- capo:upgrade\n");
  EXPECT_EQ(file.script.loses_data, (std::vector<std::string>{"items.title", "notes"}));
  EXPECT_EQ(parse(kSmall).script.loses_data, std::vector<std::string>());
}

TEST(SqlHeader, Keys) {
  const struct {
    std::string_view header, expected;
  } cases[] = {
      {"-- Revision ID: a1", "a1 <- []"},
      {"--revision id:a1\n--REVISES :b2", "a1 <- [b2]"},
      {"-- Revision ID: a1\n-- Revises:", "a1 <- []"},
      {"-- Revision ID: a1\n-- Revises: <base>", "a1 <- []"},
      {"-- Revision ID: a1\n-- Revises: base", "a1 <- []"},
      {"-- Revision ID: a1\n-- Revises: None", "a1 <- []"},
      {"-- Revision ID: a1\n-- Revises: b2 , c3,", "a1 <- [b2 c3]"},
      {"-- Revision ID: a1\n-- Branch Label: x", "a1 <- [] labels [x]"},
      {"-- Revision ID: a1\n-- Branch Labels: x,y", "a1 <- [] labels [x y]"},
      {"-- Revision ID: a1\n-- Branch Labels:\n-- Depends On: None", "a1 <- []"},
      {"-- Revision ID: a1\n-- Depends On: d4, e5", "a1 <- [] depends [d4 e5]"},
      {"-- Revises: b2\n-- Revision ID: a1\n-- last", "a1 <- [b2] 'last'"},
      {"--\n-- ----\n-- Revision ID: a 1", "a 1 <- []"},
      {"-- message: with a colon\n-- Revision ID: a1", "a1 <- [] 'message: with a colon'"},
      {"-- first\n-- second\n-- Revision ID: a1", "a1 <- [] 'first'"},
      {"   -- indented\n\n\n\t-- Revision ID: a1", "a1 <- [] 'indented'"},
      {"-- Reviewed by: Bob\n-- Revision ID: a1", "a1 <- [] 'Reviewed by: Bob'"},
      {"-- \xC3\xBC\xC3\xB1\xC3\xAF\n-- Revision ID: \xE2\x82\xAC",
       "\xE2\x82\xAC <- [] '\xC3\xBC\xC3\xB1\xC3\xAF'"},
  };
  for (const auto& [header, expected] : cases) {
    EXPECT_EQ(dump_header(std::string(header) + "\n-- capo:upgrade\n"), expected) << header;
  }
}

TEST(SqlHeader, OtherFilesAreNoRevisions) {
  for (const std::string_view text :
       {"", "\n", "SELECT 1;\n", "-- a comment\nSELECT 1;\n", "-- Revises: x\nSELECT 1;\n",
        "SELECT 1;\n-- Revision ID: 5\n", "-- Revised: 2026\n", "\xFF\xFF", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(dump_header(text), "not a revision") << text;
  }
}

TEST(SqlHeader, MayEndAnywhereBehindTheMarker) {
  const std::size_t marker_end = kSmall.find("CREATE TABLE");
  for (std::size_t size = 0; size <= kSmall.size(); ++size) {
    const std::string_view start = kSmall.substr(0, size);
    EXPECT_EQ(holds_sql_header(start), size >= marker_end) << size;
    if (size >= marker_end) {
      EXPECT_EQ(dump_header(start), "001 <- [000] 'add tenants'") << size;
    }
  }
}

TEST(SqlHeader, Errors) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"-- Revison ID: 001\n-- capo:upgrade\n",
       "v/001.sql:1:4: unknown header key \"Revison ID\"\n"
       " | -- Revison ID: 001\n"
       "hint: did you mean \"Revision ID\"? If the line is only text, leave out its colon"},
      {"-- x\n-- Revison ID: 001\nSELECT 1;\n",
       "v/001.sql:2:4: unknown header key \"Revison ID\"\n"
       " | -- Revison ID: 001\n"
       "hint: did you mean \"Revision ID\"? If the line is only text, leave out its colon"},
      {"-- Revision ID: 1\n-- Depend on: 0\n-- capo:upgrade\n",
       "v/001.sql:2:4: unknown header key \"Depend on\"\n"
       " | -- Depend on: 0\n"
       "hint: did you mean \"Depends On\"? If the line is only text, leave out its colon"},
      {"-- Revision ID: 1\n-- Revision id: 2\n-- capo:upgrade\n",
       "v/001.sql:2:4: \"Revision id\" is given twice; the first is in line 1\n"
       " | -- Revision id: 2"},
      {"-- Branch Label: a\n-- Branch Labels: b\n",
       "v/001.sql:2:4: \"Branch Labels\" is given twice; the first is in line 1\n"
       " | -- Branch Labels: b"},
      {"-- Revision ID:\n-- capo:upgrade\n",
       "v/001.sql:1:16: \"Revision ID:\" is empty\n"
       " | -- Revision ID:"},
      {"-- Revision ID: a,b\n-- capo:upgrade\n",
       "v/001.sql:1:18: a comma in a revision identifier\n"
       " | -- Revision ID: a,b\n"
       "hint: \"Revises:\" could not name it: the comma is what separates identifiers there"},
      {"-- add tenants\n  -- capo:upgrade\nSELECT 1;\n",
       "v/001.sql:2:3: the header has no \"Revision ID:\"\n"
       " |   -- capo:upgrade\n"
       "hint: write \"-- Revision ID: <id>\" and \"-- Revises: <id of the one before>\" above the "
       "first marker"},
      {"-- Revision ID: 1\n\n  CREATE TABLE t (x);\n-- capo:upgrade\n",
       "v/001.sql:3:3: SQL before the first marker\n"
       " |   CREATE TABLE t (x);\n"
       "hint: write \"-- capo:upgrade\" above it; comments of the header begin with --"},
      {"-- Revision ID: 1\n/* text */\n",
       "v/001.sql:2:1: SQL before the first marker\n"
       " | /* text */\n"
       "hint: write \"-- capo:upgrade\" above it; comments of the header begin with --"},
      {"-- Revision ID: 1\n",
       "v/001.sql:2:1: no \"-- capo:upgrade\" section\n"
       "hint: write \"-- capo:upgrade\" above the SQL; if there is nothing to do, let it be empty"},
      {"-- \xC3\xBC \xFF\xFE x\n-- Revision ID: 1\n-- capo:upgrade\n",
       "v/001.sql:1:6: the file is not UTF-8\n"
       " | -- \xC3\xBC \xEF\xBF\xBD\xEF\xBF\xBD x\n"
       "hint: save it as UTF-8"},
      {std::string_view("-- a\0b\n-- Revision ID: 1\n-- capo:upgrade\n", 42),
       "v/001.sql:1:5: a NUL byte\n"
       " | -- a\xEF\xBF\xBD"
       "b\n"
       "hint: no database takes one in its SQL; remove it"},
      {std::string_view("\xFF\xFE-\0-\0 \0", 8),
       "v/001.sql:1:1: the file is UTF-16, not UTF-8\n"
       " | \xEF\xBF\xBD\xEF\xBF\xBD-\xEF\xBF\xBD-\xEF\xBF\xBD \xEF\xBF\xBD\n"
       "hint: save it as UTF-8"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(header_failure(text), expected) << text;
    EXPECT_EQ(file_failure(text), expected) << text;
  }
}

TEST(SqlFile, Sections) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"-- capo:upgrade\n", "up @3 {}\n"},
      {"-- capo:upgrade", "up @3 {}\n"},
      {"--capo:UPGRADE\nA", "up @3 {A}\n"},
      {"\t -- capo: upgrade  transaction=off\t\nA\n", "up outside @3 {A\n}\n"},
      {"-- capo:upgrade transaction=on dialect=sqlite\nA\n", "up for sqlite @3 {A\n}\n"},
      {"-- capo:upgrade\nA;\n-- capo:upgrade dialect=postgresql\nB;\n-- capo:downgrade\nC;\n"
       "-- capo:upgrade dialect=sqlite,mariadb\nD;",
       "up @3 {A;\n}\nup for postgresql @5 {B;\n}\ndown @7 {C;\n}\nup for sqlite+mariadb @9 "
       "{D;}\n"},
      {"-- capo:upgrade\nSELECT $$\n-- capo:downgrade\n$$;\n",
       "up @3 {SELECT $$\n}\ndown @5 {$$;\n}\n"},
      {"-- capo:upgrade\n-- run capo upgrade now\nSELECT '-- capo:x';\n/* -- capo:upgrade */\n",
       "up @3 {-- run capo upgrade now\nSELECT '-- capo:x';\n/* -- capo:upgrade */\n}\n"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(dump(parse("-- Revision ID: 1\n" + std::string(text)).sections), expected) << text;
  }
}

TEST(SqlFile, LineEndsAndByteOrderMark) {
  const std::string windows = "\xEF\xBB\xBF" + base::replace_all(kSmall, "\n", "\r\n");
  const SqlFile unix_file = parse(kSmall);
  const SqlFile windows_file = parse(windows);
  EXPECT_EQ(dump(windows_file.script), dump(unix_file.script));
  EXPECT_EQ(windows_file.script.create_date, unix_file.script.create_date);
  EXPECT_EQ(windows_file.script.doc, unix_file.script.doc);
  EXPECT_EQ(dump(windows_file.sections), dump(unix_file.sections));
  EXPECT_EQ(windows_file.checksum, unix_file.checksum);
  EXPECT_EQ(parse("\xEF\xBB\xBF" + windows).checksum, unix_file.checksum);
  EXPECT_EQ(file_failure("\xEF\xBB\xBF-- Revison ID: 1\r\n-- capo:upgrade\r\n"),
            "v/001.sql:1:4: unknown header key \"Revison ID\"\n"
            " | -- Revison ID: 1\n"
            "hint: did you mean \"Revision ID\"? If the line is only text, leave out its colon");
}

TEST(SqlFile, Errors) {
  const struct {
    std::string_view text, expected;
  } cases[] = {
      {"-- capo:upgarde\n",
       ":2:9: unknown marker \"capo:upgarde\"\n | -- capo:upgarde\n"
       "hint: did you mean \"capo:upgrade\"?"},
      {"-- capo:\n",
       ":2:9: unknown marker \"capo:\"\n | -- capo:\n"
       "hint: the markers are \"capo:upgrade\", \"capo:downgrade\" and \"capo:backfill\"; a line "
       "that begins with "
       "\"-- capo:\" is a marker even inside a literal or a comment"},
      {"-- capo:upgrade\n-- capo:downgrade transactoin=off\n",
       ":3:19: unknown option \"transactoin\" of a marker\n | -- capo:downgrade transactoin=off\n"
       "hint: did you mean \"transaction\"?"},
      {"-- capo:upgrade -- first\n",
       ":2:17: unknown option \"--\" of a marker\n | -- capo:upgrade -- first\n"
       "hint: the options are \"transaction\", \"dialect\" and \"online\""},
      {"-- capo:upgrade transaction=of\n",
       ":2:29: \"transaction\" is \"on\" or \"off\", not \"of\"\n | -- capo:upgrade "
       "transaction=of"},
      {"-- capo:upgrade transaction = off\n",
       ":2:17: the option \"transaction\" needs a value\n | -- capo:upgrade transaction = off\n"
       "hint: write transaction=off, without spaces"},
      {"-- capo:upgrade transaction=on transaction=on\n",
       ":2:32: the option \"transaction\" is given twice\n | -- capo:upgrade transaction=on "
       "transaction=on"},
      {"-- capo:upgrade dialect=postgres\n",
       ":2:25: unknown database \"postgres\"\n | -- capo:upgrade dialect=postgres\n"
       "hint: did you mean \"postgresql\"?"},
      {"-- capo:upgrade dialect=sqlite,oracle\n",
       ":2:32: unknown database \"oracle\"\n | -- capo:upgrade dialect=sqlite,oracle\n"
       "hint: the databases are \"postgresql\", \"sqlite\" and \"mariadb\""},
      {"-- capo:upgrade dialect=sqlite,sqlite\n",
       ":2:32: \"sqlite\" is named twice\n | -- capo:upgrade dialect=sqlite,sqlite"},
      {"-- capo:upgrade\nA;\n -- capo:upgrade transaction=off\n",
       ":4:2: a second \"-- capo:upgrade\" section; the first is in line 2\n"
       " |  -- capo:upgrade transaction=off\n"
       "hint: a line that begins with \"-- capo:\" is a marker even inside a literal or a comment"},
      {"-- capo:upgrade\n-- capo:downgrade dialect=sqlite\n-- capo:downgrade "
       "dialect=postgresql,sqlite\n",
       ":4:1: a second \"-- capo:downgrade\" section for sqlite; the first is in line 3\n"
       " | -- capo:downgrade dialect=postgresql,sqlite\n"
       "hint: a line that begins with \"-- capo:\" is a marker even inside a literal or a comment"},
      {"-- capo:downgrade\nDROP TABLE t;\n",
       ":2:1: no \"-- capo:upgrade\" section\n | -- capo:downgrade\n"
       "hint: write one above it; if there is nothing to do, let it be empty"},
      {"-- capo:upgrade\nA;\n-- cappo:downgrade\nB;\n",
       ":4:1: this comment is nearly a marker\n | -- cappo:downgrade\n"
       "hint: write \"-- capo:upgrade\" or \"-- capo:downgrade\", or reword the comment"},
      {"-- capo:upgrade\nA;\n-- capo downgrade dialect=sqlite\nB;\n",
       ":4:1: this comment is nearly a marker\n | -- capo downgrade dialect=sqlite\n"
       "hint: write \"-- capo:upgrade\" or \"-- capo:downgrade\", or reword the comment"},
      {"-- capo:upgrade\nSELECT '\xC3\xBC\xC3';\n",
       ":3:10: the file is not UTF-8\n | SELECT '\xC3\xBC\xEF\xBF\xBD';\n"
       "hint: save it as UTF-8"},
      {std::string_view("-- capo:upgrade\nSELECT '\0';\n", 27),
       ":3:9: a NUL byte\n | SELECT '\xEF\xBF\xBD';\n"
       "hint: no database takes one in its SQL; remove it"},
  };
  for (const auto& [text, expected] : cases) {
    EXPECT_EQ(file_failure("-- Revision ID: 1\n" + std::string(text)),
              "v/001.sql" + std::string(expected))
        << text;
  }
  EXPECT_EQ(file_failure("SELECT 1;\n"),
            "v/001.sql:1:1: not a revision: it has no \"Revision ID:\" and no \"-- capo:upgrade\"\n"
            " | SELECT 1;");
}

TEST(SqlFile, ChecksumIsOfWhatTheUpgradeSays) {
  const auto checksum = [](std::string_view text) { return parse(text).checksum; };
  const std::string id = "-- Revision ID: 1\n";
  const std::string base = checksum(id + "-- capo:upgrade\n  A;\nB;\n");
  EXPECT_EQ(base.size(), 64U);
  for (const std::string_view same :
       {"-- Revises: 0\n-- text\n-- capo:upgrade\n  A;\nB;\n", "-- capo:upgrade\r\n  A;\r\nB;\r\n",
        "-- capo:upgrade\n\n  A;\nB;\n\n-- capo:downgrade\nC;\n",
        "--capo:Upgrade  transaction=on\n  A;\nB;", "-- capo:upgrade\r\r\n  A;\r\r\nB;\r"}) {
    EXPECT_EQ(checksum(id + std::string(same)), base) << same;
  }
  for (const std::string_view other :
       {"-- capo:upgrade\n  A;\n", "-- capo:upgrade\n  A;\n B;\n", "-- capo:upgrade\nA;\nB;\n",
        "-- capo:upgrade transaction=off\n  A;\nB;\n", "-- capo:upgrade dialect=sqlite\n  A;\nB;\n",
        "-- capo:upgrade\n  A;\nB;\n-- capo:upgrade dialect=sqlite\n",
        "-- capo:upgrade\n  A;\n-- x\nB;\n"}) {
    EXPECT_NE(checksum(id + std::string(other)), base) << other;
  }
  EXPECT_EQ(checksum(id + "-- capo:upgrade dialect=sqlite,mariadb\nA;\n"),
            checksum(id + "-- capo:upgrade dialect=mariadb,sqlite\nA;\n"));
}

TEST(SqlFile, OperationsOfADatabase) {
  const SqlFile file = parse(
      "-- Revision ID: 1\n-- capo:upgrade\nA;\n-- capo:upgrade dialect=postgresql "
      "transaction=off\nB;\n"
      "-- capo:upgrade dialect=sqlite\nC;\n-- capo:downgrade dialect=postgresql,mariadb\nD;\n");
  const auto texts = [&](std::string_view dialect, Direction direction = Direction::kUpgrade) {
    std::string text;
    for (const operation::Operation& operation : operations(file, direction, dialect)) {
      const operation::ExecuteSql& sql = *operation::if_sql(operation);
      text += (sql.transactional ? "" : "outside ") + sql.text.substr(0, sql.text.find('\n')) +
              "@" + std::to_string(sql.origin.line) + " ";
    }
    return text;
  };
  EXPECT_EQ(texts("postgresql"), "A;@3 outside B;@5 ");
  EXPECT_EQ(texts("sqlite"), "A;@3 C;@7 ");
  EXPECT_EQ(texts("mariadb"), "A;@3 ");
  EXPECT_EQ(texts("postgresql", Direction::kDowngrade), "D;@9 ");
  EXPECT_EQ(failure([&] { operations(file, Direction::kDowngrade, "sqlite"); }),
            "v/001.sql: revision 1 has no downgrade for sqlite, only for postgresql, mariadb\n"
            "hint: add a section \"-- capo:downgrade dialect=sqlite\"; if there is nothing to do, "
            "let it be empty");
  EXPECT_EQ(failure([] {
              operations(parse("-- Revision ID: 1\n-- capo:upgrade\n"), Direction::kDowngrade,
                         "sqlite");
            }),
            "v/001.sql: revision 1 cannot be undone: it has no \"-- capo:downgrade\" section\n"
            "hint: add one; if there is nothing to undo, let it be empty");
}

// Any text, made of the pieces that matter to the format.
std::string arbitrary_file() {
  static const std::vector<std::string> kPieces = {"-- Revision ID: 1",
                                                   "-- Revises: 0",
                                                   "-- capo:upgrade",
                                                   "-- capo:downgrade",
                                                   "dialect=sqlite",
                                                   "transaction=off",
                                                   "SELECT '",
                                                   "$$",
                                                   " ",
                                                   "\n",
                                                   "\r\n",
                                                   "-- ",
                                                   "capo:",
                                                   "\xC3\xBC",
                                                   "\t",
                                                   ";"};
  std::string text = "-- Revision ID: 1\n-- capo:upgrade\n";
  for (const std::string& piece :
       *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces))) {
    text += piece;
  }
  return text;
}

RC_GTEST_PROP(SqlFileProperty, SectionsAreTheLinesBetweenTheMarkers, ()) {
  const std::string text = arbitrary_file();
  SqlFile file;
  try {
    file = parse(text);
  } catch (const Error&) {
    return;
  }
  // Each section's text stands in the file at its origin, line ends aside.
  const std::string unix_text = base::replace_all(text, "\r\n", "\n");
  for (const Section& section : file.sections) {
    std::size_t offset = 0;
    for (int line = 1; line < section.origin.line && offset != std::string::npos; ++line) {
      offset = unix_text.find('\n', offset);
      if (offset != std::string::npos) ++offset;
    }
    if (offset == std::string::npos) {
      RC_ASSERT(section.text.empty());
    } else {
      RC_ASSERT(unix_text.substr(offset, section.text.size()) == section.text);
    }
  }
  // Reading the header alone says the same, and CRLF changes nothing.
  const std::optional<Script> header = parse_sql_header(text, "v/001.sql");
  RC_ASSERT(header.has_value());
  RC_ASSERT(dump(*header) == dump(file.script));
  RC_ASSERT(parse(base::replace_all(unix_text, "\n", "\r\n")).checksum == file.checksum);
}

}  // namespace
}  // namespace capo::script
