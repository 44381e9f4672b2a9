#include "cli/help.hpp"

#include <fmt/format.h>

#include <array>

#include "base/text.hpp"
#include "cli/commands.hpp"

namespace capo::cli {
namespace {

constexpr int kWidth = 80;
// Where explanations begin.
constexpr int kCommandColumn = 18;
constexpr int kColumn = 26;

std::string heading(std::string_view text, const base::Paint& paint) {
  return '\n' + paint(base::Ink::kBold, text) + '\n';
}

// "  term      explanation", the explanation on the next line if the term is too long for its
// column.
std::string entry(std::string_view term, std::string_view explanation, int column = kColumn) {
  const int used = 2 + base::count_code_points(term);
  std::string text = fmt::format("  {}", term);
  std::string explained = wrap(explanation, kWidth - column, column);
  if (explained.empty()) return text + '\n';
  if (used + 2 > column) return text + '\n' + explained;
  return text + explained.substr(static_cast<std::size_t>(used));
}

std::string options_help(std::span<const OptionSpec> options) {
  std::string text;
  for (const OptionSpec& option : options) text += entry(option_syntax(option), option.help);
  return text;
}

constexpr std::array<Example, 7> kExamples = {{
    {"capo init migrations", "make migrations/ and alembic.ini"},
    {"capo revision -m \"create users\"", "make a new revision file to write SQL into"},
    {"capo upgrade head", "apply everything that is not applied yet"},
    {"capo upgrade head --sql", "print the SQL instead, without any database"},
    {"capo upgrade head --dry-run", "ask the database what would run, run nothing"},
    {"capo downgrade -1", "take back the last revision"},
    {"capo history --verbose", "all revisions, newest first"},
}};

std::string examples_help(std::span<const Example> examples) {
  std::string text;
  for (const Example& example : examples) {
    text += fmt::format("  {}\n{}", example.command, wrap(example.does, kWidth - 6, 6));
  }
  return text;
}

}  // namespace

std::string wrap(std::string_view text, int width, int indent) {
  std::string result;
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  for (const std::string_view paragraph : base::split(text, '\n')) {
    if (paragraph.starts_with(' ')) {
      result += margin + std::string(paragraph) + '\n';
      continue;
    }
    std::string line;
    int used = 0;
    for (const std::string_view word : base::split(paragraph, ' ')) {
      const int length = base::count_code_points(word);
      if (used > 0 && used + 1 + length > width) {
        result += margin + line + '\n';
        line.clear();
        used = 0;
      }
      if (used > 0) line += ' ';
      line += word;
      used += length + (used > 0 ? 1 : 0);
    }
    if (!line.empty()) {
      result += margin + line + '\n';
    } else if (!text.empty()) {
      result += '\n';
    }
  }
  return result;
}

std::string option_syntax(const OptionSpec& option) {
  std::string text = option.letter == '\0' ? "" : fmt::format("-{}", option.letter);
  if (!option.name.empty() && option.name.size() > 1) {
    text += fmt::format("{}--{}", text.empty() ? "" : ", ", option.name);
  }
  if (!option.value.empty()) text += fmt::format(" {}", option.value);
  return text;
}

std::string argument_syntax(const ArgumentSpec& argument) {
  return fmt::format("{}{}{}{}", argument.required ? '<' : '[', argument.name,
                     argument.required ? '>' : ']', argument.repeats ? "..." : "");
}

std::string_view group_title(Group group) {
  switch (group) {
    case Group::kStart:
      return "Start a project";
    case Group::kWrite:
      return "Write revisions";
    case Group::kChange:
      return "Change a database";
    case Group::kLook:
      return "Look";
    case Group::kHelp:
      return "Help";
    case Group::kHidden:
      return "Hidden";
  }
  return {};
}

std::string usage_line(const CommandSpec* command) {
  if (command == nullptr) return "usage: capo [options] <command> [arguments]\n";
  std::string text = fmt::format("usage: capo {}", command->name);
  if (!command->options.empty()) text += " [options]";
  for (const ArgumentSpec& argument : command->arguments) text += ' ' + argument_syntax(argument);
  return text + '\n';
}

std::string program_help(const base::Paint& paint) {
  std::string text =
      fmt::format("capo {}: database schema migrations for C++ and plain SQL\n\n", CAPO_VERSION);
  text += usage_line(nullptr);
  for (const Group group : kShownGroups) {
    text += heading(group_title(group), paint);
    for (const CommandSpec* command : commands()) {
      if (command->group == group) text += entry(command->name, command->summary, kCommandColumn);
    }
  }
  text += heading("Options, before or after the command", paint) + options_help(global_options());
  text += heading("Examples", paint) + examples_help(kExamples);
  text +=
      "\n'capo help <command>' tells more about a command, 'capo help revisions' how\n"
      "revisions can be named.\n";
  return text;
}

std::string command_help(const CommandSpec& command, const base::Paint& paint) {
  std::string text = usage_line(&command) + '\n';
  text += wrap(command.description.empty() ? command.summary : command.description, kWidth, 0);
  if (!command.arguments.empty()) {
    text += heading("Arguments", paint);
    for (const ArgumentSpec& argument : command.arguments) {
      text += entry(argument.name, argument.help);
    }
  }
  if (!command.options.empty()) text += heading("Options", paint) + options_help(command.options);
  if (!command.examples.empty())
    text += heading("Examples", paint) + examples_help(command.examples);
  text += "\nThe options of 'capo --help' (--config, --url, --quiet, ...) may stand here too.\n";
  return text;
}

std::string revisions_help(const base::Paint& paint) {
  constexpr std::array<Example, 11> kForms = {{
      {"55af2cb1c267", "a revision's id"},
      {"55af", "the first characters of an id longer than three, if they fit one revision only"},
      {"head", "the newest revision, if there is one; 'heads' are all of them"},
      {"base", "before the first revision"},
      {"shoppingcart", "the revision that declares this branch label"},
      {"shoppingcart@head", "the newest revision of that branch; any id may stand for the label"},
      {"+2", "two steps up from where the database is (upgrade)"},
      {"-1", "one step down from where the database is (downgrade)"},
      {"55af+1", "one step up from a revision; 'head-1': one down; 'shoppingcart@-1'"},
      {"a:b", "from a to b: 'upgrade a:b --sql', 'history -r a:b'"},
      {"current", "where the database is: show, edit, history -r"},
  }};
  std::string text = "Wherever a command takes a revision, it can be named as follows.\n";
  text += heading("Forms", paint);
  for (const Example& form : kForms) text += entry(form.command, form.does);
  return text;
}

}  // namespace capo::cli
