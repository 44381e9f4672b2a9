#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "cli/command_list.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"

// The reference of the command line, written from the same tables as --help: docs/cli.md and the
// manual page. A test compares docs/cli.md with what this prints.

namespace capo::cli {
namespace {

constexpr std::array<std::string_view, 2> kFormats = {"markdown", "man"};

// In a table cell: `|` would end it.
std::string cell(std::string_view text) { return base::replace_all(text, "|", "\\|"); }

std::string usage_of(const CommandSpec& command) {
  const std::string line = usage_line(&command);
  return std::string(base::trim(std::string_view(line).substr(std::string_view("usage: ").size())));
}

std::string markdown_options(std::span<const OptionSpec> options) {
  std::string text = "| option | meaning |\n|---|---|\n";
  for (const OptionSpec& option : options) {
    text += fmt::format("| `{}` | {} |\n", cell(option_syntax(option)), cell(option.help));
  }
  return text + '\n';
}

std::string markdown_command(const CommandSpec& command) {
  std::string text =
      fmt::format("### {}\n\n```\n{}\n```\n\n{}\n\n", command.name, usage_of(command),
                  command.description.empty() ? command.summary : command.description);
  if (!command.arguments.empty()) {
    text += "| argument | meaning |\n|---|---|\n";
    for (const ArgumentSpec& argument : command.arguments) {
      text += fmt::format("| `{}` | {} |\n", cell(argument_syntax(argument)), cell(argument.help));
    }
    text += '\n';
  }
  if (!command.options.empty()) text += markdown_options(command.options);
  if (command.json) text += "Takes `--json`; see [json.md](json.md).\n\n";
  if (command.examples.empty()) return text;
  text += "```sh\n";
  for (const Example& example : command.examples) {
    text += fmt::format("{}    # {}\n", example.command, example.does);
  }
  return text + "```\n\n";
}

std::string markdown() {
  std::string text =
      "# The command line\n\n"
      "<!-- Written by `capo __docs markdown` from the tables of the commands; a test compares. "
      "-->\n\n"
      "`capo [options] <command> [arguments]`. Options may stand before or after the command, long "
      "ones may be cut short (`--verb`), `--` ends them, and what begins with a dash and a digit "
      "is no option (`downgrade -1`). Results go to standard output, everything else to standard "
      "error.\n\n"
      "| exit code | |\n|---|---|\n"
      "| 0 | done |\n| 1 | failed; the last lines on standard error say why |\n"
      "| 2 | wrong usage |\n"
      "| 129, 130, 143 | stopped by SIGHUP, SIGINT (Ctrl-C) or SIGTERM: what was running is rolled "
      "back |\n"
      "| 141 | nobody read standard output to its end (`capo history \\| head`) |\n\n"
      "## Options of every command\n\n";
  text += markdown_options(global_options());
  for (const Group group : kShownGroups) {
    text += fmt::format("## {}\n\n", group_title(group));
    for (const CommandSpec* command : commands()) {
      if (command->group == group) text += markdown_command(*command);
    }
  }
  text += "## How revisions are named\n\n```\n" + revisions_help(base::Paint()) + "```\n";
  return text;
}

// Text of a manual page: a backslash, a dash and a dot at the start of a line mean something to
// troff.
std::string roff(std::string_view text) {
  std::string escaped = base::replace_all(text, "\\", "\\e");
  escaped = base::replace_all(escaped, "-", "\\-");
  if (escaped.starts_with('.') || escaped.starts_with('\'')) escaped.insert(0, "\\&");
  return base::replace_all(escaped, "\n.", "\n\\&.");
}

std::string man_options(std::span<const OptionSpec> options) {
  std::string text;
  for (const OptionSpec& option : options) {
    text += fmt::format(".TP\n.B {}\n{}\n", roff(option_syntax(option)), roff(option.help));
  }
  return text;
}

std::string man_command(const CommandSpec& command) {
  std::string text =
      fmt::format(".SS {}\n{}\n", roff(usage_of(command)),
                  roff(command.description.empty() ? command.summary : command.description));
  for (const ArgumentSpec& argument : command.arguments) {
    text += fmt::format(".TP\n.I {}\n{}\n", roff(argument.name), roff(argument.help));
  }
  return text + man_options(command.options);
}

std::string man() {
  std::string text = fmt::format(
      ".TH CAPO 1 \"\" \"capo {}\"\n.SH NAME\ncapo \\- database schema migrations for C++ and "
      "plain SQL\n.SH SYNOPSIS\n.B capo\n[options] <command> [arguments]\n.SH OPTIONS\n",
      CAPO_VERSION);
  text += man_options(global_options()) + ".SH COMMANDS\n";
  for (const CommandSpec* command : commands()) {
    if (command->group != Group::kHidden) text += man_command(*command);
  }
  text += ".SH REVISIONS\n.nf\n" + roff(revisions_help(base::Paint())) + ".fi\n";
  text += ".SH EXIT STATUS\n0 done, 1 failed, 2 wrong usage, 128+n stopped by signal n.\n";
  return text;
}

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "format", .help = "markdown or man", .choices = kFormats},
}};

}  // namespace

constinit const CommandSpec kDocs = {
    .name = "__docs",
    .summary = "The reference of the command line",
    .group = Group::kHidden,
    .arguments = kArguments,
    .run =
        [](Session&, const Args& args, Output& output) {
          output.print(args.argument(0) == "man" ? man() : markdown());
          return 0;
        },
};

}  // namespace capo::cli
