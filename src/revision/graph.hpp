#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Revisions as a directed acyclic graph. No files, no database: values in, values out.
///
/// The rules are Alembic's. Order of the input (load order) is the tie-breaker wherever the graph
/// leaves an order open.
namespace capo::revision {

/// What a revision says of itself.
struct Revision {
  std::string id = {};
  std::vector<std::string> down_revisions = {};  ///< empty: a base; several: a merge
  std::vector<std::string> depends_on = {};      ///< ids or branch labels
  std::vector<std::string> branch_labels = {};   ///< as declared, before they spread
  std::string message = {};
};

/// Throws Error{kRevision} for an id that cannot be one: empty, with one of `@ - + :`, or a word
/// such as `head`.
void check_revision_id(std::string_view id);

/// Index of a revision in load order.
using Node = int;

class Graph {
 public:
  /// Checks and links the revisions. Throws Error{kRevision} for illegal characters in an id, an id
  /// given twice, a missing parent or dependency, a label used twice, loops and cycles.
  explicit Graph(std::vector<Revision> revisions);
  /// The same of revisions that somebody else keeps, and that must outlive the graph.
  explicit Graph(const std::vector<const Revision*>& revisions);

  int size() const { return static_cast<int>(nodes_.size()); }
  bool empty() const { return nodes_.empty(); }
  const Revision& revision(Node node) const { return *nodes_[index(node)].revision; }
  const std::string& id(Node node) const { return revision(node).id; }

  std::optional<Node> find(std::string_view id) const;
  /// The revision that declares a branch label.
  std::optional<Node> find_label(std::string_view label) const;
  /// The revision that has this id, or declares this label.
  std::optional<Node> find_name(std::string_view name) const;

  const std::vector<Node>& down_revisions(Node node) const { return nodes_[index(node)].down; }
  /// Dependencies, labels resolved.
  const std::vector<Node>& dependencies(Node node) const {
    return nodes_[index(node)].dependencies;
  }
  /// Down-revisions, then those dependencies that no versioned ancestor depends on already.
  const std::vector<Node>& parents(Node node) const {
    const Links& links = nodes_[index(node)];
    return links.dependencies.empty() ? links.down : links.parents;
  }
  /// Versioned children, in load order.
  const std::vector<Node>& next_revisions(Node node) const { return nodes_[index(node)].next; }
  /// Versioned children and dependants, in load order.
  const std::vector<Node>& all_next_revisions(Node node) const {
    const Links& links = nodes_[index(node)];
    return links.all_next.empty() ? links.next : links.all_next;
  }
  /// Labels that hold for the node after spreading, sorted.
  const std::vector<std::string>& labels(Node node) const { return nodes_[index(node)].labels; }

  const std::vector<Node>& heads() const { return heads_; }            ///< nobody's down-revision
  const std::vector<Node>& real_heads() const { return real_heads_; }  ///< nor anybody's dependency
  const std::vector<Node>& bases() const { return bases_; }
  const std::vector<Node>& real_bases() const { return real_bases_; }

  bool is_head(Node node) const { return next_revisions(node).empty(); }
  bool is_real_head(Node node) const { return all_next_revisions(node).empty(); }
  bool is_base(Node node) const { return down_revisions(node).empty(); }
  bool is_branch_point(Node node) const { return next_revisions(node).size() > 1; }
  bool is_real_branch_point(Node node) const { return all_next_revisions(node).size() > 1; }
  bool is_merge_point(Node node) const { return down_revisions(node).size() > 1; }

  /// Ids and labels in an order that does not depend on hashing, for prefix matches and
  /// suggestions. Put together when it is asked for, which is seldom.
  std::map<std::string_view, Node> names() const;

 private:
  struct Links {
    const Revision* revision = nullptr;
    std::vector<Node> down, dependencies, next;
    std::vector<Node> parents;   // only of those with dependencies: else they are `down`
    std::vector<Node> all_next;  // only of those with dependants: else they are `next`
    std::vector<std::string> labels;
  };

  static std::size_t index(Node node) { return static_cast<std::size_t>(node); }
  std::size_t slot(std::string_view id) const;
  void build();
  void check_ids() const;
  void name_revisions();
  void link();
  void check_cycles() const;
  void normalize_parents();
  void spread_labels();

  std::shared_ptr<const std::vector<Revision>> owned_;  // unless somebody else keeps them
  std::vector<Links> nodes_;
  std::vector<Node> slots_;                  // a hash table of ids: 1 + node, or 0
  std::map<std::string_view, Node> labels_;  // as declared
  std::vector<Node> heads_, real_heads_, bases_, real_bases_;
};

}  // namespace capo::revision
