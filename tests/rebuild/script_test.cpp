// The same as a script (--sql), read by the sqlite3 program as people do it: without -bail, so that
// nobody stops at an error.

#include <gtest/gtest.h>

#include "rebuild/look.hpp"
#include "support/process.hpp"
#include "support/scratch.hpp"

namespace capo::test {
namespace {

class Script : public testing::Test {
 protected:
  Script() { database_->script(rebuild_database(200)); }

  std::string path() const { return scratch_.at("db.sqlite"); }

  Outcome feed(const std::string& text) {
    const Outcome outcome = run(
        {.argv = {"sqlite3", path()}, .env = basic_environment(scratch_.path()), .input = text});
    EXPECT_NE(outcome.exit_code, 127) << "install the package sqlite3";
    return outcome;
  }

  Scratch scratch_ = Scratch("script");
  std::unique_ptr<Database> database_ = make_sqlite(scratch_.path());
};

TEST_F(Script, DoesWhatTheRunDoes) {
  const Look before = look(*database_);
  for (const Change& change : rebuild_changes()) {
    SCOPED_TRACE(change.name);
    database_->reset();
    database_->script(rebuild_database(200));
    const Outcome outcome =
        feed("PRAGMA foreign_keys = ON;\n" + script_of(path(), change.operations));
    EXPECT_EQ(outcome.err, "");
    expect_nothing_lost(*database_, before, change);
    const std::string scripted = database_->dump();
    database_->reset();
    database_->script(rebuild_database(200));
    carry_out(path(), change.operations);
    if (change.name != "add_column_with_expression") {
      EXPECT_EQ(database_->dump(), scripted);
    }
  }
}

// Somebody added a column by hand: it is not lost, although every statement of the script is read.
TEST_F(Script, LeavesAnotherTableAlone) {
  const AddConstraint add{
      .table = "items",
      .constraint = CheckConstraint{.condition = SqlText{"price < 1000"}, .name = "ck"}};
  const std::string script = script_of(path(), {add});
  const std::pair<const char*, const char*> hands[] = {
      {"ALTER TABLE items ADD COLUMN mine TEXT DEFAULT 'x'",
       "the table items has other columns than when this was planned"},
      {"CREATE INDEX mine ON items (price)",
       "the table items has other indexes or triggers than when this was planned"},
      {"DROP TRIGGER items_log",
       "the table items has other indexes or triggers than when this was planned"},
  };
  for (const auto& [hand, message] : hands) {
    SCOPED_TRACE(hand);
    database_->reset();
    database_->script(rebuild_database(200));
    database_->script(hand);
    const Look before = look(*database_);
    const Outcome outcome = feed(script);
    EXPECT_NE(outcome.err.find(message), std::string::npos) << outcome.err;
    expect_nothing_lost(*database_, before, {});
  }
}

// Inside a transaction of the reader's own the pragma does nothing, and BEGIN fails.
TEST_F(Script, HoldsInsideATransactionWithForeignKeysOn) {
  const Look before = look(*database_);
  const std::string script =
      script_of(path(), {AlterColumn{.table = "items",
                                     .column = "price",
                                     .nullable = true,
                                     .server_default = ServerDefault(Literal{1})}});
  const Outcome outcome = feed("PRAGMA foreign_keys = ON;\nBEGIN;\n" + script);
  EXPECT_NE(outcome.err.find("foreign keys must be off while the table items is made anew"),
            std::string::npos)
      << outcome.err;
  expect_nothing_lost(*database_, before, {});
}

TEST_F(Script, CutOffAtAnyLineItChangesNothing) {
  const Look before = look(*database_);
  const std::string script = script_of(path(), rebuild_changes().back().operations);
  for (std::size_t end = script.find(";\n"); end != std::string::npos;
       end = script.find(";\n", end + 1)) {
    if (script.compare(end > 6 ? end - 6 : 0, 6, "COMMIT") == 0) break;
    feed(script.substr(0, end + 2));
    expect_nothing_lost(*database_, before, {});
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace capo::test
