#pragma once

#include "cli/output.hpp"
#include "cli/session.hpp"
#include "script/new_revision.hpp"

namespace capo::cli {

/// Plans and writes a revision file, tells its path, and runs the project's post-write hooks on it.
void write_revision(Session& session, const script::NewRevisionRequest& request, Output& output);

}  // namespace capo::cli
