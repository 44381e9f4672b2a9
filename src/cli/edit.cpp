#include <fmt/format.h>

#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"
#include "cli/revisions.hpp"
#include "cli/session.hpp"

namespace capo::cli {
namespace {

struct EditOptions {
  std::string revision = {};
};

// The command that opens a file: words for a shell from the environment, else the first program
// that is there.
std::vector<std::string> editor_command(const World& world, const std::string& path) {
  for (const std::string_view name : {"EDITOR", "VISUAL"}) {
    const auto found = world.environment.find(name);
    if (found == world.environment.end() || found->second.empty()) continue;
    // Through the shell, because EDITOR may hold options and quotes: `code --wait`.
    return {"sh", "-c", found->second + " \"$1\"", "sh", path};
  }
  for (const char* program : {"sensible-editor", "editor", "nano", "vim", "code"}) {
    if (world.processes.find(program)) return {program, path};
  }
  throw Error(ErrorCode::kConfig, "no editor was found")
      .hint("set the environment variable EDITOR");
}

int edit(Session& session, const EditOptions& options) {
  const std::vector<revision::Node> nodes = named_revisions(session, options.revision);
  if (nodes.empty()) {
    throw Error(ErrorCode::kRevision,
                options.revision == "current"
                    ? "No current revisions"
                    : fmt::format("No revision files indicated by symbol '{}'", options.revision));
  }
  for (const revision::Node node : nodes) {
    const std::string path = session.scripts().script(node).path;
    const auto command = editor_command(session.world(), path);
    const int code = session.world().processes.run(command, "", false).exit_code;
    if (code != 0) {
      throw Error(ErrorCode::kConfig, fmt::format("Error executing editor (exit code {})", code));
    }
  }
  return 0;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "rev",
     .help = "a revision, 'heads', or 'current' for what the database is at",
     .completes = Completes::kRevision},
}};
constexpr std::array<Example, 2> kExamples = {{
    {"capo edit head", "the newest revision"},
    {"EDITOR='code --wait' capo edit 55af", "with another editor"},
}};

}  // namespace

constinit const CommandSpec kEdit = {
    .name = "edit",
    .summary = "Open a revision's file in your editor",
    .description =
        "Opens the files of the revisions that a name stands for, one after the other, in "
        "$EDITOR, $VISUAL or what the system has. Only 'current' needs a database.",
    .group = Group::kWrite,
    .needs = Needs::kDatabase,
    .arguments = kArguments,
    .examples = kExamples,
    .run = [](Session& session, const Args& args,
              Output&) { return edit(session, {.revision = args.argument(0)}); },
};

}  // namespace capo::cli
