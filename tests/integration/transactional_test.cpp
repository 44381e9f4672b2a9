// Revisions in C++ with `.transactional = false`: every operation commits by itself, on both
// databases, and what was cut off anywhere is carried on with.

#include "capo/migration.hpp"
#include "capo/revisions.hpp"
#include "runtime_fixture.hpp"

namespace rev_tx_base {
using namespace capo;
static void upgrade(Operations& op) {
  op.create_table("t", {Column("id", Integer(), {.primary_key = true}), Column("a", Integer()),
                        Column("b", Integer()), Column("gone", Integer())});
  op.create_index("t_b", "t", {"b"});
  op.create_index("t_a", "t", {"a"});
  op.execute("INSERT INTO t (id, a, b) VALUES (1, 10, 20), (2, 11, 21)");
}
static void downgrade(Operations& op) { op.drop_table("t"); }
CAPO_REVISION(tx_base);
}  // namespace rev_tx_base

namespace rev_tx_open {
using namespace capo;
static void upgrade(Operations& op) {
  op.create_table("u",
                  {Column("id", Integer(), {.primary_key = true}),
                   Column("x", Integer(), {.index = true}), Column("y", Integer())},
                  {.indexes = {Index("u_y", {"y"})}});
  op.add_column("t", Column("c", Integer(), {.index = true}), if_not_exists);
  op.execute("INSERT INTO u (id, x) VALUES (1, 1); UPDATE t SET c = a + 1");
  op.drop_column("t", "b");
  op.add_column("t", Column("gone", Integer()), if_not_exists);
  op.drop_column("t", "gone");
  op.rename_index("t_a", "t_a_new");
  op.alter_column("t", "c", {.rename_to = "d"});
  op.create_index("u_x", "u", {"x"}, {.unique = true},
                  {.if_not_exists = true, .concurrently = true});
  op.bulk_insert("u", {"id", "x"}, {{Literal{7}, Literal{70}}, {Literal{8}, Literal{80}}});
  op.rename_table("u", "v");
}
static void downgrade(Operations& op) {
  op.rename_table("v", "u");
  op.rename_index("t_a_new", "t_a");
  op.drop_column("t", "d", if_exists);
  op.add_column("t", Column("gone", Integer()));
  op.add_column("t", Column("b", Integer()));
  op.create_index("t_b", "t", {"b"});
  op.drop_index("u_x", "u", {.concurrently = true});
  op.drop_table("u");
}
CAPO_REVISION(tx_open, .down_revision = {"tx_base"}, .transactional = false);
}  // namespace rev_tx_open

namespace rev_tx_concurrent {
using namespace capo;
static void upgrade(Operations& op) {
  op.create_index("t_id", "t", {"id"}, {}, {.concurrently = true});
}
static void downgrade(Operations& op) { op.drop_index("t_id", "t", {.concurrently = true}); }
CAPO_REVISION(tx_concurrent, .down_revision = {"tx_base"});
}  // namespace rev_tx_concurrent

namespace rev_tx_rebuild {
using namespace capo;
static void upgrade(Operations& op) {
  op.create_table("w", {Column("id", Integer())});
  op.alter_column("t", "a", {.nullable = false});
}
static void downgrade(Operations& op) {
  op.alter_column("t", "a", {.nullable = true});
  op.drop_table("w");
}
CAPO_REVISION(tx_rebuild, .down_revision = {"tx_base"}, .transactional = false);
}  // namespace rev_tx_rebuild

// One that fails in the middle, and what its author may make of it.
namespace rev_tx_wrong {
using namespace capo;
static void begin(Operations& op) {
  op.add_column("t", Column("e", Integer()));
  op.drop_column("t", "b", if_exists);
}
static void upgrade(Operations& op) {
  begin(op);
  op.execute("INSERT INTO missing VALUES (1)");
}
static void downgrade(Operations& op) { op.drop_column("t", "e"); }
CAPO_REVISION(tx_wrong, .down_revision = {"tx_base"}, .transactional = false);

static void corrected(Operations& op) {
  begin(op);
  op.create_index("t_e", "t", {"e"});
}
static void other_type(Operations& op) {
  op.add_column("t", Column("e", Text()));
  op.drop_column("t", "b", if_exists);
  op.create_index("t_e", "t", {"e"});
}
static void swapped(Operations& op) {
  op.drop_column("t", "b", if_exists);
  op.add_column("t", Column("e", Integer()));
}
}  // namespace rev_tx_wrong

namespace capo::runtime {
namespace {

class Transactional : public Runtime {
 protected:
  /// The base, and one revision on top of it.
  void use(const Revision& revision) {
    revision_ = revision;
    scripts_ =
        std::make_unique<script::ScriptDirectory>(Revisions{table_, 2}, script::DirectoryOptions{});
  }
  Migration migration() {
    return {*scripts_, dialect(), connect_options(), options, log, clock, stop};
  }
  void upgrade(std::string_view target = "heads") { migration().upgrade(target); }
  void downgrade(std::string_view target) { migration().downgrade(target); }
  DatabaseState state() { return migration().state(); }

  /// Runs `action` until its statement `number` is about to run, or has just run. False: there are
  /// not so many.
  template <typename Action>
  bool crashes_at(int number, bool after, Action&& action) {
    int seen = 0;
    const auto count = [&](const dialect::Statement&) {
      if (++seen == number) throw Crash();
    };
    (after ? log.on_finished : log.on_statement) = count;
    bool crashed = false;
    try {
      action();
    } catch (const Crash&) {
      crashed = true;
    }
    log.on_statement = {};
    log.on_finished = {};
    return crashed;
  }

