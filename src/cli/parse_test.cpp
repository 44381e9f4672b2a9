#include "cli/parse.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::cli {
namespace {

constexpr std::array<std::string_view, 2> kModes = {"rerun", "skip"};
constexpr std::array<OptionSpec, 4> kGlobal = {{
    {.name = "config", .letter = 'c', .value = "FILE"},
    {.name = "quiet", .letter = 'q'},
    {.name = "x", .letter = 'x', .value = "KEY=VALUE"},
    {.name = "help", .letter = 'h'},
}};
constexpr std::array<OptionSpec, 6> kOptions = {{
    {.name = "rev-range", .letter = 'r', .value = "RANGE"},
    {.name = "rev-id", .value = "ID"},
    {.name = "verbose", .letter = 'v'},
    {.name = "indicate-current", .letter = 'i'},
    {.name = "message", .letter = 'm', .value = "TEXT"},
    {.name = "in-doubt", .value = "WHAT", .choices = kModes},
}};
constexpr std::array<ArgumentSpec, 1> kOne = {{{.name = "revision"}}};
constexpr std::array<ArgumentSpec, 1> kMany = {{{.name = "revisions", .repeats = true}}};
constinit const CommandSpec kUpgrade = {.name = "upgrade", .arguments = kOne, .options = kOptions};
constinit const CommandSpec kStamp = {.name = "stamp", .arguments = kMany, .options = kOptions};
constinit const CommandSpec kHeads = {.name = "heads", .options = kOptions};
constinit const CommandSpec kTenantCheck = {.name = "tenant check", .options = kOptions};
constinit const CommandSpec kSecret = {.name = "__secret", .group = Group::kHidden};
constinit const std::array<const CommandSpec*, 5> kCommands = {&kUpgrade, &kStamp, &kHeads,
                                                               &kTenantCheck, &kSecret};

// "upgrade c=x verbose | head": command, options, arguments. Words are separated by `~`.
std::string parsed(const std::vector<std::string>& words) {
  const CommandLine line = parse(words, kCommands, kGlobal);
  std::string text(line.command == nullptr ? "-" : line.command->name);
  for (const auto& options :
       {std::span<const OptionSpec>(kGlobal), std::span<const OptionSpec>(kOptions)}) {
    for (const OptionSpec& option : options) {
      for (const std::string& value : line.args.values(option.name)) {
        text += fmt::format(" {}{}", option.name, option.value.empty() ? "" : "=<" + value + ">");
      }
    }
  }
  for (const std::string& argument : line.args.arguments()) text += fmt::format(" [{}]", argument);
  return text;
}

std::string parsed_or_error(std::string_view line) {
  std::vector<std::string> words;
  if (!line.empty()) {
    for (const std::string_view word : base::split(line, '~')) words.emplace_back(word);
  }
  try {
    return parsed(words);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage) << line;
    return fmt::format("! {}{}{}", error.what(), error.hint().empty() ? "" : "; ", error.hint());
  }
}

