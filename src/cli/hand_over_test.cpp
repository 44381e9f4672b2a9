#include "cli/hand_over.hpp"

#include <gtest/gtest.h>

#include "cli/testing.hpp"

namespace capo::cli {
namespace {

using testing::Answer;
using testing::Project;

using Words = std::vector<std::string>;

Project compiled_project() {
  Project project;
  project.files.write("/project/alembic.ini",
                      "[alembic]\nscript_location = .\ncapo_program = build/migrate\n"
                      "capo_build = make migrate\ncapo_configure = configure\n");
  project.files.write("/project/build/migrate", "1");
  return project;
}

TEST(HandOver, GoesOnAsTheProgram) {
  Project project = compiled_project();
  const Answer answer = project.run({"upgrade", "head", "-x", "a=b"});
  EXPECT_EQ(project.processes.commands.at(0), (Words{"sh", "-c", "make migrate"}));
  EXPECT_EQ(project.processes.became,
            (Words{"/project/build/migrate", "upgrade", "head", "-x", "a=b"}));
  EXPECT_EQ(answer.error,
            "FAILED: cannot start /project/build/migrate: this is a test\n"
            "  HINT: see capo_program in alembic.ini\n");
  EXPECT_EQ(answer.code, 1);
}

TEST(HandOver, SaysWhatItBuilt) {
  Project project = compiled_project();
  project.processes.does = [&] { project.files.write("/project/build/migrate", "2"); };
  EXPECT_TRUE(project.run({"heads"}).error.starts_with("Built build/migrate in 0.0 s\n"));
  EXPECT_FALSE(project.run({"heads", "-q"}).error.starts_with("Built"));
}

TEST(HandOver, MakesAnewWhatCannotBeStarted) {
  Project project = compiled_project();
  const std::vector<Words> twice(2, Words{"sh", "-c", "make migrate"});
  // As a build tool does: it makes what is missing.
  project.processes.does = [&] {
    if (project.files.kind("/project/build/migrate") == base::FileKind::kNone) {
      project.files.write("/project/build/migrate", "whole");
    }
  };
  EXPECT_EQ(project.run({"heads"}).error,
            "Built build/migrate in 0.0 s\n"
            "FAILED: cannot start /project/build/migrate: this is a test\n"
            "  HINT: see capo_program in alembic.ini\n");
  EXPECT_EQ(project.processes.commands, twice);
  EXPECT_EQ(project.files.read("/project/build/migrate"), "whole");
  EXPECT_EQ(project.files.list("/project/build"), Words{"migrate"});

  // It is not: the ini file names a file that nobody can make again.
  project = compiled_project();
  EXPECT_EQ(project.run({"heads"}).error,
            "FAILED: cannot start /project/build/migrate: this is a test\n"
            "  HINT: see capo_program in alembic.ini\n");
  EXPECT_EQ(project.processes.commands, twice);
  EXPECT_EQ(project.files.read("/project/build/migrate"), "1");

  project = compiled_project();
  project.processes.does = [&] {
    const bool again = project.processes.commands.size() == 2;
    project.processes.exit_code = again ? 2 : 0;
  };
  EXPECT_TRUE(project.run({"heads"}).error.starts_with("FAILED: build/migrate was not built\n"));
  EXPECT_EQ(project.files.read("/project/build/migrate"), "1");

  project = compiled_project();
  project.run({"heads", "--no-build"});
  EXPECT_EQ(project.processes.commands, std::vector<Words>{});
  EXPECT_EQ(project.files.read("/project/build/migrate"), "1");
}

TEST(HandOver, ConfiguresWhatWasNeverBuilt) {
  Project project = compiled_project();
  project.files.remove("/project/build/migrate");
  const Answer answer = project.run({"heads"});
  EXPECT_EQ(project.processes.commands,
            (std::vector<Words>{{"sh", "-c", "configure"}, {"sh", "-c", "make migrate"}}));
  EXPECT_EQ(answer.error,
            "FAILED: there is no program /project/build/migrate\n"
            "  HINT: capo_build in alembic.ini ended well, but made no such file: see "
            "capo_program there\n");
}

TEST(HandOver, ShowsWhatTheCompilerSaid) {
  Project project = compiled_project();
  project.processes.exit_code = 2;
  project.processes.prints = "001.cpp:3:1: error: expected ';'\n";
  const Answer answer = project.run({"heads"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_EQ(answer.error,
            "001.cpp:3:1: error: expected ';'\n"
            "FAILED: build/migrate was not built\n"
            "  DETAIL: capo_build in alembic.ini ended with 2: make migrate\n"
            "  HINT: correct what it says above, and run this again; --no-build runs the program "
            "as it was last built\n");
  EXPECT_EQ(project.processes.became, Words{});
  EXPECT_NE(project.run({"heads", "--json"}).error.find("expected ';'"), std::string::npos);

  project.processes.exit_code = 127;
  project.processes.prints = "sh: 1: make: not found\n";
  EXPECT_EQ(project.run({"heads"}).error,
            "sh: 1: make: not found\n"
            "FAILED: build/migrate was not built\n"
            "  DETAIL: capo_build in alembic.ini ended with 127: make migrate\n"
            "  HINT: install what is missing, or correct the command\n");
}

TEST(HandOver, WithoutBuilding) {
  Project project = compiled_project();
  project.run({"heads", "--no-build"});
  EXPECT_EQ(project.processes.commands, std::vector<Words>{});
  EXPECT_EQ(project.processes.became, (Words{"/project/build/migrate", "heads", "--no-build"}));
  project.environment["CAPO_NO_BUILD"] = "1";
  project.run({"heads"});
  EXPECT_EQ(project.processes.commands, std::vector<Words>{});
  project.files.remove("/project/build/migrate");
  EXPECT_EQ(project.run({"heads"}).error,
            "FAILED: there is no program /project/build/migrate\n"
            "  HINT: build it, or leave out --no-build and CAPO_NO_BUILD\n");
}

TEST(HandOver, NotForWhatNeedsNoProject) {
  Project project = compiled_project();
  for (const Words& words : {Words{"--version"},
                             {"help"},
                             {"--help"},
                             {"upgrade", "--help"},
                             {"init", "x"},
                             {"list_templates"},
                             {"completion", "bash"},
                             {"embed", "-o", "table.cpp"}}) {
    EXPECT_EQ(project.run(words).code, 0) << words[0];
  }
  EXPECT_EQ(project.processes.commands, std::vector<Words>{});
  EXPECT_EQ(project.processes.became, Words{});
}

TEST(HandOver, CompletionAsksTheProgramOnlyIfItIsThere) {
  Project project = compiled_project();
  EXPECT_EQ(project.run({"__complete", "--", "upgrade", ""}).code, 0);
  EXPECT_EQ(project.processes.became,
            (Words{"/project/build/migrate", "__complete", "--", "upgrade", ""}));
  project.processes.became = {};
  project.files.remove("/project/build/migrate");
  EXPECT_EQ(project.run({"__complete", "--", "upgrade", ""}).code, 0);
  EXPECT_EQ(project.processes.became, Words{});
  EXPECT_EQ(project.processes.commands, std::vector<Words>{});
}

TEST(HandOver, NeverInACircle) {
  Project project = compiled_project();
  project.environment["CAPO_HANDED_OVER"] = "/project/build/migrate";
  EXPECT_EQ(project.run({"heads"}).error,
            "FAILED: build/migrate hands over to capo, and capo to it\n"
            "  HINT: capo_program in alembic.ini is to name a program that capo_add_migrations() "
            "makes\n");
  EXPECT_EQ(project.processes.became, Words{});
}

// ---- the program itself

constexpr std::string_view kSql =
    "-- seed\n--\n-- Revision ID: 000\n-- Revises:\n\n-- capo:upgrade\nSELECT 1;\n";
constexpr Revision kSeed = {.token = "000", .message = "seed"};
const CompiledRevision kTable[] = {
    {&kSeed, "dd", kSql, "alembic/versions/000_seed.sql", "seed\n\nRevision ID: 000"}};
constexpr capo::Project kProject = {
    .revisions = {kTable, 1},
    .ini = "[alembic]\nscript_location = %(here)s/alembic\ncapo_program = build/migrate\n"};

TEST(CompiledProgram, NeedsNoFile) {
  Project project = {.compiled = &kProject};
  EXPECT_EQ(project.run({"history"}).out, "<base> -> 000 (head), seed\n");
  EXPECT_NE(project.run({"show", "000"}).out.find("Path: alembic/versions/000_seed.sql\n"),
            std::string::npos);
  project.environment["DATABASE_URL"] = "sqlite:///x.db";
  const Answer script = project.run({"upgrade", "head", "--sql"});
  EXPECT_NE(script.out.find("SELECT 1;"), std::string::npos) << script.error;
  EXPECT_EQ(project.processes.became, Words{});
}

TEST(CompiledProgram, TheIniThatLiesThereComesFirst) {
  Project project = {.compiled = &kProject};
  project.files.write("/project/alembic.ini", "[alembic]\nscript_location = db\n");
  EXPECT_NE(project.run({"show", "000"}).out.find("Path: /project/alembic/versions/000_seed.sql"),
            std::string::npos);
  EXPECT_EQ(project.run({"revision", "-m", "x", "--rev-id", "001"}).out,
            "  Generating /project/db/versions/001_x.sql ...  done\n");
}

TEST(CompiledProgram, WritesNoRevisionWhereThereIsNoProject) {
  Project project = {.compiled = &kProject};
  EXPECT_EQ(project.run({"revision", "-m", "x"}).error,
            "FAILED: a new revision is a file, and there is no project here\n"
            "  HINT: run this in the project's folder, beside its ini file\n");
}

TEST(CompiledProgram, WithoutAnyIni) {
  constexpr capo::Project kBare = {.revisions = {kTable, 1}};
  Project project = {.compiled = &kBare};
  EXPECT_EQ(project.run({"heads"}).out, "000 (head)\n");
}

}  // namespace
}  // namespace capo::cli
