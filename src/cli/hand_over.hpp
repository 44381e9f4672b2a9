#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/session.hpp"

/// A project whose revisions are compiled into a program (`capo_program` of the ini file): capo
/// brings that program up to date and goes on as it. The program itself, which has a Project,
/// never hands over.
namespace capo::cli {

/// Set for the program, to the program: a capo that finds it knows that it was handed over to by
/// itself.
inline constexpr const char* kHandedOver = "CAPO_HANDED_OVER";

/// Does not return if the command line goes to the project's program. Otherwise nothing was done,
/// and the command is capo's own. `words` are what follows the program's name.
///
/// Throws Error{kConfig} where the program is missing or cannot be started, Error{kScript} where it
/// could not be built; what the compiler said is then on standard error, or with --json the
/// error's detail.
void hand_over(const CommandSpec& command, const Args& args, const std::vector<std::string>& words,
               World& world, Output& output);

}  // namespace capo::cli
