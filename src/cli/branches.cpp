#include <array>

#include "cli/command_list.hpp"
#include "cli/entry.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "revision/identifier.hpp"

namespace capo::cli {
namespace {

struct BranchesOptions {
  bool verbose = false;
};

std::string describe_branch_point(const script::ScriptDirectory& scripts, revision::Node node,
                                  const BranchesOptions& options, const base::Paint& paint) {
  const revision::Graph& graph = scripts.graph();
  std::string text = options.verbose ? entry_block(scripts, node, false, paint)
                                     : entry_line(scripts, node, {.labels = true}, paint) + '\n';
  const std::string margin(graph.id(node).size(), ' ');
  for (const revision::Node child : graph.next_revisions(node)) {
    text.append(margin).append(" -> ");
    text += entry_line(scripts, child, {.labels = true, .doc = options.verbose}, paint) + '\n';
  }
  return text + '\n';
}

int branches(Session& session, const BranchesOptions& options, Output& output) {
  const script::ScriptDirectory& scripts = session.scripts();
  base::Json list = base::Json::array();
  for (const revision::Node node : revision::history_range(scripts.graph(), "", "")) {
    if (!scripts.graph().is_branch_point(node)) continue;
    if (output.json()) {
      list.add(entry_json(scripts, node));
    } else {
      output.print(describe_branch_point(scripts, node, options, output.paint()));
    }
  }
  if (output.json()) output.print_json(base::Json::object().set("revisions", std::move(list)));
  return 0;
}

constexpr std::array<OptionSpec, 1> kOptions = {{
    {.name = "verbose", .letter = 'v', .help = "every branch point at length"},
}};
constexpr std::array<Example, 1> kExamples = {{
    {"capo branches", "each branch point and, indented, what follows it"},
}};

}  // namespace

constinit const CommandSpec kBranches = {
    .name = "branches",
    .summary = "List the revisions where the history forks",
    .description = "Lists every revision that more than one other follows. Needs no database.",
    .group = Group::kLook,
    .needs = Needs::kScripts,
    .json = true,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return branches(session, {.verbose = args.has("verbose")}, output);
        },
};

}  // namespace capo::cli
