#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "cli/tenant_check_formats.hpp"
#include "cli/tenant_check_sources.hpp"
#include "cli/writing.hpp"
#include "tenancy/probes.hpp"
#include "tenancy/read_facts.hpp"

namespace capo::cli {
namespace {

// Looking must not be in anybody's way for long.
constexpr std::chrono::seconds kLongestLockWait{2};
constexpr std::chrono::seconds kLongestStatement{60};

struct CheckCommand {
  std::string app_role = {};
  std::string format = "words";
  std::string fail_on = "error";
  std::vector<std::string> sources = {};
  bool probes = true;
  bool fix = false;
};

tenancy::Severity severity_of(const std::string& word) {
  if (word == "note") return tenancy::Severity::kNote;
  return word == "warning" ? tenancy::Severity::kWarning : tenancy::Severity::kError;
}

std::unique_ptr<dialect::Connection> connect(Session& session) {
  const dialect::Dialect& dialect = session.dialect();
  const dialect::ConnectOptions options = session.connect_options(session.url());
  if (dialect.is_missing_database(options)) {
    throw Error(ErrorCode::kConnection, "there is no database yet")
        .hint("`capo upgrade head` makes it");
  }
  return dialect.connect(dialect.for_looking(options));
}

// Relative where it lies below the directory that the command was given in.
std::string shown_path(const Session& session, const std::string& path) {
  const std::string directory = session.world().files.current_directory() + "/";
  return path.starts_with(directory) ? path.substr(directory.size()) : path;
}

int print(const std::vector<tenancy::Finding>& findings, const tenancy::Material& material,
          const CheckCommand& command, const std::string& ini, Output& output) {
  if (output.json() || command.format == "json") {
    output.print_json(base::Json::object()
                          .set("row_level_security", material.facts.has_row_security)
                          .set("findings", in_json(findings)));
  } else if (command.format == "sarif") {
    output.print_json(in_sarif(findings, ini));
  } else {
    if (!material.facts.has_row_security) {
      output.line(
          "This database has no row-level security: nothing in it keeps tenants apart but the "
          "WHERE of each query. Columns and keys were checked.");
    }
    output.print(in_words(findings));
    output.line(counts(findings));
  }
  if (command.fail_on == "never") return 0;
  const bool fails = std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
    return finding.severity >= severity_of(command.fail_on);
  });
  return fails ? 1 : 0;
}

/// Revisions that the database has not, or why they could not be looked at.
struct Pending {
  std::vector<tenancy::PendingRevision> revisions = {};
  std::string why_not = {};
};

Pending pending_revisions(Session& session) {
  Pending pending;
  try {
    const revision::Rows rows = session.migration().state().rows;
    for (const runtime::PlannedStep& step : runtime::revisions_between(
             session.scripts(), session.dialect(), rows, "heads", session.settings().online)) {
      pending.revisions.push_back({.revision = step.step.revision,
                                   .path = session.scripts().script(step.step.revision).path,
                                   .statements = step.statements});
    }
  } catch (const Error& error) {
    const ErrorCode code = error.code();
    // A role that only looks may not read where the version stands.
    const bool may_not = error.sqlstate() == "42501";
    if (code != ErrorCode::kScript && code != ErrorCode::kRevision && code != ErrorCode::kConfig &&
        !may_not) {
      throw;
    }
    pending.why_not = error.message();
  }
  return pending;
}

// Each statement once, though several findings may ask for it.
void write_fixes(Session& session, const std::vector<tenancy::Finding>& findings, Output& output) {
  std::vector<tenancy::Fix> fixes;
  for (const tenancy::Finding& finding : findings) {
    for (const tenancy::Fix& fix : finding.fix) {
      const bool is_there = std::any_of(fixes.begin(), fixes.end(),
                                        [&](const auto& other) { return other.up == fix.up; });
      if (!is_there) fixes.push_back(fix);
    }
  }
  if (fixes.empty()) {
    output.line("There is nothing that statements alone put right: no revision was written.");
    return;
  }
  script::NewRevisionRequest request{.message = "keep tenants apart"};
  for (const tenancy::Fix& fix : fixes) {
    request.upgrades += fix.up + ";\n";
    if (!fix.down.empty()) request.downgrades = fix.down + ";\n" + request.downgrades;
  }
  write_revision(session, std::move(request), "sql", output);
}

