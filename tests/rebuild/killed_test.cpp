// kill -9 at each call by which SQLite touches the disk, and each of these calls failing:
// afterwards there is the old table or the new one, with all its rows, and the same change can be
// carried out.

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "rebuild/look.hpp"
#include "support/process.hpp"
#include "support/scratch.hpp"

namespace capo::test {
namespace {

struct Trouble {
  const char* name;
  const char* kind;
  const char* change;
  bool wal;
};

void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.name; }

class Interrupted : public testing::TestWithParam<Trouble> {
 protected:
  Interrupted() {
    for (const Change& change : rebuild_changes()) {
      if (change.name == GetParam().change) change_ = change;
    }
    database_->script(rebuild_database(600));
    // So small that rows go to the disk before COMMIT.
    database_->script("PRAGMA default_cache_size = 10");
    if (GetParam().wal) database_->script("PRAGMA journal_mode = WAL");
    std::filesystem::copy_file(path(), scratch_.at("original"));
    before_ = look(*database_);
    old_ = database_->dump();
    EXPECT_EQ(run_program({}).exit_code, 0);
    new_ = database_->dump();
  }

  std::string path() const { return scratch_.at("db.sqlite"); }

  void restore() {
    database_->reset();
    std::filesystem::copy_file(scratch_.at("original"), path());
    std::filesystem::remove(scratch_.at("mark"));
  }

  Outcome run_program(std::map<std::string, std::string> trouble) {
    Launch launch{.argv = {REBUILD_PROGRAM, path(), change_.name},
                  .env = basic_environment(scratch_.path())};
    launch.env.merge(trouble);
    return run(launch);
  }

  Outcome run_into_trouble(int at) {
    return run_program({{"LD_PRELOAD", TROUBLE_SHIM},
                        {"CAPO_TROUBLE", GetParam().kind},
                        {"CAPO_TROUBLE_ON", "files"},
                        {"CAPO_TROUBLE_AT", std::to_string(at)},
                        {"CAPO_TROUBLE_MARK", scratch_.at("mark")},
                        {"ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0"}});
  }

  Scratch scratch_ = Scratch("killed");
  std::unique_ptr<Database> database_ = make_sqlite(scratch_.path());
  Change change_ = {};
  Look before_ = {};
  std::string old_ = {};
  std::string new_ = {};
};

TEST_P(Interrupted, OldOrNew) {
  ASSERT_NE(old_, new_);
  int times = 0;
  int with_old = 0;
  // Each of the first calls, and then fewer and fewer of the many that write pages.
  for (int at = 1;; at += std::max(1, at / 25)) {
    SCOPED_TRACE("call " + std::to_string(at));
    restore();
    const Outcome outcome = run_into_trouble(at);
    if (!file_exists(scratch_.at("mark"))) {
      ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
      break;
    }
    if (GetParam().kind == std::string("kill")) {
      ASSERT_EQ(outcome.signal, SIGKILL);
    }
    ++times;
    const std::string now = database_->dump();
    ASSERT_TRUE(now == old_ || now == new_) << outcome.err << now;
    if (now == old_) {
      ++with_old;
      expect_nothing_lost(*database_, before_, {});
      ASSERT_EQ(run_program({}).exit_code, 0);
      ASSERT_EQ(database_->dump(), new_);
    }
    expect_nothing_lost(*database_, before_, change_);
    if (HasFailure()) return;
  }
  RecordProperty("times", times);
  RecordProperty("with_old", with_old);
  EXPECT_GE(times, 30);
  EXPECT_GE(with_old, 20);
}

INSTANTIATE_TEST_SUITE_P(, Interrupted,
                         testing::Values(Trouble{"killed", "kill", "add_check", false},
                                         Trouble{"killed_wal", "kill", "add_check", true},
                                         Trouble{"killed_several", "kill", "several", false},
                                         Trouble{"failed", "fail", "drop_column_of_constraint",
                                                 false}),
                         [](const auto& trouble) { return trouble.param.name; });

}  // namespace
}  // namespace capo::test
