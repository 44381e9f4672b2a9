// `--sql` for SQLite, where a script can only be written if the history tells what the tables are:
// SQL and C++ in one history, branches and merges, from everywhere to everywhere.

#include <span>

#include "capo/connection.hpp"
#include "capo/migration.hpp"
#include "capo/revisions.hpp"
#include "runtime_fixture.hpp"
#include "support/process.hpp"

namespace rev_script_left {
using namespace capo;
static void upgrade(Operations& op) {
  op.alter_column("t", "a", {.nullable = false, .server_default = ServerDefault(Literal{7})});
  op.create_table("l", {Column("id", Integer(), {.primary_key = true}), Column("t_id", Integer())},
                  {.foreign_keys = {ForeignKey({"t_id"}, "t", {"id"}, "l_t")}});
}
static void downgrade(Operations& op) {
  op.drop_table("l");
  op.alter_column("t", "a", {.nullable = true, .server_default = ServerDefault::none()});
}
CAPO_REVISION(script_left, .down_revision = {"root"});
}  // namespace rev_script_left

namespace rev_script_merge {
using namespace capo;
static void upgrade(Operations& op) {
  op.drop_constraint("l_t", "l");
  op.create_unique_constraint("t_a_r", "t", {"a", "r"});
  op.alter_column("t", "r", {.type = Text()});
  op.rename_table("r", "s");
}
static void downgrade(Operations& op) {
  op.rename_table("s", "r");
  op.alter_column("t", "r", {.type = Integer()});
  op.drop_constraint("t_a_r", "t");
  op.create_foreign_key("l_t", "l", "t", {"t_id"}, {"id"});
}
CAPO_REVISION(script_merge, .down_revision = {"script_left", "right"});
}  // namespace rev_script_merge

namespace rev_script_top {
using namespace capo;
static void upgrade(Operations& op) {
  op.create_check_constraint("s_positive", "s", SqlText("x > 0"));
  op.drop_column("t", "a");
}
static void downgrade(Operations& op) {
  op.add_column("t", Column("a", Integer(), {.nullable = false, .server_default = Literal{7}}));
  op.create_unique_constraint("t_a_r", "t", {"a", "r"});
  op.drop_constraint("s_positive", "s");
}
CAPO_REVISION(script_top, .down_revision = {"script_merge"});
}  // namespace rev_script_top

// What no history tells.
namespace rev_script_unknown {
using namespace capo;
static void make(Connection& db) { db.execute("CREATE TABLE computed (x integer)"); }
static void upgrade_in_words(Operations& op) {
  op.data_step("make a table", make,
               SqlText("SELECT 1; CREATE TABLE computed (x integer); SELECT 2"));
}
static void upgrade(Operations& op) {
  op.data_step("make a table", make);
  op.execute("CREATE VIRTUAL TABLE odd USING no_such_module(x)");
}
static void downgrade(Operations& op) { op.drop_table("computed"); }
CAPO_REVISION(script_unknown, .down_revision = {"root"});

static void change_computed(Operations& op) {
  op.alter_column("computed", "x", {.nullable = false});
}
static void change_odd(Operations& op) { op.alter_column("odd", "x", {.nullable = false}); }
static void change_missing(Operations& op) { op.drop_column("t", "missing"); }
}  // namespace rev_script_unknown

namespace rev_script_after {
static void upgrade(capo::Operations&) {}
static void downgrade(capo::Operations&) {}
CAPO_REVISION(script_after, .down_revision = {"script_unknown"});
}  // namespace rev_script_after

namespace capo::runtime {
namespace {

constexpr const char* kRoot =
    "-- root\n--\n-- Revision ID: root\n-- Revises:\n\n-- capo:upgrade\n"
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, /* kept */ b text);\n"
    "CREATE INDEX t_b ON t (b) WHERE b IS NOT NULL;\n"
    "INSERT INTO t VALUES (1, 10, 'x'), (5, 11, NULL);\n"
    "-- capo:downgrade\nDROP TABLE t;\n";
constexpr const char* kRight =
    "-- right\n--\n-- Revision ID: right\n-- Revises: root\n\n-- capo:upgrade\n"
    "ALTER TABLE t ADD COLUMN r integer;\nUPDATE t SET r = id;\n"
    "CREATE TABLE r (x integer);\nINSERT INTO r VALUES (3);\n"
    "-- capo:downgrade\nDROP TABLE r;\nALTER TABLE t DROP COLUMN r;\n";

const CompiledRevision kTable[] = {
    {nullptr, "aa", kRoot, "versions/root.sql", {}, "root\n\n\n\n\n"},
    {&rev_script_left::capo_revision_script_left, "bb", {}, "versions/left.cpp", {}},
    {nullptr, "cc", kRight, "versions/right.sql", {}, "right\nroot\n\n\n\n"},
    {&rev_script_merge::capo_revision_script_merge, "dd", {}, "versions/merge.cpp", {}},
    {&rev_script_top::capo_revision_script_top, "ee", {}, "versions/top.cpp", {}},
};

class SqliteScript : public testing::Test {
 protected:
  explicit SqliteScript(Revisions revisions = {kTable, std::size(kTable)})
      : scripts(revisions, {}) {}

