#pragma once

#include <span>
#include <vector>

#include "revision/graph.hpp"

/// Sets of nodes and orders over them: what planning and identifiers are made of.
namespace capo::revision {

/// A set of the graph's nodes, as one flag a node.
class NodeSet {
 public:
  explicit NodeSet(const Graph& graph) : flags_(static_cast<std::size_t>(graph.size())) {}

  bool contains(Node node) const { return flags_[static_cast<std::size_t>(node)]; }
  void insert(Node node) { flags_[static_cast<std::size_t>(node)] = true; }
  void erase(Node node) { flags_[static_cast<std::size_t>(node)] = false; }
  bool empty() const;
  NodeSet& operator|=(const NodeSet& other);
  NodeSet& operator&=(const NodeSet& other);
  NodeSet& operator-=(const NodeSet& other);
  /// The members in load order.
  std::vector<Node> nodes() const;

 private:
  std::vector<bool> flags_;
};

/// Which edges a walk follows.
enum class Edges {
  kVersioned,         ///< down-revisions alone
  kWithDependencies,  ///< upwards every dependant, downwards the normalized parents
};

/// The nodes themselves and everything below them.
NodeSet ancestors(const Graph& graph, std::span<const Node> nodes, Edges edges);
/// The nodes themselves and everything above them.
NodeSet descendants(const Graph& graph, std::span<const Node> nodes, Edges edges);

/// ancestors() and descendants() that refuse nodes of which one lies below or above another: throws
/// Error{kRevision} (`Requested revision b overlaps with other requested revisions a`).
NodeSet distinct_ancestors(const Graph& graph, std::span<const Node> nodes, Edges edges);
NodeSet distinct_descendants(const Graph& graph, std::span<const Node> nodes, Edges edges);

/// True if one of `others` is the node, above it or below it. True as well if there are no others.
bool shares_lineage(const Graph& graph, Node node, std::span<const Node> others, Edges edges);

/// `revisions` newest first: each after everything that descends from it or depends on it. `heads`
/// are where the walk starts; they must lie above all of `revisions`. The order among unrelated
/// lines is told in the .cpp.
std::vector<Node> newest_first(const Graph& graph, NodeSet revisions, std::span<const Node> heads);

}  // namespace capo::revision
