#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/system.hpp"

namespace capo::config {

/// One line `NAME=value` of a `.env` file.
struct DotEnvEntry {
  std::string name = {};
  std::optional<std::string> value = {};  ///< nothing for a name without `=`
  int line = 0;                           ///< of the name

  friend bool operator==(const DotEnvEntry&, const DotEnvEntry&) = default;
};

/// Reads a `.env` file in python-dotenv's syntax:
///
///     # a comment
///     export USER=gpra            # `export` is optional; a comment needs white space before it
///     NAME='it\'s as it stands'   # escapes: \\ \'
///     NAME="two\nlines"           # escapes: \\ \' \" \a \b \f \n \r \t \v
///     DATABASE_URL=postgresql://${USER}:${PASSWORD:-secret}@localhost/db
///
/// Quoted values may span lines.
///
/// `${NAME}` is replaced in every kind of value: by the environment, else by an entry further up,
/// else by the default or nothing. (An environment variable that is set but empty counts as set.)
/// Of two entries with one name the later counts.
///
/// Throws Error{kConfig} with file, line and column for what python-dotenv warns about and skips: a
/// half-read connection string is dangerous. No error quotes a line, for it may hold a password.
std::vector<DotEnvEntry> read_dotenv(std::string_view content, const std::string& file,
                                     const base::Environment& environment);

/// The last entry of a name, or null.
const DotEnvEntry* find_entry(const std::vector<DotEnvEntry>& entries, std::string_view name);

}  // namespace capo::config
