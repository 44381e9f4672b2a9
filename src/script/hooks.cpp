#include "script/hooks.hpp"

#include <optional>
#include <utility>

#include "base/fs.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::script {
namespace {

constexpr std::string_view kFileToken = "REVISION_SCRIPT_FILENAME";

[[noreturn]] void fail(const Hook& hook, std::string what, std::string hint = {}) {
  throw Error(ErrorCode::kConfig, "post-write hook '" + hook.name + "': " + std::move(what))
      .hint(std::move(hint));
}

const std::string& needed(const Hook& hook, std::string_view key, const std::string& value) {
  if (value.empty()) {
    fail(hook, "there is no " + hook.name + "." + std::string(key),
         "a hook of type " + hook.type + " needs it, in [post_write_hooks] of the ini file");
  }
  return value;
}

// Words as a shell splits them: white space separates; '…' is literal; in "…" a backslash escapes "
// and itself; elsewhere it escapes anything.
std::vector<std::string> split_words(const Hook& hook, std::string_view text) {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == '\0' && base::is_space(c)) {
      if (word) words.push_back(std::move(*word));
      word.reset();
      continue;
    }
    if (!word) word.emplace();
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'') {
      if (i + 1 == text.size()) fail(hook, "a backslash at the end of its options");
      const char next = text[i + 1];
      if (quote == '"' && next != '"' && next != '\\') {
        *word += c;
      } else {
        *word += next;
        ++i;
      }
    } else {
      *word += c;
    }
  }
  if (quote != '\0') fail(hook, std::string("a quote in its options is never closed: ") + quote);
  if (word) words.push_back(std::move(*word));
  return words;
}

std::vector<std::string> program_of(const Hook& hook) {
  static const std::vector<std::string> kTypes = {"console_scripts", "exec", "module"};
  if (hook.type.empty())
    fail(hook, "there is no " + hook.name + ".type", "it is console_scripts, exec or module");
  if (hook.type == "console_scripts") return {needed(hook, "entrypoint", hook.entrypoint)};
  if (hook.type == "module") return {"python3", "-m", needed(hook, "module", hook.module)};
  if (hook.type == "exec") {
    const std::string& program = needed(hook, "executable", hook.executable);
    // A path counts from where the program runs; a bare name is looked for on PATH.
    const bool is_path = program.find('/') != std::string::npos;
    return {is_path ? base::join_path(hook.cwd, program) : program};
  }
  const std::optional<std::string> meant = base::closest(hook.type, kTypes);
  fail(hook, "there is no type '" + hook.type + "'",
       meant ? "did you mean " + *meant + "?" : "it is console_scripts, exec or module");
}

}  // namespace

std::vector<std::string> hook_command(const Hook& hook, const std::string& path) {
  std::vector<std::string> command = program_of(hook);
  std::string options = hook.options;
  if (options.find(kFileToken) == std::string::npos)
    options = std::string(kFileToken) + " " + options;
  // Replaced after splitting, so that a path with spaces stays one argument.
  for (const std::string& word : split_words(hook, options)) {
    command.push_back(base::replace_all(word, kFileToken, path));
  }
  return command;
}

void check_hooks(const std::vector<Hook>& hooks) {
  for (const Hook& hook : hooks) hook_command(hook, "");
}

std::string run_hooks(const std::vector<Hook>& hooks, const std::string& path,
                      base::Processes& processes, bool capture,
                      const std::function<void(std::string_view name)>& started) {
  std::string output;
  for (const Hook& hook : hooks) {
    const std::vector<std::string> command = hook_command(hook, path);
    const std::string stays = path + " is written and stays; mend the hook, or run it by hand";
    started(hook.name);
    if (!processes.find(command[0])) {
      throw Error(ErrorCode::kScript,
                  "post-write hook '" + hook.name + "': there is no program " + command[0])
          .hint(stays);
    }
    const base::ProcessResult result = processes.run(command, hook.cwd, capture);
    output += result.output;
    if (result.exit_code != 0) {
      throw Error(ErrorCode::kScript, "post-write hook '" + hook.name + "' failed with exit code " +
                                          std::to_string(result.exit_code))
          .detail(std::string(base::trim(output)))
          .hint(stays);
    }
  }
  return output;
}

}  // namespace capo::script
