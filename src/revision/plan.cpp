#include "revision/plan.hpp"

#include <algorithm>

#include "capo/error.hpp"
#include "revision/resolver.hpp"
#include "revision/row_changes.hpp"
#include "revision/targets.hpp"

namespace capo::revision {
namespace {

std::vector<std::string> ids(const Graph& graph, const std::vector<Node>& nodes) {
  std::vector<std::string> result;
  for (const Node node : nodes) result.push_back(graph.id(node));
  return result;
}

Step revision_step(const Graph& graph, Direction direction, Node node,
                   std::vector<VersionChange> changes) {
  Step step{direction, graph.id(node), graph.revision(node).message, {}, {}, std::move(changes)};
  const std::vector<std::string> parents = ids(graph, graph.down_revisions(node));
  step.from = direction == Direction::kUpgrade ? parents : std::vector{graph.id(node)};
  step.to = direction == Direction::kUpgrade ? std::vector{graph.id(node)} : parents;
  return step;
}

// The revisions that a downgrade must begin with: what stands directly above the target, on the
// named branch alone if several do.
std::vector<Node> downgrade_roots(const Graph& graph, const Resolver& resolver,
                                  const DowngradeTarget& target) {
  const bool to_base = !target.spot.is_node();
  std::vector<Node> roots = to_base ? graph.bases() : graph.next_revisions(target.spot.node);
  // Alembic finds a base once under its id and once under each label it declares, and so asks for
  // the branch even if there is but one base.
  std::size_t names = roots.size();
  if (to_base) {
    for (const Node base : roots) names += graph.revision(base).branch_labels.size();
  }
  if (!target.branch || names <= 1) return roots;
  const Node branch[] = {resolver.branch(*target.branch)};
  const NodeSet below = ancestors(graph, branch, Edges::kVersioned);
  std::erase_if(roots, [&](Node root) { return !below.contains(root); });
  if (roots.empty()) {
    throw Error(ErrorCode::kRevision, "Not a valid downgrade target from current heads");
  }
  return roots;
}

}  // namespace

std::string_view to_string(Direction direction) {
  switch (direction) {
    case Direction::kUpgrade:
      return "upgrade";
    case Direction::kDowngrade:
      return "downgrade";
    case Direction::kStamp:
      return "stamp";
  }
  return {};
}

std::vector<Step> plan_upgrade(const Graph& graph, const Rows& rows, std::string_view target) {
  const Resolver resolver(graph, {.argument = std::string(target)});
  std::vector<Node> targets;
  for (const Spot& spot : upgrade_targets(graph, resolver, rows, target, Resolver::End::kNowhere)) {
    if (spot.is_node()) {
      targets.push_back(spot.node);
    } else if (spot.kind == Spot::Kind::kNowhere) {
      throw Error(ErrorCode::kRevision, "Relative revision " + std::string(target) +
                                            " leads past the end of the history");
    }
  }
  NodeSet needed = distinct_ancestors(graph, targets, Edges::kWithDependencies);
  const std::vector<Node> applied = resolver.rows(rows);
  needed -= distinct_ancestors(graph, applied, Edges::kWithDependencies);

  std::vector<Node> order = newest_first(graph, std::move(needed), targets);
  std::reverse(order.begin(), order.end());
  AppliedHeads heads(graph, applied);
  std::vector<Step> steps;
  for (const Node node : order) {
    steps.push_back(revision_step(graph, Direction::kUpgrade, node, heads.upgrade(node)));
  }
  return steps;
}

std::vector<Step> plan_downgrade(const Graph& graph, const Rows& rows, std::string_view target,
                                 std::string* warning) {
  const Resolver resolver(graph, {.argument = std::string(target)});
  const DowngradeTarget destination =
      downgrade_target(graph, resolver, rows, target, Resolver::End::kNowhere);
  if (destination.ambiguous_start && warning != nullptr) {
    *warning = "downgrade " + std::string(target) +
               " from several current revisions is ambiguous: going down from " + rows.front();
  }
  const std::vector<Node> roots = downgrade_roots(graph, resolver, destination);
  const std::vector<Node> applied = resolver.rows(rows);
  NodeSet dropped = descendants(graph, roots, Edges::kWithDependencies);
  dropped &= ancestors(graph, applied, Edges::kWithDependencies);
  if (destination.spot.is_node() && dropped.empty() &&
      std::find(applied.begin(), applied.end(), destination.spot.node) == applied.end()) {
    throw Error(ErrorCode::kRevision, "Destination " + std::string(target) +
                                          " is not a valid downgrade target from current head(s)");
  }
  AppliedHeads heads(graph, applied);
  std::vector<Step> steps;
  for (const Node node : newest_first(graph, std::move(dropped), applied)) {
    steps.push_back(revision_step(graph, Direction::kDowngrade, node, heads.downgrade(node)));
  }
  return steps;
}

Step plan_take_back(const Graph& graph, const Rows& rows, std::string_view id) {
  const std::optional<Node> node = graph.find(id);
  if (!node) {
    throw Error(ErrorCode::kRevision,
                "Can't locate revision identified by '" + std::string(id) + "'");
  }
  const std::vector<Node> applied = Resolver(graph, {.argument = std::string(id)}).rows(rows);
  const NodeSet all = ancestors(graph, applied, Edges::kWithDependencies);
  if (!all.contains(*node)) {
    throw Error(ErrorCode::kRevision, "revision " + std::string(id) + " is not applied");
  }
  for (const Node next : graph.all_next_revisions(*node)) {
    if (!all.contains(next)) continue;
    throw Error(ErrorCode::kRevision, "revision " + std::string(id) + " cannot be taken back: " +
                                          graph.id(next) + " builds on it");
  }
  AppliedHeads heads(graph, applied);
  return revision_step(graph, Direction::kDowngrade, *node, heads.downgrade(*node));
}

std::vector<Step> plan_stamp(const Graph& graph, const Rows& rows,
                             const std::vector<std::string>& targets) {
  const Resolver resolver(
      graph,
      {.multiple_heads = "Multiple heads are present; please specify a single target revision"});
  const std::vector<Node> applied = resolver.rows(rows);
  std::vector<Node> considered;
  for (const std::string& target : targets) {
    for (const Node node : resolver.on_lineage_of(applied, target, Edges::kWithDependencies)) {
      if (std::find(considered.begin(), considered.end(), node) == considered.end()) {
        considered.push_back(node);
      }
    }
  }
  std::vector<Spot> destinations;
  for (const std::string& target : targets) {
    const std::vector<Spot> spots = resolver.all(target);
    destinations.insert(destinations.end(), spots.begin(), spots.end());
  }
  if (destinations.empty()) destinations.emplace_back();

  AppliedHeads heads(graph, applied);
  std::vector<Step> steps;
  const auto add = [&](std::vector<Node> from, std::vector<Node> to,
                       std::vector<VersionChange> changes) {
    if (changes.empty()) return;
    steps.push_back(
        {Direction::kStamp, {}, {}, ids(graph, from), ids(graph, to), std::move(changes)});
  };
  for (const Spot& destination : destinations) {
    if (!destination.is_node()) {
      for (const Node node : considered) add({node}, {}, heads.remove(node));
      continue;
    }
    const Node to = destination.node;
    if (std::find(considered.begin(), considered.end(), to) != considered.end()) continue;
    NodeSet line = ancestors(graph, std::span(&to, 1), Edges::kWithDependencies);
    line |= descendants(graph, std::span(&to, 1), Edges::kWithDependencies);
    const bool moves = std::any_of(considered.begin(), considered.end(),
                                   [&](Node node) { return line.contains(node); });
    const std::vector<Node> from = moves ? considered : std::vector<Node>{};
    add(from, {to}, heads.move(from, to));
  }
  return steps;
}

Rows rows_after(const Rows& rows, const Step& step) {
  Rows result = rows;
  for (const VersionChange& change : step.changes) {
    if (change.kind == VersionChange::Kind::kInsert) {
      result.push_back(change.to);
      continue;
    }
    const auto row = std::find(result.begin(), result.end(), change.from);
    if (row == result.end()) {
      throw Error(ErrorCode::kRevision, "the version table has no row " + change.from);
    }
    if (change.kind == VersionChange::Kind::kUpdate) {
      *row = change.to;
    } else {
      result.erase(row);
    }
  }
  return result;
}

}  // namespace capo::revision
