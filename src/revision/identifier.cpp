#include "revision/identifier.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "revision/resolver.hpp"
#include "revision/targets.hpp"

namespace capo::revision {

std::vector<Node> resolve_all(const Graph& graph, std::string_view symbol,
                              std::string_view multiple_heads) {
  const Resolver resolver(graph, {.multiple_heads = std::string(multiple_heads)});
  std::vector<Node> nodes;
  for (const Spot& spot : resolver.all(symbol)) {
    if (!spot.is_node()) throw Error(ErrorCode::kRevision, "Walked too far");
    nodes.push_back(spot.node);
  }
  return nodes;
}

std::optional<Node> resolve_one(const Graph& graph, std::string_view symbol) {
  return Resolver(graph).one(symbol);
}

std::optional<std::pair<std::string, std::string>> split_range(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return std::pair(std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)));
}

std::vector<Node> current_heads(const Graph& graph, const std::vector<std::string>& rows) {
  const NodeSet active = ancestors(graph, Resolver(graph).rows(rows), Edges::kWithDependencies);
  std::vector<Node> heads;
  for (const Node node : active.nodes()) {
    const std::vector<Node>& next = graph.next_revisions(node);
    // What is active is closed downwards, so a versioned descendant shows in a child.
    if (std::none_of(next.begin(), next.end(), [&](Node n) { return active.contains(n); })) {
      heads.push_back(node);
    }
  }
  return heads;
}

namespace {

[[noreturn]] void not_one_line(std::string_view lower, std::string_view upper) {
  throw Error(ErrorCode::kRevision,
              "Requested range " + std::string(lower) + ":" + std::string(upper) +
                  " does not refer to ancestor/descendant revisions along the same branch");
}

// One end of the range: the texts it stands for (several only for `current`), and how it was typed.
struct RangeEnd {
  std::vector<std::string> texts;
  std::string typed;
};

// `label@…` as the lower end keeps only targets of that branch. A full id stands for the label of
// its branch.
void keep_branch(const Graph& graph, const Resolver& resolver, std::string_view lower,
                 std::vector<Node>& targets) {
  const std::size_t at = lower.find('@');
  if (at == std::string_view::npos) return;
  std::string branch(lower.substr(0, at));
  const std::optional<Node> node = resolver.one(branch);
  if (node && graph.id(*node) == branch) {
    if (graph.labels(*node).size() != 1) {
      throw Error(ErrorCode::kRevision,
                  "Revision " + branch + " does not stand for one branch: it has " +
                      std::to_string(graph.labels(*node).size()) + " branch labels")
          .hint("name the branch by its label");
    }
    branch = graph.labels(*node).front();
  }
  std::erase_if(targets, [&](Node target) {
    const std::vector<std::string>& labels = graph.labels(target);
    return std::find(labels.begin(), labels.end(), branch) == labels.end();
  });
}

std::vector<Node> range_targets(const Graph& graph, const Resolver& resolver, const RangeEnd& lower,
                                const RangeEnd& upper) {
  std::vector<Node> targets;
  const auto add = [&](const std::vector<Spot>& spots) {
    for (const Spot& spot : spots) {
      if (!spot.is_node()) throw Error(ErrorCode::kRevision, "Walked too far");
      targets.push_back(spot.node);
    }
  };
  if (upper.texts.size() == 1) {
    add(upgrade_targets(graph, resolver, lower.texts, upper.texts.front(), Resolver::End::kStay));
  } else {
    for (const std::string& text : upper.texts) add(resolver.all(text));
  }
  if (lower.texts.size() == 1) keep_branch(graph, resolver, lower.texts.front(), targets);
  return targets;
}

// The revisions at the lower end; none for `base`.
std::vector<Node> range_floor(const Graph& graph, const Resolver& resolver, const RangeEnd& lower,
                              const RangeEnd& upper, const NodeSet& required) {
  std::vector<Spot> spots;
  for (const std::string& text : lower.texts) {
    const std::vector<Spot> found = resolver.all(text);
    spots.insert(spots.end(), found.begin(), found.end());
  }
  for (const Spot& spot : spots) {
    const bool outside =
        spot.kind == Spot::Kind::kBelowBase || (spot.is_node() && !required.contains(spot.node));
    if (outside) not_one_line(lower.typed, upper.typed);
  }
  if (!spots.empty() && spots.front().kind == Spot::Kind::kNowhere) {
    // `-5` from the heads overshot: counted from the upper end it stops at the base instead.
    const Spot spot =
        downgrade_target(graph, resolver, upper.texts, lower.texts.front(), Resolver::End::kStay)
            .spot;
    return spot.is_node() ? std::vector{spot.node} : std::vector<Node>{};
  }
  std::vector<Node> floor;
  for (const Spot& spot : spots) {
    if (spot.is_node()) floor.push_back(spot.node);
  }
  return floor;
}

}  // namespace

std::vector<Node> history_range(const Graph& graph, std::string_view lower_text,
                                std::string_view upper_text, const std::vector<std::string>& rows) {
  const auto end_of = [&](std::string_view text, const char* open) -> RangeEnd {
    const std::string typed(text.empty() ? open : text);
    return {{typed}, typed};
  };
  RangeEnd lower = end_of(lower_text, "base");
  RangeEnd upper = end_of(upper_text, "heads");
  // With nothing applied `current` is an open end. Only one side is read so; on both, the lower
  // stays a name.
  RangeEnd* current = upper_text == "current" ? &upper : lower_text == "current" ? &lower : nullptr;
  if (current != nullptr && !rows.empty()) {
    current->texts = rows;
    current->typed = base::join(rows, ", ");
  } else if (current != nullptr) {
    *current = end_of("", current == &upper ? "heads" : "base");
  }

  const Resolver resolver(graph, {.argument = upper.typed});
  const std::vector<Node> targets = range_targets(graph, resolver, lower, upper);
  NodeSet needed = distinct_ancestors(graph, targets, Edges::kWithDependencies);
  const std::vector<Node> floor = range_floor(graph, resolver, lower, upper, needed);
  needed -= distinct_ancestors(graph, floor, Edges::kWithDependencies);
  for (const Node node : floor) needed.insert(node);
  if (!floor.empty()) needed &= distinct_descendants(graph, floor, Edges::kVersioned);
  return newest_first(graph, std::move(needed), targets);
}

}  // namespace capo::revision
