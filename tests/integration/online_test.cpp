// `upgrade --online`: gentle steps come to the same as the statements whose place they take,
// wherever they are cut off, and leave nothing of one that fails.

#include <algorithm>

#include "runtime_fixture.hpp"

namespace capo::runtime {
namespace {

constexpr const char* kTables =
    "-- capo:upgrade\n"
    "CREATE TABLE users (id integer PRIMARY KEY);\n"
    "INSERT INTO users SELECT generate_series(1, 10);\n"
    "CREATE TABLE items (id integer PRIMARY KEY, a integer, b text, c integer);\n"
    "INSERT INTO items SELECT i, i, 'b' || i, 1 + i % 10 FROM generate_series(1, 100) i;\n"
    "CREATE TABLE nokey (a integer);\n"
    "INSERT INTO nokey VALUES (1);\n"
    "CREATE INDEX old ON items (c);\n"
    "-- capo:downgrade\n"
    "DROP TABLE items, users, nokey;\n";

/// Every form, most of them without a name.
constexpr const char* kChanges =
    "CREATE INDEX ON items (a);\n"
    "CREATE UNIQUE INDEX IF NOT EXISTS lower_b ON items (lower(b)) WHERE a > 0;\n"
    "DROP INDEX old;\n"
    "ALTER TABLE items ADD FOREIGN KEY (c) REFERENCES users ON DELETE CASCADE;\n"
    "ALTER TABLE items ADD CHECK (a > 0), ALTER b SET NOT NULL, ADD COLUMN plain integer;\n"
    "ALTER TABLE items ADD UNIQUE (a, b) INCLUDE (c);\n"
    "ALTER TABLE nokey ADD PRIMARY KEY (a);\n"
    "ALTER TABLE items ADD COLUMN u uuid DEFAULT md5(random()::text)::uuid NOT NULL UNIQUE;\n"
    "ALTER TABLE items ADD COLUMN d integer DEFAULT 3 REFERENCES users CHECK (d < 9);\n";

constexpr const char* kChangesBack =
    "ALTER TABLE items DROP COLUMN d, DROP COLUMN u, DROP COLUMN plain;\n"
    "ALTER TABLE nokey DROP CONSTRAINT nokey_pkey, ALTER COLUMN a DROP NOT NULL;\n"
    "ALTER TABLE items DROP CONSTRAINT items_a_b_c_key, DROP CONSTRAINT items_a_check, DROP "
    "CONSTRAINT items_c_fkey, ALTER b DROP NOT NULL;\n"
    "DROP INDEX lower_b, items_a_idx;\n"
    "CREATE INDEX old ON items (c);\n";

class Online : public Runtime {
 protected:
  void SetUp() override {
    options.online = true;
    project.add("a", "", kTables);
  }
  void change(const std::string& sql, const std::string& back = {},
              const std::string& option = {}) {
    project.add(
        "b", "a",
        "-- capo:upgrade" + option + "\n" + sql + "-- capo:downgrade" + option + "\n" + back);
  }
  void start_over() {
    database->reset();
    upgrade("a");
  }
  /// With values of the rows that are the same each time.
  std::string dump() {
    if (test::to_text(database->query("SELECT count(*) FROM pg_attribute WHERE attname = 'u' AND "
                                      "attrelid = 'items'::regclass")) == "1\n") {
      database->query("UPDATE items SET u = lpad(id::text, 32, '0')::uuid");
    }
    return database->dump();
  }
  bool has_line(std::string_view words) const {
    return std::any_of(log.lines.begin(), log.lines.end(), [&](const std::string& line) {
      return line.find(words) != std::string::npos;
    });
  }
  /// The statements of the last run, as the log has them.
  std::vector<std::string> statements() const {
    std::vector<std::string> all;
    for (const std::string& line : log.lines) {
      const std::size_t space = line.find(' ', 2);
      if (line.starts_with("  ") && space != std::string::npos)
        all.push_back(line.substr(space + 1));
    }
    return all;
  }
};

INSTANTIATE_TEST_SUITE_P(Databases, Online, testing::Values("postgresql"),
                         [](const auto& test) { return test.param; });

TEST_P(Online, ComesToTheSameAsThePlainStatements) {
  change(kChanges, kChangesBack);
  options.online = false;
  start_over();
  upgrade();
  const std::string plain = dump();
  downgrade("a");
  const std::string plain_back = dump();
  options.online = true;
  start_over();
  log.lines.clear();
  upgrade();
  EXPECT_TRUE(has_line("CREATE INDEX CONCURRENTLY items_a_idx"));
  EXPECT_TRUE(has_line("NOT VALID"));
  EXPECT_EQ(test::to_text(database->query("SELECT count(*), count(DISTINCT u), min(d) FROM items")),
            "100|100|3\n");
  EXPECT_EQ(dump(), plain);
  downgrade("a");
  EXPECT_EQ(dump(), plain_back);
}

// Also by a run that is not online: what is begun is carried on with as it was begun.
TEST_P(Online, CarriesOnAfterACrashAtEachStep) {
  change(kChanges);
  start_over();
  log.lines.clear();
  upgrade();
  const std::vector<std::string> steps = statements();
  ASSERT_GT(steps.size(), 25U);
  const std::string undisturbed = dump();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const bool after : {false, true}) {
      const std::string where = (after ? "after " : "before ") + steps[i];
      options.online = true;
      start_over();
      ASSERT_TRUE(crashes(steps[i], after, [&] { upgrade(); })) << where;
      options.online = i % 2 == 0;
      upgrade();
      EXPECT_EQ(rows(), revision::Rows{"b"}) << where;
      EXPECT_FALSE(state().half_done) << where;
      EXPECT_EQ(test::to_text(database->query("SELECT count(DISTINCT u) FROM items")), "100\n")
          << where;
      if (options.online) {
        EXPECT_EQ(dump(), undisturbed) << where;
      }
      EXPECT_EQ(test::to_text(
                    database->query("SELECT count(*) FILTER (WHERE NOT indisvalid) FROM pg_index")),
                "0\n")
          << where;
    }
  }
}

