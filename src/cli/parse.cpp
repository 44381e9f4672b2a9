#include "cli/parse.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"

// Why no library: CLI11, the candidate, takes the word after `--message=` as its value, cuts an
// argument `[a,b]` in two and reads `-m=x` as "=x". What users type here was read by argparse for
// years and must keep its meaning.

namespace capo::cli {

bool Args::has(std::string_view option) const {
  return std::any_of(options_.begin(), options_.end(),
                     [&](const Given& given) { return given.name == option; });
}

std::optional<std::string> Args::value(std::string_view option) const {
  for (auto given = options_.rbegin(); given != options_.rend(); ++given) {
    if (given->name == option) return given->value;
  }
  return std::nullopt;
}

std::string Args::value_or(std::string_view option, std::string_view fallback) const {
  return value(option).value_or(std::string(fallback));
}

std::vector<std::string> Args::values(std::string_view option) const {
  std::vector<std::string> found;
  for (const Given& given : options_) {
    if (given.name == option) found.push_back(given.value);
  }
  return found;
}

void Args::add_option(std::string_view name, std::string value) {
  options_.push_back({name, std::move(value)});
}

namespace {

std::string with_dashes(const OptionSpec& option) {
  return option.letter == '\0' ? fmt::format("--{}", option.name)
                               : fmt::format("-{}/--{}", option.letter, option.name);
}

std::string in_quotes(std::span<const std::string_view> choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
    text += fmt::format("'{}'", choices[i]);
  }
  return text;
}

class Parser {
 public:
  Parser(const std::vector<std::string>& words, std::span<const CommandSpec* const> commands,
         std::span<const OptionSpec> global_options)
      : words_(words), commands_(commands), global_options_(global_options) {}

  CommandLine parse() {
    find_command();
    while (at_ < words_.size()) take_word(words_[at_++]);
    if (!line_.args.has("help") && !line_.args.has("version")) check_arguments();
    return std::move(line_);
  }

 private:
  [[noreturn]] static void fail(std::string message) {
    throw Error(ErrorCode::kUsage, std::move(message));
  }
  [[noreturn]] static void fail_near(std::string message, std::string_view word,
                                     const std::vector<std::string>& candidates) {
    Error error(ErrorCode::kUsage, std::move(message));
    if (const auto near = base::closest_or_longer(word, candidates)) {
      error.hint(fmt::format("did you mean '{}'?", *near));
    }
    throw error;
  }

  // First of all, because what the other words mean depends on the command.
  void find_command() {
    std::size_t at = 0;
    while (at < words_.size() && words_[at].size() > 1 && words_[at][0] == '-') {
      const std::string& word = words_[at++];
      if (word == "--") break;
      if (takes_next_word(word)) ++at;
    }
    if (at >= words_.size()) return;
    const std::string name = command_name(at);
    std::vector<std::string> names;
    for (const CommandSpec* command : commands_) {
      if (command->name == name) line_.command = command;
      if (command->group != Group::kHidden) names.emplace_back(command->name);
    }
    if (line_.command == nullptr) fail_near(fmt::format("no command '{}'", name), name, names);
    command_at_ = at;
    command_end_ = at + (name == words_[at] ? 1 : 2);
  }

  // Some commands have two words: `tenant check`.
  std::string command_name(std::size_t at) const {
    const std::string& word = words_[at];
    std::vector<std::string> second;
    for (const CommandSpec* command : commands_) {
      if (command->name.starts_with(word + ' ')) {
        second.emplace_back(command->name.substr(word.size() + 1));
      }
    }
    if (second.empty()) return word;
    if (at + 1 < words_.size() && !words_[at + 1].starts_with('-')) {
      return word + ' ' + words_[at + 1];
    }
    throw Error(ErrorCode::kUsage,
                fmt::format("'{}' says too little: {} {}", word, word, base::join(second, " or ")))
        .hint(fmt::format("see capo {} {} --help", word, second.front()));
  }

