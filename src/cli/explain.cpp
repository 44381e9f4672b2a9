#include <fmt/format.h>

#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"
#include "cli/tenant_check_formats.hpp"
#include "lint/rule.hpp"

namespace capo::cli {
namespace {

base::Json to_json(const lint::Rule& rule) {
  return base::Json::object()
      .set("id", rule.id)
      .set("name", rule.name)
      .set("severity", to_string(rule.severity))
      .set("summary", rule.summary)
      .set("why", rule.why)
      .set("instead", rule.instead);
}

void print(const lint::Rule& rule, Output& output) {
  output.line(fmt::format("{} {} ({})\n\n{}.\n\n{}\n\nInstead: {}", rule.id, rule.name,
                          to_string(rule.severity), rule.summary, rule.why, rule.instead));
}

int explain(const Args& args, Output& output) {
  if (args.arguments().empty()) {
    base::Json all = base::Json::array();
    for (const lint::Rule* rule : lint::all_rules()) {
      if (output.json()) {
        all.add(to_json(*rule));
      } else {
        output.line(fmt::format("{}  {:<8} {:<26} {}", rule->id, to_string(rule->severity),
                                rule->name, rule->summary));
      }
    }
    for (const tenancy::Check* check : tenancy::all_checks()) {
      if (output.json()) {
        all.add(check_in_json(*check));
      } else {
        output.line(fmt::format("{}  {:<8} {:<26} {}", check->id, to_string(check->severity),
                                check->name, check->title));
      }
    }
    if (output.json()) output.print_json(base::Json::object().set("rules", std::move(all)));
    return 0;
  }
  const std::string& name = args.argument(0);
  if (const tenancy::Check* check = tenancy::find_check(name)) {
    if (output.json()) {
      output.print_json(check_in_json(*check));
    } else {
      output.line(check_in_words(*check));
    }
    return 0;
  }
  const lint::Rule* rule = lint::find_rule(name);
  if (rule == nullptr) {
    throw Error(ErrorCode::kUsage, "there is no rule '" + name + "'")
        .hint("`capo explain` lists all rules");
  }
  if (output.json()) {
    output.print_json(to_json(*rule));
  } else {
    print(*rule, output);
  }
  return 0;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "rule",
     .help = "a rule of 'capo lint' or 'capo tenant check', by its number or name; without it, all "
             "of them are listed",
     .required = false},
}};
constexpr std::array<Example, 3> kExamples = {{
    {"capo explain CAP108", "why, and what to do instead"},
    {"capo explain TEN05", "how it is used against tenants, and what fixes it"},
    {"capo explain", "all rules"},
}};

}  // namespace

constinit const CommandSpec kExplain = {
    .name = "explain",
    .summary = "Explain a rule of lint",
    .description =
        "Tells what a rule of 'capo lint' is about, what happens to whom, and the safe "
        "form.",
    .group = Group::kHelp,
    .needs = Needs::kNothing,
    .json = true,
    .arguments = kArguments,
    .examples = kExamples,
    .run = [](Session&, const Args& args, Output& output) { return explain(args, output); },
};

}  // namespace capo::cli
