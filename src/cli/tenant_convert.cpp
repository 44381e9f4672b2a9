#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cli/autogenerate.hpp"
#include "cli/command_list.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "cli/revision_body.hpp"
#include "cli/session.hpp"
#include "cli/writing.hpp"
#include "tenancy/conversion.hpp"

namespace capo::cli {
namespace {

constexpr int kWidth = 94;

struct ConvertCommand {
  std::optional<std::string> kind = {};
  std::string head = {};
  std::string first_id = {};
  bool dry_run = false;
};

std::string explanation_of(const tenancy::Step& step) {
  std::string text = step.why;
  if (!step.then.empty()) text += "\n\nThen " + step.then + ".";
  for (const std::string& left : step.by_hand) text += "\n\nLeft to people: " + left + ".";
  return std::string(base::trim(wrap(text, kWidth, 0)));
}

/// `006`, then `007`: as wide as the first.
std::string counted_on(const std::string& first, std::size_t steps) {
  if (first.empty()) return {};
  const std::optional<long long> number = base::parse_integer(first);
  if (!number || *number < 0 || first.front() == '+') {
    throw Error(ErrorCode::kUsage, fmt::format("--rev-id {} cannot be counted on from", first))
        .hint("give the first revision's number, as --rev-id 006, or leave it out");
  }
  return fmt::format("{:0{}}", *number + static_cast<long long>(steps), first.size());
}

std::vector<RevisionBody> bodies_of(const tenancy::Conversion& conversion, Session& session,
                                    SchemaSources& sources, const dialect::SchemaSource& start,
                                    bool cpp) {
  std::vector<Ways> ways;
  for (const tenancy::Step& step : conversion.steps) ways.push_back({step.upgrade, step.downgrade});
  if (!cpp) return sql_bodies(ways, sources.dialect(), start);
  std::vector<RevisionBody> bodies;
  for (const Ways& one : ways) {
    bodies.push_back(cpp_body(one, naming_of(session.world().project)));
  }
  return bodies;
}

std::vector<script::NewRevision> plan(const tenancy::Conversion& conversion, Session& session,
                                      SchemaSources& sources, const dialect::SchemaSource& start,
                                      const ConvertCommand& command) {
  const bool cpp = writes_cpp(session, command.kind);
  std::vector<RevisionBody> bodies = bodies_of(conversion, session, sources, start, cpp);
  std::vector<script::NewRevisionRequest> requests;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    const tenancy::Step& step = conversion.steps[i];
    requests.push_back({.message = step.message,
                        .explanation = explanation_of(step),
                        .online = step.online && sources.dialect().has_access_control(),
                        .rev_id = counted_on(command.first_id, i),
                        .heads = {command.head},
                        .upgrades = std::move(bodies[i].upgrades),
                        .downgrades = std::move(bodies[i].downgrades)});
  }
  return plan_revisions(session, std::move(requests), command.kind);
}

/// The order, and what is to be done between one revision and the next.
void tell_road(const tenancy::Conversion& conversion,
               const std::vector<script::NewRevision>& revisions, Output& output) {
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    const tenancy::Step& step = conversion.steps[i];
    output.line(fmt::format("{}. {} {}", i + 1, revisions[i].script.revision.id, step.message));
    output.print(wrap(step.why, kWidth, 3));
    if (!step.then.empty()) output.print(wrap("Then: " + step.then + ".", kWidth, 3));
  }
}

void tell_of_the_rest(const std::vector<std::string>& by_hand, Output& output) {
  if (by_hand.empty()) return;
  output.line("\nLeft to you:");
  for (const std::string& one : by_hand) {
    std::string text = wrap(one, kWidth, 2);
    text[0] = '-';
    output.print(text);
  }
}

base::Json in_json(const tenancy::Conversion& conversion,
                   const std::vector<script::NewRevision>& revisions) {
  base::Json steps = base::Json::array();
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    const tenancy::Step& step = conversion.steps[i];
    base::Json upgrade = base::Json::array();
    for (const Operation& operation : step.upgrade) upgrade.add(described(operation));
    base::Json downgrade = base::Json::array();
    for (const Operation& operation : step.downgrade) downgrade.add(described(operation));
    steps.add(base::Json::object()
                  .set("revision", revisions[i].script.revision.id)
                  .set("path", revisions[i].script.path)
                  .set("message", step.message)
                  .set("why", step.why)
                  .set("then", step.then)
                  .set("online", step.online)
                  .set("upgrade", std::move(upgrade))
                  .set("downgrade", std::move(downgrade))
                  .set("text", revisions[i].text));
  }
  base::Json by_hand = base::Json::array();
  for (const std::string& one : conversion.by_hand) by_hand.add(one);
  return base::Json::object().set("steps", std::move(steps)).set("by_hand", std::move(by_hand));
}

