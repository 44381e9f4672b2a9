#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/terminal.hpp"
#include "cli/spec.hpp"

/// The words of `--help`, made from the table of commands. Lines are at most 80 columns wide.
namespace capo::cli {

/// `usage: capo upgrade [options] <revision>`, with a line break.
std::string usage_line(const CommandSpec* command);
/// What `capo --help` prints.
std::string program_help(const base::Paint& paint);
/// What `capo upgrade --help` prints.
std::string command_help(const CommandSpec& command, const base::Paint& paint);
/// `capo help revisions`: how revisions are named.
std::string revisions_help(const base::Paint& paint);

/// Breaks text into lines of at most `width` code points; paragraphs are separated by empty lines,
/// and a line that begins with a space is kept as it is. Every line begins with `indent` spaces and
/// ends with a line break.
std::string wrap(std::string_view text, int width, int indent);

/// `-r, --rev-range RANGE`
std::string option_syntax(const OptionSpec& option);
/// `<revision>`, `[command]`, `<revisions>...`
std::string argument_syntax(const ArgumentSpec& argument);

/// In the order in which help and docs/cli.md show them.
inline constexpr std::array kShownGroups = {Group::kStart, Group::kWrite, Group::kChange,
                                            Group::kLook, Group::kHelp};
std::string_view group_title(Group group);

}  // namespace capo::cli
