#include "cli/command_list.hpp"
#include "cli/migrate.hpp"

namespace capo::cli {
namespace {

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "revision",
     .help = "where to go: 'head', 'heads', a revision, '+1'; with --sql also START:END. See "
             "'capo help revisions'",
     .completes = Completes::kRevision},
}};
constexpr std::array<Example, 4> kExamples = {{
    {"capo upgrade head", "apply everything that is not applied yet"},
    {"capo upgrade +1", "the next revision only"},
    {"capo upgrade head --dry-run", "what would run now, against this database"},
    {"capo upgrade 55af:head --sql > release.sql", "a script for somebody else to run"},
}};

}  // namespace

constinit const CommandSpec kUpgrade = {
    .name = "upgrade",
    .summary = "Apply revisions",
    .description =
        "Applies what is missing between where the database is and the revision, ancestors and "
        "dependencies included. What is applied already is left alone, so running it twice does "
        "no harm. On PostgreSQL a run is one transaction, on SQLite each revision is one; what "
        "fails is rolled back. One deployer works at a time, others wait.",
    .group = Group::kChange,
    .needs = Needs::kDatabase,
    .json = true,
    .arguments = kArguments,
    .options = kMigrateOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return migrate(session, revision::Direction::kUpgrade, migrate_options(args), output);
        },
};

}  // namespace capo::cli
