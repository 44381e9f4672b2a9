#include "cli/commands.hpp"

#include <array>

#include "cli/command_list.hpp"

namespace capo::cli {
namespace {

constinit const std::array kCommands = {
    &kInit,      &kListTemplates, &kRevision,      &kMerge,       &kEdit,          &kUpgrade,
    &kDowngrade, &kStamp,         &kEnsureVersion, &kCurrent,     &kHistory,       &kHeads,
    &kBranches,  &kShow,          &kCheck,         &kDiff,        &kInspect,       &kLint,
    &kVerify,    &kRehearse,      &kDoctor,        &kTenantCheck, &kTenantConvert, &kExplain,
    &kHelp,      &kVersion,       &kCompletion,    &kComplete,    &kDocs,          &kEmbed,
};

constexpr std::array<std::string_view, 3> kColorModes = {"auto", "always", "never"};

constexpr std::array<OptionSpec, 16> kGlobalOptions = {{
    {.name = "config",
     .letter = 'c',
     .value = "FILE",
     .help = "the ini file; default: $ALEMBIC_CONFIG, else capo.ini or alembic.ini here",
     .completes = Completes::kFile},
    {.name = "name",
     .letter = 'n',
     .value = "SECTION",
     .help = "the section of the ini file to read; default: alembic"},
    {.name = "url",
     .value = "URL",
     .help = "the database: postgresql://user@host/name, sqlite:///file; goes before "
             "$DATABASE_URL, .env and the ini file"},
    {.name = "x",
     .letter = 'x',
     .value = "KEY=VALUE",
     .help =
         "an argument for revisions in C++ (op.argument); with a warning where nothing reads it"},
    {.name = "quiet", .letter = 'q', .help = "no log lines, no progress; results and errors stay"},
    {.name = "json", .help = "results and errors as JSON (commands that read, and --dry-run)"},
    {.name = "color",
     .value = "WHEN",
     .help = "auto, always or never; auto also honours $NO_COLOR",
     .choices = kColorModes},
    {.name = "lock-timeout",
     .value = "TIME",
     .help = "longest wait of a statement for a lock: 500ms, 5s, 1min; 0: the server's own"},
    {.name = "statement-timeout",
     .value = "TIME",
     .help = "longest time of one statement; 0: the server's own"},
    {.name = "no-lock", .help = "do not keep other deployers out while changing the database"},
    {.name = "no-journal", .help = "do not write the table capo_journal"},
    {.name = "strict",
     .help =
         "fail if an applied revision was edited afterwards; 'verify': if one has no downgrade"},
    {.name = "no-build",
     .help = "run the project's own program as it is, see capo_program in the ini file"},
    {.name = "raiseerr", .help = "accepted for Alembic's sake; errors always say all they know"},
    {.name = "version", .help = "print capo's version"},
    {.name = "help", .letter = 'h', .help = "print this, or after a command its own help"},
}};

}  // namespace

std::span<const CommandSpec* const> commands() { return kCommands; }

const CommandSpec* find_command(std::string_view name) {
  for (const CommandSpec* command : kCommands) {
    if (command->name == name) return command;
  }
  return nullptr;
}

std::span<const OptionSpec> global_options() { return kGlobalOptions; }

}  // namespace capo::cli
