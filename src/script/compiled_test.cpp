#include "script/compiled.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "base/text.hpp"
#include "capo/migration.hpp"
#include "operation/operation.hpp"
#include "script/sql_file.hpp"
#include "script/testing.hpp"

// Revisions as CAPO_REVISION and the generated table make them.

namespace rev_000 {
static void upgrade(capo::Operations& op) {
  op.create_table("items", {capo::Column("id", capo::Integer())});
  op.execute("SELECT '" + op.argument("admin").value_or("nobody") + "', '" +
             std::string(op.dialect()) + "'");
}
static void downgrade(capo::Operations& op) { op.drop_table("items"); }
CAPO_REVISION(000, .message = "items", .create_date = "2026-11-22", .loses_data = "a.b, notes");
}  // namespace rev_000

namespace rev_odd {
static void upgrade(capo::Operations& op) { op.execute("VACUUM"); }
static void downgrade(capo::Operations&) { throw std::runtime_error("there is no way back"); }
// On one line: of a call over several, GCC tells the first one and Clang the last.
// clang-format off
CAPO_REVISION(odd_id, .id = "odd.id", .down_revision = {"000"}, .branch_labels = {"shop"}, .depends_on = {"000"}, .message = "odd", .transactional = false);
// clang-format on
}  // namespace rev_odd

namespace rev_bad {
static void upgrade(capo::Operations& op) { op.create_table("", {}); }
static void downgrade(capo::Operations&) { throw 1; }
CAPO_REVISION(bad, .down_revision = {"odd.id"});
}  // namespace rev_bad

