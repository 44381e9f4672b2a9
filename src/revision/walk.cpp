#include "revision/walk.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::revision {

bool NodeSet::empty() const {
  return std::find(flags_.begin(), flags_.end(), true) == flags_.end();
}

NodeSet& NodeSet::operator|=(const NodeSet& other) {
  for (std::size_t i = 0; i < flags_.size(); ++i) flags_[i] = flags_[i] || other.flags_[i];
  return *this;
}

NodeSet& NodeSet::operator&=(const NodeSet& other) {
  for (std::size_t i = 0; i < flags_.size(); ++i) flags_[i] = flags_[i] && other.flags_[i];
  return *this;
}

NodeSet& NodeSet::operator-=(const NodeSet& other) {
  for (std::size_t i = 0; i < flags_.size(); ++i) flags_[i] = flags_[i] && !other.flags_[i];
  return *this;
}

std::vector<Node> NodeSet::nodes() const {
  std::vector<Node> members;
  for (std::size_t i = 0; i < flags_.size(); ++i) {
    if (flags_[i]) members.push_back(static_cast<Node>(i));
  }
  return members;
}

namespace {

using Neighbours = const std::vector<Node>& (Graph::*)(Node) const;

Neighbours below(Edges edges) {
  return edges == Edges::kVersioned ? &Graph::down_revisions : &Graph::parents;
}

Neighbours above(Edges edges) {
  return edges == Edges::kVersioned ? &Graph::next_revisions : &Graph::all_next_revisions;
}

NodeSet reachable(const Graph& graph, std::span<const Node> from, Neighbours neighbours) {
  NodeSet seen(graph);
  std::vector<Node> todo(from.begin(), from.end());
  while (!todo.empty()) {
    const Node node = todo.back();
    todo.pop_back();
    if (seen.contains(node)) continue;
    seen.insert(node);
    const std::vector<Node>& next = (graph.*neighbours)(node);
    todo.insert(todo.end(), next.begin(), next.end());
  }
  return seen;
}

NodeSet reachable_distinct(const Graph& graph, std::span<const Node> from, Neighbours neighbours) {
  NodeSet seen(graph), wanted(graph);
  for (const Node node : from) wanted.insert(node);
  std::vector<Node> todo;
  for (const Node start : from) {
    std::vector<std::string> overlaps;
    todo.push_back(start);
    while (!todo.empty()) {
      const Node node = todo.back();
      todo.pop_back();
      if (node != start && wanted.contains(node)) overlaps.push_back(graph.id(node));
      if (seen.contains(node)) continue;
      seen.insert(node);
      const std::vector<Node>& next = (graph.*neighbours)(node);
      todo.insert(todo.end(), next.begin(), next.end());
    }
    if (!overlaps.empty()) {
      std::sort(overlaps.begin(), overlaps.end());
      overlaps.erase(std::unique(overlaps.begin(), overlaps.end()), overlaps.end());
      throw Error(ErrorCode::kRevision, "Requested revision " + graph.id(start) +
                                            " overlaps with other requested revisions " +
                                            base::join(overlaps, ", "));
    }
  }
  return seen;
}

}  // namespace

NodeSet ancestors(const Graph& graph, std::span<const Node> nodes, Edges edges) {
  return reachable(graph, nodes, below(edges));
}

NodeSet descendants(const Graph& graph, std::span<const Node> nodes, Edges edges) {
  return reachable(graph, nodes, above(edges));
}

NodeSet distinct_ancestors(const Graph& graph, std::span<const Node> nodes, Edges edges) {
  return reachable_distinct(graph, nodes, below(edges));
}

NodeSet distinct_descendants(const Graph& graph, std::span<const Node> nodes, Edges edges) {
  return reachable_distinct(graph, nodes, above(edges));
}

bool shares_lineage(const Graph& graph, Node node, std::span<const Node> others, Edges edges) {
  if (others.empty()) return true;
  const Node self[] = {node};
  NodeSet lineage = ancestors(graph, self, edges);
  lineage |= descendants(graph, self, edges);
  return std::any_of(others.begin(), others.end(),
                     [&](Node other) { return lineage.contains(other); });
}

// The order is Alembic's, so that a history reads the same in both tools.
//
// Kept is a list of heads: the lines that are being walked down, first in load order. The walk
// stays on one line, the cursor. Its next revision may be emitted unless another line still has to
// come before it, that is, unless it is an ancestor of another head; then the cursor moves to the
// first such line. An emitted revision is replaced by its first parent, further parents become
// lines of their own at the end of the list; a line without parents left is dropped and the cursor
// goes to the line before it.
namespace {

class Line {
 public:
  Line(const Graph& graph, Node head)
      : head_(head), below_(ancestors(graph, std::span(&head, 1), Edges::kWithDependencies)) {}

  Node head() const { return head_; }
  bool holds_back(Node node) const { return below_.contains(node); }

  /// Moves down to the only parent, whose ancestors are this line's but for the head.
  void step_down(Node parent) {
    below_.erase(head_);
    head_ = parent;
  }

 private:
  Node head_;
  NodeSet below_;
};

}  // namespace

std::vector<Node> newest_first(const Graph& graph, NodeSet revisions, std::span<const Node> heads) {
  NodeSet heads_in_use(graph);
  for (const Node head : heads) {
    if (revisions.contains(head)) heads_in_use.insert(head);
  }
  std::vector<Line> lines;
  for (const Node head : heads_in_use.nodes()) lines.emplace_back(graph, head);

  std::vector<Node> order;
  std::size_t cursor = 0;
  while (!lines.empty()) {
    const Node candidate = lines[cursor].head();
    std::size_t blocking = 0;
    while (blocking < lines.size() &&
           (blocking == cursor || !lines[blocking].holds_back(candidate))) {
      ++blocking;
    }
    if (blocking < lines.size()) {
      cursor = blocking;
      continue;
    }
    if (revisions.contains(candidate)) {
      order.push_back(candidate);
      revisions.erase(candidate);
    }
    std::vector<Node> parents;
    for (const Node parent : graph.parents(candidate)) {
      if (revisions.contains(parent) && !heads_in_use.contains(parent)) parents.push_back(parent);
    }
    heads_in_use.erase(candidate);
    if (parents.empty()) {
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(cursor));
      if (cursor > 0) --cursor;
      continue;
    }
    for (const Node parent : parents) heads_in_use.insert(parent);
    if (graph.parents(candidate).size() == 1) {
      lines[cursor].step_down(parents.front());
    } else {
      lines[cursor] = Line(graph, parents.front());
      for (std::size_t i = 1; i < parents.size(); ++i) lines.emplace_back(graph, parents[i]);
    }
  }
  return order;
}

}  // namespace capo::revision
