#include "cli/session.hpp"

#include <gtest/gtest.h>

#include "cli/testing.hpp"

// What goes wrong before a database is reached, as whole command lines.

namespace capo::cli {
namespace {

using testing::Project;
using testing::small_project;

TEST(Session, WithoutAProjectItSaysHowToBegin) {
  Project project;
  const auto answer = project.run({"heads"});
  EXPECT_EQ(answer.code, 1);
  EXPECT_EQ(answer.error,
            "FAILED: No 'script_location' key found in configuration\n"
            "  HINT: there is no capo.ini or alembic.ini here: name one with -c, or run `capo init "
            "migrations`\n");
}

TEST(Session, AnIniWithoutScriptLocation) {
  Project project;
  project.files.write("/project/alembic.ini", "[alembic]\nsqlalchemy.url = sqlite://\n");
  EXPECT_EQ(project.run({"heads"}).error,
            "FAILED: No 'script_location' key found in configuration\n"
            "  HINT: set script_location in [alembic] of alembic.ini\n");
}

TEST(Session, ADatabaseThatNobodyKnows) {
  Project project = small_project();
  EXPECT_EQ(project.run({"current", "--url", "postgre://u:secret@h/d"}).error,
            "FAILED: no database is called 'postgre'\n"
            "  DETAIL: the URL came from --url: postgre://u:***@h/d\n"
            "  HINT: did you mean 'postgresql'?\n");
}

TEST(Session, WhatNeedsNoDatabaseWorksWithAnUnusableUrl) {
  Project project = small_project();
  project.environment["DATABASE_URL"] = "not a url";
  for (const std::vector<std::string>& words : {std::vector<std::string>{"heads"},
                                                {"history"},
                                                {"branches"},
                                                {"show", "1975"},
                                                {"revision", "-m", "x", "--head", "ae10"},
                                                {"__complete", "--", "upgrade", ""}}) {
    const auto answer = project.run(words);
    EXPECT_EQ(answer.code, 0) << words[0] << answer.error;
    EXPECT_EQ(answer.error, "") << words[0];
  }
  EXPECT_EQ(project.run({"current"}).code, 1);
}

TEST(Session, TimesOfTheCommandLine) {
  Project project = small_project();
  const auto answer = project.run({"heads", "--lock-timeout", "5 sec"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_EQ(answer.error,
            "FAILED: '5 sec' is not a time for --lock-timeout\n"
            "  HINT: write 500ms, 5s, 1min or 2h\n");
  EXPECT_EQ(project.run({"heads", "--lock-timeout", "5s", "--statement-timeout", "0"}).code, 0);
}

TEST(Edit, TakesTheEditorOfTheEnvironment) {
  Project project = small_project();
  project.processes.installed = "nano";
  const auto edited = [&] {
    project.processes.commands.clear();
    const auto answer = project.run({"edit", "1975"});
    EXPECT_EQ(answer.code, 0) << answer.error;
    return project.processes.commands;
  };
  const std::string path = "/project/versions/1975ea83b712.sql";
  using Commands = std::vector<std::vector<std::string>>;
  EXPECT_EQ(edited(), (Commands{{"nano", path}}));
  project.environment["VISUAL"] = "emacs";
  EXPECT_EQ(edited(), (Commands{{"sh", "-c", "emacs \"$1\"", "sh", path}}));
  project.environment["EDITOR"] = "code --wait";
  EXPECT_EQ(edited(), (Commands{{"sh", "-c", "code --wait \"$1\"", "sh", path}}));
}

TEST(Edit, Failures) {
  Project project = small_project();
  EXPECT_EQ(project.run({"edit", "1975"}).error,
            "FAILED: no editor was found\n  HINT: set the environment variable EDITOR\n");
  EXPECT_EQ(project.run({"edit", "base"}).error,
            "FAILED: No revision files indicated by symbol 'base'\n");
  project.environment["EDITOR"] = "vi";
  project.processes.exit_code = 3;
  EXPECT_EQ(project.run({"edit", "1975"}).error, "FAILED: Error executing editor (exit code 3)\n");
  EXPECT_EQ(project.run({"edit", "1975ea83b71x"}).error,
            "FAILED: Can't locate revision identified by '1975ea83b71x'\n"
            "  HINT: did you mean '1975ea83b712'?\n");
}

TEST(Revision, TellsWhatItWroteAndRunsHooks) {
  Project project = small_project();
  project.files.write("/project/alembic.ini",
                      "[alembic]\nscript_location = .\n\n[post_write_hooks]\nhooks = tidy\n"
                      "tidy.type = exec\ntidy.executable = tidy-sql\n"
                      "tidy.options = --in-place REVISION_SCRIPT_FILENAME\n");
  project.processes.installed = "tidy-sql";
  const auto answer = project.run(
      {"revision", "-m", "new things", "--rev-id", "0001", "--head", "shoppingcart@head"});
  EXPECT_EQ(answer.code, 0) << answer.error;
  EXPECT_EQ(answer.out,
            "  Generating /project/versions/0001_new_things.sql ...  done\n"
            "  Running post write hook 'tidy' ...\n");
  EXPECT_EQ(project.processes.commands,
            (std::vector<std::vector<std::string>>{
                {"tidy-sql", "--in-place", "/project/versions/0001_new_things.sql"}}));
  const auto quiet = project.run({"-q", "revision", "--rev-id", "0002", "--head", "0001"});
  EXPECT_EQ(quiet.out, "");
  EXPECT_EQ(quiet.code, 0) << quiet.error;
}

TEST(Revision, WhatMakesNoSense) {
  Project project = small_project();
  const struct {
    std::vector<std::string> words;
    std::string error;
  } cases[] = {
      {{"revision", "--autogenerate", "--scratch-url", "sqlite://"},
       "FAILED: no database URL is given\n"
       "  HINT: give one with --url, as the environment variable DATABASE_URL, as DATABASE_URL in "
       "the file /project/.env, or as sqlalchemy.url in alembic.ini\n"},
      {{"revision", "--autogenerate", "--sql"},
       "FAILED: Using --sql with --autogenerate does not make any sense\n"},
      {{"revision", "--sql"},
       "FAILED: Using --sql with the revision command when revision_environment is not configured "
       "does not make any sense\n"},
      {{"check", "--url", "sqlite://"},
       "FAILED: no models are declared\n"
       "  HINT: models are C++: see docs/autogenerate.md for a project with a program of its own; or "
       "name what the database is to become, as `--target schema.sql`\n"},
      {{"stamp", "--sql", "--purge", "head"}, "FAILED: Can't use --purge with --sql mode\n"},
  };
  for (const auto& [words, error] : cases) {
    const auto answer = project.run(words);
    EXPECT_EQ(answer.code, 1) << error;
    EXPECT_EQ(answer.error, error);
  }
}

TEST(Init, TellsWhatItMadeAndChangesNothingThatIsThere) {
  Project project;
  project.files.write("/project/alembic.ini", "mine");
  const auto answer = project.run({"init", "migrations", "--package"});
  EXPECT_EQ(answer.code, 0) << answer.error;
  EXPECT_EQ(answer.out,
            "  Creating directory /project/migrations ...  done\n"
            "  Creating directory /project/migrations/versions ...  done\n"
            "  Generating /project/migrations/versions/.gitkeep ...  done\n"
            "  Generating /project/migrations/script.sql.tmpl ...  done\n"
            "  Generating /project/migrations/README ...  done\n"
            "  Generating /project/migrations/__init__.py ...  done\n"
            "  Generating /project/migrations/versions/__init__.py ...  done\n"
            "  Generating /project/.env.example ...  done\n"
            "  File /project/alembic.ini already exists, skipping\n"
            "  Please edit configuration/connection/logging settings in alembic.ini before "
            "proceeding.\n");
  EXPECT_EQ(project.files.read("/project/alembic.ini"), "mine");
  const auto again = project.run({"init", "migrations"});
  EXPECT_EQ(again.code, 1);
  EXPECT_EQ(again.error,
            "FAILED: Directory migrations already exists and is not empty\n"
            "  HINT: name another one, or an empty one\n");
  EXPECT_EQ(project.run({"init", "other", "-t", "sqll"}).error,
            "FAILED: No such template 'sqll'\n  HINT: did you mean 'sql'?\n");
}

TEST(Init, PutsTheIniWhereItWasAskedTo) {
  Project project;
  project.environment["ALEMBIC_CONFIG"] = "db/my.ini";
  EXPECT_EQ(project.run({"init", "db/migrations"}).code, 0);
  EXPECT_EQ(project.files.kind("/project/db/my.ini"), base::FileKind::kFile);
  EXPECT_EQ(project.run({"-c", "other.ini", "init", "others"}).code, 0);
  EXPECT_EQ(project.files.kind("/project/other.ini"), base::FileKind::kFile);
}

TEST(Init, LeavesItToACapoIni) {
  Project project;
  project.files.write("/project/capo.ini", "[capo]\nscript_location = migrations\n");
  EXPECT_NE(project.run({"init", "migrations"}).out.find("capo.ini already exists, skipping"),
            std::string::npos);
  EXPECT_EQ(project.files.kind("/project/alembic.ini"), base::FileKind::kNone);
}

TEST(Init, ABuildFileThatIsThereIsLeftAlone) {
  Project project;
  project.files.write("/project/CMakeLists.txt", "mine");
  const auto answer = project.run({"init", "-t", "cpp", "db"});
  EXPECT_EQ(answer.code, 0) << answer.error;
  EXPECT_NE(answer.out.find("  File /project/CMakeLists.txt already exists, skipping\n"
                            "  Add to it the lines that db/README tells.\n"),
            std::string::npos)
      << answer.out;
  EXPECT_EQ(project.files.read("/project/CMakeLists.txt"), "mine");
}

}  // namespace
}  // namespace capo::cli