struct Failing {
  std::string sql;     ///< of the revision
  std::string spoil;   ///< makes it fail
  std::string remedy;  ///< and work again
  std::string words;   ///< of the error
};

TEST_P(Online, NothingStaysOfOneThatFails) {
  const std::vector<Failing> cases = {
      {"CREATE UNIQUE INDEX ON items (a)", "UPDATE items SET a = 1 WHERE id = 2",
       "UPDATE items SET a = id", "could not create unique index"},
      {"ALTER TABLE items ADD UNIQUE (a)", "UPDATE items SET a = 1 WHERE id = 2",
       "UPDATE items SET a = id", "could not create unique index"},
      {"ALTER TABLE items ADD FOREIGN KEY (c) REFERENCES users",
       "UPDATE items SET c = 99 WHERE id = 7", "UPDATE items SET c = 1", "violates foreign key"},
      {"ALTER TABLE items ADD CONSTRAINT positive CHECK (a > 0)",
       "UPDATE items SET a = -1 WHERE id = 7", "UPDATE items SET a = id",
       "is violated by some row"},
      {"ALTER TABLE items ALTER b SET NOT NULL", "UPDATE items SET b = NULL WHERE id = 7",
       "UPDATE items SET b = id::text", "is violated by some row"},
      {"ALTER TABLE nokey ADD PRIMARY KEY (a)", "INSERT INTO nokey VALUES (1)",
       "DELETE FROM nokey; INSERT INTO nokey VALUES (5)", "could not create unique index"},
      {"ALTER TABLE items ADD COLUMN z integer DEFAULT (random() * 0)::integer NOT NULL UNIQUE",
       "SELECT 1", "DELETE FROM items WHERE id > 1", "could not create unique index"},
      {"ALTER TABLE items ADD COLUMN z float DEFAULT 1 / (random() * 0)", "SELECT 1",
       "DELETE FROM items", "division by zero"},
  };
  for (const Failing& failing : cases) {
    SCOPED_TRACE(failing.sql);
    project = {};
    project.add("a", "", kTables);
    change(failing.sql + ";\n");
    start_over();
    database->query(failing.spoil);
    const std::string before = database->dump();
    try {
      upgrade();
      FAIL() << "it did not fail";
    } catch (const Error& error) {
      EXPECT_NE(error.message().find(failing.words), std::string::npos) << error.message();
      EXPECT_NE(error.detail().find("database is still at a"), std::string::npos) << error.detail();
    }
    EXPECT_EQ(database->dump(), before);
    EXPECT_FALSE(state().half_done);
    EXPECT_TRUE(journal().ends_with("|failed\n")) << journal();
    database->query(failing.remedy);
    upgrade();
    EXPECT_EQ(rows(), revision::Rows{"b"});
  }
}

