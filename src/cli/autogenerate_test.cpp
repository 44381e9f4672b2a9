// Commands that compare the models of a program with a database: here SQLite, in a file.

#include "cli/autogenerate.hpp"

#include <gtest/gtest.h>

#include "capo/operation.hpp"
#include "cli/revision_body.hpp"
#include "cli/testing.hpp"
#include "support/scratch.hpp"

namespace capo::cli {
namespace {

MetaData models() {
  return {.tables = {Table("users", {Column("id", Integer(), {.primary_key = true}),
                                     Column("full_name", Text())})}};
}

class Autogenerate : public ::testing::Test {
 protected:
  Autogenerate() {
    compiled_.models = models;
    project_.compiled = &compiled_;
    project_.files.write("/project/alembic.ini", "[alembic]\nscript_location = .\n");
    project_.environment["DATABASE_URL"] = "sqlite:///" + path_;
  }

  void in_database(std::string_view sql) {
    dialect::find_dialect("sqlite")->connect({.database = path_})->query(sql);
  }

  testing::Answer run(const std::vector<std::string>& words, std::deque<std::string> typed = {},
                      bool interactive = true) {
    base::MemoryTerminal terminal;
    terminal.interactive = interactive;
    terminal.typed = std::move(typed);
    World world{project_.files, project_.clock,       project_.random,  project_.processes,
                terminal,       project_.environment, project_.compiled};
    Interrupts interrupts;
    const int code = cli::run(words, world, interrupts);
    return {code, terminal.out, terminal.error};
  }

  std::string written(const std::vector<std::string>& more, std::deque<std::string> typed = {}) {
    std::vector<std::string> words = {"--color", "never",  "revision", "--autogenerate",
                                      "-m",      "change", "--rev-id", "001"};
    words.insert(words.end(), more.begin(), more.end());
    answer_ = run(words, std::move(typed));
    EXPECT_EQ(answer_.code, 0) << answer_.error;
    const bool sql =
        project_.files.kind("/project/versions/001_change.sql") == base::FileKind::kFile;
    const std::string path = std::string("/project/versions/001_change.") + (sql ? "sql" : "cpp");
    return project_.files.read_if_exists(path).value_or("nothing");
  }

