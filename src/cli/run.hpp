#pragma once

#include <string>
#include <vector>

#include "cli/interrupts.hpp"
#include "cli/session.hpp"

namespace capo::cli {

/// The command line as a function: `words` are what follows the program's name. Returns the exit
/// code; every Error ends here, as text on standard error.
int run(const std::vector<std::string>& words, World& world, Interrupts& interrupts);

}  // namespace capo::cli
