#include <array>

#include "cli/autogenerate.hpp"
#include "cli/command_list.hpp"

namespace capo::cli {
namespace {

struct CheckOptions {
  std::string target = {};
  std::optional<std::string> scratch_url = {};
};

int check(Session& session, const CheckOptions& options, Output& output) {
  SchemaSources sources(session, {"database", options.target}, options.scratch_url);
  require_up_to_date(sources, session, output);
  const Comparison found = compare(sources, "database", options.target, session, output);
  const autogenerate::Difference& difference = found.difference;
  if (output.json()) {
    base::Json notes = base::Json::array();
    for (const autogenerate::Note& note : difference.notes) notes.add(note_text(note));
    output.print_json(base::Json::object()
                          .set("up_to_date", difference.is_empty())
                          .set("operations", to_json(difference))
                          .set("notes", std::move(notes)));
    return difference.is_empty() ? 0 : 1;
  }
  for (const autogenerate::Note& note : difference.notes) output.note(note_text(note));
  if (difference.is_empty()) {
    output.line("No new upgrade operations detected.");
    return 0;
  }
  throw Error(ErrorCode::kSchema,
              "New upgrade operations detected: " + std::to_string(difference.steps.size()))
      .detail(in_words(difference))
      .hint("`capo revision --autogenerate` writes a revision with them");
}

constexpr std::array<OptionSpec, 2> kOptions = {{kTargetOption, kScratchOption}};
constexpr std::array<Example, 3> kExamples = {{
    {"capo check", "0 if the models say what the database is, 1 if not, with the differences"},
    {"capo check --json", "the same for programs"},
    {"capo check --target schema.sql", "against a file of SQL instead of models"},
}};

}  // namespace

constinit const CommandSpec kCheck = {
    .name = "check",
    .summary = "Tell whether models and database differ",
    .description =
        "Compares the database with the models, as 'revision --autogenerate' does, but writes "
        "nothing: ends with 0 if there is nothing to do, and with 1 and the list of operations if "
        "there is. The database must be at the newest revision.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return check(
              session,
              {.target = target_of(session, args), .scratch_url = args.value("scratch-url")},
              output);
        },
};

}  // namespace capo::cli
