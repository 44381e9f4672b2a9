#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"

namespace capo::cli {
namespace {

struct EnsureVersionOptions {
  bool sql = false;
};

int ensure_version(Session& session, const EnsureVersionOptions& options, Output& output) {
  if (options.sql) {
    output.print(runtime::ensure_version_script(session.dialect(), session.runtime_options()));
  } else {
    session.migration().ensure_version_table();
  }
  return 0;
}

constexpr std::array<OptionSpec, 1> kOptions = {{
    {.name = "sql", .help = "print the SQL instead; no database is asked"},
}};
constexpr std::array<Example, 1> kExamples = {{
    {"capo ensure_version", "does nothing if the table is there"},
}};

}  // namespace

constinit const CommandSpec kEnsureVersion = {
    .name = "ensure_version",
    .summary = "Make the version table if it is missing",
    .group = Group::kChange,
    .needs = Needs::kDatabase,
    .options = kOptions,
    .examples = kExamples,
    .run = [](Session& session, const Args& args,
              Output& output) { return ensure_version(session, {.sql = args.has("sql")}, output); },
};

}  // namespace capo::cli