  // Whether the word after this option, which stands before the command, is its value. Which
  // command it is, is not known yet: it may be an option of any.
  bool takes_next_word(std::string_view word) const {
    if (word[1] != '-') {
      for (std::size_t i = 1; i < word.size(); ++i) {
        const OptionSpec* option = of_any_command(
            [&](const OptionSpec& candidate) { return candidate.letter == word[i]; });
        if (option == nullptr) return false;
        if (!option->value.empty()) return i + 1 == word.size();
      }
      return false;
    }
    const std::string_view name = word.substr(2);
    const OptionSpec* found =
        of_any_command([&](const OptionSpec& candidate) { return candidate.name == name; });
    if (found == nullptr) {
      for (const OptionSpec& option : global_options_) {
        if (option.name.starts_with(name)) found = &option;
      }
    }
    return found != nullptr && !found->value.empty();
  }

  // The first that fits, those of every command before those of some.
  template <typename Fits>
  const OptionSpec* of_any_command(Fits fits) const {
    for (const OptionSpec& option : global_options_) {
      if (fits(option)) return &option;
    }
    for (const CommandSpec* command : commands_) {
      for (const OptionSpec& option : command->options) {
        if (fits(option)) return &option;
      }
    }
    return nullptr;
  }

  void take_word(const std::string& word) {
    if (line_.command != nullptr && at_ > command_at_ && at_ <= command_end_) return;
    if (only_arguments_ || !looks_like_option(word)) {
      line_.args.add_argument(word);
    } else if (word == "--") {
      only_arguments_ = true;
    } else if (word.starts_with("--")) {
      take_long(word);
    } else {
      take_letters(word);
    }
  }

  bool looks_like_option(std::string_view word) const {
    if (word.size() < 2 || word[0] != '-') return false;
    if (base::is_digit(word[1])) return false;
    // A sentence that begins with a dash; argparse's rule.
    return word.find(' ') == word.npos || word.find('=') < word.find(' ') ||
           (word[1] != '-' && by_letter(word[1]) != nullptr);
  }

  template <typename Visit>
  void each_option(Visit visit) const {
    if (line_.command != nullptr) {
      for (const OptionSpec& option : line_.command->options) visit(option);
    }
    for (const OptionSpec& option : global_options_) visit(option);
  }

  const OptionSpec* by_letter(char letter) const {
    const OptionSpec* found = nullptr;
    each_option([&](const OptionSpec& option) {
      if (found == nullptr && option.letter == letter) found = &option;
    });
    return found;
  }

  const OptionSpec& by_name(std::string_view name) const {
    std::vector<const OptionSpec*> prefixed;
    std::vector<std::string> names;
    const OptionSpec* exact = nullptr;
    each_option([&](const OptionSpec& option) {
      if (option.name == name) exact = &option;
      if (option.name.starts_with(name)) prefixed.push_back(&option);
      if (option.name.size() > 1) names.push_back(fmt::format("--{}", option.name));
    });
    if (exact != nullptr) return *exact;
    if (prefixed.size() == 1) return *prefixed[0];
    if (prefixed.empty()) {
      fail_near(fmt::format("unknown option '--{}'", name), fmt::format("--{}", name), names);
    }
    std::string choices;
    for (const OptionSpec* option : prefixed) {
      choices += fmt::format("{}--{}", choices.empty() ? "" : ", ", option->name);
    }
    fail(fmt::format("ambiguous option '--{}' could be {}", name, choices));
  }

  void take_long(std::string_view word) {
    const std::size_t equals = word.find('=');
    const OptionSpec& option = by_name(word.substr(2, equals == word.npos ? equals : equals - 2));
    if (equals == word.npos) {
      take_option(option, std::nullopt);
    } else {
      if (option.value.empty()) fail(fmt::format("option '--{}' takes no value", option.name));
      take_option(option, std::string(word.substr(equals + 1)));
    }
  }