TEST(Parse, AsArgparse) {
  const struct {
    std::string_view line, expected;
  } cases[] = {
      {"", "-"},
      {"heads", "heads"},
      {"upgrade~head", "upgrade [head]"},
      {"upgrade~heads", "upgrade [heads]"},
      {"upgrade~upgrade", "upgrade [upgrade]"},
      {"upgrade~-1", "upgrade [-1]"},
      {"upgrade~+1", "upgrade [+1]"},
      {"upgrade~foo@-1", "upgrade [foo@-1]"},
      {"upgrade~-2:", "upgrade [-2:]"},
      {"upgrade~", "upgrade []"},
      {"upgrade~-", "upgrade [-]"},
      {"upgrade~--~--verbose", "upgrade [--verbose]"},
      {"upgrade~--~--", "upgrade [--]"},
      {"upgrade~[a,b]", "upgrade [[a,b]]"},
      {"stamp~a~b~-v~c", "stamp verbose [a] [b] [c]"},
      // values
      {"heads~-r-2:", "heads rev-range=<-2:>"},
      {"heads~-r~-2:", "heads rev-range=<-2:>"},
      {"heads~-r=a:b", "heads rev-range=<a:b>"},
      {"heads~--rev-range=-2:", "heads rev-range=<-2:>"},
      {"heads~--rev-range~a:", "heads rev-range=<a:>"},
      {"heads~--message=~-v", "heads verbose message=<>"},
      {"heads~--message=a=b", "heads message=<a=b>"},
      {"heads~-m~", "heads message=<>"},
      {"heads~-m~- a dash", "heads message=<- a dash>"},
      {"heads~-m~--two dashes", "heads message=<--two dashes>"},
      {"heads~-m~a~-m~b", "heads message=<a> message=<b>"},
      {"heads~-x~a=1~-xb=2", "heads x=<a=1> x=<b=2>"},
      {"heads~-vi", "heads verbose indicate-current"},
      {"heads~-vra:", "heads rev-range=<a:> verbose"},
      {"heads~-vr~a:", "heads rev-range=<a:> verbose"},
      // prefixes
      {"heads~--verb", "heads verbose"},
      {"heads~--rev-r~a:", "heads rev-range=<a:>"},
      {"heads~--rev-r=a:", "heads rev-range=<a:>"},
      {"heads~--rev", "! ambiguous option '--rev' could be --rev-range, --rev-id"},
      // global options before and after
      {"-c~a.ini~heads", "heads config=<a.ini>"},
      {"-ca.ini~heads", "heads config=<a.ini>"},
      {"--config=a.ini~heads", "heads config=<a.ini>"},
      {"--conf~a.ini~heads", "heads config=<a.ini>"},
      {"-qc~a.ini~heads", "heads config=<a.ini> quiet"},
      {"heads~-c~a.ini~-q", "heads config=<a.ini> quiet"},
      {"-c~heads~heads", "heads config=<heads>"},
      // a command's own before it
      {"-v~heads", "heads verbose"},
      {"-m~some text~heads", "heads message=<some text>"},
      {"-vr~a:~--rev-id~a1~heads", "heads rev-range=<a:> rev-id=<a1> verbose"},
      {"--rev-id=a1~heads", "heads rev-id=<a1>"},
      {"-c~heads", "- config=<heads>"},
      // a command of two words
      {"tenant~check", "tenant check"},
      {"-c~tenant~tenant~check~-v", "tenant check config=<tenant> verbose"},
      {"tenant~check~check", "! unexpected argument 'check'"},
      {"tenant~chek", "! no command 'tenant chek'; did you mean 'tenant check'?"},
      {"tenant", "! 'tenant' says too little: tenant check; see capo tenant check --help"},
      {"tenant~-h", "! 'tenant' says too little: tenant check; see capo tenant check --help"},
      {"check", "! no command 'check'"},
      // wrong usage
      {"upgarde~head", "! no command 'upgarde'; did you mean 'upgrade'?"},
      {"frobnicate", "! no command 'frobnicate'"},
      {"up", "! no command 'up'; did you mean 'upgrade'?"},
      {"__secre", "! no command '__secre'"},
      {"", "-"},
      {"upgrade", "! the following arguments are required: revision"},
      {"upgrade~-h", "upgrade help"},
      {"stamp", "! the following arguments are required: revisions"},
      {"upgrade~a~b", "! unexpected argument 'b'"},
      {"heads~x", "! unexpected argument 'x'"},
      {"heads~--verbos=1", "! option '--verbose' takes no value"},
      {"heads~--vebrose", "! unknown option '--vebrose'; did you mean '--verbose'?"},
      {"heads~--zzz", "! unknown option '--zzz'"},
      {"heads~-z", "! unknown option '-z'"},
      {"heads~-verbose", "! unknown option '-e' in '-verbose'; did you mean '--verbose'?"},
      {"heads~-vz", "! unknown option '-z' in '-vz'"},
      {"heads~-message", "heads message=<essage>"},
      {"heads~-m", "! option '-m/--message' needs a value: TEXT"},
      {"heads~-m~--verbose", "! option '-m/--message' needs a value: TEXT"},
      {"heads~--rev-id", "! option '--rev-id' needs a value: ID"},
      {"-c", "! option '-c/--config' needs a value: FILE"},
      {"heads~--in-doubt~rerun", "heads in-doubt=<rerun>"},
      {"heads~--in-doubt~reurn",
       "! option '--in-doubt' is 'rerun' or 'skip', not 'reurn'; did you mean 'rerun'?"},
      {"heads~-m~a\xFF", "! argument 3 is not UTF-8 text"},
  };
  for (const auto& [line, expected] : cases) EXPECT_EQ(parsed_or_error(line), expected) << line;
}

RC_GTEST_PROP(Parse, NeverThrowsAnythingElseAndKeepsWhatFollowsTwoDashes, ()) {
  const auto pieces =
      std::vector<std::string>{"-", "--", "=",     "rev",     "-range", "v",         "c", "1",
                               " ", "x",  "heads", "upgrade", "é",      "--message", "@", ":"};
  const auto word =
      rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces)),
                   [](const std::vector<std::string>& parts) {
                     std::string joined;
                     for (const std::string& part : parts) joined += part;
                     return joined;
                   });
  auto words = *rc::gen::container<std::vector<std::string>>(word);
  const auto rest = *rc::gen::container<std::vector<std::string>>(word);
  words.insert(words.begin(), "stamp");
  words.emplace_back("x");
  words.emplace_back("--");
  words.insert(words.end(), rest.begin(), rest.end());
  try {
    const auto arguments = parse(words, kCommands, kGlobal).args.arguments();
    RC_ASSERT(arguments.size() >= rest.size());
    RC_ASSERT(std::equal(rest.rbegin(), rest.rend(), arguments.rbegin()));
  } catch (const Error& error) {
    RC_ASSERT(error.code() == ErrorCode::kUsage);
  }
}

}  // namespace
}  // namespace capo::cli
