#include <fmt/format.h>

#include <array>

#include "cli/autogenerate.hpp"
#include "cli/command_list.hpp"
#include "cli/revision_body.hpp"
#include "cli/writing.hpp"

namespace capo::cli {
namespace {

struct RevisionOptions {
  script::NewRevisionRequest request = {};
  std::optional<std::string> kind = {};
  bool autogenerate = false;
  bool sql = false;
  std::string target = {};
  std::optional<std::string> scratch_url = {};
};

void warn(const autogenerate::Difference& difference, Output& output) {
  const auto say = [&](autogenerate::Note::Kind kind, std::string_view what) {
    const int count = count_steps(difference, kind);
    if (count == 0) return;
    output.warning(
        fmt::format("{} of {} operations {} in the file", count, difference.steps.size(), what),
        "autogenerate");
  };
  say(autogenerate::Note::Kind::kDestroys, "destroy data: read DESTROYS DATA");
  say(autogenerate::Note::Kind::kFails, "may fail because of rows: read FAILS IF");
}

int autogenerate_revision(Session& session, RevisionOptions options, Output& output) {
  SchemaSources sources(session, {"database", options.target}, options.scratch_url);
  require_up_to_date(sources, session, output);
  const Comparison found =
      compare(sources, "database", options.target, session, output, Renames::kAsk);
  tell(found.difference, output);
  if (found.difference.is_empty()) {
    output.line("No new upgrade operations detected: no revision is written.");
    return 0;
  }
  const RevisionBody body = writes_cpp(session, options.kind)
                                ? cpp_body(found.difference, naming_of(session.world().project))
                                : sql_body(found.difference, sources.dialect(), found.from.start);
  options.request.upgrades = body.upgrades;
  options.request.downgrades = body.downgrades;
  write_revision(session, options.request, options.kind, output);
  warn(found.difference, output);
  return 0;
}

int new_revision(Session& session, const RevisionOptions& options, Output& output) {
  if (options.sql && options.autogenerate) {
    throw Error(ErrorCode::kUnsupported, "Using --sql with --autogenerate does not make any sense");
  }
  if (options.autogenerate) return autogenerate_revision(session, options, output);
  if (options.sql && !session.settings().revision_environment) {
    throw Error(ErrorCode::kUnsupported,
                "Using --sql with the revision command when revision_environment is not configured "
                "does not make any sense");
  }
  write_revision(session, options.request, options.kind, output);
  return 0;
}

constexpr std::array<OptionSpec, 12> kOptions = {{
    {.name = "message",
     .letter = 'm',
     .value = "TEXT",
     .help = "what it is for; its first line, and a part of the file's name"},
    {.name = "head",
     .value = "REVISION",
     .help = "what it comes after; default: head. 'base' starts a history of its own, 'heads' "
             "merges all",
     .completes = Completes::kRevision},
    {.name = "splice", .help = "let it come after a revision that is no head: a new branch"},
    {.name = "branch-label",
     .value = "LABEL",
     .help = "a name for the branch it begins; may be given several times"},
    {.name = "depends-on",
     .value = "REVISION",
     .help = "a revision or label that must be applied before it; may be given several times",
     .completes = Completes::kRevision},
    {.name = "rev-id", .value = "ID", .help = "its id; default: twelve random hexadecimal digits"},
    {.name = "version-path",
     .value = "DIRECTORY",
     .help = "which of several version locations it goes to",
     .completes = Completes::kDirectory},
    kKindOption,
    {.name = "autogenerate", .help = "fill it in with what leads from the database to the models"},
    kTargetOption,
    kScratchOption,
    {.name = "sql", .help = "accepted where revision_environment is set, for Alembic's sake"},
}};
constexpr std::array<Example, 6> kExamples = {{
    {"capo revision -m \"create users\"", "after the head"},
    {"capo revision --autogenerate -m \"add user_id\"", "what the models have and it has not"},
    {"capo revision -m \"create users\" --rev-id 001", "with an id of your own"},
    {"capo revision -m shop --head base --branch-label shop", "a history of its own"},
    {"capo revision -m fix --head 55af --splice", "a branch off an older revision"},
    {"capo revision -m \"fill in owners\" --kind sql", "in SQL, where the project writes C++"},
}};

RevisionOptions read_options(const Args& args) {
  RevisionOptions options;
  options.request.message = args.value("message");
  options.request.rev_id = args.value_or("rev-id", "");
  options.request.heads = {args.value_or("head", "head")};
  options.request.splice = args.has("splice");
  options.request.branch_labels = args.values("branch-label");
  options.request.version_path = args.value_or("version-path", "");
  options.request.depends_on = args.values("depends-on");
  options.kind = args.value("kind");
  options.autogenerate = args.has("autogenerate");
  options.sql = args.has("sql");
  options.scratch_url = args.value("scratch-url");
  return options;
}

}  // namespace

constinit const CommandSpec kRevision = {
    .name = "revision",
    .summary = "Make a new revision file",
    .description =
        "Writes a new file from the project's template, to be filled in with SQL or C++, and runs "
        "the post-write hooks of the ini file on it. Needs no database.\n\n"
        "With --autogenerate the file is filled in: the database, which must be at the newest "
        "revision, is compared with the models of the project's program. Read it before you "
        "apply it.",
    .group = Group::kWrite,
    .needs = Needs::kDatabase,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          RevisionOptions options = read_options(args);
          if (options.autogenerate) options.target = target_of(session, args);
          return new_revision(session, options, output);
        },
};

}  // namespace capo::cli
