#include "cli/hand_over.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>

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

// The project's program: where it is, how it is built, and this process going on as it.
class Program {
 public:
  Program(const config::Settings& settings, World& world, Output& output)
      : settings_(settings),
        world_(world),
        output_(output),
        path_(base::join_path(settings.here, settings.program)) {}

  bool exists() const { return world_.files.kind(path_) == base::FileKind::kFile; }
  bool builds() const { return !settings_.build.empty(); }
  const std::string& path() const { return path_; }

  /// Brings it up to date, and says so if there was anything to do.
  void build() {
    const auto begin = world_.clock.monotonic();
    const long long before = world_.files.stamp(path_);
    if (before == 0 && !settings_.configure.empty()) {
      run_shell(settings_.configure, "capo_configure", settings_, world_, output_);
    }
    run_shell(settings_.build, "capo_build", settings_, world_, output_);
    if (world_.files.stamp(path_) != before) say_built(begin);
  }

  /// A linker that is killed leaves a file which is newer than what it is made of, so that a build
  /// tool takes it for finished. Out of the way, it is made anew; what is not made anew, because
  /// the ini file names something else than a program, is put back.
  void build_again() {
    const auto begin = world_.clock.monotonic();
    const std::string aside = path_ + ".broken";
    world_.files.rename(path_, aside);
    const auto settle = [&] {
      const bool made = exists();
      made ? world_.files.remove(aside) : world_.files.rename(aside, path_);
      return made;
    };
    try {
      run_shell(settings_.build, "capo_build", settings_, world_, output_);
    } catch (const Error&) {
      settle();
      throw;
    }
    if (settle()) say_built(begin);
  }

  /// Does not return if it can be started; otherwise why not.
  std::string become(const std::vector<std::string>& words) {
    const auto mark = world_.environment.find(kHandedOver);
    if (mark != world_.environment.end() && mark->second == path_) {
      throw Error(ErrorCode::kConfig,
                  fmt::format("{} hands over to capo, and capo to it", settings_.program))
          .hint(fmt::format("capo_program in {} is to name a program that capo_add_migrations() "
                            "makes",
                            settings_.ini_path));
    }
    std::vector<std::string> argv = {path_};
    argv.insert(argv.end(), words.begin(), words.end());
    output_.flush();
    return world_.processes.become(path_, argv, {{kHandedOver, path_}});
  }

 private:
  void say_built(std::chrono::steady_clock::time_point begin) {
    const std::chrono::duration<double> took = world_.clock.monotonic() - begin;
    output_.note(fmt::format("Built {} in {:.1f} s", settings_.program, took.count()));
  }

  const config::Settings& settings_;
  World& world_;
  Output& output_;
  std::string path_;
};

// While a line is typed nothing is built, and whatever is wrong stays untold.
void hand_over_completion(const std::vector<std::string>& words, World& world, Output& output) {
  try {
    const config::Settings settings = config::load_settings({}, world.files, world.environment);
    if (settings.program.empty()) return;
    Program program(settings, world, output);
    if (program.exists()) program.become(words);
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
  Program program(settings, world, output);
  const bool may_build = !args.has("no-build") && !is_set(world, "CAPO_NO_BUILD");
  const bool builds = may_build && program.builds();
  std::unique_ptr<base::FileLock> lock;  // until the program runs: nobody replaces it before
  if (builds) {
    lock = world.files.lock(settings.here, [&] {
      output.note(fmt::format("Waiting for another capo, which builds {}", settings.program));
    });
    program.build();
  }
  if (!program.exists()) {
    throw Error(ErrorCode::kConfig, fmt::format("there is no program {}", program.path()))
        .hint(!may_build ? "build it, or leave out --no-build and CAPO_NO_BUILD"
              : !builds ? fmt::format("build it, or say how by capo_build in {}", settings.ini_path)
                        : fmt::format("capo_build in {} ended well, but made no such file: see "
                                      "capo_program there",
                                      settings.ini_path));
  }
  std::string why = program.become(words);
  if (builds) {
    program.build_again();
    why = program.become(words);
  }
  throw Error(ErrorCode::kConfig, fmt::format("cannot start {}: {}", program.path(), why))
      .hint(fmt::format("see capo_program in {}", settings.ini_path));
}

}  // namespace capo::cli
