#include "cli/command_list.hpp"
#include "cli/migrate.hpp"

namespace capo::cli {
namespace {

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "revision",
     .help = "where to go back to: a revision, '-1', 'base'; with --sql START:END. See 'capo help "
             "revisions'",
     .completes = Completes::kRevision},
}};
constexpr std::array<Example, 4> kExamples = {{
    {"capo downgrade -1", "take back the last revision"},
    {"capo downgrade 55af", "take back what came after 55af"},
    {"capo downgrade base --dry-run", "what taking back everything would run"},
    {"capo downgrade head:55af --sql", "print the SQL instead"},
}};

}  // namespace

constinit const CommandSpec kDowngrade = {
    .name = "downgrade",
    .summary = "Take revisions back",
    .description =
        "Takes back every applied revision that follows the given one, newest first, and what "
        "depends on them. The given revision itself stays applied.",
    .group = Group::kChange,
    .needs = Needs::kDatabase,
    .json = true,
    .arguments = kArguments,
    .options = kMigrateOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return migrate(session, revision::Direction::kDowngrade, migrate_options(args), output);
        },
};

}  // namespace capo::cli