void print_plan(const tenancy::Conversion& conversion,
                const std::vector<script::NewRevision>& revisions, Output& output) {
  if (output.json()) return output.print_json(in_json(conversion, revisions));
  for (const script::NewRevision& revision : revisions) {
    output.line(fmt::format("===== {}", revision.script.path));
    output.line(revision.text);
  }
  tell_road(conversion, revisions, output);
  tell_of_the_rest(conversion.by_hand, output);
  output.line("\nNothing was written (--dry-run).");
}

void tell_what_next(const tenancy::Conversion& conversion, Session& session, Output& output) {
  const Project* project = session.world().project;
  output.line("");
  if (project != nullptr && project->models != nullptr) {
    output.print(
        wrap("The models of the program do not say it yet: once all is applied, `capo "
             "diff` tells what they lack.",
             kWidth, 0));
  }
  output.print(wrap(
      fmt::format("Read the {}, then deploy {}: `capo upgrade +1` each time, what is said under "
                  "\"Then\" after it. `capo downgrade -1` takes one back.",
                  conversion.steps.size() == 1 ? "revision" : "revisions",
                  conversion.steps.size() == 1 ? "it" : "them one at a time"),
      kWidth, 0));
}

tenancy::ConversionFacts read_facts(SchemaSources& sources, const config::Tenancy& description) {
  dialect::Connection* connection = sources.database();
  if (connection == nullptr) return {};
  return tenancy::read_conversion_facts(*connection, sources.dialect(), description);
}

int run_convert(Session& session, const ConvertCommand& command, Output& output) {
  const config::Tenancy& description = config::tenancy(session.settings());
  SchemaSources sources(session, {"database"}, {});
  require_up_to_date(sources, session, output);
  const tenancy::ConversionFacts facts = read_facts(sources, description);
  const SchemaSide database = sources.read("database");
  const tenancy::Conversion conversion =
      tenancy::convert(description, database.reflection, sources.dialect(), facts);
  if (conversion.steps.empty()) {
    if (output.json()) {
      output.print_json(in_json(conversion, {}));
    } else {
      output.line("All of [tenancy] is in the database: no revision is written.");
      tell_of_the_rest(conversion.by_hand, output);
    }
    return 0;
  }
  const std::vector<script::NewRevision> revisions =
      plan(conversion, session, sources, database.start, command);
  if (command.dry_run) {
    print_plan(conversion, revisions, output);
    return 0;
  }
  write_revisions(session, revisions, output);
  output.line("");
  tell_road(conversion, revisions, output);
  tell_of_the_rest(conversion.by_hand, output);
  tell_what_next(conversion, session, output);
  return 0;
}

constexpr std::array<OptionSpec, 4> kOptions = {{
    {.name = "dry-run", .help = "print the files instead of writing them"},
    kKindOption,
    {.name = "head",
     .value = "REVISION",
     .help = "what the first of them comes after; default: head",
     .completes = Completes::kRevision},
    {.name = "rev-id",
     .value = "NUMBER",
     .help = "the id of the first, a number: the others count on; default: random ids"},
}};
constexpr std::array<Example, 3> kExamples = {{
    {"capo tenant convert --dry-run", "what it would write"},
    {"capo tenant convert", "a revision for each deployment"},
    {"capo tenant convert --kind sql --rev-id 006", "006, 007, …, in SQL"},
}};

}  // namespace

constinit const CommandSpec kTenantConvert = {
    .name = "tenant convert",
    .summary = "Write the revisions from one user's database to one of many tenants",
    .description =
        "Reads what [tenancy] of the ini says of tenants, and what the database has of it already, "
        "and writes what is missing as revisions, each to be deployed by itself: roles, columns "
        "for the tenant, tenants for the rows that are there, NOT NULL, keys and foreign keys "
        "within a tenant, indexes, policies, row-level security, views. Each says why it is there, "
        "what is to be deployed after it, and how it is taken back. Nothing in the database is "
        "changed, and nothing that is there is asked for again: run it once more when a table has "
        "been added. The database must be at the newest revision.",
    .group = Group::kWrite,
    .needs = Needs::kDatabase,
    .json = true,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          if (output.json() && !args.has("dry-run")) {
            throw Error(ErrorCode::kUsage, "--json needs --dry-run here");
          }
          return run_convert(session,
                             {.kind = args.value("kind"),
                              .head = args.value_or("head", "head"),
                              .first_id = args.value_or("rev-id", ""),
                              .dry_run = args.has("dry-run")},
                             output);
        },
};

}  // namespace capo::cli
