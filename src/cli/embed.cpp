#include "script/embed.hpp"

#include <array>

#include "base/text.hpp"
#include "cli/command_list.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"

namespace capo::cli {
namespace {

// One path a line, because a command line of ten thousand paths is longer than systems take.
void add_listed(const std::string& list, const base::FileSystem& files,
                std::vector<std::string>& paths) {
  const std::string text = files.read(list);
  for (const std::string_view line : base::split(text, '\n')) {
    const std::string_view path = base::trim(line);
    if (!path.empty()) paths.emplace_back(path);
  }
}

int embed(const Args& args, World& world) {
  script::EmbedRequest request;
  if (const auto list = args.value("files")) add_listed(*list, world.files, request.files);
  for (const std::string& path : args.arguments()) request.files.push_back(path);
  request.ini_path = args.value_or("ini", "");
  request.root = args.value_or("root", base::parent_path(request.ini_path));
  request.function = args.value_or("function", request.function);
  const std::optional<std::string> output = args.value("output");
  if (!output) throw Error(ErrorCode::kUsage, "--output is missing: the file to write");
  const std::string table = script::embedded_table(request, world.files);
  // A file that is not touched is not compiled again.
  if (world.files.read_if_exists(*output) != table) world.files.write(*output, table);
  return 0;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "revisions",
     .help = "revision files: .cpp, .sql, .py",
     .required = false,
     .repeats = true,
     .completes = Completes::kFile},
}};
constexpr std::array<OptionSpec, 5> kOptions = {{
    {.name = "output",
     .letter = 'o',
     .value = "FILE",
     .help = "the C++ file to write; left alone if nothing changed",
     .completes = Completes::kFile},
    {.name = "files",
     .value = "FILE",
     .help = "a file with more revision files, one a line",
     .completes = Completes::kFile},
    {.name = "ini",
     .value = "FILE",
     .help = "the ini file to put into the program",
     .completes = Completes::kFile},
    {.name = "root",
     .value = "DIRECTORY",
     .help = "what the paths in the program count from; default: the ini file's folder",
     .completes = Completes::kDirectory},
    {.name = "function",
     .value = "NAME",
     .help = "the function that gives the table; default: capo::embedded_project"},
}};

}  // namespace

constinit const CommandSpec kEmbed = {
    .name = "embed",
    .summary = "Write revisions and an ini file as C++, to be compiled into a program",
    .description =
        "What capo_add_migrations() of the CMake package runs; other build systems run it before "
        "compiling.",
    .group = Group::kHidden,
    .arguments = kArguments,
    .options = kOptions,
    .run = [](Session& session, const Args& args, Output&) { return embed(args, session.world()); },
};

}  // namespace capo::cli
