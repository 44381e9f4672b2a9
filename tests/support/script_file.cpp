#include "script_file.hpp"

#include <stdexcept>

namespace capo::test {
namespace {

[[noreturn]] void fail(int number, const std::string& what) {
  throw std::runtime_error(std::to_string(number) + ": " + what);
}

std::string_view without_spaces(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string name_between_dashes(std::string_view line) {
  if (!line.starts_with("-- ") || !line.ends_with(" --") || line.size() < 7) return {};
  return std::string(without_spaces(line.substr(3, line.size() - 6)));
}

// Words are divided by spaces; '…' and "…" keep what is inside as it stands, and may hold the other
// quote.
std::vector<std::string> split_words(std::string_view line, int number) {
  std::vector<std::string> words;
  std::size_t i = 0;
  while (i < line.size()) {
    if (line[i] == ' ' || line[i] == '\t') {
      ++i;
      continue;
    }
    std::string word;
    while (i < line.size() && line[i] != ' ' && line[i] != '\t') {
      if (line[i] != '\'' && line[i] != '"') {
        word += line[i++];
        continue;
      }
      const std::size_t end = line.find(line[i], i + 1);
      if (end == std::string_view::npos) fail(number, "a quote is not closed");
      word.append(line.substr(i + 1, end - i - 1));
      i = end + 1;
    }
    words.push_back(std::move(word));
  }
  return words;
}

ScriptLine parse_line(std::string_view line, int number) {
  ScriptLine parsed{.number = number};
  if (line.starts_with("[")) {
    const std::size_t end = line.find(']');
    if (end == std::string_view::npos) fail(number, "a condition is not closed");
    parsed.condition = line.substr(1, end - 1);
    if (parsed.condition == "postgres") parsed.condition = "postgresql";
    if (parsed.condition != "postgresql" && parsed.condition != "sqlite") {
      fail(number, "no such condition: " + parsed.condition);
    }
    line = without_spaces(line.substr(end + 1));
  }
  if (line.starts_with("! ")) {
    parsed.negated = true;
    line = without_spaces(line.substr(2));
  }
  parsed.words = split_words(line, number);
  if (parsed.words.empty()) fail(number, "a command is missing");
  return parsed;
}

bool runs_capo(const ScriptLine& line) {
  return line.words[0] == "capo" || line.words[0] == "exit";
}

// A command that tells a difference by its exit code tells it on stdout.
bool says_something(std::string_view stream) { return stream == "stderr" || stream == "stdout"; }

// An error that any error satisfies proves nothing: whoever expects a failure must say which.
void check_failures_have_text(const Script& script) {
  const ScriptLine* failing = nullptr;
  for (const ScriptLine& line : script.lines) {
    if (runs_capo(line)) {
      if (failing != nullptr) break;
      if (line.negated || (line.words[0] == "exit" && line.words.at(1) != "0")) failing = &line;
    } else if (failing != nullptr && !line.negated && line.words.size() > 1 &&
               (says_something(line.words[0]) ||
                (line.words[0] == "cmp" && says_something(line.words[1])))) {
      failing = nullptr;
    }
  }
  if (failing != nullptr) fail(failing->number, "an expected failure needs a line: stderr 'text'");
}

}  // namespace

Script parse_script(std::string_view text) {
  Script script;
  std::string* file = nullptr;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (const std::string file_name = name_between_dashes(line); !file_name.empty()) {
      const auto [it, is_new] = script.files.try_emplace(file_name);
      if (!is_new) fail(number, "the file " + file_name + " stands here twice");
      file = &it->second;
    } else if (file != nullptr) {
      file->append(line).append("\n");
    } else if (line.starts_with("# db:")) {
      script.databases = split_words(line.substr(5), number);
      for (std::string& name : script.databases) {
        if (name == "postgres") name = "postgresql";
      }
    } else if (line.starts_with(">")) {
      if (script.lines.empty()) fail(number, "a row belongs under a command");
      script.lines.back().rows.emplace_back(line.substr(line.starts_with("> ") ? 2 : 1));
    } else if (const std::string_view command = without_spaces(line);
               !command.empty() && command[0] != '#') {
      script.lines.push_back(parse_line(command, number));
    }
  }
  check_failures_have_text(script);
  return script;
}

}  // namespace capo::test
