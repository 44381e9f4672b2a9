#include "cli/complete.hpp"

#include <algorithm>
#include <array>

#include "base/terminal.hpp"
#include "base/text.hpp"
#include "cli/command_list.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "config/settings.hpp"
#include "script/init_templates.hpp"

namespace capo::cli {
namespace {

// Reads a command line that is not finished. Unlike parse() it never fails: what it does not know
// it skips.
class Completer {
 public:
  Completer(const std::vector<std::string>& words, World& world)
      : current_(words.empty() ? "" : words.back()), world_(world) {
    for (std::size_t i = 0; i + 1 < words.size(); ++i) read(words[i]);
  }

  std::string answer() {
    if (awaited_ != nullptr) {
      offer_values(awaited_->completes, awaited_->choices, "");
    } else if (current_.starts_with("--") && current_.find('=') != std::string::npos) {
      offer_inline_value();
    } else if (current_.starts_with('-') && !only_arguments_) {
      offer_options();
    } else if (unknown_command_) {
      return {};
    } else if (command_ == nullptr) {
      offer_commands();
    } else if (const ArgumentSpec* argument = next_argument()) {
      offer_values(argument->completes, argument->choices, "");
    }
    return std::move(answer_);
  }

 private:
  void read(const std::string& word) {
    if (awaited_ != nullptr) {
      args_.add_option(awaited_->name, word);
      awaited_ = nullptr;
    } else if (word == "--") {
      only_arguments_ = true;
    } else if (word.size() > 1 && word[0] == '-' && !only_arguments_ && !base::is_digit(word[1])) {
      read_option(word);
    } else if (command_ == nullptr && !unknown_command_) {
      read_command(word);
    } else {
      ++arguments_;
    }
  }

  void read_command(const std::string& word) {
    const std::string name = first_word_ + word;
    command_ = find_command(name);
    if (command_ != nullptr) return;
    // Some have two words: `tenant check`.
    first_word_ = name + ' ';
    unknown_command_ = std::none_of(
        commands().begin(), commands().end(),
        [&](const CommandSpec* command) { return command->name.starts_with(first_word_); });
  }

  void read_option(std::string_view word) {
    const bool is_long = word.starts_with("--");
    const std::size_t equals = word.find('=');
    const OptionSpec* option =
        is_long ? find_option(word.substr(2, equals == word.npos ? equals : equals - 2), '\0')
                : find_option("", word[1]);
    if (option == nullptr || option->value.empty()) return;
    if (is_long && equals != word.npos) {
      args_.add_option(option->name, std::string(word.substr(equals + 1)));
    } else if (!is_long && word.size() > 2) {
      args_.add_option(option->name, std::string(word.substr(word[2] == '=' ? 3 : 2)));
    } else {
      awaited_ = option;
    }
  }

  const OptionSpec* find_option(std::string_view name, char letter) const {
    const auto fits = [&](const OptionSpec& option) {
      return letter == '\0' ? option.name == name : option.letter == letter;
    };
    if (command_ != nullptr) {
      for (const OptionSpec& option : command_->options) {
        if (fits(option)) return &option;
      }
    }
    for (const OptionSpec& option : global_options()) {
      if (fits(option)) return &option;
    }
    return nullptr;
  }

  const ArgumentSpec* next_argument() const {
    const auto& specs = command_->arguments;
    if (arguments_ < specs.size()) return &specs[arguments_];
    return !specs.empty() && specs.back().repeats ? &specs.back() : nullptr;
  }

  void offer(std::string_view text, std::string_view explanation) {
    if (!text.starts_with(current_)) return;
    answer_.append(text).append("\t");
    for (const char c : base::without_controls(explanation)) {
      answer_ += c == '\t' || c == '\n' ? ' ' : c;
    }
    answer_ += '\n';
  }

  void offer_commands() {
    std::string_view last;
    for (const CommandSpec* command : commands()) {
      if (command->group == Group::kHidden || !command->name.starts_with(first_word_)) continue;
      const std::string_view rest = command->name.substr(first_word_.size());
      const std::string_view word = rest.substr(0, rest.find(' '));
      // Of commands that begin with the same word, the first tells of it.
      if (word != last) offer(word, command->summary);
      last = word;
    }
  }