  Migration migration() {
    dialect::ConnectOptions connect;
    connect.database = scratch.at("db.sqlite");
    return {scripts, *dialect::find_dialect("sqlite"), connect, options, log, clock, stop};
  }
  std::string up(std::string_view range) {
    return upgrade_script(scripts, *dialect::find_dialect("sqlite"), options, range);
  }
  std::string down(std::string_view range) {
    return downgrade_script(scripts, *dialect::find_dialect("sqlite"), options, range);
  }
  std::string up_from(std::span<const CompiledRevision> table, std::string_view range) {
    const script::ScriptDirectory directory(Revisions{table.data(), table.size()}, {});
    return upgrade_script(directory, *dialect::find_dialect("sqlite"), options, range);
  }
  /// As people run it.
  void feed(const std::string& script) {
    const test::Outcome outcome = test::run({.argv = {"sqlite3", "-bail", scratch.at("db.sqlite")},
                                             .env = test::basic_environment(scratch.path()),
                                             .input = script});
    ASSERT_NE(outcome.exit_code, 127) << "install the package sqlite3";
    ASSERT_EQ(outcome.err, "") << script;
  }
  /// The database at `from`; then what `change` makes of it.
  template <typename Action>
  std::string after(const std::string& from, Action&& change) {
    database->reset();
    if (!from.empty()) migration().upgrade(from);
    change();
    return database->dump();
  }

  test::Scratch scratch{"sqlite_script"};
  std::unique_ptr<test::Database> database = test::make_sqlite(scratch.path());
  script::ScriptDirectory scripts;
  Options options = {};
  Log log = {};
  base::RealClock clock = {};
  StopFlag stop{0};
};

// For all that a revision changes of it, and not across two revisions.
TEST_F(SqliteScript, ATableIsMadeAnewOnce) {
  const std::string script = up("right:script_top");
  const auto count = [&](const std::string& text) {
    std::size_t found = 0;
    for (std::size_t at = script.find(text); at != std::string::npos;
         at = script.find(text, at + 1)) {
      ++found;
    }
    return found;
  };
  EXPECT_EQ(count("-- the table t is made anew: alter column t.a: not null, default\n"), 1U);
  EXPECT_EQ(
      count("-- the table t is made anew: add unique constraint t_a_r on t; alter column t.r: "
            "type\n"),
      1U)
      << script;
  EXPECT_EQ(count("-- the table t is made anew: drop column t.a\n"), 1U);
  EXPECT_EQ(count("the table t is made anew:"), 3U);
}

TEST_F(SqliteScript, DoesWhatTheRunDoesFromAnywhereUp) {
  for (const std::string from :
       {"", "root", "script_left", "right", "script_merge", "script_top"}) {
    for (const std::string to : {"script_left", "right", "script_merge", "script_top"}) {
      SCOPED_TRACE(from + ":" + to);
      const std::string script = up(from + ":" + to);
      const std::string run = after(from, [&] { migration().upgrade(to); });
      EXPECT_EQ(after(from, [&] { feed(script); }), run) << script;
    }
  }
}

TEST_F(SqliteScript, AndDown) {
  for (const std::string range :
       {"script_top:script_merge", "script_top:script_left", "script_top:base",
        "script_merge:script_left", "script_merge:root", "script_merge:base", "script_left:root",
        "right:root"}) {
    SCOPED_TRACE(range);
    const std::string from = range.substr(0, range.find(':'));
    const std::string to = range.substr(range.find(':') + 1);
    const std::string script = down(range);
    const std::string run = after(from, [&] { migration().downgrade(to); });
    EXPECT_EQ(after(from, [&] { feed(script); }), run) << script;
  }
}

TEST_F(SqliteScript, WhatNoHistoryTells) {
  Revision after = rev_script_after::capo_revision_script_after;
  const CompiledRevision table[] = {
      kTable[0],
      {&rev_script_unknown::capo_revision_script_unknown, "bb", {}, "versions/unknown.cpp", {}},
      {&after, "cc", {}, "versions/after.cpp", {}},
  };
  const struct {
    void (*upgrade)(Operations&);
    std::string told;
  } cases[] = {
      {rev_script_unknown::change_computed,
       "there is no table computed\nhint: a table that a data step makes is known only if the step "
       "has SQL for --sql; and with --sql there is only what the revisions make"},
      {rev_script_unknown::change_odd,
       "what the table odd is cannot be told beforehand: SQLite refuses a statement about it (no "
       "such module: no_such_module)\nCREATE VIRTUAL TABLE odd USING no_such_module(x)"},
      {rev_script_unknown::change_missing, "the table t has no column missing"},
  };
  for (const auto& item : cases) {
    after.upgrade = item.upgrade;
    EXPECT_EQ(failure([&] { up_from(table, "script_unknown:head"); }),
              "versions/after.cpp: revision script_after, in upgrade(): " + item.told);
  }
}

TEST_F(SqliteScript, TheSqlOfADataStepTells) {
  Revision known = rev_script_unknown::capo_revision_script_unknown;
  known.upgrade = rev_script_unknown::upgrade_in_words;
  Revision after = rev_script_after::capo_revision_script_after;
  after.upgrade = rev_script_unknown::change_computed;
  const CompiledRevision table[] = {
      kTable[0],
      {&known, "bb", {}, "versions/known.cpp", {}},
      {&after, "cc", {}, "versions/after.cpp", {}},
  };
  for (const char* range : {"script_unknown:head", "head"}) {
    EXPECT_NE(up_from(table, range).find("the table computed is made anew"), std::string::npos)
        << range;
  }
}

}  // namespace
}  // namespace capo::runtime
