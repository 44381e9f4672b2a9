#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"

namespace capo::cli {

/// The revisions that a word of the user stands for; `current` asks the database. Throws
/// Error{kRevision}.
std::vector<revision::Node> named_revisions(Session& session, const std::string& name);

}  // namespace capo::cli
