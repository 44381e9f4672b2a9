#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/system.hpp"

/// Post-write hooks: programs that run on the file of a new revision (`[post_write_hooks]` of the
/// ini).
namespace capo::script {

struct Hook {
  std::string name = {};
  std::string type = {};        ///< console_scripts | exec | module
  std::string entrypoint = {};  ///< console_scripts: the program of that name
  std::string executable = {};  ///< exec
  std::string module = {};      ///< module: run by `python3 -m`
  std::string options = {};  ///< as a shell would split them, REVISION_SCRIPT_FILENAME is the file
  std::string cwd = {};      ///< empty: here
};

/// The command of a hook: program, arguments. Without REVISION_SCRIPT_FILENAME in the options the
/// file is the first argument. Throws Error{kConfig} for an unknown type, a missing key and an
/// unclosed quote.
std::vector<std::string> hook_command(const Hook& hook, const std::string& path);

/// What is wrong with the hooks before there is a file, as far as their settings show it. Throws as
/// hook_command().
void check_hooks(const std::vector<Hook>& hooks);

/// Runs them one after the other, each with the terminal as its output; `started` is told the name
/// of each before it runs. With `capture` their output is returned instead. Throws Error{kScript}
/// for the first that cannot be run or fails; the file stays.
std::string run_hooks(const std::vector<Hook>& hooks, const std::string& path,
                      base::Processes& processes, bool capture,
                      const std::function<void(std::string_view name)>& started);

}  // namespace capo::script
