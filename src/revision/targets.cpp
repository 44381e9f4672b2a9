#include "revision/targets.hpp"

#include <algorithm>

#include "capo/error.hpp"

namespace capo::revision {
namespace {

[[noreturn]] void fell_short(const std::string& relative, long long steps) {
  throw Error(ErrorCode::kRevision, "Relative revision " + relative + " didn't produce " +
                                        std::to_string(steps < 0 ? -steps : steps) + " migrations");
}

// The revision at or under `symbol`, in `branch` if one is given.
Spot start_of(const Resolver& resolver, const RelativeTarget& target) {
  return Spot::at(
      resolver.one(target.branch ? *target.branch + "@" + *target.symbol : *target.symbol));
}

std::vector<Node> known(const Resolver& resolver, const std::vector<std::string>& current) {
  std::vector<Node> nodes;
  for (const std::string& text : current) {
    for (const Spot& spot : resolver.all(text)) {
      if (spot.is_node()) nodes.push_back(spot.node);
    }
  }
  return nodes;
}

// Where `label@+N` starts: at the rows of that line; else at the tips of what is applied of it;
// else below everything.
std::vector<Spot> starts_on_branch(const Graph& graph, const Resolver& resolver,
                                   const std::vector<std::string>& current,
                                   const std::string& branch) {
  const std::vector<Node> rows = known(resolver, current);
  std::vector<Node> starts = resolver.on_lineage_of(rows, branch);
  if (starts.empty()) {
    const std::vector<Node> active =
        resolver.on_lineage_of(ancestors(graph, rows, Edges::kWithDependencies).nodes(), branch);
    NodeSet inner(graph);
    for (const Node node : active) {
      for (const Node parent : graph.parents(node)) inner.insert(parent);
    }
    for (const Node node : active) {
      if (!inner.contains(node)) starts.push_back(node);
    }
  }
  if (starts.empty()) return {Spot{}};
  std::vector<Spot> spots;
  for (const Node node : starts) spots.push_back(Spot::at(node));
  return spots;
}

}  // namespace

std::vector<Spot> upgrade_targets(const Graph& graph, const Resolver& resolver,
                                  const std::vector<std::string>& current, std::string_view target,
                                  Resolver::End end) {
  const std::optional<RelativeTarget> relative = parse_relative(target);
  if (!relative) return resolver.all(target);

  if (relative->symbol) {
    if (relative->steps > 0) {
      const Spot start = Spot::at(resolver.one(*relative->symbol));
      return {resolver.walk(start, relative->steps, relative->branch, end)};
    }
    return {resolver.walk(start_of(resolver, *relative), relative->steps, std::nullopt, end)};
  }
  if (relative->steps <= 0) fell_short(std::to_string(relative->steps), relative->steps);

  std::vector<Spot> starts;
  if (relative->branch) {
    starts = starts_on_branch(graph, resolver, current, *relative->branch);
  } else if (current.size() == 1) {
    starts = {Spot::at(resolver.one(current.front()))};
  } else {
    starts.resize(std::max<std::size_t>(current.size(), 1));
  }
  if (starts.size() > 1) {
    throw Error(ErrorCode::kRevision, "Ambiguous upgrade from multiple current revisions")
        .hint("name the branch: <branch>@" + relative->text);
  }
  const Spot spot = resolver.walk(starts.front(), relative->steps, relative->branch, end);
  if (spot.kind == Spot::Kind::kNowhere) fell_short(relative->text, relative->steps);
  return {spot};
}

namespace {

// Where `label@-N` starts: at the one row of that line, or at the one applied head of it.
std::string start_on_branch(const Graph& graph, const Resolver& resolver,
                            const std::vector<std::string>& current, const RelativeTarget& target) {
  const std::vector<Node> rows = known(resolver, current);
  std::vector<Node> starts = resolver.on_lineage_of(rows, *target.branch);
  if (starts.empty()) {
    std::vector<Node> applied_heads;
    const NodeSet active = ancestors(graph, rows, Edges::kWithDependencies);
    for (const Node node : active.nodes()) {
      const std::vector<Node>& next = graph.next_revisions(node);
      if (std::none_of(next.begin(), next.end(), [&](Node n) { return active.contains(n); })) {
        applied_heads.push_back(node);
      }
    }
    starts = resolver.on_lineage_of(applied_heads, *target.branch);
  }
  if (starts.empty()) {
    throw Error(ErrorCode::kRevision, "Relative revision " + target.text +
                                          " cannot be taken: nothing of branch '" + *target.branch +
                                          "' is applied");
  }
  if (starts.size() > 1) {
    throw Error(ErrorCode::kRevision, "Relative revision " + target.text +
                                          " is ambiguous: several revisions of branch '" +
                                          *target.branch + "' are current")
        .hint("name the revision to go down to");
  }
  return graph.id(starts.front());
}

DowngradeTarget relative_downgrade(const Graph& graph, const Resolver& resolver,
                                   const std::vector<std::string>& current, RelativeTarget target,
                                   Resolver::End end) {
  const bool from_symbol = target.symbol.has_value();
  DowngradeTarget result;
  if (target.steps >= 0) {
    if (!from_symbol) fell_short(target.text, target.steps);
    const Spot start = Spot::at(resolver.one(*target.symbol));
    result.spot = resolver.walk(start, target.steps, target.branch, end);
    if (result.spot.kind == Spot::Kind::kNowhere)
      throw Error(ErrorCode::kRevision, "Walked too far");
    result.branch = target.branch;
    return result;
  }
  if (!from_symbol && target.branch) {
    target.symbol = start_on_branch(graph, resolver, current, target);
  } else if (!from_symbol) {
    if (current.empty()) fell_short(target.text, target.steps);
    result.ambiguous_start = std::any_of(current.begin(), current.end(),
                                         [&](const auto& row) { return row != current.front(); });
    target.symbol = current.front();
    // The row is its own branch: only its line goes down.
    target.branch = target.symbol;
  }
  result.branch = target.branch;
  result.spot = resolver.walk(start_of(resolver, target), target.steps, std::nullopt, end);
  if (result.spot.kind == Spot::Kind::kNowhere) {
    if (!from_symbol) fell_short(target.text, target.steps);
    throw Error(ErrorCode::kRevision, "Walked too far");
  }
  return result;
}

}  // namespace

DowngradeTarget downgrade_target(const Graph& graph, const Resolver& resolver,
                                 const std::vector<std::string>& current, std::string_view target,
                                 Resolver::End end) {
  if (std::optional<RelativeTarget> relative = parse_relative(target)) {
    return relative_downgrade(graph, resolver, current, std::move(*relative), end);
  }
  // The last `@` parts label and symbol here; everywhere else it is the first.
  DowngradeTarget result;
  const std::size_t at = target.rfind('@');
  if (at != std::string_view::npos && at > 0) result.branch = target.substr(0, at);
  result.spot =
      Spot::at(resolver.one(at == std::string_view::npos ? target : target.substr(at + 1)));
  return result;
}

}  // namespace capo::revision
