#include <fmt/format.h>

#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"

namespace capo::cli {
namespace {

constexpr std::array<Example, 1> kExamples = {{{"capo version", "prints \"capo 0.1.0\""}}};

int version(Output& output) {
  if (output.json()) {
    output.print_json(base::Json::object().set("version", CAPO_VERSION));
  } else {
    output.line("capo " CAPO_VERSION);
  }
  return 0;
}

}  // namespace

constinit const CommandSpec kVersion = {
    .name = "version",
    .summary = "Print capo's version",
    .group = Group::kHelp,
    .json = true,
    .examples = kExamples,
    .run = [](Session&, const Args&, Output& output) { return version(output); },
};

}  // namespace capo::cli
