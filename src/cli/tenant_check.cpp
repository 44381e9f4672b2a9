#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "cli/tenant_check_formats.hpp"
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
  bool probes = true;
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

int print(const std::vector<tenancy::Finding>& findings, const tenancy::Material& material,
          const CheckCommand& command, Output& output) {
  if (output.json() || command.format == "json") {
    output.print_json(base::Json::object()
                          .set("row_level_security", material.facts.has_row_security)
                          .set("findings", in_json(findings)));
  } else if (command.format == "sarif") {
    output.print_json(in_sarif(findings, material.description.where.file));
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

int run_check(Session& session, const CheckCommand& command, Output& output) {
  const config::Tenancy& description = config::tenancy(session.settings());
  session.limit_waits(kLongestLockWait, kLongestStatement);
  const dialect::Dialect& dialect = session.dialect();
  const std::unique_ptr<dialect::Connection> connection = connect(session);
  session.begin_reading([&] { connection->cancel(); });
  const tenancy::TenancyFacts facts = tenancy::read_facts(*connection, dialect, description);
  const tenancy::Material material(
      description, facts, dialect,
      command.app_role.empty() ? description.app_role : command.app_role);
  std::vector<tenancy::Finding> findings = tenancy::check(material);
  if (command.probes) {
    for (tenancy::Finding& finding : tenancy::probe(*connection, material)) {
      findings.push_back(std::move(finding));
    }
    tenancy::sort(findings);
  }
  session.end_reading();
  return print(findings, material, command, output);
}

constexpr std::array<std::string_view, 3> kFormats = {"words", "json", "sarif"};
constexpr std::array<std::string_view, 4> kFailOn = {"error", "warning", "note", "never"};
constexpr std::array<OptionSpec, 4> kOptions = {{
    {.name = "as",
     .value = "ROLE",
     .help = "the role that works for tenants; default: app_role of [tenancy]"},
    {.name = "format",
     .value = "FORM",
     .help = "words, json, sarif (for code hosts)",
     .choices = kFormats},
    {.name = "no-probes",
     .help = "only read the catalog; do not try, in a transaction that is rolled back, what one "
             "tenant can do to another"},
    {.name = "fail-on",
     .value = "SEVERITY",
     .help = "end with 1 from this severity on: error (the default), warning, note; never",
     .choices = kFailOn},
}};
constexpr std::array<Example, 2> kExamples = {{
    {"capo tenant check", "the database of the ini"},
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
          return run_check(session,
                           {.app_role = args.value_or("as", ""),
                            .format = args.value_or("format", "words"),
                            .fail_on = args.value_or("fail-on", "error"),
                            .probes = !args.has("no-probes")},
                           output);
        },
};

}  // namespace capo::cli
