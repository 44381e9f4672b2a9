#pragma once

#include <span>
#include <string_view>

#include "cli/spec.hpp"

/// The table of commands, and the options that every command takes.
namespace capo::cli {

/// In the order of `capo --help`; hidden ones last.
std::span<const CommandSpec* const> commands();
/// Null if there is none of that name.
const CommandSpec* find_command(std::string_view name);
std::span<const OptionSpec> global_options();

}  // namespace capo::cli
