#include "revision/row_changes.hpp"

#include <algorithm>

#include "capo/error.hpp"

namespace capo::revision {

bool AppliedHeads::contains(Node node) const {
  return std::find(heads_.begin(), heads_.end(), node) != heads_.end();
}

VersionChange AppliedHeads::inserted(Node node) {
  heads_.push_back(node);
  return {VersionChange::Kind::kInsert, {}, graph_.id(node)};
}

VersionChange AppliedHeads::deleted(Node node) {
  std::erase(heads_, node);
  return {VersionChange::Kind::kDelete, graph_.id(node), {}};
}

VersionChange AppliedHeads::updated(Node from, Node to) {
  const auto place = std::find(heads_.begin(), heads_.end(), from);
  if (place == heads_.end()) {
    throw Error(ErrorCode::kInternal, "the plan moves " + graph_.id(from) + ", which is no row");
  }
  *place = to;
  return {VersionChange::Kind::kUpdate, graph_.id(from), graph_.id(to)};
}

std::vector<Node> AppliedHeads::others(const std::vector<Node>& excluded) const {
  std::vector<Node> rest;
  for (const Node head : heads_) {
    if (std::find(excluded.begin(), excluded.end(), head) == excluded.end()) rest.push_back(head);
  }
  return rest;
}

std::vector<VersionChange> AppliedHeads::upgrade(Node revision) {
  const std::vector<Node>& parents = graph_.parents(revision);
  std::vector<Node> merged;
  for (const Node parent : parents) {
    if (contains(parent)) merged.push_back(parent);
  }
  if (merged.empty()) return {inserted(revision)};
  if (merged.size() > 1) {
    // A row that another row still implies was none to begin with; what is left becomes one row.
    const std::vector<Node> rest = others(parents);
    if (!rest.empty()) {
      const NodeSet implied = ancestors(graph_, rest, Edges::kWithDependencies);
      std::erase_if(merged, [&](Node node) { return implied.contains(node); });
    }
  }
  return move(merged, revision);
}

std::vector<VersionChange> AppliedHeads::move(const std::vector<Node>& from, Node to) {
  std::vector<Node> present;
  for (const Node node : from) {
    if (contains(node) && node != to) present.push_back(node);
  }
  std::vector<VersionChange> changes;
  const bool arrived = contains(to);
  if (present.empty() && !arrived) return {inserted(to)};
  for (std::size_t i = arrived ? 0 : 1; i < present.size(); ++i)
    changes.push_back(deleted(present[i]));
  if (!arrived) changes.push_back(updated(present.front(), to));
  return changes;
}

std::vector<VersionChange> AppliedHeads::remove(Node revision) {
  if (!contains(revision)) return {};
  return {deleted(revision)};
}

std::vector<Node> AppliedHeads::parents_left_by(Node revision) const {
  const std::vector<Node>& parents = graph_.parents(revision);
  const std::vector<Node> rest = others({revision});
  if (rest.empty() && parents.size() == 1) return parents;
  NodeSet implied(graph_);
  if (!rest.empty()) {
    implied = ancestors(graph_, rest, Edges::kWithDependencies);
  } else {
    for (const Node parent : parents) {
      implied |= ancestors(graph_, graph_.parents(parent), Edges::kWithDependencies);
    }
  }
  std::vector<Node> left;
  for (const Node parent : parents) {
    if (!implied.contains(parent)) left.push_back(parent);
  }
  return left;
}

std::vector<VersionChange> AppliedHeads::downgrade(Node revision) {
  if (!contains(revision)) {
    throw Error(ErrorCode::kInternal,
                "the plan takes back " + graph_.id(revision) + ", which is no row");
  }
  const std::vector<Node> left = parents_left_by(revision);
  if (left.empty()) return {deleted(revision)};
  std::vector<VersionChange> changes;
  for (std::size_t i = 0; i + 1 < left.size(); ++i) changes.push_back(inserted(left[i]));
  changes.push_back(updated(revision, left.back()));
  return changes;
}

}  // namespace capo::revision