// What came before it in the revision stays, and the next run goes on behind that.
TEST_P(Online, WhatIsDoneBeforeOneThatFailsStays) {
  change(
      "CREATE INDEX first ON items (a);\n"
      "ALTER TABLE items ADD CONSTRAINT positive CHECK (a > 0);\n"
      "CREATE INDEX last ON items (b);\n");
  start_over();
  database->query("UPDATE items SET a = -1 WHERE id = 7");
  EXPECT_THROW(upgrade(), Error);
  ASSERT_TRUE(state().half_done);
  EXPECT_EQ(state().half_done->statements_done, 1);
  EXPECT_EQ(test::to_text(
                database->query("SELECT count(*) FROM pg_constraint WHERE conname = 'positive'")),
            "0\n");
  database->query("UPDATE items SET a = id");
  log.lines.clear();
  upgrade();
  EXPECT_FALSE(has_line("INDEX CONCURRENTLY first ON items USING btree (a)\n"));
  EXPECT_EQ(statements().size(), 3U);
}

TEST_P(Online, TablesThatNobodyUsesStayPlain) {
  change(
      "CREATE TABLE fresh AS SELECT 1 AS a;\n"
      "CREATE INDEX ON fresh (a);\n"
      "CREATE INDEX ON nokey (a);\n");
  start_over();
  database->query("TRUNCATE nokey");
  log.lines.clear();
  upgrade();
  EXPECT_FALSE(has_line("CONCURRENTLY"));
  EXPECT_EQ(test::to_text(
                database->query("SELECT count(*) FROM capo_journal WHERE statement IS NOT NULL")),
            "0\n");
}

TEST_P(Online, ARevisionSaysSoOfItself) {
  change("CREATE INDEX ON items (a);\n", "DROP INDEX items_a_idx;\n", " online=on");
  project.add("c", "b", "-- capo:upgrade online=off\nCREATE INDEX ON items (b);\n");
  options.online = false;
  start_over();
  log.lines.clear();
  upgrade("b");
  EXPECT_TRUE(has_line("CONCURRENTLY"));
  options.online = true;
  log.lines.clear();
  upgrade("c");
  EXPECT_FALSE(has_line("CONCURRENTLY"));
}

TEST_P(Online, WithoutAJournalItIsRefused) {
  change("CREATE INDEX ON items (a);\n");
  start_over();
  options.journal = false;
  try {
    upgrade();
    FAIL() << "it was not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConfig);
    EXPECT_NE(error.hint().find("journal = true"), std::string::npos) << error.hint();
  }
  EXPECT_THROW(migration().dry_run(revision::Direction::kUpgrade, "heads"), Error)
      << "a preview of what will not run";
  EXPECT_EQ(rows(), revision::Rows{"a"});
}

TEST_P(Online, ATransactionThatCannotBeCutStaysWhole) {
  change("SET LOCAL my.setting = 'x';\nCREATE INDEX ON items (a);\n");
  start_over();
  log.lines.clear();
  upgrade();
  EXPECT_FALSE(has_line("CONCURRENTLY"));
  EXPECT_TRUE(
      has_line("warning: b: others will wait for CREATE INDEX ON items (a): the revision's "
               "transaction cannot be cut: SET LOCAL ends with it"));
}

// The steps before it are not done again.
TEST_P(Online, ALockThatAStepNeedsIsWaitedFor) {
  change("ALTER TABLE items ALTER b SET NOT NULL;\n");
  start_over();
  options.one_by_one = true;  // so that the holder is there before the statement
  std::unique_ptr<test::Session> holder;
  bool was_held = false;
  log.on_statement = [&](const dialect::Statement& statement) {
    if (was_held || !statement.sql.ends_with("SET NOT NULL")) return;
    was_held = true;
    holder = database->session();
    holder->query("BEGIN");
    holder->query("LOCK TABLE items IN ACCESS SHARE MODE");
  };
  log.on_waiting = [&](std::chrono::milliseconds) { holder.reset(); };
  log.lines.clear();
  upgrade();
  EXPECT_TRUE(was_held);
  EXPECT_TRUE(has_line("waiting: items"));
  const std::vector<std::string> sent = statements();
  const auto count = [&](std::string_view end) {
    return std::count_if(sent.begin(), sent.end(),
                         [&](const std::string& sql) { return sql.ends_with(end); });
  };
  EXPECT_EQ(count("SET NOT NULL"), 2);
  EXPECT_EQ(count("VALIDATE CONSTRAINT items_b_capo_nn"), 1);
  EXPECT_EQ(rows(), revision::Rows{"b"});
  EXPECT_EQ(database->value("SELECT count(*) FROM pg_constraint WHERE conname LIKE '%capo_nn'"),
            "0");
}

