#include <array>

#include "cli/command_list.hpp"
#include "cli/entry.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"

namespace capo::cli {
namespace {

struct HeadsOptions {
  bool verbose = false;
  bool resolve_dependencies = false;
};

int heads(Session& session, const HeadsOptions& options, Output& output) {
  const script::ScriptDirectory& scripts = session.scripts();
  const revision::Graph& graph = scripts.graph();
  base::Json list = base::Json::array();
  for (const revision::Node node :
       options.resolve_dependencies ? graph.real_heads() : graph.heads()) {
    if (output.json()) {
      list.add(entry_json(scripts, node));
    } else if (options.verbose) {
      output.print(entry_block(scripts, node, false, output.paint()));
    } else {
      output.line(entry_line(scripts, node, {.labels = true, .tree = false}, output.paint()));
    }
  }
  if (output.json()) output.print_json(base::Json::object().set("revisions", std::move(list)));
  return 0;
}

constexpr std::array<OptionSpec, 2> kOptions = {{
    {.name = "verbose", .letter = 'v', .help = "every head with parents, labels, file and text"},
    {.name = "resolve-dependencies", .help = "leave out heads that another revision depends on"},
}};
constexpr std::array<Example, 2> kExamples = {{
    {"capo heads", "one line a head; more than one means that branches wait for a merge"},
    {"capo heads --json", "the same for programs"},
}};

}  // namespace

constinit const CommandSpec kHeads = {
    .name = "heads",
    .summary = "List the newest revision of every branch",
    .description =
        "Lists the revisions that no other revision follows: the newest one, or one for every "
        "branch. A head that another revision depends on is an \"effective head\". Needs no "
        "database.",
    .group = Group::kLook,
    .needs = Needs::kScripts,
    .json = true,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return heads(session,
                       {.verbose = args.has("verbose"),
                        .resolve_dependencies = args.has("resolve-dependencies")},
                       output);
        },
};

}  // namespace capo::cli
