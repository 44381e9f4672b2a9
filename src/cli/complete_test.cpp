#include "cli/complete.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "cli/testing.hpp"

namespace capo::cli {
namespace {

using testing::Project;
using testing::small_project;

// What is offered, without explanations, separated by spaces.
std::string offered(Project& project, const std::vector<std::string>& words) {
  base::MemoryTerminal terminal;
  World world{project.files,     project.clock, project.random,
              project.processes, terminal,      project.environment};
  std::string texts;
  const std::string answer = complete(words, world);
  for (const std::string_view line : base::split(answer, '\n')) {
    if (line.empty()) continue;
    if (!texts.empty()) texts += ' ';
    texts += line.substr(0, line.find('\t'));
  }
  return texts;
}

TEST(Complete, Table) {
  Project project = small_project();
  const struct {
    std::vector<std::string> words;
    std::string_view expected;
  } cases[] = {
      {{"up"}, "upgrade"},
      {{"h"}, "history heads help"},
      {{"__"}, ""},
      {{"zzz"}, ""},
      {{"-q", "up"}, "upgrade"},
      {{"-c", ""}, ":file"},
      {{"--config="}, ":file"},
      {{"-n", "x", "current", "--ch"}, "--check-heads"},
      {{"upgrade", "--in-doubt", ""}, "rerun skip"},
      {{"upgrade", "--in-doubt=r"}, "--in-doubt=rerun"},
      {{"--color", "a"}, "auto always"},
      {{"completion", ""}, "bash zsh fish"},
      {{"help", "dow"}, "downgrade"},
      {{"upgrade", "27"}, "27c6a30d7c24"},
      {{"upgrade", "h"}, "head heads"},
      {{"upgrade", "head", ""}, ""},
      {{"upgrade", "s"}, "shoppingcart shoppingcart@"},
      {{"upgrade", "shoppingcart@h"}, "shoppingcart@head shoppingcart@heads"},
      {{"upgrade", "1975ea83b712:2"}, "1975ea83b712:27c6a30d7c24"},
      {{"history", "-r", "ba"}, "base"},
      {{"history", "-r", "base:ae"}, "base:ae1027a6acf0"},
      {{"history", "--rev-range=base:ae"}, "--rev-range=base:ae1027a6acf0"},
      {{"stamp", "head", "37"}, "3782d9986ced"},
      {{"stamp", "--", "37"}, "3782d9986ced"},
      {{"stamp", "--", "--p"}, ""},
      {{"stamp", "-1", "37"}, "3782d9986ced"},
      {{"nosuch", ""}, ""},
      {{"ten"}, "tenant"},
      {{"tenant", ""}, "check convert"},
      {{"tenant", "check", "--fi"}, "--fix"},
      {{"tenant", "convert", "--dr"}, "--dry-run"},
      {{"tenant", "nosuch", ""}, ""},
      {{"diff", ""}, "models database empty rev: :file"},
      {{"check", "--target", "da"}, "database :file"},
      {{"inspect", "rev:3"}, "rev:3782d9986ced"},
      {{},
       "init list_templates revision merge edit upgrade downgrade stamp ensure_version current "
       "history heads branches show check diff inspect lint verify rehearse doctor tenant explain "
       "help version "
       "completion"},
  };
  for (const auto& [words, expected] : cases) {
    EXPECT_EQ(offered(project, words), expected) << base::join(words, " ");
  }
}

TEST(Complete, IsSilentWhereThereIsNoProjectOrABrokenOne) {
  Project none;
  EXPECT_EQ(offered(none, {"upgrade", ""}), "head heads base");
  Project broken = small_project();
  broken.files.write("/project/versions/x.sql",
                     "-- Revision ID: a b: c\nSELECT 1;\n-- capo:upgrade\n");
  EXPECT_EQ(offered(broken, {"upgrade", ""}), "head heads base");
  broken.files.write("/project/alembic.ini", "not an ini");
  EXPECT_EQ(offered(broken, {"upgrade", ""}), "head heads base");
}

TEST(Complete, ExplainsInOneLine) {
  Project project;
  project.files.write("/project/alembic.ini", "[alembic]\nscript_location = .\n");
  project.add("0001", "", "create\tand more");
  base::MemoryTerminal terminal;
  World world{project.files,     project.clock, project.random,
              project.processes, terminal,      project.environment};
  EXPECT_EQ(complete({"upgrade", "0"}, world), "0001\tcreate and more\n");
}

TEST(Complete, ThroughTheHiddenCommand) {
  Project project = small_project();
  EXPECT_EQ(
      project.run({"__complete", "--", "upgrade", "--dr"}).out,
      "--dry-run\tconnect and print the exact statements that would run now; change nothing\n");
}

}  // namespace
}  // namespace capo::cli
