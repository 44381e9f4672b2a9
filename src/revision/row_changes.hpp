#pragma once

#include <utility>
#include <vector>

#include "revision/plan.hpp"
#include "revision/walk.hpp"

/// What a step does to the rows of the version table, as Alembic does it; not for other rooms.
namespace capo::revision {

/// The rows while a plan is made: always the maximal applied revisions, dependencies counted.
class AppliedHeads {
 public:
  AppliedHeads(const Graph& graph, std::vector<Node> heads)
      : graph_(graph), heads_(std::move(heads)) {}

  /// The changes for one revision applied or taken back, which are carried out on these heads as
  /// well.
  std::vector<VersionChange> upgrade(Node revision);
  std::vector<VersionChange> downgrade(Node revision);
  /// Moves all of `from` that are still here to `to`; inserts it if none is.
  std::vector<VersionChange> move(const std::vector<Node>& from, Node to);
  std::vector<VersionChange> remove(Node revision);

  bool contains(Node node) const;

 private:
  VersionChange inserted(Node node);
  VersionChange deleted(Node node);
  VersionChange updated(Node from, Node to);
  /// The heads but `excluded`.
  std::vector<Node> others(const std::vector<Node>& excluded) const;
  /// Parents of a revision that must have a row of their own once it is gone.
  std::vector<Node> parents_left_by(Node revision) const;

  const Graph& graph_;
  std::vector<Node> heads_;
};

}  // namespace capo::revision
