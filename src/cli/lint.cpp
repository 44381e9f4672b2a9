#include "lint/lint.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "cli/command_list.hpp"
#include "cli/lint_formats.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "cli/survey.hpp"
#include "revision/identifier.hpp"

namespace capo::cli {
namespace {

struct LintCommand {
  std::optional<std::string> range = {};
  bool live = false;
  std::string format = "words";
  std::string fail_on = "error";
};

/// Where the range begins, as rows of the version table, and where it ends.
struct Range {
  revision::Rows rows = {};
  std::string target = "heads";
};

Range range_of(Session& session, const LintCommand& command) {
  Range range;
  if (command.live) range.rows = session.migration().state().rows;
  if (!command.range) return range;
  const auto sides = revision::split_range(*command.range);
  if (!sides) {
    range.target = *command.range;
    return range;
  }
  if (!sides->second.empty()) range.target = sides->second;
  if (sides->first.empty() || sides->first == "base") {
    range.rows.clear();
  } else if (sides->first != "current") {
    const auto node = revision::resolve_one(session.graph(), sides->first);
    range.rows = node ? revision::Rows{session.graph().id(*node)} : revision::Rows{};
  } else if (!command.live) {
    range.rows = session.migration().state().rows;
  }
  return range;
}

bool has_downgrade(Session& session, const std::string& revision) {
  try {
    return !session.scripts()
                .operations(revision, revision::Direction::kDowngrade, session.dialect().name())
                .empty();
  } catch (const Error& error) {
    // One that says there is no way back, or has no section for it.
    if (error.code() != ErrorCode::kScript) throw;
    return false;
  }
}

lint::Material material_of(Session& session, const runtime::PlannedStep& step) {
  const script::Script script = session.scripts().script(step.step.revision);
  lint::Material material{.revision = step.step.revision,
                          .path = script.path,
                          .has_downgrade = has_downgrade(session, step.step.revision),
                          .statements = step.statements};
  // A program that has its revisions in it may stand where their files are not.
  const auto text = session.world().files.read_if_exists(script.path);
  if (text) material.allowances = lint::allowances(*text, script.path);
  return material;
}

std::string today(const base::Clock& clock) {
  const auto day = std::chrono::floor<std::chrono::days>(clock.now());
  return fmt::format("{:%Y-%m-%d}", std::chrono::sys_time<std::chrono::seconds>(day));
}

lint::Severity severity_of(const std::string& word) {
  if (word == "note") return lint::Severity::kNote;
  return word == "warning" ? lint::Severity::kWarning : lint::Severity::kError;
}

lint::Survey survey_before(Session& session, const LintCommand& command, const Range& range) {
  if (command.live) return survey_of_database(session);
  lint::Survey survey(session.dialect().name());
  for (const std::string& row : range.rows) {
    for (const dialect::Statement& statement :
         runtime::history(session.scripts(), session.dialect(), row)) {
      survey.know(statement);
    }
  }
  return survey;
}

int run_lint(Session& session, const LintCommand& command, Output& output) {
  const Range range = range_of(session, command);
  lint::Survey survey = survey_before(session, command, range);
  std::vector<lint::Finding> findings;
  for (const runtime::PlannedStep& step :
       runtime::revisions_between(session.scripts(), session.dialect(), range.rows, range.target,
                                  session.settings().online)) {
    // Each revision may be deployed by itself, long after those before it.
    survey.begin_run();
    for (lint::Finding& finding : lint::lint(material_of(session, step), survey, session.dialect(),
                                             {.today = today(session.world().clock)})) {
      findings.push_back(std::move(finding));
    }
  }
  const std::string directory = session.world().files.current_directory();
  const FindingsText text{findings, directory};
  if (output.json() || command.format == "json") {
    output.print_json(base::Json::object().set("findings", in_json(text)));
  } else if (command.format == "sarif") {
    output.print_json(in_sarif(text));
  } else if (command.format == "github") {
    output.print(as_annotations(text));
  } else {
    output.print(in_words(text));
    output.line(counts(findings));
  }
  if (command.fail_on == "never") return 0;
  const bool fails = std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
    return finding.allowed.empty() && finding.severity >= severity_of(command.fail_on);
  });
  return fails ? 1 : 0;
}

constexpr std::array<std::string_view, 4> kFormats = {"words", "json", "sarif", "github"};
constexpr std::array<std::string_view, 4> kFailOn = {"error", "warning", "note", "never"};
constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "range",
     .help = "START:END, the revisions after START up to END; or END alone. Without it: all of "
             "them, with --live those that the database has not",
     .required = false,
     .completes = Completes::kRevisionRange},
}};
constexpr std::array<OptionSpec, 3> kOptions = {{
    {.name = "live",
     .help = "ask the database what is there and how large it is: what small tables wait for is "
             "only noted"},
    {.name = "format",
     .value = "FORM",
     .help = "words, json, sarif (for code hosts), github (annotations)",
     .choices = kFormats},
    {.name = "fail-on",
     .value = "SEVERITY",
     .help = "end with 1 from this severity on: error (the default), warning, note; never",
     .choices = kFailOn},
}};
constexpr std::array<Example, 4> kExamples = {{
    {"capo lint", "every revision, each as if it were deployed by itself"},
    {"capo lint 002:head", "what came after 002, knowing all that came before"},
    {"capo lint --live", "what would run now, with the sizes of this database"},
    {"capo lint --format sarif > lint.sarif", "for a code host"},
}};

}  // namespace

constinit const CommandSpec kLint = {
    .name = "lint",
    .summary = "Tell what in revisions can hurt a live database",
    .description =
        "Looks at what revisions would run: which locks it takes on which tables and for how long, "
        "what is written anew, what is lost, what breaks programs that are running. It knows what "
        "earlier revisions have made. 'capo explain RULE' tells more of a rule; a comment in the "
        "file, '-- capo-lint: allow RULE reason=\"…\"', lets it be broken. Ends with 1 if there is "
        "an error.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .arguments = kArguments,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          LintCommand command;
          if (!args.arguments().empty()) command.range = args.argument(0);
          command.live = args.has("live");
          command.format = args.value_or("format", "words");
          command.fail_on = args.value_or("fail-on", "error");
          return run_lint(session, command, output);
        },
};

}  // namespace capo::cli
