#include "script/directory.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "script/testing.hpp"

namespace capo::script {
namespace {

using revision::Direction;

std::string sql(std::string_view id, std::string_view revises = {}) {
  return "-- message of " + std::string(id) + "\n-- Revision ID: " + std::string(id) +
         "\n-- Revises: " + std::string(revises) + "\n-- capo:upgrade\nCREATE TABLE t_" +
         std::string(id) + " (x integer);\n-- capo:downgrade\nDROP TABLE t_" + std::string(id) +
         ";\n";
}

std::string python(std::string_view id, std::string_view revises) {
  return "\"\"\"doc\"\"\"\nrevision = '" + std::string(id) +
         "'\ndown_revision = " + std::string(revises) + "\n";
}

std::string ids(const ScriptDirectory& directory) {
  std::vector<std::string> list;
  for (const Script& script : directory.scripts()) list.push_back(script.revision.id);
  return base::join(list, " ");
}

class ScriptDirectoryTest : public testing::Test {
 protected:
  ScriptDirectoryTest() { files_.create_directories("alembic/versions"); }
  void put(std::string_view path, std::string_view text) { files_.write(std::string(path), text); }
  ScriptDirectory open() const { return ScriptDirectory(files_, options_); }
  std::string open_failure() const {
    return failure([&] { open(); });
  }

