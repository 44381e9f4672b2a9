#include <fmt/format.h>

#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"
#include "script/init_templates.hpp"

namespace capo::cli {
namespace {

int list_templates(Output& output) {
  if (output.json()) {
    base::Json list = base::Json::array();
    for (const script::InitTemplate& entry : script::init_templates()) {
      list.add(base::Json::object().set("name", entry.name).set("description", entry.summary));
    }
    output.print_json(base::Json::object().set("templates", std::move(list)));
    return 0;
  }
  output.line("Available templates:\n");
  for (const script::InitTemplate& entry : script::init_templates()) {
    output.line(fmt::format("{} - {}", entry.name, entry.summary));
  }
  output.line(
      fmt::format("\nTemplates are used via the 'init' command, e.g.:\n\n"
                  "  capo init --template {} ./scripts",
                  script::init_templates().front().name));
  return 0;
}

constexpr std::array<Example, 1> kExamples = {{
    {"capo list_templates", "what `capo init --template` takes"},
}};

}  // namespace

constinit const CommandSpec kListTemplates = {
    .name = "list_templates",
    .summary = "List what init can start from",
    .group = Group::kStart,
    .json = true,
    .examples = kExamples,
    .run = [](Session&, const Args&, Output& output) { return list_templates(output); },
};

}  // namespace capo::cli
