#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/examination.hpp"
#include "runtime/migration.hpp"
#include "script/directory.hpp"

namespace capo::proof {

/// What version table and journal say, against the revisions that there are.
std::vector<dialect::Finding> examine_history(const runtime::DatabaseState& state,
                                              const script::ScriptDirectory& scripts,
                                              const std::string& version_table);

/// Whether all that there is is applied, and nothing else.
bool is_at_heads(const runtime::DatabaseState& state, const revision::Graph& graph);

/// The extensions that the revisions make on a database, sorted.
std::vector<std::string> wanted_extensions(const script::ScriptDirectory& scripts,
                                           std::string_view dialect);

}  // namespace capo::proof
