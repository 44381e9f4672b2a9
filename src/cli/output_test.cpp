#include "cli/output.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace capo::cli {
namespace {

using base::MemoryTerminal;

TEST(Output, ErrorsSayWhereAndWhatToDo) {
  const Error error = Error(ErrorCode::kScript, "unterminated string literal")
                          .at({"versions/007_x.sql", 12, 4}, "\té = 'x")
                          .detail("first\nsecond")
                          .hint("close the literal with '");
  EXPECT_EQ(describe(error, base::Paint()),
            "FAILED: unterminated string literal\n"
            "  versions/007_x.sql:12:4\n"
            "    12 | \té = 'x\n"
            "       | \t  ^\n"
            "  DETAIL: first\n"
            "          second\n"
            "  HINT: close the literal with '\n");
}

TEST(Output, AnErrorWithoutDetailsIsOneLine) {
  EXPECT_EQ(describe(Error(ErrorCode::kRevision, "Walked too far"), base::Paint()),
            "FAILED: Walked too far\n");
}

TEST(Output, NoCaretWithoutLineOrColumn) {
  EXPECT_EQ(describe(Error(ErrorCode::kScript, "x").at({"f"}, "text"), base::Paint()),
            "FAILED: x\n  f\n");
  EXPECT_EQ(describe(Error(ErrorCode::kScript, "x").at({"f", 3, 0}, "text"), base::Paint()),
            "FAILED: x\n  f:3\n    3 | text\n");
  EXPECT_EQ(describe(Error(ErrorCode::kScript, "x").at({"f", 3, 99}, "ab"), base::Paint()),
            "FAILED: x\n  f:3:99\n    3 | ab\n      |   ^\n");
}

TEST(Output, OfALongLineTheNeighbourhood) {
  std::string line(1000, 'a');
  line[500] = 'X';
  EXPECT_EQ(describe(Error(ErrorCode::kScript, "x").at({"f", 3, 501}, line), base::Paint()),
            "FAILED: x\n  f:3:501\n    3 | …" + std::string(60, 'a') + "X" + std::string(99, 'a') +
                "…\n      | " + std::string(61, ' ') + "^\n");
  EXPECT_EQ(describe(Error(ErrorCode::kScript, "x").at({"f", 3, 1}, line), base::Paint()),
            "FAILED: x\n  f:3:1\n    3 | " + std::string(160, 'a') + "…\n      | ^\n");
}

TEST(Output, WhereNoLineOfTheFileCanBeShownTheStatementIs) {
  const auto told = [](const std::string& statement, int line) {
    return describe(Error(ErrorCode::kDatabase, "x").at({"f.cpp", line, 0}).statement(statement),
                    base::Paint());
  };
  EXPECT_EQ(told("ALTER TABLE t\n  ADD x", 0),
            "FAILED: x\n  f.cpp\n  STATEMENT: ALTER TABLE t\n               ADD x\n");
  EXPECT_EQ(told("SELECT 1", 3), "FAILED: x\n  f.cpp:3\n");
  std::string rows;
  for (int i = 0; i < 20; ++i) rows += "row\n";
  const std::string shown = told(rows, 0);
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 2 + 13) << shown;
  EXPECT_TRUE(shown.ends_with("             …\n")) << shown;
}

TEST(Output, NothingSteersTheTerminal) {
  EXPECT_EQ(describe(Error(ErrorCode::kScript, "a\x1b[2Jb"), base::Paint()),
            "FAILED: a\xEF\xBF\xBD[2Jb\n");
}

TEST(Output, ResultsAreDisarmedOnATerminalOnly) {
  for (const bool interactive : {false, true}) {
    MemoryTerminal terminal;
    terminal.interactive = interactive;
    Output output(terminal, {}, {});
    output.line("a1 -> " + output.paint()(base::Ink::kYellow, "b\x1b[2J") + ", mess\rage");
    output.flush();
    EXPECT_EQ(terminal.out, interactive ? "a1 -> \x1b[33mb�[2J\x1b[0m, mess�age\n"
                                        : "a1 -> b\x1b[2J, mess\rage\n");
  }
}

TEST(Output, ErrorAsJsonReplacesTheResult) {
  MemoryTerminal terminal;
  Output output(terminal, {}, {.json = true});
  output.print("half a document");
  output.failure(Error(ErrorCode::kDatabase, "no such table").sqlstate("42P01").at({"f.sql", 3}));
  output.flush();
  EXPECT_EQ(terminal.out, "");
  EXPECT_EQ(terminal.error,
            "{\"error\":{\"code\":\"database\",\"message\":\"no such table\",\"detail\":null,"
            "\"hint\":null,\"file\":\"f.sql\",\"line\":3,\"column\":null,\"sqlstate\":\"42P01\","
            "\"statement\":null}}\n");
}

TEST(Output, QuietKeepsResultsWarningsAndErrors) {
  MemoryTerminal terminal;
  Output output(terminal, {}, {.quiet = true});
  output.status("Generating x ...");
  output.info("Running upgrade");
  output.note("NOTICE: y");
  output.line("result");
  output.warning("edited");
  output.failure(Error(ErrorCode::kRevision, "no"));
  EXPECT_EQ(terminal.out, "result\n");
  EXPECT_EQ(terminal.error, "WARNING [capo.runtime.migration] edited\nFAILED: no\n");
}

TEST(Output, ResultsComeBeforeTheMessageThatFollowsThem) {
  MemoryTerminal terminal;
  Output output(terminal, {}, {});
  output.line("result");
  EXPECT_EQ(terminal.out, "");
  output.info("Running upgrade a -> b, x");
  EXPECT_EQ(terminal.out, "result\n");
  EXPECT_EQ(terminal.error, "INFO  [capo.runtime.migration] Running upgrade a -> b, x\n");
}

TEST(Output, AReaderThatLeftIsRemembered) {
  MemoryTerminal terminal;
  terminal.reader_gone = true;
  Output output(terminal, {}, {});
  output.line("result");
  output.flush();
  EXPECT_TRUE(output.reader_gone());
}

TEST(Output, ColoursOnATerminalOnly) {
  MemoryTerminal terminal;
  terminal.interactive = true;
  Output output(terminal, {}, {});
  output.failure(Error(ErrorCode::kRevision, "no"));
  EXPECT_EQ(terminal.error, "\x1b[31mFAILED:\x1b[0m no\n");
}

}  // namespace
}  // namespace capo::cli
