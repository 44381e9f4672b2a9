#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a command is called, takes and does, as data. The parser, help, completion, "did you mean"
/// and `docs/cli.md` are all made from these tables, so a command is described once.
namespace capo::cli {

class Output;
class Session;

/// What the shell may offer for a value.
enum class Completes {
  kNothing,
  kRevision,
  kRevisionRange,
  kSchema,
  kFile,
  kDirectory,
  kTemplate,
  kCommand
};

struct OptionSpec {
  std::string_view name;  ///< long form without dashes: "rev-range"
  char letter = '\0';     ///< short form, 'r', if there is one
  /// What the value is called in help, "RANGE"; empty: a flag without value.
  std::string_view value = {};
  std::string_view help = {};
  Completes completes = Completes::kNothing;
  std::span<const std::string_view> choices = {};  ///< the only values allowed; empty: anything
};

struct ArgumentSpec {
  std::string_view name;
  std::string_view help = {};
  bool required = true;
  bool repeats = false;  ///< one or more (zero or more if not required); the last argument only
  Completes completes = Completes::kNothing;
  std::span<const std::string_view> choices = {};
};

struct Example {
  std::string_view command;
  std::string_view does;
};

/// Where the command stands in `capo --help`.
enum class Group { kStart, kWrite, kChange, kLook, kHelp, kHidden };

/// What a command may open. A session refuses the rest, so `heads` cannot come to touch a database
/// by accident.
enum class Needs { kNothing, kConfig, kScripts, kDatabase };

/// Option values and arguments of one command line.
class Args {
 public:
  bool has(std::string_view option) const;
  /// The value of an option; the last one if it was given several times.
  std::optional<std::string> value(std::string_view option) const;
  std::string value_or(std::string_view option, std::string_view fallback) const;
  std::vector<std::string> values(std::string_view option) const;

  const std::vector<std::string>& arguments() const { return arguments_; }
  const std::string& argument(std::size_t index) const { return arguments_.at(index); }

  void add_option(std::string_view name, std::string value);
  void add_argument(std::string value) { arguments_.push_back(std::move(value)); }

 private:
  struct Given {
    std::string_view name;
    std::string value;
  };
  std::vector<Given> options_;
  std::vector<std::string> arguments_;
};

struct CommandSpec {
  std::string_view name;
  std::string_view summary = {};      ///< one line, for the list of commands
  std::string_view description = {};  ///< paragraphs, separated by an empty line
  Group group = Group::kLook;
  Needs needs = Needs::kNothing;
  bool json = false;  ///< whether `--json` means something here
  std::span<const ArgumentSpec> arguments = {};
  std::span<const OptionSpec> options = {};
  std::span<const Example> examples = {};
  /// Returns the exit code.
  int (*run)(Session& session, const Args& args, Output& output) = nullptr;
};

}  // namespace capo::cli
