#include <array>

#include "cli/command_list.hpp"
#include "cli/entry.hpp"
#include "cli/output.hpp"
#include "cli/revisions.hpp"
#include "cli/session.hpp"

namespace capo::cli {
namespace {

struct ShowOptions {
  std::string revision = {};
};

int show(Session& session, const ShowOptions& options, Output& output) {
  const script::ScriptDirectory& scripts = session.scripts();
  base::Json list = base::Json::array();
  for (const revision::Node node : named_revisions(session, options.revision)) {
    if (output.json()) {
      base::Json entry = entry_json(scripts, node);
      entry.set("doc", scripts.script(node).doc);
      list.add(std::move(entry));
    } else {
      output.print(entry_block(scripts, node, false, output.paint()));
    }
  }
  if (output.json()) output.print_json(base::Json::object().set("revisions", std::move(list)));
  return 0;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "rev",
     .help = "a revision, 'heads', or 'current' for what the database is at",
     .completes = Completes::kRevision},
}};
constexpr std::array<Example, 3> kExamples = {{
    {"capo show head", "the newest revision: parents, labels, file, text"},
    {"capo show current", "what the database is at"},
    {"capo show 55af --json", "the same for programs"},
}};

}  // namespace

constinit const CommandSpec kShow = {
    .name = "show",
    .summary = "Tell all about a revision",
    .description =
        "Shows parents, labels, file and header text of the revisions that a name stands for. "
        "Only 'current' needs a database.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .arguments = kArguments,
    .examples = kExamples,
    .run = [](Session& session, const Args& args,
              Output& output) { return show(session, {.revision = args.argument(0)}, output); },
};

}  // namespace capo::cli
