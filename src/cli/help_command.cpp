#include <fmt/format.h>

#include <array>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "cli/command_list.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"

namespace capo::cli {
namespace {

struct HelpOptions {
  std::string topic = {};  ///< a command, "revisions", or nothing
};

int help(const HelpOptions& options, Output& output) {
  if (options.topic.empty()) {
    output.print(program_help(output.paint()));
    return 0;
  }
  if (options.topic == "revisions") {
    output.print(revisions_help(output.paint()));
    return 0;
  }
  if (const CommandSpec* command = find_command(options.topic)) {
    output.print(command_help(*command, output.paint()));
    return 0;
  }
  std::vector<std::string> topics = {"revisions"};
  for (const CommandSpec* command : commands()) {
    if (command->group != Group::kHidden) topics.emplace_back(command->name);
  }
  Error error(ErrorCode::kUsage, fmt::format("no command '{}'", options.topic));
  if (const auto near = base::closest_or_longer(options.topic, topics)) {
    error.hint(fmt::format("did you mean '{}'?", *near));
  }
  throw error;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "command",
     .help = "a command, or 'revisions' for how revisions are named",
     .required = false,
     .repeats = true,
     .completes = Completes::kCommand},
}};
constexpr std::array<Example, 2> kExamples = {{
    {"capo help upgrade", "the same as capo upgrade --help"},
    {"capo help revisions", "ids, prefixes, labels, head, base, +1, -1, ranges"},
}};

}  // namespace

constinit const CommandSpec kHelp = {
    .name = "help",
    .summary = "Tell about capo, or about one command",
    .group = Group::kHelp,
    .arguments = kArguments,
    .examples = kExamples,
    .run =
        [](Session&, const Args& args, Output& output) {
          return help({.topic = base::join(args.arguments(), " ")}, output);
        },
};

}  // namespace capo::cli
