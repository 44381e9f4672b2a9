#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"

namespace capo::cli {

/// What a shell may offer for the last of `words` (the words after the program's name up to the
/// cursor; the last one may be empty): lines `text<TAB>explanation`, or `:file` or `:directory`
/// alone for a path. Never touches a database; where revisions cannot be read, there are none to
/// offer.
std::string complete(const std::vector<std::string>& words, World& world);

}  // namespace capo::cli
