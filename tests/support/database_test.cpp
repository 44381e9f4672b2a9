// What the tests see of a database: two databases with one difference must not look the same.

#include "support/database.hpp"

#include <gtest/gtest.h>

#include "support/scratch.hpp"

namespace capo::test {
namespace {

class DatabaseUnderTest : public testing::TestWithParam<const char*> {
 protected:
  DatabaseUnderTest()
      : scratch_("database"), database_(make_database(GetParam(), scratch_.path())) {}

  bool is_postgresql() const { return database_->kind() == "postgresql"; }

  Scratch scratch_;
  std::unique_ptr<Database> database_;
};

constexpr const char* kBase =
    "CREATE TABLE parent (id integer PRIMARY KEY, name varchar(10));"
    "CREATE TABLE child (id integer, parent_id integer REFERENCES parent (id));"
    "CREATE INDEX child_parent ON child (parent_id);"
    "CREATE VIEW both_sides AS SELECT name FROM parent JOIN child ON parent.id = parent_id;"
    "INSERT INTO parent VALUES (1, 'one'), (2, NULL);";

TEST_P(DatabaseUnderTest, DumpSeesEachDifference) {
  database_->script(kBase);
  std::vector<std::string> dumps{database_->dump()};
  std::vector<std::string> changes = {
      "INSERT INTO parent VALUES (3, 'NULL')",
      "UPDATE parent SET name = '' WHERE id = 2",
      "DELETE FROM parent",
      "DROP INDEX child_parent",
      "DROP VIEW both_sides",
      "ALTER TABLE child ADD COLUMN extra integer",
      "ALTER TABLE child RENAME COLUMN id TO number",
      "CREATE UNIQUE INDEX parent_name ON parent (name)",
      "CREATE TABLE empty (id integer)",
  };
  if (is_postgresql()) {
    changes.insert(
        changes.end(),
        {
            "ALTER TABLE child ALTER COLUMN id SET NOT NULL",
            "ALTER TABLE child ALTER COLUMN id TYPE bigint",
            "ALTER TABLE child ALTER COLUMN id SET DEFAULT 7",
            "ALTER TABLE child ADD CHECK (id > 0)",
            "ALTER TABLE child ADD CHECK (id > 0) NOT VALID",
            "ALTER TABLE child ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE child ENABLE ROW LEVEL SECURITY; ALTER TABLE child FORCE ROW LEVEL "
            "SECURITY",
            "CREATE POLICY mine ON child USING (id = 1)",
            "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "CREATE TYPE mood AS ENUM ('glad')",
            "CREATE SEQUENCE counter",
            "CREATE SCHEMA other; CREATE TABLE other.parent (id integer)",
            "COMMENT ON TABLE parent IS 'x'",
            "COMMENT ON COLUMN parent.name IS 'x'",
        });
  }
  for (const std::string& change : changes) {
    database_->reset();
    database_->script(kBase);
    EXPECT_EQ(database_->dump(), dumps[0]) << "not the same twice";
    database_->script(change);
    const std::string dump = database_->dump();
    EXPECT_EQ(std::count(dumps.begin(), dumps.end(), dump), 0) << change << "\n" << dump;
    dumps.push_back(dump);
  }
}

TEST_P(DatabaseUnderTest, DumpLeavesOutWhatIsCaposAlone) {
  database_->script("CREATE TABLE t (id integer)");
  const std::string before = database_->dump();
  database_->script(
      "CREATE TABLE capo_journal (id integer PRIMARY KEY); INSERT INTO capo_journal VALUES (1)");
  EXPECT_EQ(database_->dump(), before);
  database_->reset();
  EXPECT_FALSE(database_->has_table("t"));
  EXPECT_FALSE(database_->has_table("capo_journal"));
}

TEST_P(DatabaseUnderTest, QueriesAndErrors) {
  EXPECT_TRUE(database_->versions().empty());
  database_->script(
      "CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES "
      "('b'), ('a')");
  EXPECT_EQ(database_->versions(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(to_text(database_->query("SELECT 1, NULL, 'x'")), "1|NULL|x\n");
  EXPECT_THROW(database_->value("SELECT version_num FROM alembic_version"), DatabaseError);
  EXPECT_THROW(database_->query("SELECT nothing"), DatabaseError);
  EXPECT_THROW(database_->script("SELECT nothing"), DatabaseError);
  // What a script leaves open is undone.
  database_->script("BEGIN; DELETE FROM alembic_version");
  EXPECT_EQ(database_->versions().size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(, DatabaseUnderTest, testing::Values("sqlite", "postgresql"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace capo::test
