#include "dialect/sqlite/table_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/connection.hpp"

namespace capo::dialect::sqlite {
namespace {

using Kind = Clause::Kind;

constexpr const char* kOdd = R"(CREATE TABLE "my ""items""" (
  [id] INTEGER PRIMARY KEY AUTOINCREMENT, -- the key, (really)
  `ti``tle` VARCHAR(10, 2) COLLATE NOCASE NOT NULL ON CONFLICT IGNORE DEFAULT 'a,b)' /* x, y */,
  price DECIMAL(10,2) CONSTRAINT positive CHECK (price > 0 AND ')' <> ',') DEFAULT -1.5e-7,
  blobby DEFAULT x'00' NOT NULL,
  parent REFERENCES "my ""items"""([id]) ON DELETE SET NULL ON UPDATE NO ACTION
    MATCH SIMPLE NOT DEFERRABLE INITIALLY IMMEDIATE UNIQUE,
  total INTEGER GENERATED ALWAYS AS (price * 2) STORED CHECK (total > 0),
  half AS (price / 2),
  rest
  , CONSTRAINT "u q" UNIQUE (price, `ti``tle`) ON CONFLICT REPLACE
  CHECK (price < 10) CONSTRAINT fk FOREIGN KEY (price) REFERENCES other ON DELETE SET DEFAULT
    DEFERRABLE INITIALLY DEFERRED
) STRICT)";

std::string list(const TableText& table) {
  std::string text;
  for (const ColumnText& column : table.columns()) {
    text += column.name + "|" + std::string(table.text(column.type)) + "|";
    for (const Clause& clause : column.clauses) {
      text += " <" + clause.name + "> " + std::string(table.text(clause.span)) + ";";
    }
    text += "\n";
  }
  for (const Clause& clause : table.constraints()) {
    text += "<" + clause.name + "> " + std::string(table.text(clause.span)) + " " +
            std::string(table.text(clause.arguments)) + "\n";
  }
  return text;
}