  test::Scratch scratch_{"autogenerate"};
  std::string path_ = scratch_.at("test.db");
  testing::Project project_ = {};
  Project compiled_ = {};
  testing::Answer answer_ = {};
};

TEST_F(Autogenerate, WritesWhatTheModelsHave) {
  const std::string text = written({"--kind", "cpp"});
  EXPECT_NE(text.find("  op.create_table(\"users\", {{\"id\", Integer()"), std::string::npos)
      << text;
  EXPECT_NE(text.find("  op.drop_table(\"users\");"), std::string::npos) << text;
}

TEST_F(Autogenerate, AsksForALikelyRenaming) {
  in_database("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT)");
  const std::string text = written({"--kind", "sql"}, {"perhaps", "yes"});
  const std::string question = "Is column users.full_name the column name under a new name? [y/N] ";
  EXPECT_NE(answer_.error.find(question + question), std::string::npos) << answer_.error;
  EXPECT_NE(text.find("RENAME COLUMN name TO full_name"), std::string::npos) << text;
  EXPECT_EQ(text.find("DESTROYS"), std::string::npos) << text;
}

TEST_F(Autogenerate, TakesNoForAnAnswerAndTheEndOfTheInputToo) {
  for (const std::deque<std::string>& typed : {std::deque<std::string>{"n"}, {}}) {
    in_database("DROP TABLE IF EXISTS users");
    in_database("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name TEXT)");
    const std::string text = written({"--kind", "cpp"}, typed);
    EXPECT_NE(text.find("  // DESTROYS DATA: the values of users.name are lost\n"
                        "  // Renamed? users.name goes and users.full_name comes"),
              std::string::npos)
        << text;
    EXPECT_NE(answer_.error.find("1 of 2 operations destroy data"), std::string::npos);
    project_.files.remove("/project/versions/001_change.cpp");
  }
}

TEST_F(Autogenerate, LetsTheProgramHaveItsSay) {
  in_database("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, full_name TEXT)");
  in_database("CREATE TABLE other (x INTEGER)");
  EXPECT_EQ(run({"check"}, {}, false).code, 1);
  compiled_.rewrite = [](List<Operation>& operations) {
    EXPECT_EQ(operations.size(), 1U);
    operations = {ExecuteSql{.text = "ALTER TABLE other RENAME TO attic_other"}};
  };
  const std::string text = written({"--kind", "cpp"});
  EXPECT_NE(text.find("  op.execute(\"ALTER TABLE other RENAME TO attic_other\");"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  // Nothing takes this back: execute SQL"), std::string::npos) << text;
  project_.files.remove("/project/versions/001_change.cpp");
  compiled_.rewrite = [](List<Operation>& operations) { operations.clear(); };
  EXPECT_EQ(run({"check"}, {}, false).out, "No new upgrade operations detected.\n");
  EXPECT_EQ(written({}), "nothing");
  compiled_.rewrite = nullptr;
  compiled_.include_name = [](ObjectKind, std::string_view, std::string_view name) {
    return name != "other";
  };
  EXPECT_EQ(run({"check"}, {}, false).out, "No new upgrade operations detected.\n");
}

TEST_F(Autogenerate, RefusesModelsThatContradictThemselves) {
  const struct {
    MetaData (*models)();
    std::string error;
  } cases[] = {
      {[] {
         return MetaData{.tables = {Table("a", {Column("b_id", Integer())},
                                          {.foreign_keys = {{{"b_id"}, "b", {"id"}}}})}};
       },
       "the foreign key of a over b_id refers to a table that is not there: b"},
      {[] {
         return MetaData{
             .tables = {Table("a", {Column("x", Text())}), Table("a", {Column("x", Text())})}};
       },
       "table a has the name of another: table a"},
  };
  for (const auto& [broken, error] : cases) {
    compiled_.models = broken;
    for (const char* command : {"check", "revision"}) {
      std::vector<std::string> words = {command};
      if (words[0] == "revision") words.emplace_back("--autogenerate");
      const auto answer = run(words, {}, false);
      EXPECT_EQ(answer.code, 1);
      EXPECT_NE(answer.error.find("FAILED: " + error), std::string::npos) << answer.error;
      EXPECT_NE(answer.error.find("DETAIL: in the models of this program"), std::string::npos)
          << answer.error;
    }
  }
  EXPECT_EQ(project_.files.kind("/project/versions"), base::FileKind::kNone);
  EXPECT_FALSE(test::file_exists(path_));
}

TEST(RevisionBody, SaysWhatNothingTakesBack) {
  const autogenerate::Difference difference{
      .steps = {{.operation = AddEnumValue{.type = "kind", .value = "b"}},
                {.operation = DropColumn{.table = "t", .column = "x", .was = Column("x", Text())},
                 .notes = {{.text = "a\\"}}}}};
  const RevisionBody cpp = cpp_body(difference, {});
  EXPECT_EQ(cpp.upgrades,
            "op.add_enum_value(\"kind\", \"b\");\n// DESTROYS DATA: a/\n"
            "op.drop_column(\"t\", \"x\");\n");
  EXPECT_EQ(cpp.downgrades,
            "op.add_column(\"t\", {\"x\", Text()});\n"
            "// Nothing takes this back: add value b to enum kind\n");
  const RevisionBody sql = sql_body(difference, *dialect::find_dialect("postgresql"), {});
  EXPECT_EQ(sql.upgrades,
            "ALTER TYPE kind ADD VALUE 'b';\n\n-- DESTROYS DATA: a\\\n"
            "ALTER TABLE t DROP COLUMN x;\n");
  EXPECT_EQ(sql.downgrades,
            "-- Nothing takes this back: add value b to enum kind\nALTER TABLE t ADD COLUMN x "
            "text;\n");
}

TEST(RevisionBody, RefusesInSqlWhatMustRunAlone) {
  const autogenerate::Difference difference{
      .steps = {{.operation =
                     CreateIndex{.table = "t", .index = Index("i", {"x"}), .concurrently = true}}}};
  EXPECT_THROW(sql_body(difference, *dialect::find_dialect("postgresql"), {}), Error);
  EXPECT_NE(cpp_body(difference, {}).upgrades.find(".concurrently = true"), std::string::npos);
}

}  // namespace
}  // namespace capo::cli