  base::MemoryFileSystem files_{"/project"};
  DirectoryOptions options_{.script_location = "alembic"};
};

TEST_F(ScriptDirectoryTest, Empty) {
  const ScriptDirectory directory = open();
  EXPECT_TRUE(directory.graph().empty());
  EXPECT_EQ(directory.locations(), std::vector<std::string>{"/project/alembic/versions"});
}

TEST_F(ScriptDirectoryTest, LoadsInOrderOfFileNames) {
  put("alembic/versions/b.sql", sql("1"));
  put("alembic/versions/a.py", python("3", "'2'"));
  put("alembic/versions/B.sql", sql("2", "1"));
  const ScriptDirectory directory = open();
  EXPECT_EQ(ids(directory), "2 3 1");
  for (revision::Node node = 0; node < directory.graph().size(); ++node) {
    EXPECT_EQ(directory.graph().id(node),
              directory.scripts()[static_cast<std::size_t>(node)].revision.id);
  }
  EXPECT_EQ(directory.script("2").path, "/project/alembic/versions/B.sql");
  EXPECT_EQ(directory.script("3").kind, ScriptKind::kPython);
  EXPECT_EQ(failure([&] { directory.script("x"); }), "Can't locate revision identified by 'x'");
}

TEST_F(ScriptDirectoryTest, SkipsWhatIsNoRevision) {
  put("alembic/versions/a.sql", sql("1"));
  for (const std::string_view name :
       {"__init__.py", "__init__.sql", ".#a.sql", "._a.sql", "a.sql~", "a.pyc", "a.txt", "README",
        "__pycache__/x.py", "deep/b.sql"}) {
    put("alembic/versions/" + std::string(name), sql("bad"));
  }
  put("alembic/versions/data.sql", "SELECT 1;\n");
  files_.create_directories("alembic/versions/d.sql");
  EXPECT_EQ(ids(open()), "1");
}

TEST_F(ScriptDirectoryTest, WalksDirectories) {
  options_.recursive = true;
  put("alembic/versions/z.sql", sql("1"));
  put("alembic/versions/b/x.sql", sql("4"));
  put("alembic/versions/a/y.sql", sql("2"));
  put("alembic/versions/a/x/z.sql", sql("3"));
  put("alembic/versions/__pycache__/y.sql", sql("no"));
  EXPECT_EQ(ids(open()), "1 2 3 4");
}

TEST_F(ScriptDirectoryTest, SeveralLocations) {
  put("other/a.sql", sql("1"));
  put("alembic/versions/b.sql", sql("2", "1"));
  options_.version_locations = {"/project/alembic/versions", "./other", "other/../other",
                                "alembic/versions/"};
  EXPECT_EQ(ids(open()), "2 1");
  options_.recursive = true;
  options_.version_locations = {"alembic", "alembic/versions", "other"};
  EXPECT_EQ(ids(open()), "2 1");
}

TEST_F(ScriptDirectoryTest, LocationsThatAreNotThere) {
  options_.version_locations = {"alembic/versions", "nowhere"};
  EXPECT_EQ(open_failure(),
            "there is no directory /project/nowhere to read revisions from\n"
            "hint: `capo init` makes a new project; in one that has no revisions yet, make the "
            "directory; otherwise see script_location and version_locations in the ini file");
  options_.locations_may_be_missing = true;
  EXPECT_EQ(open_failure(), "no error");
  put("file", "");
  options_.version_locations = {"file"};
  EXPECT_EQ(open_failure(), "the version location /project/file is a file, not a directory");
}

TEST_F(ScriptDirectoryTest, LongHeaders) {
  std::string text = sql("1");
  text.insert(0, "-- long\n" + base::replace_all(std::string(300, 'x'), "x", "-- more text\n"));
  put("alembic/versions/a.sql", text);
  put("alembic/versions/b.py", "# " + std::string(5000, 'x') + "\n" + python("2", "'1'"));
  put("alembic/versions/c.sql", sql("3", "2") + std::string(5000, '\n'));
  put("alembic/versions/d.sql", "SELECT\n" + std::string(5000, '\n') + ";\n");
  EXPECT_EQ(ids(open()), "1 2 3");
}

TEST_F(ScriptDirectoryTest, Errors) {
  put("alembic/versions/a.sql", sql("1"));
  put("alembic/versions/b.sql", sql("1"));
  EXPECT_EQ(open_failure(),
            "/project/alembic/versions/b.sql: Revision 1 is present more than once\n"
            "The first is in /project/alembic/versions/a.sql.\n"
            "hint: give one of the two files another `Revision ID:`, or remove it");
  put("alembic/versions/b.sql", "-- Revison ID: 2\n-- capo:upgrade\n");
  EXPECT_EQ(open_failure().substr(0, 74),
            "/project/alembic/versions/b.sql:1:4: unknown header key \"Revison ID\"\n | --");
  put("alembic/versions/b.sql", sql("2", "nowhere"));
  EXPECT_NE(open_failure().find("nowhere"), std::string::npos) << open_failure();
}

TEST_F(ScriptDirectoryTest, OperationsAndChecksums) {
  put("alembic/versions/a.sql", sql("1"));
  put("alembic/versions/b.py", python("2", "'1'"));
  put("alembic/versions/c.py", python("3", "None"));
  const ScriptDirectory directory = open();
  const auto up = directory.operations("1", Direction::kUpgrade, "sqlite");
  ASSERT_EQ(up.size(), 1U);
  EXPECT_EQ(operation::if_sql(up[0])->text, "CREATE TABLE t_1 (x integer);\n");
  EXPECT_EQ(
      operation::if_sql(directory.operations("1", Direction::kDowngrade, "sqlite").at(0))->text,
      "DROP TABLE t_1;\n");
  EXPECT_EQ(directory.checksum("1").value_or("").size(), 64U);
  EXPECT_EQ(directory.checksum("2"), std::nullopt);
  EXPECT_EQ(failure([&] { directory.operations("2", Direction::kUpgrade, "sqlite"); }),
            "/project/alembic/versions/b.py: revision 2 is written in Python: capo reads the "
            "headers of Alembic's "
            "revisions, but cannot run them\n"
            "hint: run this step with `alembic upgrade 2`, or replace the file by a SQL revision "
            "with the same `Revision ID:`");
  const auto hint_of_downgrade = [&](std::string_view id) {
    const std::string text =
        failure([&] { directory.operations(id, Direction::kDowngrade, "sqlite"); });
    return text.substr(text.find("hint"), 46);
  };
  EXPECT_EQ(hint_of_downgrade("2"), "hint: run this step with `alembic downgrade 1`");
  EXPECT_EQ(hint_of_downgrade("3"), "hint: run this step with `alembic downgrade ba");
}

TEST_F(ScriptDirectoryTest, FilesThatChangeAfterTheyWereFound) {
  const std::string much = "-- " + std::string(3000, 'x') + "\n";
  put("alembic/versions/a.sql", sql("1"));
  put("alembic/versions/b.sql", sql("2") + much);
  const ScriptDirectory directory = open();
  put("alembic/versions/a.sql", sql("3"));
  put("alembic/versions/b.sql", sql("4") + much);
  EXPECT_EQ(operation::if_sql(directory.operations("1", Direction::kUpgrade, "sqlite").at(0))->text,
            "CREATE TABLE t_1 (x integer);\n")
      << "a small file is what it was";
  EXPECT_EQ(
      failure([&] { directory.operations("2", Direction::kUpgrade, "sqlite"); }),
      "/project/alembic/versions/b.sql: the file of revision 2 was changed while capo was running\n"
      "hint: run the command again");
}

}  // namespace
}  // namespace capo::script
