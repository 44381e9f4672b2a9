#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Reads a script of tests/cli (its language is told in script_runner.cpp): commands on top, files
/// below.
namespace capo::test {

struct ScriptLine {
  int number = 0;                       ///< in the file, from 1
  std::string condition = {};           ///< `[postgresql]`: "postgresql"; empty: always
  bool negated = false;                 ///< `! …`
  std::vector<std::string> words = {};  ///< without quotes
  std::vector<std::string> rows = {};   ///< the `> …` lines under it
};

struct Script {
  std::vector<std::string> databases = {};  ///< of the line `# db: …`
  std::vector<ScriptLine> lines = {};
  std::map<std::string, std::string> files = {};
};

/// Throws std::runtime_error that begins with the line's number.
Script parse_script(std::string_view text);

}  // namespace capo::test
