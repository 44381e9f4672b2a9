#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.hpp"
#include "cli/session.hpp"
#include "script/new_revision.hpp"

namespace capo::cli {

inline constexpr std::array<std::string_view, 2> kRevisionKinds = {"cpp", "sql"};
inline constexpr OptionSpec kKindOption = {
    .name = "kind",
    .value = "KIND",
    .help = "cpp or sql; default: what the project writes, see revision_kind in the ini file",
    .choices = kRevisionKinds};

/// Plans and writes a revision file, tells its path, and runs the project's post-write hooks on it.
/// `kind` is what `--kind` says; of the request's own nothing is read.
void write_revision(Session& session, script::NewRevisionRequest request,
                    const std::optional<std::string>& kind, Output& output);

/// Whether `--kind`, or else the project, says C++.
bool writes_cpp(Session& session, const std::optional<std::string>& kind);

/// What write_revisions() would write, each after the one before it.
std::vector<script::NewRevision> plan_revisions(Session& session,
                                                std::vector<script::NewRevisionRequest> requests,
                                                const std::optional<std::string>& kind);
/// All of them, or none: what was written is taken away again if a later one cannot be.
void write_revisions(Session& session, const std::vector<script::NewRevision>& revisions,
                     Output& output);

}  // namespace capo::cli
