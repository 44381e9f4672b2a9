#include <array>

#include "cli/autogenerate.hpp"
#include "cli/command_list.hpp"
#include "cli/revision_body.hpp"
#include "script/render.hpp"

namespace capo::cli {
namespace {

constexpr int kDiffers = 1;
constexpr int kTrouble = 2;

struct DiffOptions {
  std::string from = {};
  std::string to = {};
  std::string format = {};
  std::optional<std::string> scratch_url = {};
};

void print(const Comparison& found, const dialect::Dialect& dialect, const std::string& format,
           Output& output) {
  if (format == "json") {
    base::Json notes = base::Json::array();
    for (const autogenerate::Note& note : found.difference.notes) notes.add(note_text(note));
    output.print_json(base::Json::object()
                          .set("from", found.from.name)
                          .set("to", found.to.name)
                          .set("operations", to_json(found.difference))
                          .set("notes", std::move(notes)));
    return;
  }
  for (const autogenerate::Note& note : found.difference.notes) output.note(note_text(note));
  if (format == "sql") {
    const auto compilation = dialect.begin_compilation(found.from.start);
    output.print(script::sql_section(statements_of(found.difference, *compilation), dialect));
  } else {
    output.print(in_words(found.difference));
  }
}

int diff(Session& session, const DiffOptions& options, Output& output) {
  SchemaSources sources(session, {options.from, options.to}, options.scratch_url);
  const Comparison found = compare(sources, options.from, options.to, session, output);
  print(found, sources.dialect(), options.format, output);
  return found.difference.is_empty() ? 0 : kDiffers;
}

// As diff(1): what went wrong is told apart from what differs.
int diff_or_trouble(Session& session, const DiffOptions& options, Output& output) {
  try {
    return diff(session, options, output);
  } catch (Error& error) {
    session.explain(error);
    if (error.code() == ErrorCode::kCancelled) throw;
    output.failure(error);
    return kTrouble;
  }
}

constexpr std::array<std::string_view, 3> kFormats = {"words", "sql", "json"};
constexpr std::array<ArgumentSpec, 2> kArguments = {{
    {.name = "from",
     .help = "a schema: models, database, empty, a database URL, a file FILE.sql, or rev:REVISION",
     .completes = Completes::kSchema},
    {.name = "to", .help = "another one", .completes = Completes::kSchema},
}};
constexpr std::array<OptionSpec, 2> kOptions = {{
    {.name = "format",
     .value = "FORMAT",
     .help = "words (default), sql or json: the operations that lead from one to the other",
     .choices = kFormats},
    kScratchOption,
}};
constexpr std::array<Example, 4> kExamples = {{
    {"capo diff database models", "what 'revision --autogenerate' would write"},
    {"capo diff rev:head database", "what was changed by hand"},
    {"capo diff database models --format sql", "as statements"},
    {"capo diff old.sql new.sql --scratch-url sqlite://", "two files, without any project"},
}};

}  // namespace

constinit const CommandSpec kDiff = {
    .name = "diff",
    .summary = "Compare two schemas",
    .description =
        "Tells what leads from one schema to another. SQL is tried out in a scratch schema of the "
        "database, in a transaction that is rolled back, or on SQLite in memory. Ends with 0 if "
        "they are the same, 1 if they differ, 2 if something went wrong.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .arguments = kArguments,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return diff_or_trouble(
              session,
              {.from = args.argument(0),
               .to = args.argument(1),
               .format = output.json() ? "json" : args.value_or("format", "words"),
               .scratch_url = args.value("scratch-url")},
              output);
        },
};

}  // namespace capo::cli
