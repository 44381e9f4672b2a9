// The runner of tests/cli, proved with programs that only pretend to be capo: a test that cannot
// fail shows nothing.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/process.hpp"
#include "support/scratch.hpp"

namespace capo::test {
namespace {

// Prints its arguments and stdin, complains about the word "bad", and ends with the number that
// follows "exit".
constexpr const char* kFakeCapo = R"(#!/bin/sh
echo "args: $*"
test -n "$GREETING" && echo "greeting: $GREETING"
cat
case "$1" in
  bad) echo "FAILED: bad things" >&2; exit 1 ;;
  exit) echo "leaving with $2" >&2; exit "$2" ;;
  write) echo "created" > "$2" ;;
esac
)";

class ScriptRunner : public testing::Test {
 protected:
  ScriptRunner() : scratch_("runner-test") {
    write_file(scratch_.at("fake"), kFakeCapo);
    chmod(scratch_.at("fake").c_str(), 0755);
  }

  Outcome run_script(const std::string& script, const std::string& database = {}) {
    write_file(scratch_.at("s.txt"), script);
    Launch launch{.argv = {SCRIPT_RUNNER, "--capo", scratch_.at("fake")},
                  .env = basic_environment(scratch_.path())};
    if (!database.empty()) launch.argv.insert(launch.argv.end(), {"--db", database});
    launch.argv.push_back(scratch_.at("s.txt"));
    return run(launch);
  }

  void expect_pass(const std::string& script, const std::string& database = {}) {
    const Outcome outcome = run_script(script, database);
    EXPECT_EQ(outcome.exit_code, 0) << script << "\n" << outcome.err;
  }

  void expect_failure(const std::string& script, const std::string& text,
                      const std::string& database = {}) {
    const Outcome outcome = run_script(script, database);
    EXPECT_EQ(outcome.exit_code, 1) << script;
    EXPECT_NE(outcome.err.find(scratch_.at("s.txt") + ":" + text), std::string::npos)
        << script << "\nexpected: " << text << "\ngot: " << outcome.err;
  }

 private:
  Scratch scratch_;
};

TEST_F(ScriptRunner, PassesWhatHolds) {
  expect_pass(R"(# comment
capo one 'two three' "it's"
stdout "args: one two three it's"
stdout '/^args: one .* it.s$/'
! stdout 'four'
! stderr /./
! capo bad
stderr 'FAILED: bad things'
exit 130 capo exit 130
stderr 'leaving with 130'
)");
}

TEST_F(ScriptRunner, ReadsAndWritesFiles) {
  expect_pass(R"(
exists alembic.ini versions/001.sql
stdin input
capo
cmp stdout expected
capo write versions/new_1.sql
exists versions/new_*.sql
grep created versions/new_*.sql
! grep /^reated/ versions/new_*.sql
cp versions/new_1.sql copy
cmp copy versions/new_1.sql
! cmp copy versions/001.sql
rm copy
! exists copy
env GREETING=hello
capo
stdout 'greeting: hello'
unset GREETING
capo
! stdout greeting
mkdir deep/er
cd deep
capo write here
exists $WORK/deep/here
-- versions/001.sql --
one
-- input --
from stdin
-- expected --
args:<*>
from <*>n
)");
}

TEST_F(ScriptRunner, LooksIntoTheDatabase) {
  expect_pass(R"txt(# db: sqlite
sql "CREATE TABLE t(a, b)"
sql "INSERT INTO t VALUES (1, NULL), (2, 'x')"
sql "SELECT a, b FROM t ORDER BY a"
> 1|NULL
> 2|x
dump before
apply more.sql
dump after
! cmp before after
sql 'DROP TABLE "u"'
dump again
cmp before again
[sqlite] capo here
[postgresql] capo bad
stdout here
-- more.sql --
CREATE TABLE u(x);
CREATE TABLE capo_journal(x);
)txt",
              "sqlite");
}

TEST_F(ScriptRunner, FailsWhatDoesNotHold) {
  struct Case {
    const char* script;
    const char* failure;
  };
  const Case cases[] = {
      {"capo bad\n", "1: exit code 0 was expected"},
      {"! capo good\nstderr x\n", "1: exit code 1 was expected"},
      {"exit 2 capo exit 3\nstderr leaving\n", "1: exit code 2 was expected"},
      {"capo a\nstdout b\n", "2: stdout does not contain: b"},
      {"capo a\n! stdout a\n", "2: stdout contains: a"},
      {"capo a\nstdout /b$/\n", "2: stdout does not contain: /b$/"},
      {"capo a\nstdout ''\n", "2: an empty text is in every text"},
      {"capo a\nstdout '/(/'\n", "2: not a regular expression: ("},
      {"capo a\ncmp stdout f\n-- f --\nargs: b\n", "2: stdout differs from f"},
      {"exists nothing\n", "1: nothing does not exist"},
      {"grep x nothing\n", "1: 0 files match nothing"},
      {"! exists alembic.ini\n", "1: alembic.ini exists"},
      {"frob\n", "1: no such command, or not with so many words: frob"},
      {"! sql x\n", "1: no such check: sql"},
      {"sql 'SELECT 1'\n", "1: this script has no database"},
      {"stdout 'open\n", "1: a quote is not closed"},
      {"[mysql] capo a\n", "1: no such condition: mysql"},
      {"-- a --\n-- a --\n", "2: the file a stands here twice"},
      {"! capo bad\n", "1: an expected failure needs a line: stderr 'text'"},
      {"! capo bad\n! stderr x\ncapo a\nstderr x\n",
       "1: an expected failure needs a line: stderr 'text'"},
  };
  for (const Case& c : cases) expect_failure(c.script, c.failure);
  expect_failure("sql 'SELECT 1'\n> 2\n", "1: the rows differ", "sqlite");
  expect_failure("sql 'SELECT x'\n", "1: no such column: x", "sqlite");
}

}  // namespace
}  // namespace capo::test
