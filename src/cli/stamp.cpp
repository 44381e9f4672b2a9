#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"

namespace capo::cli {
namespace {

struct StampOptions {
  std::vector<std::string> revisions = {};
  bool sql = false;
  bool purge = false;
};

int stamp(Session& session, const StampOptions& options, Output& output) {
  if (options.sql && options.purge) {
    throw Error(ErrorCode::kUnsupported, "Can't use --purge with --sql mode");
  }
  if (options.sql) {
    output.print(runtime::stamp_script(session.scripts(), session.dialect(),
                                       session.runtime_options(), options.revisions));
    return 0;
  }
  session.migration().stamp(options.revisions, options.purge);
  return 0;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "revisions",
     .help = "one or several revisions, 'heads', or 'base' for none; with --sql also START:END",
     .repeats = true,
     .completes = Completes::kRevision},
}};
constexpr std::array<OptionSpec, 3> kOptions = {{
    {.name = "sql", .help = "print the SQL instead; no database is asked"},
    {.name = "purge", .help = "forget first what the version table says, even unknown revisions"},
    {.name = "tag", .value = "TEXT", .help = "accepted for Alembic's sake"},
}};
constexpr std::array<Example, 3> kExamples = {{
    {"capo stamp head", "take on a database whose tables are all there already"},
    {"capo stamp base", "say that nothing is applied"},
    {"capo stamp --purge 55af", "when the version table names revisions that are gone"},
}};

}  // namespace

constinit const CommandSpec kStamp = {
    .name = "stamp",
    .summary = "Set the version table without running anything",
    .description =
        "Writes into the version table that the database is at these revisions. No revision is "
        "run.",
    .group = Group::kChange,
    .needs = Needs::kDatabase,
    .arguments = kArguments,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return stamp(
              session,
              {.revisions = args.arguments(), .sql = args.has("sql"), .purge = args.has("purge")},
              output);
        },
};

}  // namespace capo::cli
