#include "cli/hand_over.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/fs.hpp"
#include "cli/command_list.hpp"

namespace capo::cli {
namespace {

bool is_set(const World& world, std::string_view variable) {
  const auto found = world.environment.find(variable);
  return found != world.environment.end() && !found->second.empty() && found->second != "0";
}

// Runs words of the ini file; what they print is shown only if they fail.
void run_shell(const std::string& command, const std::string& key, const config::Settings& settings,
               World& world, Output& output) {
  const base::ProcessResult result =
      world.processes.run({"sh", "-c", command}, settings.here, true);
  if (result.exit_code == 0) return;
  Error error(ErrorCode::kScript, fmt::format("{} was not built", settings.program));
  std::string detail =
      fmt::format("{} in {} ended with {}: {}", key, settings.ini_path, result.exit_code, command);
  if (output.json()) {
    detail = result.output + detail;
  } else {
    output.terminal().write_error(result.output);
  }
  error.detail(std::move(detail));
  if (result.exit_code == 127) {
    error.hint("install what is missing, or correct the command");
  } else if (key == "capo_configure") {
    error.hint("correct what it says above, and run this again");
  } else {
    error.hint(
        "correct what it says above, and run this again; --no-build runs the program as it was "
        "last built");
  }
  throw error;
}

void build(const std::string& program, const config::Settings& settings, World& world,
           Output& output) {
  if (settings.build.empty()) return;
  const auto begin = world.clock.monotonic();
  const long long before = world.files.stamp(program);
  if (before == 0 && !settings.configure.empty()) {
    run_shell(settings.configure, "capo_configure", settings, world, output);
  }
  run_shell(settings.build, "capo_build", settings, world, output);
  if (world.files.stamp(program) == before) return;
  const std::chrono::duration<double> took = world.clock.monotonic() - begin;
  output.note(fmt::format("Built {} in {:.1f} s", settings.program, took.count()));
}

[[noreturn]] void go_on_as(const std::string& program, const std::vector<std::string>& words,
                           const config::Settings& settings, World& world, Output& output) {
  const auto mark = world.environment.find(kHandedOver);
  if (mark != world.environment.end() && mark->second == program) {
    throw Error(ErrorCode::kConfig,
                fmt::format("{} hands over to capo, and capo to it", settings.program))
        .hint(fmt::format("capo_program in {} is to name a program that capo_add_migrations() "
                          "makes",
                          settings.ini_path));
  }
  std::vector<std::string> argv = {program};
  argv.insert(argv.end(), words.begin(), words.end());
  output.flush();
  const std::string why = world.processes.become(program, argv, {{kHandedOver, program}});
  throw Error(ErrorCode::kConfig, fmt::format("cannot start {}: {}", program, why))
      .hint(fmt::format("see capo_program in {}", settings.ini_path));
}

// While a line is typed nothing is built, and whatever is wrong stays untold.
void hand_over_completion(const std::vector<std::string>& words, World& world, Output& output) {
  try {
    const config::Settings settings = config::load_settings({}, world.files, world.environment);
    if (settings.program.empty()) return;
    const std::string program = base::join_path(settings.here, settings.program);
    if (world.files.kind(program) != base::FileKind::kFile) return;
    go_on_as(program, words, settings, world, output);
  } catch (const Error&) {
    return;
  }
}

}  // namespace

void hand_over(const CommandSpec& command, const Args& args, const std::vector<std::string>& words,
               World& world, Output& output) {
  if (world.project != nullptr) return;
  if (&command == &kComplete) return hand_over_completion(words, world, output);
  if (command.needs == Needs::kNothing) return;
  const config::Settings settings =
      config::load_settings(config_request(world, args), world.files, world.environment);
  if (settings.program.empty()) return;
  const std::string program = base::join_path(settings.here, settings.program);
  const bool builds = !args.has("no-build") && !is_set(world, "CAPO_NO_BUILD");
  if (builds) build(program, settings, world, output);
  if (world.files.kind(program) != base::FileKind::kFile) {
    throw Error(ErrorCode::kConfig, fmt::format("there is no program {}", program))
        .hint(!builds ? "build it, or leave out --no-build and CAPO_NO_BUILD"
              : settings.build.empty()
                  ? fmt::format("build it, or say how by capo_build in {}", settings.ini_path)
                  : fmt::format("capo_build in {} ended well, but made no such file: see "
                                "capo_program there",
                                settings.ini_path));
  }
  go_on_as(program, words, settings, world, output);
}

}  // namespace capo::cli