  void offer_options() {
    const auto offer_one = [this](const OptionSpec& option) {
      if (option.name.size() > 1) {
        offer("--" + std::string(option.name), option.help);
      } else {
        offer("-" + std::string(option.name), option.help);
      }
    };
    if (command_ != nullptr) {
      for (const OptionSpec& option : command_->options) offer_one(option);
    }
    for (const OptionSpec& option : global_options()) offer_one(option);
  }

  void offer_inline_value() {
    const std::size_t equals = current_.find('=');
    const OptionSpec* option = find_option(std::string_view(current_).substr(2, equals - 2), '\0');
    if (option != nullptr) {
      offer_values(option->completes, option->choices, current_.substr(0, equals + 1));
    }
  }

  void offer_values(Completes what, std::span<const std::string_view> choices,
                    const std::string& before) {
    for (const std::string_view choice : choices) offer(before + std::string(choice), "");
    switch (what) {
      case Completes::kNothing:
        break;
      case Completes::kRevision:
      case Completes::kRevisionRange:
        offer_revisions(before);
        break;
      case Completes::kSchema:
        offer_schemas(before);
        break;
      case Completes::kFile:
        answer_ += ":file\n";
        break;
      case Completes::kDirectory:
        answer_ += ":directory\n";
        break;
      case Completes::kTemplate:
        for (const script::InitTemplate& entry : script::init_templates()) {
          offer(before + std::string(entry.name), entry.summary);
        }
        break;
      case Completes::kCommand:
        offer_commands();
        break;
    }
  }

  void offer_schemas(const std::string& before) {
    if (current_.starts_with(before + "rev:")) return offer_revisions(before);
    offer(before + "models", "what the project's program declares");
    offer(before + "database", "the project's database");
    offer(before + "empty", "nothing");
    offer(before + "rev:", "what the revisions make up to one of them");
    answer_ += ":file\n";
  }

  // The part of the word before the symbol that is being typed stays: `--rev-range=a:`, `label@`.
  void offer_revisions(const std::string& option) {
    const std::size_t colon = current_.find(':', option.size());
    const std::string start = colon == std::string::npos ? option : current_.substr(0, colon + 1);
    const std::size_t at = current_.find('@', start.size());
    const std::string before = at == std::string::npos ? start : current_.substr(0, at + 1);
    offer(before + "head", "the newest revision");
    offer(before + "heads", "the newest revision of every branch");
    offer(before + "base", "before the first revision");
    // Completion is silent: a project that cannot be read has no revisions to offer, and the
    // command itself will say why.
    try {
      offer_revisions_of_project(before, at == std::string::npos);
    } catch (const Error&) {
      return;
    }
  }

  void offer_revisions_of_project(const std::string& before, bool with_branches) {
    const config::Settings settings =
        config::load_settings(config_request(world_, args_), world_.files, world_.environment);
    const auto scripts = open_directory(world_, settings, {});
    const revision::Graph& graph = scripts->graph();
    for (int i = graph.size(); i-- > 0;) offer(before + graph.id(i), graph.revision(i).message);
    for (int i = 0; i < graph.size(); ++i) {
      for (const std::string& label : graph.revision(i).branch_labels) {
        offer(before + label, "branch label of " + graph.id(i));
        if (with_branches) offer(before + label + "@", "in the branch " + label);
      }
    }
  }

  const std::string current_;
  World& world_;
  const CommandSpec* command_ = nullptr;
  std::string first_word_ = {};  ///< of a command of two, with a space behind it
  bool unknown_command_ = false;
  const OptionSpec* awaited_ = nullptr;  // the option whose value comes next
  std::size_t arguments_ = 0;
  bool only_arguments_ = false;
  Args args_ = {};
  std::string answer_ = {};
};

constexpr std::array<ArgumentSpec, 1> kArguments = {{
    {.name = "words",
     .help = "the command line up to the cursor",
     .required = false,
     .repeats = true},
}};

}  // namespace

std::string complete(const std::vector<std::string>& words, World& world) {
  return Completer(words, world).answer();
}

constinit const CommandSpec kComplete = {
    .name = "__complete",
    .summary = "What completion scripts ask",
    .group = Group::kHidden,
    .arguments = kArguments,
    .run =
        [](Session& session, const Args& args, Output& output) {
          output.print(complete(args.arguments(), session.world()));
          return 0;
        },
};

}  // namespace capo::cli
