#include "cli/run.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>

#include "capo/capo.hpp"
#include "cli/command_list.hpp"
#include "cli/commands.hpp"
#include "cli/hand_over.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "cli/parse.hpp"
#include "cli/progress.hpp"

namespace capo::cli {
namespace {

// What a process killed by SIGPIPE reports; what `capo history | head` ends with under `set -o
// pipefail`.
constexpr int kReaderGone = 141;

int exit_code(const Error& error, const Interrupts& interrupts) {
  if (interrupts.exit_code() != 0) return interrupts.exit_code();
  return error.code() == ErrorCode::kUsage ? 2 : 1;
}

// How to print is needed before the command line is known to be right.
OutputOptions output_options(const std::vector<std::string>& words) {
  OutputOptions options;
  options.json = std::find(words.begin(), words.end(), "--json") != words.end();
  return options;
}

OutputOptions output_options(const Args& args) {
  const std::string color = args.value_or("color", "auto");
  return {.quiet = args.has("quiet"),
          .json = args.has("json"),
          .color = color == "always"  ? base::ColorMode::kAlways
                   : color == "never" ? base::ColorMode::kNever
                                      : base::ColorMode::kAuto};
}

void print_usage_error(Output& output, const CommandSpec* command, const Error& error) {
  if (output.json()) return output.failure(error);
  std::string text = usage_line(command);
  text += command == nullptr ? "capo" : fmt::format("capo {}", command->name);
  text += fmt::format(": error: {}", error.message());
  if (!error.hint().empty()) text += fmt::format("; {}", error.hint());
  output.terminal().write_error(base::without_controls(text) + '\n');
}

const CommandSpec* first_command(const std::vector<std::string>& words) {
  std::string before;
  for (const std::string& word : words) {
    if (const CommandSpec* command = find_command(word)) return command;
    if (const CommandSpec* command = find_command(before + ' ' + word)) return command;
    before = word;
  }
  return nullptr;
}

// What needs no session. Nothing if there is a command to run.
std::optional<int> answer_at_once(const CommandLine& line, Output& output) {
  if (line.args.has("version")) {
    output.line("capo " CAPO_VERSION);
  } else if (line.args.has("help")) {
    output.print(line.command == nullptr ? program_help(output.paint())
                                         : command_help(*line.command, output.paint()));
  } else if (line.command == nullptr) {
    throw Error(ErrorCode::kUsage, "the following arguments are required: command")
        .hint("'capo --help' lists the commands");
  } else if (output.json() && !line.command->json) {
    throw Error(ErrorCode::kUsage, fmt::format("--json means nothing to '{}'", line.command->name));
  } else {
    return std::nullopt;
  }
  return 0;
}

int run_command(const CommandLine& line, World& world, Interrupts& interrupts, Output& output) {
  Progress progress(output, world.clock);
  Session session(world, line.args, line.command->needs, progress, interrupts);
  try {
    const int code = line.command->run(session, line.args, output);
    output.flush();
    return output.reader_gone() ? kReaderGone : code;
  } catch (Error& error) {
    progress.finish();
    session.explain(error);
    throw;
  }
}

}  // namespace

int run(const std::vector<std::string>& words, World& world, Interrupts& interrupts) {
  Output first_output(world.terminal, world.environment, output_options(words));
  CommandLine line;
  try {
    line = parse(words, commands(), global_options());
  } catch (const Error& error) {
    print_usage_error(first_output, first_command(words), error);
    return exit_code(error, interrupts);
  }
  Output output(world.terminal, world.environment, output_options(line.args));
  bool begun = false;
  try {
    const std::optional<int> answered = answer_at_once(line, output);
    output.flush();
    if (answered) return output.reader_gone() ? kReaderGone : *answered;
    begun = true;
    hand_over(*line.command, line.args, words, world, output);
    return run_command(line, world, interrupts, output);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kUsage && !begun) {
      print_usage_error(output, line.command, error);
    } else {
      output.failure(error);
    }
    return exit_code(error, interrupts);
  }
}

}  // namespace capo::cli

namespace capo {
namespace {

// Writing to a closed pipe is to be an error that can be handled, not the end of the process amid a
// migration.
class IgnoredSigpipe {
 public:
  IgnoredSigpipe() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before_);
  }
  ~IgnoredSigpipe() { ::sigaction(SIGPIPE, &before_, nullptr); }
  IgnoredSigpipe(const IgnoredSigpipe&) = delete;
  IgnoredSigpipe& operator=(const IgnoredSigpipe&) = delete;

 private:
  struct sigaction before_ {};
};

int run_program(int argc, char** argv, const Project* project) {
  const IgnoredSigpipe ignored;
  // It has arrived; what this program starts is none of its business.
  if (project != nullptr) ::unsetenv(cli::kHandedOver);
  base::RealTerminal terminal;
  try {
    base::RealFileSystem files;
    base::RealClock clock;
    base::SystemRandom random;
    base::RealProcesses processes;
    cli::World world{files,  clock, random, processes, terminal, base::process_environment(),
                     project};
    cli::Interrupts interrupts;
    return cli::run({argv + std::min(argc, 1), argv + argc}, world, interrupts);
  } catch (const std::exception& error) {
    terminal.write_error(fmt::format("FAILED: {} (this is a defect of capo)\n", error.what()));
    return 1;
  }
}

}  // namespace

int run(int argc, char** argv) { return run_program(argc, argv, nullptr); }
int run(int argc, char** argv, const Project& project) { return run_program(argc, argv, &project); }

}  // namespace capo
