#include <fmt/format.h>

#include <array>

#include "cli/command_list.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "script/init_project.hpp"

namespace capo::cli {
namespace {

std::string describe(const script::InitEvent& event) {
  switch (event.kind) {
    case script::InitEvent::Kind::kDirectory:
      return fmt::format("  Creating directory {} ...  done\n", event.path);
    case script::InitEvent::Kind::kFile:
      return fmt::format("  Generating {} ...  done\n", event.path);
    case script::InitEvent::Kind::kSkipped:
      return fmt::format("  File {} already exists, skipping\n", event.path);
  }
  return {};
}

std::string ini_path(const Session& session, const Args& args) {
  if (const auto given = args.value("config")) return *given;
  const auto& environment = session.world().environment;
  const auto found = environment.find("ALEMBIC_CONFIG");
  if (found != environment.end() && !found->second.empty()) return found->second;
  // Beside a capo.ini no command would ever read an alembic.ini.
  const bool has_capo_ini = session.world().files.kind("capo.ini") == base::FileKind::kFile;
  return has_capo_ini ? "capo.ini" : "alembic.ini";
}

int init(Session& session, const script::InitRequest& request, Output& output) {
  for (const script::InitEvent& event : script::init_project(request, session.world().files)) {
    output.status(describe(event));
    if (event.kind == script::InitEvent::Kind::kSkipped &&
        event.path.ends_with("/CMakeLists.txt")) {
      output.status(
          fmt::format("  Add to it the lines that {}/README tells.\n", request.directory));
    }
  }
  output.status(
      fmt::format("  Please edit configuration/connection/logging settings in {} before "
                  "proceeding.\n",
                  request.ini_path));
  return 0;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "directory",
     .help = "the directory to make; it may be there if it is empty",
     .completes = Completes::kDirectory},
}};
constexpr std::array<OptionSpec, 2> kOptions = {{
    {.name = "template",
     .letter = 't',
     .value = "NAME",
     .help = "what to start from; 'capo list_templates' names them",
     .completes = Completes::kTemplate},
    {.name = "package", .help = "put an empty __init__.py into the directory, as Alembic does"},
}};
constexpr std::array<Example, 2> kExamples = {{
    {"capo init migrations", "make migrations/ and alembic.ini"},
    {"capo -c db/alembic.ini init db/migrations", "with the ini file elsewhere"},
}};

}  // namespace

constinit const CommandSpec kInit = {
    .name = "init",
    .summary = "Make a directory for revisions and an ini file",
    .description =
        "Makes a directory for revisions, the template of new ones, and an ini file and "
        ".env.example beside it. Nothing that is there is changed.",
    .group = Group::kStart,
    .arguments = kArguments,
    .options = kOptions,
    .examples = kExamples,
    .run =
        [](Session& session, const Args& args, Output& output) {
          return init(session,
                      {.directory = args.argument(0),
                       .template_name = args.value_or("template", "generic"),
                       .ini_path = ini_path(session, args),
                       .package = args.has("package")},
                      output);
        },
};

}  // namespace capo::cli
