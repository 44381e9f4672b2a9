#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "revision/resolver.hpp"

/// The targets of upgrade and downgrade, relative forms included; not for other rooms.
namespace capo::revision {

/// Where an upgrade goes. `current` are the texts a relative target starts from (rows, or one end
/// of a range); `end` is what walking past the graph means. May hold Spots off the graph, for the
/// caller to judge.
std::vector<Spot> upgrade_targets(const Graph& graph, const Resolver& resolver,
                                  const std::vector<std::string>& current, std::string_view target,
                                  Resolver::End end);

struct DowngradeTarget {
  std::optional<std::string> branch = {};
  Spot spot = {};                ///< not on a node: everything goes
  bool ambiguous_start = false;  ///< `-N` with several rows: the first one was taken
};

DowngradeTarget downgrade_target(const Graph& graph, const Resolver& resolver,
                                 const std::vector<std::string>& current, std::string_view target,
                                 Resolver::End end);

}  // namespace capo::revision