namespace capo::script {
namespace {

using revision::Direction;

constexpr std::string_view kSql =
    "-- seed\n--\n-- Revision ID: 003\n-- Revises: bad\n\n-- capo:upgrade\nSELECT 1;\n";

const CompiledRevision kTable[] = {
    {&rev_000::capo_revision_000, "aa", {}, "alembic/versions/000_items.cpp", "items\n\nand more"},
    {&rev_odd::capo_revision_odd_id, "bb", {}, "alembic/versions/odd.cpp", {}},
    {&rev_bad::capo_revision_bad, "cc", {}, "alembic/versions/bad.cpp", {}},
    {nullptr, "dd", kSql, "alembic/versions/003_seed.sql", {}, "003\nbad\n\n\n\nseed"},
    {nullptr, {}, {}, "alembic/versions/004.py", {}, "004\n003\n\n\n\nold"},
};
constexpr Revisions kRevisions = {kTable, 5};

ScriptDirectory open(DirectoryOptions options = {}) {
  return ScriptDirectory(kRevisions, std::move(options));
}

TEST(CompiledRevisions, AreReadFromTheConstants) {
  const ScriptDirectory directory = open({.root = "/project"});
  ASSERT_EQ(directory.graph().size(), 5);
  const Script odd = directory.script("odd.id");
  EXPECT_EQ(odd.revision.down_revisions, std::vector<std::string>{"000"});
  EXPECT_EQ(odd.revision.branch_labels, std::vector<std::string>{"shop"});
  EXPECT_EQ(odd.revision.depends_on, std::vector<std::string>{"000"});
  EXPECT_EQ(odd.path, "/project/alembic/versions/odd.cpp");
  EXPECT_EQ(odd.doc, "odd");
  EXPECT_EQ(directory.script("000").create_date, "2026-11-22");
  EXPECT_EQ(directory.script("000").doc, "items\n\nand more");
  EXPECT_EQ(to_string(directory.script("000").kind), "cpp");
  EXPECT_EQ(to_string(directory.script("003").kind), "sql");
  EXPECT_EQ(to_string(directory.script("004").kind), "python");
  EXPECT_TRUE(directory.has_cpp());
  EXPECT_EQ(open().script("000").path, "alembic/versions/000_items.cpp");
}

TEST(CompiledRevisions, SayWhatTheyDoNotBringBack) {
  using Names = std::vector<std::string>;
  const ScriptDirectory directory = open();
  EXPECT_EQ(directory.script("000").loses_data, Names({"a.b", "notes"}));
  EXPECT_EQ(directory.script("odd.id").loses_data, Names());
  EXPECT_TRUE(directory.has_downgrade("000"));
  constexpr std::string_view kLosing =
      "-- Revision ID: 1\n-- Loses Data: items\n\n-- capo:upgrade\nSELECT 1;\n";
  const CompiledRevision table[] = {{nullptr, "dd", kLosing, "v/1.sql", {}, "1\n\n\n\n\n"}};
  const ScriptDirectory sql(Revisions{table, 1}, {});
  EXPECT_EQ(sql.script("1").loses_data, Names({"items"}));
  EXPECT_FALSE(sql.has_downgrade("1"));
}

TEST(CompiledRevisions, ChecksumsAreTheTables) {
  const ScriptDirectory directory = open();
  EXPECT_EQ(directory.checksum("000"), "aa");
  EXPECT_EQ(directory.checksum("003"), "dd");
  EXPECT_EQ(directory.checksum("004"), std::nullopt);
  EXPECT_EQ(directory.content("000", Direction::kUpgrade, "sqlite").checksum, "aa");
}

TEST(CompiledRevisions, AFunctionIsCalledWithDatabaseAndArguments) {
  const ScriptDirectory directory =
      open({.arguments = {{"admin", "ada"}, {"admin", "eve"}}, .root = "/project"});
  const Content content = directory.content("000", Direction::kUpgrade, "sqlite");
  ASSERT_EQ(content.operations.size(), 2u);
  const ExecuteSql* sql = operation::if_sql(content.operations[1]);
  ASSERT_NE(sql, nullptr);
  EXPECT_EQ(sql->text, "SELECT 'eve', 'sqlite'");
  EXPECT_TRUE(sql->transactional);
  EXPECT_TRUE(content.transactional);
  EXPECT_EQ(to_string(sql->origin), "/project/alembic/versions/000_items.cpp:19:1");
}

TEST(CompiledRevisions, OutsideATransaction) {
  const Content content = open().content("odd.id", Direction::kUpgrade, "sqlite");
  EXPECT_FALSE(content.transactional);
  EXPECT_FALSE(operation::if_sql(content.operations.at(0))->transactional);
}

TEST(CompiledRevisions, SqlComesFromTheEmbeddedText) {
  const Content content = open().content("003", Direction::kUpgrade, "sqlite");
  ASSERT_EQ(content.operations.size(), 1u);
  EXPECT_EQ(operation::if_sql(content.operations[0])->text, "SELECT 1;\n");
  EXPECT_EQ(content.checksum, sql_checksum(kSql, ""));
}

TEST(CompiledRevisions, WhatGoesWrongSaysWhereAndInWhich) {
  const ScriptDirectory directory = open();
  const struct {
    std::string_view id;
    Direction direction;
    std::string_view error;
  } cases[] = {
      {"odd.id", Direction::kDowngrade,
       "alembic/versions/odd.cpp:31: revision odd.id, in downgrade(): there is no way back"},
      {"bad", Direction::kDowngrade,
       "alembic/versions/bad.cpp:38: revision bad, in downgrade() threw what is no "
       "std::exception"},
      {"bad", Direction::kUpgrade,
       "alembic/versions/bad.cpp:38: revision bad, in upgrade(): a table has no name"},
      {"004", Direction::kUpgrade,
       "alembic/versions/004.py: revision 004 is written in Python: capo reads the headers of "
       "Alembic's revisions, but cannot run them\nhint: run this step with `alembic upgrade 004`, "
       "or replace the file by a SQL revision with the same `Revision ID:`"},
  };
  for (const auto& [id, direction, error] : cases) {
    EXPECT_EQ(failure([&] { directory.content(id, direction, "sqlite"); }), error) << id;
  }
}

TEST(CompiledRevisions, AnIdThatIsThereTwice) {
  const CompiledRevision twice[] = {kTable[0],
                                    {&rev_000::capo_revision_000, "aa", {}, "b.cpp", {}}};
  EXPECT_EQ(failure([&] {
              ScriptDirectory(Revisions{twice, 2}, {});
            }),
            "b.cpp: Revision 000 is present more than once\n"
            "The first is in alembic/versions/000_items.cpp.\n"
            "hint: give one of the two another id, or remove it");
}

TEST(CompiledRevisions, NoneAtAll) {
  EXPECT_TRUE(ScriptDirectory(Revisions{}, {}).graph().empty());
}

}  // namespace
}  // namespace capo::script