// A script for somebody else to run, statement by statement as psql sends them.
TEST_P(Online, ItsScriptComesToTheSame) {
  change(kChanges);
  start_over();
  upgrade();
  const std::string by_capo = dump();
  start_over();
  const std::string script = upgrade_script(project.scripts(), dialect(), options, "a:heads");
  EXPECT_NE(script.find("CREATE INDEX CONCURRENTLY items_a_idx"), std::string::npos);
  const std::unique_ptr<test::Session> session = database->session();
  for (const dialect::Piece& piece : dialect().splitter()(script, {})) {
    session->query(script.substr(piece.begin, piece.end - piece.begin));
  }
  EXPECT_EQ(rows(), revision::Rows{"b"});
  EXPECT_EQ(dump(), by_capo);
}

// Which of two tables is meant depends on the search path.
TEST_P(Online, TablesOfOneNameAreToldApart) {
  start_over();
  database->query("CREATE SCHEMA app");
  database->query("CREATE TABLE app.items AS SELECT 1 AS z");
  database->query("CREATE TABLE public.extra AS SELECT 1 AS z");
  database->query("CREATE TABLE app.extra (z integer)");
  change(
      "ALTER TABLE app.items ALTER z SET NOT NULL;\n"
      "ALTER TABLE public.items ALTER b SET NOT NULL;\n"
      "ALTER TABLE public.extra ALTER z SET NOT NULL;\n"
      "ALTER TABLE app.extra ALTER z SET NOT NULL;\n");
  database->query("ALTER ROLE CURRENT_USER SET search_path = app, public");
  log.lines.clear();
  Error failure(ErrorCode::kInternal, "none");
  try {
    upgrade();
  } catch (const Error& error) {
    failure = error;
  }
  database->query("ALTER ROLE CURRENT_USER RESET search_path");
  EXPECT_EQ(failure.message(), "none");
  EXPECT_TRUE(has_line("ALTER TABLE app.items VALIDATE"));
  EXPECT_TRUE(has_line("ALTER TABLE public.items VALIDATE"));
  EXPECT_TRUE(has_line("ALTER TABLE public.extra VALIDATE"));
  EXPECT_FALSE(has_line("ALTER TABLE app.extra VALIDATE")) << "it has no rows";
}

TEST_P(Online, AnErrorPointsAtTheStatementInTheFile) {
  change("CREATE INDEX\n  ON items (nosuch);\n");
  start_over();
  try {
    upgrade();
    FAIL() << "it did not fail";
  } catch (const Error& error) {
    EXPECT_EQ(error.where().line, 8);
    EXPECT_EQ(error.where().column, 1);
    EXPECT_NE(error.statement().find("CONCURRENTLY"), std::string::npos);
  }
}

// Of one statement some parts have another form, and some have none.
TEST_P(Online, SaysOfAPartThatItStays) {
  change("ALTER TABLE items ADD s serial, ADD CHECK (a > 0);\n");
  start_over();
  log.lines.clear();
  upgrade();
  EXPECT_TRUE(has_line("ADD CONSTRAINT items_a_check CHECK (a > 0) NOT VALID"));
  EXPECT_TRUE(
      has_line("warning: b: others will wait for ALTER TABLE items ADD s serial, ADD CHECK "
               "(a > 0): the values of serial"));
}

TEST_P(Online, EachRevisionCommitsByItself) {
  change("ALTER TABLE items ADD COLUMN x integer;\n");
  project.add("c", "b", "-- capo:upgrade\nSELECT 1 / 0;\n");
  start_over();
  EXPECT_THROW(upgrade(), Error);
  EXPECT_EQ(rows(), revision::Rows{"b"});
}

}  // namespace
}  // namespace capo::runtime
