#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "revision/graph.hpp"

/// What a user types for a revision: ids, prefixes, labels, `head`, `base`, `branch@symbol`, `-2`,
/// `a:b`. Throws Error{kRevision} (`Can't locate revision identified by 'x'`, …).
namespace capo::revision {

/// Every revision that `symbol` stands for (`heads` may be several, `base` none), as `show` and
/// `revision --head` understand it. A negative number walks down from the heads. `multiple_heads`
/// replaces the text of that error.
std::vector<Node> resolve_all(const Graph& graph, std::string_view symbol,
                              std::string_view multiple_heads = {});
/// The one revision that `symbol` stands for; nothing for `base`.
std::optional<Node> resolve_one(const Graph& graph, std::string_view symbol);

/// The revisions of `history -r lower:upper`, newest first, both ends included; an empty end is
/// open. `current` on one side stands for `rows`, the rows of the version table, which are not
/// looked at otherwise.
std::vector<Node> history_range(const Graph& graph, std::string_view lower, std::string_view upper,
                                const std::vector<std::string>& rows = {});

/// Splits `a:b` at the first colon; nothing if there is none.
std::optional<std::pair<std::string, std::string>> split_range(std::string_view text);

/// The maximal applied revisions, down-revisions alone counted: what `current` prints (more than
/// the rows when a row implies a dependency). In load order. Throws for a row that no revision has.
std::vector<Node> current_heads(const Graph& graph, const std::vector<std::string>& rows);

}  // namespace capo::revision