int run_check(Session& session, const CheckCommand& command, Output& output) {
  const config::Tenancy& description = config::tenancy(session.settings());
  session.limit_waits(kLongestLockWait, kLongestStatement);
  const dialect::Dialect& dialect = session.dialect();
  const std::unique_ptr<dialect::Connection> connection = connect(session);
  Pending pending = pending_revisions(session);
  session.begin_reading([&] { connection->cancel(); });
  const tenancy::TenancyFacts facts = tenancy::read_facts(*connection, dialect, description);
  tenancy::Material material(description, facts, dialect,
                             command.app_role.empty() ? description.app_role : command.app_role);
  material.pending = std::move(pending.revisions);
  ProgramSources sources = read_sources(
      session.world().files, command.sources.empty() ? description.sources : command.sources,
      session.settings().version_locations);
  material.sources = std::move(sources.texts);
  std::vector<tenancy::Finding> findings = tenancy::check(material);
  for (const std::string& why : sources.skipped) {
    findings.push_back({.check = tenancy::find_check("TEN37"),
                        .severity = tenancy::Severity::kNote,
                        .object = "program",
                        .text = "not judged: " + why,
                        .why_no_fix = "look at it by hand"});
  }
  if (!pending.why_not.empty()) {
    findings.push_back({.check = tenancy::find_check("TEN07"),
                        .severity = tenancy::Severity::kNote,
                        .object = "revisions",
                        .text = "not judged: " + pending.why_not,
                        .why_no_fix = "see `capo doctor`"});
  }
  if (command.probes) {
    for (tenancy::Finding& finding : tenancy::probe(*connection, material)) {
      findings.push_back(std::move(finding));
    }
    tenancy::sort(findings);
  }
  session.end_reading();
  for (tenancy::Finding& finding : findings) {
    finding.at.file = shown_path(session, finding.at.file);
  }
  const int code =
      print(findings, material, command, shown_path(session, description.where.file), output);
  if (command.fix) write_fixes(session, findings, output);
  return code;
}

constexpr std::array<std::string_view, 3> kFormats = {"words", "json", "sarif"};
constexpr std::array<std::string_view, 4> kFailOn = {"error", "warning", "note", "never"};
constexpr std::array<OptionSpec, 6> kOptions = {{
    {.name = "as",
     .value = "ROLE",
     .help = "the role that works for tenants; default: app_role of [tenancy]"},
    {.name = "format",
     .value = "FORM",
     .help = "words, json, sarif (for code hosts)",
     .choices = kFormats},
    {.name = "sources",
     .value = "DIRECTORY",
     .help =
         "a program that is looked through for SQL as well; may be given several times; default: "
         "sources of [tenancy]",
     .completes = Completes::kDirectory},
    {.name = "no-probes",
     .help = "only read the catalog; do not try, in a transaction that is rolled back, what one "
             "tenant can do to another"},
    {.name = "fix",
     .help = "write a new revision with the statements that put right what can be put right so"},
    {.name = "fail-on",
     .value = "SEVERITY",
     .help = "end with 1 from this severity on: error (the default), warning, note; never",
     .choices = kFailOn},
}};
constexpr std::array<Example, 4> kExamples = {{
    {"capo tenant check", "the database of the ini"},
    {"capo tenant check --sources src", "and what the program does in its SQL"},
    {"capo tenant check --fix", "and a revision that puts right what it can"},
    {"capo tenant check --format sarif > tenants.sarif", "for a code host"},
}};

}  // namespace

constinit const CommandSpec kTenantCheck = {
    .name = "tenant check",
    .summary = "Find where one tenant's rows are open to another",
    .description =
        "Reads what [tenancy] of the ini says of tenants, and from the database's catalog whether "
        "it holds: policies are judged by PostgreSQL's own trees of their expressions. Each "
        "finding says how somebody gets at another tenant's rows, and what fixes it; 'capo explain "
        "TEN05' tells more. SQLite has no row-level security: of it columns and keys are checked. "
        "Then it tries, as the application's role and in a transaction that is rolled back, what "
        "tenants can do to each other. Ends with 1 if there is an error.",
    .group = Group::kLook,
    .needs = Needs::kDatabase,
    .json = true,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          if (args.has("fix") && (output.json() || args.value_or("format", "words") != "words")) {
            throw Error(ErrorCode::kUsage, "--fix tells what it does in words")
                .hint("leave --json and --format away, or run it twice");
          }
          return run_check(session,
                           {.app_role = args.value_or("as", ""),
                            .format = args.value_or("format", "words"),
                            .fail_on = args.value_or("fail-on", "error"),
                            .sources = args.values("sources"),
                            .probes = !args.has("no-probes"),
                            .fix = args.has("fix")},
                           output);
        },
};

}  // namespace capo::cli
