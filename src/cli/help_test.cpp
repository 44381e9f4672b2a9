#include "cli/help.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/testing.hpp"

namespace capo::cli {
namespace {

using testing::Project;

TEST(Wrap, BreaksAtSpacesAndKeepsIndentedLines) {
  EXPECT_EQ(wrap("one two three", 7, 2), "  one two\n  three\n");
  EXPECT_EQ(wrap("a\n\nb", 10, 0), "a\n\nb\n");
  EXPECT_EQ(wrap("incomprehensibilities x", 5, 0), "incomprehensibilities\nx\n");
  EXPECT_EQ(wrap("a\n  kept as it is", 5, 1), " a\n   kept as it is\n");
  EXPECT_EQ(wrap("ééé ééé", 7, 0), "ééé ééé\n");
  EXPECT_EQ(wrap("", 5, 0), "");
}

TEST(CommandTable, NoOptionMeansTwoThings) {
  for (const CommandSpec* command : commands()) {
    std::set<std::string_view> names;
    std::set<char> letters;
    for (const auto& options : {command->options, global_options()}) {
      for (const OptionSpec& option : options) {
        EXPECT_TRUE(names.insert(option.name).second) << command->name << " --" << option.name;
        if (option.letter != '\0') {
          EXPECT_TRUE(letters.insert(option.letter).second)
              << command->name << ' ' << option.letter;
        }
        EXPECT_FALSE(option.help.empty()) << command->name << " --" << option.name;
      }
    }
  }
}

TEST(CommandTable, EveryCommandIsExplained) {
  std::set<std::string_view> names;
  for (const CommandSpec* command : commands()) {
    EXPECT_TRUE(names.insert(command->name).second) << command->name;
    EXPECT_NE(command->run, nullptr) << command->name;
    EXPECT_FALSE(command->summary.empty()) << command->name;
    EXPECT_FALSE(command->summary.ends_with('.')) << command->name;
    for (const ArgumentSpec& argument : command->arguments) {
      EXPECT_FALSE(argument.help.empty()) << command->name << ' ' << argument.name;
    }
    if (command->group == Group::kHidden || command->name == "check") continue;
    EXPECT_FALSE(command->examples.empty()) << command->name;
  }
}

TEST(Help, FitsIntoEightyColumns) {
  std::vector<std::string> texts = {program_help(base::Paint()), revisions_help(base::Paint())};
  for (const CommandSpec* command : commands())
    texts.push_back(command_help(*command, base::Paint()));
  for (const std::string& text : texts) {
    for (const std::string_view line : base::split(text, '\n')) {
      EXPECT_LE(base::count_code_points(line), 80) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

TEST(Help, OfACommand) {
  Project project;
  const auto answer = project.run({"help", "heads"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.out,
            "usage: capo heads [options]\n"
            "\n"
            "Lists the revisions that no other revision follows: the newest one, or one for\n"
            "every branch. A head that another revision depends on is an \"effective head\".\n"
            "Needs no database.\n"
            "\n"
            "Options\n"
            "  -v, --verbose           every head with parents, labels, file and text\n"
            "  --resolve-dependencies  leave out heads that another revision depends on\n"
            "\n"
            "Examples\n"
            "  capo heads\n"
            "      one line a head; more than one means that branches wait for a merge\n"
            "  capo heads --json\n"
            "      the same for programs\n"
            "\n"
            "The options of 'capo --help' (--config, --url, --quiet, ...) may stand here too.\n");
  EXPECT_EQ(project.run({"heads", "--help"}).out, answer.out);
  EXPECT_EQ(project.run({"-h", "heads"}).out, answer.out);
}

TEST(Help, WrongUsageSaysWhatIsRight) {
  Project project;
  const struct {
    std::vector<std::string> words;
    std::string error;
  } cases[] = {
      {{},
       "usage: capo [options] <command> [arguments]\n"
       "capo: error: the following arguments are required: command; 'capo --help' lists the "
       "commands\n"},
      {{"upgarde", "head"},
       "usage: capo [options] <command> [arguments]\n"
       "capo: error: no command 'upgarde'; did you mean 'upgrade'?\n"},
      {{"heads", "--verbos", "--resolv", "--jsn"},
       "usage: capo heads [options]\n"
       "capo heads: error: unknown option '--jsn'; did you mean '--json'?\n"},
      {{"upgrade"},
       "usage: capo upgrade [options] <revision>\n"
       "capo upgrade: error: the following arguments are required: revision\n"},
      {{"stamp", "head", "--json"},
       "{\"error\":{\"code\":\"usage\",\"message\":\"--json means nothing to 'stamp'\",\"detail\":"
       "null,\"hint\":null,\"file\":null,\"line\":null,\"column\":null,\"sqlstate\":null,"
       "\"statement\":null}}\n"},
      {{"upgrade", "head", "--sql", "--dry-run"},
       "FAILED: --sql asks no database and --dry-run asks one: choose\n"},
      {{"help", "heds"}, "FAILED: no command 'heds'\n  HINT: did you mean 'heads'?\n"},
      {{"upgrade", "head", "--max-wait", "soon"},
       "FAILED: 'soon' is not a time for --max-wait\n  HINT: write 500ms, 5s, 1min or 2h\n"},
  };
  for (const auto& [words, error] : cases) {
    const auto answer = project.run(words);
    EXPECT_EQ(answer.code, 2) << error;
    EXPECT_EQ(answer.error, error);
    EXPECT_EQ(answer.out, "") << error;
  }
}

TEST(Help, Version) {
  Project project;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--version"}, {"version"}, {"heads", "--version"}}) {
    const auto answer = project.run(words);
    EXPECT_EQ(answer.out, "capo " CAPO_VERSION "\n");
    EXPECT_EQ(answer.code, 0);
  }
}

}  // namespace
}  // namespace capo::cli