  // `-v`, `-vi`, `-rRANGE`, `-r=RANGE`
  void take_letters(std::string_view word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const OptionSpec* option = by_letter(word[i]);
      if (option == nullptr) fail_unknown_letter(word, word[i]);
      if (option->value.empty()) {
        take_option(*option, std::nullopt);
        continue;
      }
      std::string_view value = word.substr(i + 1);
      if (value.empty()) return take_option(*option, std::nullopt);
      if (value.starts_with('=')) value.remove_prefix(1);
      return take_option(*option, std::string(value));
    }
  }

  // `-verbose` is more likely `--verbose` than -v, -e, -r, …
  [[noreturn]] void fail_unknown_letter(std::string_view word, char letter) const {
    if (word.size() == 2) fail(fmt::format("unknown option '{}'", word));
    std::vector<std::string> names;
    each_option([&](const OptionSpec& option) {
      if (option.name.size() > 1) names.push_back(fmt::format("--{}", option.name));
    });
    fail_near(fmt::format("unknown option '-{}' in '{}'", letter, word), fmt::format("-{}", word),
              names);
  }

  void take_option(const OptionSpec& option, std::optional<std::string> value) {
    if (!value && !option.value.empty()) {
      const bool is_there = at_ < words_.size() && !looks_like_option(words_[at_]) &&
                            !(line_.command != nullptr && at_ >= command_at_ && at_ < command_end_);
      if (!is_there) {
        fail(fmt::format("option '{}' needs a value: {}", with_dashes(option), option.value));
      }
      value = words_[at_++];
    }
    if (value && !option.choices.empty() &&
        std::find(option.choices.begin(), option.choices.end(), *value) == option.choices.end()) {
      fail_near(fmt::format("option '--{}' is {}, not '{}'", option.name, in_quotes(option.choices),
                            *value),
                *value, {option.choices.begin(), option.choices.end()});
    }
    line_.args.add_option(option.name, value.value_or(""));
  }

  void check_arguments() {
    if (line_.command == nullptr) return;
    const auto& specs = line_.command->arguments;
    const auto& given = line_.args.arguments();
    std::string missing;
    for (std::size_t i = given.size(); i < specs.size(); ++i) {
      if (specs[i].required)
        missing += fmt::format("{}{}", missing.empty() ? "" : ", ", specs[i].name);
    }
    if (!missing.empty()) fail(fmt::format("the following arguments are required: {}", missing));
    if (given.size() > specs.size() && (specs.empty() || !specs.back().repeats)) {
      fail(fmt::format("unexpected argument '{}'", given[specs.size()]));
    }
    for (std::size_t i = 0; i < specs.size() && i < given.size(); ++i) {
      const auto& choices = specs[i].choices;
      if (choices.empty() || std::find(choices.begin(), choices.end(), given[i]) != choices.end())
        continue;
      fail_near(fmt::format("{} is {}, not '{}'", specs[i].name, in_quotes(choices), given[i]),
                given[i], {choices.begin(), choices.end()});
    }
  }

  const std::vector<std::string>& words_;
  std::span<const CommandSpec* const> commands_;
  std::span<const OptionSpec> global_options_;
  std::size_t at_ = 0;
  std::size_t command_at_ = 0;
  std::size_t command_end_ = 0;  ///< behind its last word
  bool only_arguments_ = false;
  CommandLine line_ = {};
};

}  // namespace

CommandLine parse(const std::vector<std::string>& words,
                  std::span<const CommandSpec* const> commands,
                  std::span<const OptionSpec> global_options) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (base::find_invalid_utf8(words[i])) {
      throw Error(ErrorCode::kUsage, fmt::format("argument {} is not UTF-8 text", i + 1));
    }
  }
  return Parser(words, commands, global_options).parse();
}

}  // namespace capo::cli
