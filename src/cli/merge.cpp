#include <array>

#include "cli/command_list.hpp"
#include "cli/writing.hpp"

namespace capo::cli {
namespace {

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "revisions",
     .help = "what to join: two or more heads, or 'heads' for all",
     .repeats = true,
     .completes = Completes::kRevision},
}};
constexpr std::array<OptionSpec, 5> kOptions = {{
    {.name = "message",
     .letter = 'm',
     .value = "TEXT",
     .help = "what it is for; its first line, and a part of the file's name"},
    {.name = "branch-label",
     .value = "LABEL",
     .help = "a name for the branch it begins; may be given several times"},
    {.name = "rev-id", .value = "ID", .help = "its id; default: twelve random hexadecimal digits"},
    {.name = "splice", .help = "let it join revisions that are no heads"},
    kKindOption,
}};
constexpr std::array<Example, 2> kExamples = {{
    {"capo merge heads -m \"merge\"", "join all branches"},
    {"capo merge -m \"join shop\" 55af shop@head", "join two"},
}};

}  // namespace

constinit const CommandSpec kMerge = {
    .name = "merge",
    .summary = "Make a revision that joins branches",
    .description =
        "Writes a new revision file that comes after all the given ones. Needs no database.",
    .group = Group::kWrite,
    .needs = Needs::kScripts,
    .arguments = kArguments,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          write_revision(session,
                         {.message = args.value("message"),
                          .rev_id = args.value_or("rev-id", ""),
                          .heads = args.arguments(),
                          .splice = args.has("splice"),
                          .branch_labels = args.values("branch-label")},
                         args.value("kind"), output);
          return 0;
        },
};

}  // namespace capo::cli
