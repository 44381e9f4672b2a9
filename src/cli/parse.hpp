#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/spec.hpp"

namespace capo::cli {

struct CommandLine {
  const CommandSpec* command = nullptr;  ///< none for `capo`, `capo --help`, `capo --version`
  Args args = {};                        ///< the command's options and the global ones
};

/// Reads the words after the program's name as Python's argparse would: `-v`, `-vi`, `-rRANGE`,
/// `-r RANGE`, `-r=RANGE`, `--verbose`, `--rev-range RANGE`, `--rev-range=RANGE`, unique prefixes
/// of long options, `--` before arguments that begin with a dash. Beyond it, global options may
/// also follow the command, and whatever begins with a dash and a digit is a value (`downgrade -1`,
/// `history -r -2:`).
///
/// Throws Error{kUsage} with a hint for a misspelt command or option. Missing arguments are no
/// error if `--help` is there.
CommandLine parse(const std::vector<std::string>& words,
                  std::span<const CommandSpec* const> commands,
                  std::span<const OptionSpec> global_options);

}  // namespace capo::cli
