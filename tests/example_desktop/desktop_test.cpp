// The notes program: whatever file it is given, no note is lost.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/database.hpp"
#include "support/process.hpp"
#include "support/scratch.hpp"

namespace capo::test {
namespace {

constexpr const char* kFirstVersion =
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,"
    " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));"
    "INSERT INTO alembic_version VALUES ('001');"
    "INSERT INTO notes VALUES (3, 'buy strings'), (7, 'tune')";

constexpr const char* kToSecond = "Running upgrade 001 -> 002, every note once\n";

class Desktop : public testing::Test {
 protected:
  Launch notes(std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {NOTES, scratch_.at("notes.db")});
    return {.argv = std::move(arguments), .env = basic_environment(scratch_.path())};
  }
  bool has(const std::string& file) const { return std::filesystem::exists(scratch_.at(file)); }
  static std::string version(Database& file) {
    return file.value("SELECT version_num FROM alembic_version");
  }

  Scratch scratch_ = Scratch("desktop");
  // Neither is there yet.
  std::unique_ptr<Database> file_ = make_sqlite(scratch_.path(), "notes.db");
  std::unique_ptr<Database> backup_ = make_sqlite(scratch_.path(), "notes.db.backup");
};

TEST_F(Desktop, AFreshFileNeedsNoBackup) {
  const Outcome first = run(notes({"it's new"}));
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(first.out, "Running upgrade  -> 001, notes\n" + std::string(kToSecond) + "it's new\n");
  const Outcome second = run(notes());
  EXPECT_EQ(second.out, "it's new\n") << second.err;
  EXPECT_FALSE(has("notes.db.backup"));
}

TEST_F(Desktop, AnOldFileIsBackedUpAndMigrated) {
  file_->script(kFirstVersion);
  backup_->script("CREATE TABLE the_one_before (x)");
  const Outcome outcome = run(notes({"sing"}));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, std::string(kToSecond) + "buy strings\ntune\nsing\n");
  EXPECT_EQ(version(*file_), "002");
  EXPECT_EQ(version(*backup_), "001");
  EXPECT_EQ(backup_->column("SELECT id FROM notes"), (std::vector<std::string>{"3", "7"}));
  EXPECT_FALSE(has("notes.db.unfinished"));
  // Nothing is pending now.
  std::filesystem::remove(scratch_.at("notes.db.backup"));
  EXPECT_EQ(run(notes()).out, "buy strings\ntune\nsing\n");
  EXPECT_FALSE(has("notes.db.backup"));
}

TEST_F(Desktop, ANewerFileIsLeftAlone) {
  file_->script(std::string(kFirstVersion) + "; UPDATE alembic_version SET version_num = '003'");
  const std::string before = file_->dump();
  const Outcome outcome = run(notes({"sing"}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(
      outcome.err,
      "notes: this program needs the database at revision 002, which is at 003\n\n"
      "this program does not know 003: a newer one has migrated the database; run that one\n");
  EXPECT_EQ(file_->dump(), before);
  EXPECT_FALSE(has("notes.db.backup"));
}

TEST_F(Desktop, AFailingMigrationChangesNothing) {
  file_->script(std::string(kFirstVersion) + "; INSERT INTO notes VALUES (8, 'tune')");
  const std::string before = file_->dump();
  const Outcome outcome = run(notes({"sing"}));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("UNIQUE constraint failed: notes.text"), std::string::npos)
      << outcome.err;
  EXPECT_NE(outcome.err.find("Nothing was changed: the database is still at 001."),
            std::string::npos)
      << outcome.err;
  EXPECT_EQ(file_->dump(), before);
  EXPECT_EQ(backup_->dump(), before);
}

TEST_F(Desktop, WithoutABackupNothingIsMigrated) {
  file_->script(kFirstVersion);
  const std::string before = file_->dump();
  // In the way, and not to be removed.
  std::filesystem::create_directories(scratch_.at("notes.db.unfinished/full"));
  const Outcome outcome = run(notes());
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(file_->dump(), before);
}

TEST_F(Desktop, TwoAtOnce) {
  for (int times = 0; times < 5; ++times) {
    file_->reset();
    backup_->reset();
    file_->script(kFirstVersion);
    Process one(notes({"one"}));
    Process two(notes({"two"}));
    const Outcome first = one.wait();
    const Outcome second = two.wait();
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(second.exit_code, 0) << second.err;
    EXPECT_NE(first.out.starts_with(kToSecond), second.out.starts_with(kToSecond));
    EXPECT_EQ(file_->value("SELECT count(*) FROM notes"), "4");
    EXPECT_EQ(version(*backup_), "001");
  }
}

TEST_F(Desktop, RubbishIsRefused) {
  std::filesystem::create_directory(scratch_.at("notes.db"));
  const Outcome outcome = run(notes());
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("unable to open database file"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace capo::test