TEST(TableText, IsTakenApart) {
  EXPECT_EQ(list(TableText(kOdd)), R"(id|INTEGER| <> PRIMARY KEY AUTOINCREMENT;
ti`tle|VARCHAR(10, 2)| <> COLLATE NOCASE; <> NOT NULL ON CONFLICT IGNORE; <> DEFAULT 'a,b)';
price|DECIMAL(10,2)| <positive> CONSTRAINT positive CHECK (price > 0 AND ')' <> ','); <> DEFAULT -1.5e-7;
blobby|| <> DEFAULT x'00'; <> NOT NULL;
parent|| <> REFERENCES "my ""items"""([id]) ON DELETE SET NULL ON UPDATE NO ACTION
    MATCH SIMPLE NOT DEFERRABLE INITIALLY IMMEDIATE; <> UNIQUE;
total|INTEGER| <> GENERATED ALWAYS AS (price * 2) STORED; <> CHECK (total > 0);
half|| <> AS (price / 2);
rest||
<u q> CONSTRAINT "u q" UNIQUE (price, `ti``tle`) ON CONFLICT REPLACE (price, `ti``tle`)
<> CHECK (price < 10) (price < 10)
<fk> CONSTRAINT fk FOREIGN KEY (price) REFERENCES other ON DELETE SET DEFAULT
    DEFERRABLE INITIALLY DEFERRED (price)
)");
  EXPECT_FALSE(TableText(kOdd).without_rowid());
  EXPECT_TRUE(
      TableText("CREATE TABLE t (a PRIMARY KEY) strict , without /**/ rowid").without_rowid());
}

TEST(TableText, SqliteTakesWhatTheTestsAreAbout) {
  const auto memory = connect({.database = ":memory:"});
  // STRICT knows few types.
  memory->query(base::replace_all(kOdd, ") STRICT", ")"));
}

struct Edit {
  const char* before;
  void (*edit)(TableText&);
  const char* after;
};

TEST(TableText, IsChangedInPlace) {
  const Edit edits[] = {
      {"CREATE TABLE t(a,b)", [](TableText& t) { t.drop_column("A"); }, "CREATE TABLE t(b)"},
      {"CREATE TABLE t(a,b)", [](TableText& t) { t.drop_column("b"); }, "CREATE TABLE t(a)"},
      {"CREATE TABLE t (\n  a INT, -- the a\n  b INT -- the b\n)",
       [](TableText& t) { t.drop_column("b"); },
       "CREATE TABLE t (\n  a INT -- the a\n   -- the b\n)"},
      {"CREATE TABLE t (\n  a INT, -- the a\n  b INT -- the b\n)",
       [](TableText& t) { t.drop_column("a"); }, "CREATE TABLE t ( -- the a\n  b INT -- the b\n)"},
      {"CREATE TABLE t (a, -- (\n b, c)", [](TableText& t) { t.drop_column("b"); },
       "CREATE TABLE t (a, -- (\n  c)"},
      {"CREATE TABLE t (\n  a,\n  b,\n  c\n)", [](TableText& t) { t.drop_column("b"); },
       "CREATE TABLE t (\n  a,\n  c\n)"},
      {"CREATE TABLE t (a, b CHECK (b > a), c, UNIQUE (a, c), CHECK (a < 1) CHECK (c))",
       [](TableText& t) { t.drop_column("a"); }, "CREATE TABLE t (b, c, CHECK (c))"},
      {"CREATE TABLE t (a, b, CHECK (b <> 'a' AND a(b)))", [](TableText& t) { t.drop_column("a"); },
       "CREATE TABLE t (b, CHECK (b <> 'a' AND a(b)))"},
      {"CREATE TABLE t (\n  a INT, -- x\n  b INT\n)", [](TableText& t) { t.add_column("c TEXT"); },
       "CREATE TABLE t (\n  a INT, -- x\n  b INT,\n  c TEXT\n)"},
      {"CREATE TABLE t (\n  a, --\v\n  b)", [](TableText& t) { t.add_column("c"); },
       "CREATE TABLE t (\n  a, --\v\n  b,\n  c)"},
      {"CREATE TABLE t (a, CHECK (a))", [](TableText& t) { t.add_column("b"); },
       "CREATE TABLE t (a, b, CHECK (a))"},
      {"CREATE TABLE t (a) -- why", [](TableText& t) { t.set_options(true, false); },
       "CREATE TABLE t (a) STRICT -- why"},
      {"CREATE TABLE t (a PRIMARY KEY)without rowid , strict /* why */",
       [](TableText& t) { t.set_options(true, true); },
       "CREATE TABLE t (a PRIMARY KEY) STRICT, WITHOUT ROWID /* why */"},
      {"CREATE TABLE t (a PRIMARY KEY) STRICT, WITHOUT ROWID",
       [](TableText& t) { t.set_options(false, true); },
       "CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID"},
      {"CREATE TABLE t (a) STRICT", [](TableText& t) { t.set_options(false, false); },
       "CREATE TABLE t (a)"},
      {"CREATE TABLE t (a)", [](TableText& t) { t.add_constraint("UNIQUE (a)"); },
       "CREATE TABLE t (a, UNIQUE (a))"},
      {"CREATE TABLE t (a INT NOT NULL UNIQUE)",
       [](TableText& t) { t.drop_constraint(Clause(*t.find_column("a")->find(Kind::kNotNull))); },
       "CREATE TABLE t (a INT UNIQUE)"},
      {"CREATE TABLE t (a INT NOT NULL CHECK(a)UNIQUE)",
       [](TableText& t) { t.drop_constraint(Clause(*t.find_column("a")->find(Kind::kCheck))); },
       "CREATE TABLE t (a INT NOT NULL UNIQUE)"},
      {"CREATE TABLE t (a INT -- why\n NOT NULL, b)",
       [](TableText& t) { t.drop_constraint(Clause(*t.find_column("a")->find(Kind::kNotNull))); },
       "CREATE TABLE t (a INT -- why\n , b)"},
      {"CREATE TABLE t (a)", [](TableText& t) { t.set_type(ColumnText(t.columns()[0]), "TEXT"); },
       "CREATE TABLE t (a TEXT)"},
      {"CREATE TABLE t (a UNSIGNED BIG INT(8) NOT NULL)",
       [](TableText& t) { t.set_type(ColumnText(t.columns()[0]), "TEXT"); },
       "CREATE TABLE t (a TEXT NOT NULL)"},
  };
  for (const Edit& edit : edits) {
    SCOPED_TRACE(edit.before);
    TableText table(edit.before);
    edit.edit(table);
    EXPECT_EQ(table.sql(), edit.after);
  }
}

TEST(TableText, NoTable) {
  for (const char* sql : {"CREATE VIRTUAL TABLE t USING fts5(a)", "CREATE VIEW v AS SELECT 1",
                          "CREATE TABLE t", "", "("}) {
    try {
      TableText table((std::string(sql)));
      ADD_FAILURE() << sql;
    } catch (const Error& error) {
      EXPECT_EQ(error.message(),
                std::string("this is not a table that capo can make anew: ") + sql);
    }
  }
}

TEST(TableText, Constants) {
  for (const char* text : {"1", "-1", "+ 1.5e-7", "'a b'", "null", "TRUE", ".5", "0x1F"}) {
    EXPECT_TRUE(is_constant(text)) << text;
  }
  for (const char* text : {"", "-", "1+1", "1 + 1", "now()", "CURRENT_TIMESTAMP", "(1)", "a b"}) {
    EXPECT_FALSE(is_constant(text)) << text;
  }
}

TEST(TableText, Names) {
  EXPECT_EQ(unquoted("[a b]"), "a b");
  EXPECT_EQ(unquoted("\"a\"\"b\""), "a\"b");
  EXPECT_EQ(unquoted("`a``b`"), "a`b");
  EXPECT_EQ(unquoted("a"), "a");
  EXPECT_EQ(unquoted("\""), "\"");
  EXPECT_TRUE(mentions("x > [A]", "a"));
  EXPECT_FALSE(mentions("x > 'a' AND a (x) /* a */", "a"));
  EXPECT_EQ(normalised("a  /* x */ (\"B\",'C')"), "a ( b , 'C' )");
}

// Columns and constraints of all sorts with all sorts of text between them.
struct Drawn {
  std::vector<std::string> definitions = {};
  std::string sql = {};
};

Drawn draw() {
  const std::vector<std::string> kTails = {"",
                                           " INTEGER",
                                           " VARCHAR(10) NOT NULL",
                                           " DEFAULT 'a,b' UNIQUE",
                                           " CHECK (1)",
                                           " DEFAULT (1,2)",
                                           " NUMERIC(1, 2) -- c,(\n DEFAULT -1.5",
                                           " COLLATE \"x,y\""};
  const std::vector<std::string> kGaps = {"", " ", "\n  ", " /* , ( */ ", " -- it's, (\n"};
  const std::vector<std::string> kConstraints = {"UNIQUE (zz, \"y,y\")", "CONSTRAINT x CHECK (')')",
                                                 "FOREIGN KEY (zz) REFERENCES o (a, b)"};
  const auto gap = [&] { return *rc::gen::elementOf(kGaps); };
  Drawn drawn;
  const int columns = *rc::gen::inRange(1, 6);
  for (int i = 0; i < columns; ++i) {
    drawn.definitions.push_back("[c " + std::to_string(i) + "]" + *rc::gen::elementOf(kTails));
  }
  const int constraints = *rc::gen::inRange(0, 3);
  std::vector<std::string> all = drawn.definitions;
  for (int i = 0; i < constraints; ++i) all.push_back(*rc::gen::elementOf(kConstraints));
  drawn.sql = "CREATE TABLE t (";
  for (std::size_t i = 0; i < all.size(); ++i) {
    drawn.sql += (i > 0 ? "," : "") + gap() + all[i] + gap();
  }
  drawn.sql += ") STRICT";
  drawn.definitions = std::move(all);
  return drawn;
}

std::vector<std::string> definitions(const TableText& table) {
  std::vector<std::string> texts;
  for (const ColumnText& column : table.columns()) texts.emplace_back(table.text(column.span));
  for (const Clause& clause : table.constraints()) texts.emplace_back(table.text(clause.span));
  return texts;
}

/// What is no definition and no comma: the comments, and the beginning and end.
std::string comments(const TableText& table) {
  std::string rest = table.sql();
  for (const std::string& text : definitions(table)) rest.replace(rest.find(text), text.size(), "");
  std::erase_if(rest, [](char c) { return c == ',' || c == ' ' || c == '\n'; });
  return rest;
}

RC_GTEST_PROP(TableText, LeavesTheRestAsItIs, ()) {
  const Drawn drawn = draw();
  TableText table(drawn.sql);
  RC_ASSERT(table.sql() == drawn.sql);
  RC_ASSERT(definitions(table) == drawn.definitions);
  const std::string rest = comments(table);
  std::vector<std::string> expected = drawn.definitions;
  const std::size_t columns = table.columns().size();
  const std::size_t which = *rc::gen::inRange<std::size_t>(0, columns);
  const int edit = *rc::gen::inRange(0, 3);
  if (edit == 0) {
    table.add_column("new INTEGER");
    expected.insert(expected.begin() + static_cast<std::ptrdiff_t>(columns), "new INTEGER");
  } else if (edit == 1) {
    table.add_constraint("UNIQUE (\"c 0\")");
    expected.emplace_back("UNIQUE (\"c 0\")");
  } else if (expected.size() > 1) {
    table.drop_column("c " + std::to_string(which));
    expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(which));
  }
  RC_ASSERT(definitions(table) == expected);
  RC_ASSERT(comments(table) == rest);
}

RC_GTEST_PROP(TableText, EndsOnAnyText, (const std::string& text)) {
  try {
    TableText table("CREATE TABLE t (" + text + ")");
    RC_ASSERT(table.sql().size() == text.size() + 17);
  } catch (const Error&) {
    RC_SUCCEED("refused");
  }
}

}  // namespace
}  // namespace capo::dialect::sqlite
