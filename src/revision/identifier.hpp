#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "revision/graph.hpp"

/// What a user types for a revision: ids, prefixes, labels, `head`, `base`, `branch@symbol`, `x+2`, `a:b`.
/// Throws Error{kRevision} (`Can't locate revision identified by 'x'`, …).
namespace capo::revision {

/// Every revision that `symbol` stands for (`heads` may be several, `base` none), as `show`, `history -r` and
/// `revision --head` understand it. Negative numbers walk down from the heads.
std::vector<Node> resolve_all(const Graph& graph, std::string_view symbol);
/// The one revision that `symbol` stands for; nothing for `base`.
std::optional<Node> resolve_one(const Graph& graph, std::string_view symbol);

/// Newest first. `lower`/`upper` as typed at either side of the colon of `history -r`, empty for an open end;
/// `current` is the caller's to replace by `rows`. Both ends inclusive.
std::vector<Node> history_range(const Graph& graph, std::string_view lower, std::string_view upper,
                                const std::vector<std::string>& rows);

/// Splits `a:b`; nothing if there is no colon.
std::optional<std::pair<std::string, std::string>> split_range(std::string_view text);

/// The maximal applied revisions, down-revisions alone counted: what `current` prints (more than the rows when a
/// row implies a dependency).
std::vector<Node> current_heads(const Graph& graph, const std::vector<std::string>& rows);

}  // namespace capo::revision