  /// Cut off at every statement, `action` comes to the same in the end.
  template <typename Action>
  int carries_on(const std::string& before, const std::string& undisturbed, Action&& action) {
    int crashes = 0;
    for (int number = 1;; ++number) {
      for (const bool after : {false, true}) {
        const std::string where = (after ? "after " : "before ") + std::to_string(number);
        if (!crashes_at(number, after, action)) return crashes;
        ++crashes;
        EXPECT_EQ(failure(action), "no error") << where;
        EXPECT_EQ(database->dump(), undisturbed) << where;
        EXPECT_EQ(database->value("SELECT count(*) FROM capo_journal WHERE outcome NOT IN ('done', "
                                  "'abandoned')"),
                  "0")
            << where;
        put_back(before);
      }
    }
  }
  void put_back(const std::string& version) {
    database->reset();
    upgrade(version);
  }

 private:
  Revision revision_ = {};
  const CompiledRevision table_[2] = {
      {&rev_tx_base::capo_revision_tx_base, "aa", {}, "versions/base.cpp", {}},
      {&revision_, "bb", {}, "versions/next.cpp", {}},
  };
  std::unique_ptr<script::ScriptDirectory> scripts_ = {};
};

INSTANTIATE_TEST_SUITE_P(Databases, Transactional, testing::Values("sqlite", "postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(Transactional, CarriesOnAnywhere) {
  use(rev_tx_open::capo_revision_tx_open);
  upgrade();
  EXPECT_FALSE(state().half_done);
  const std::string up = database->dump();
  put_back("tx_base");
  EXPECT_GE(carries_on("tx_base", up, [&] { upgrade(); }), 24);

  put_back("tx_open");
  downgrade("tx_base");
  const std::string down = database->dump();
  put_back("tx_open");
  EXPECT_GE(carries_on("tx_open", down, [&] { downgrade("tx_base"); }), 16);
}

TEST_P(Transactional, TheSameWithoutAJournal) {
  use(rev_tx_open::capo_revision_tx_open);
  upgrade();
  const std::string up = database->dump();
  database->reset();
  options.journal = false;
  upgrade();
  EXPECT_EQ(database->dump(), up);
}

TEST_P(Transactional, ConcurrentlyNeedsItSaid) {
  use(rev_tx_concurrent::capo_revision_tx_concurrent);
  if (!postgresql()) {
    upgrade();
    return downgrade("tx_base");
  }
  const std::string why =
      ", concurrently, cannot run inside a transaction\nhint: write .transactional = false into "
      "the CAPO_REVISION of a revision of its own; each statement there commits by itself";
  EXPECT_EQ(
      failure([&] { upgrade(); }),
      "versions/next.cpp: revision tx_concurrent, in upgrade(): create index t_id on t" + why);
  // Before anything runs.
  EXPECT_FALSE(database->has_table("t"));
  Revision settled = rev_tx_concurrent::capo_revision_tx_concurrent;
  settled.transactional = false;
  use(settled);
  upgrade();
  use(rev_tx_concurrent::capo_revision_tx_concurrent);
  EXPECT_EQ(failure([&] { downgrade("tx_base"); }),
            "versions/next.cpp: revision tx_concurrent, in downgrade(): drop index t_id" + why);
  use(settled);
  downgrade("tx_base");
}

TEST_P(Transactional, ATableIsNotMadeAnewOutside) {
  use(rev_tx_rebuild::capo_revision_tx_rebuild);
  if (postgresql()) {
    upgrade();
    EXPECT_EQ(rows(), revision::Rows{"tx_rebuild"});
    return;
  }
  EXPECT_EQ(failure([&] { upgrade(); }),
            "versions/next.cpp: revision tx_rebuild, in upgrade(): the table t is made anew: alter "
            "column t.a: not null, which is safe in a transaction only\nhint: put this operation "
            "into a revision without .transactional = false");
  EXPECT_FALSE(database->has_table("t"));
}

TEST_P(Transactional, WhatFailedMayBeCorrected) {
  Revision revision = rev_tx_wrong::capo_revision_tx_wrong;
  use(revision);
  EXPECT_NE(failure([&] { upgrade(); }), "no error");
  ASSERT_TRUE(state().half_done);
  EXPECT_EQ(state().half_done->statements_done, postgresql() ? 2 : 3);
  revision.upgrade = rev_tx_wrong::corrected;
  use(revision);
  upgrade();
  EXPECT_EQ(rows(), revision::Rows{"tx_wrong"});
  EXPECT_EQ(database->value("SELECT count(e) FROM t"), "0");
}

TEST_P(Transactional, WhatHasRunMayNotBeEdited) {
  const std::string edited = "its statement 1 has run, and was edited since";
  const std::string gone = "its statement 1 has run, and is not in the file any more";
  const struct {
    const char* what;
    void (*upgrade)(Operations&);
    std::string sqlite;
    std::string postgresql;
  } cases[] = {
      {"another type", rev_tx_wrong::other_type, gone, edited},
      {"another order", rev_tx_wrong::swapped, gone, edited},
      {"none", [](Operations&) {}, gone, gone},
  };
  for (const auto& item : cases) {
    database->reset();
    Revision revision = rev_tx_wrong::capo_revision_tx_wrong;
    use(revision);
    EXPECT_NE(failure([&] { upgrade(); }), "no error");
    revision.upgrade = item.upgrade;
    use(revision);
    EXPECT_EQ(failure([&] { upgrade(); }),
              "versions/next.cpp: upgrade of tx_wrong is half done and cannot be carried on: " +
                  (postgresql() ? item.postgresql : item.sqlite) +
                  "\nhint: put back the file as it was; or bring the database by hand to where "
                  "tx_wrong is done, or to where it is not, and say so with `capo stamp`")
        << item.what;
  }
}

}  // namespace
}  // namespace capo::runtime
