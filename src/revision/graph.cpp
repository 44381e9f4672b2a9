#include "revision/graph.hpp"

#include <algorithm>
#include <span>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "revision/walk.hpp"

namespace capo::revision {
namespace {

// Characters that mean something in an identifier a user types: `branch@symbol`, `x-2`, `x+2`,
// `a:b`.
constexpr std::string_view kIllegal = "+-:@";

[[noreturn]] void cycle(std::string_view kind, const std::vector<std::string>& ids) {
  throw Error(ErrorCode::kRevision,
              std::string(kind) + " is detected in revisions (" + base::join(ids, ", ") + ")");
}

bool contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

void insert_once(std::vector<Node>& nodes, Node node) {
  if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
}

}  // namespace

void check_revision_id(std::string_view id) {
  std::vector<std::string> found;
  for (const char c : kIllegal) {
    if (id.find(c) != std::string_view::npos) found.emplace_back(1, c);
  }
  if (!found.empty()) {
    throw Error(ErrorCode::kRevision, "Character(s) '" + base::join(found, ", ") +
                                          "' not allowed in revision identifier '" +
                                          std::string(id) + "'");
  }
  if (id == "head" || id == "heads" || id == "base" || id == "current" || id.empty()) {
    throw Error(
        ErrorCode::kRevision,
        "'" + std::string(id) + "' cannot be a revision identifier: it has a meaning of its own");
  }
}

Graph::Graph(std::vector<Revision> revisions)
    : owned_(std::make_shared<const std::vector<Revision>>(std::move(revisions))),
      nodes_(owned_->size()) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i].revision = &(*owned_)[i];
  build();
}

Graph::Graph(const std::vector<const Revision*>& revisions) : nodes_(revisions.size()) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i].revision = revisions[i];
  build();
}

void Graph::build() {
  check_ids();
  name_revisions();
  link();
  check_cycles();
  normalize_parents();
  spread_labels();
}

// The slot that holds the id, or the empty one where it would be.
std::size_t Graph::slot(std::string_view id) const {
  std::size_t at = std::hash<std::string_view>()(id);
  while (true) {
    at &= slots_.size() - 1;
    if (slots_[at] == 0 || this->id(slots_[at] - 1) == id) return at;
    ++at;
  }
}

std::optional<Node> Graph::find(std::string_view id) const {
  const Node found = slots_[slot(id)];
  return found == 0 ? std::nullopt : std::optional(found - 1);
}

std::optional<Node> Graph::find_label(std::string_view label) const {
  const auto found = labels_.find(label);
  return found == labels_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Node> Graph::find_name(std::string_view name) const {
  const std::optional<Node> node = find(name);
  return node ? node : find_label(name);
}

std::map<std::string_view, Node> Graph::names() const {
  std::map<std::string_view, Node> names = labels_;
  for (Node node = 0; node < size(); ++node) names.emplace(id(node), node);
  return names;
}

void Graph::check_ids() const {
  for (const Links& node : nodes_) {
    const Revision& revision = *node.revision;
    if (contains(revision.down_revisions, revision.id)) cycle("Self-loop", {revision.id});
    if (contains(revision.depends_on, revision.id)) cycle("Dependency self-loop", {revision.id});
    check_revision_id(revision.id);
  }
}

void Graph::name_revisions() {
  std::size_t slots = 16;
  while (slots < 2 * nodes_.size()) slots *= 2;
  slots_.resize(slots);
  for (Node node = 0; node < size(); ++node) {
    Node& place = slots_[slot(id(node))];
    if (place != 0) {
      throw Error(ErrorCode::kRevision, "Revision " + id(node) + " is present more than once")
          .hint("give one of the two files another `Revision ID:`");
    }
    place = node + 1;
  }
  for (Node node = 0; node < size(); ++node) {
    for (const std::string& label : revision(node).branch_labels) {
      if (const std::optional<Node> other = find_name(label)) {
        throw Error(ErrorCode::kRevision, "Branch name '" + label + "' in revision " + id(node) +
                                              " already used by revision " + id(*other));
      }
      labels_.emplace(label, node);
    }
  }
}

void Graph::link() {
  const auto missing = [&](const std::string& name, Node from, const char* as) {
    std::vector<std::string> known;
    for (const auto& [text, node] : names()) known.emplace_back(text);
    const std::optional<std::string> near = base::closest(name, known);
    throw Error(ErrorCode::kRevision,
                "Revision " + name + " referenced from " + id(from) + " is not present")
        .hint("revision " + id(from) + " names it " + as +
              (near ? "; did you mean '" + *near + "'?"
                    : "; restore its file, or correct the header of " + id(from)));
  };
  std::vector<std::pair<Node, Node>> dependants;  // and whom they depend on
  for (Node node = 0; node < size(); ++node) {
    Links& links = nodes_[index(node)];
    for (const std::string& name : links.revision->down_revisions) {
      const std::optional<Node> down = find(name);
      if (!down) missing(name, node, "as what it revises");
      insert_once(links.down, *down);
      insert_once(nodes_[index(*down)].next, node);
    }
    for (const std::string& name : links.revision->depends_on) {
      const std::optional<Node> dependency = find_name(name);
      if (!dependency) missing(name, node, "as a dependency");
      insert_once(links.dependencies, *dependency);
      dependants.emplace_back(node, *dependency);
    }
  }
  for (const auto& [dependant, dependency] : dependants) {
    Links& links = nodes_[index(dependency)];
    if (links.all_next.empty()) links.all_next = links.next;
    insert_once(links.all_next, dependant);
  }
  for (const auto& [dependant, dependency] : dependants) {
    std::vector<Node>& all_next = nodes_[index(dependency)].all_next;
    std::sort(all_next.begin(), all_next.end());
  }
  for (Node node = 0; node < size(); ++node) {
    if (is_head(node)) heads_.push_back(node);
    if (is_real_head(node)) real_heads_.push_back(node);
    if (!is_base(node)) continue;
    bases_.push_back(node);
    if (dependencies(node).empty()) real_bases_.push_back(node);
  }
}

// A revision in a cycle lies on no path from a head to a base. Followed are first the
// down-revisions alone, then all edges, since a dependency can close a cycle too.
void Graph::check_cycles() const {
  const auto check = [&](const char* kind, const std::vector<Node>& tops,
                         const std::vector<Node>& bottoms, const NodeSet& from_top,
                         const NodeSet& from_bottom) {
    std::vector<std::string> lost;
    const bool everywhere = tops.empty() || bottoms.empty();
    for (Node node = 0; node < size(); ++node) {
      if (everywhere || !from_top.contains(node) || !from_bottom.contains(node)) {
        lost.push_back(id(node));
      }
    }
    if (lost.empty()) return;
    if (!everywhere) std::sort(lost.begin(), lost.end());
    cycle(kind, lost);
  };
  check("Cycle", heads_, bases_, ancestors(*this, heads_, Edges::kVersioned),
        descendants(*this, bases_, Edges::kVersioned));
  // Parents are not known yet: down-revisions and dependencies are followed one by one.
  NodeSet below(*this);
  std::vector<Node> todo = real_heads_;
  while (!todo.empty()) {
    const Node node = todo.back();
    todo.pop_back();
    if (below.contains(node)) continue;
    below.insert(node);
    todo.insert(todo.end(), down_revisions(node).begin(), down_revisions(node).end());
    todo.insert(todo.end(), dependencies(node).begin(), dependencies(node).end());
  }
  check("Dependency cycle", real_heads_, real_bases_, below,
        descendants(*this, real_bases_, Edges::kWithDependencies));
}

void Graph::normalize_parents() {
  for (Node node = 0; node < size(); ++node) {
    Links& links = nodes_[index(node)];
    if (links.dependencies.empty()) continue;
    links.parents = links.down;
    NodeSet inherited(*this);
    for (const Node ancestor : ancestors(*this, std::span(&node, 1), Edges::kVersioned).nodes()) {
      if (ancestor == node) continue;
      for (const Node dependency : dependencies(ancestor)) inherited.insert(dependency);
    }
    for (const Node dependency : links.dependencies) {
      if (!inherited.contains(dependency)) insert_once(links.parents, dependency);
    }
  }
}

// A label holds for everything above the revision that declares it, and then, from the last
// revision reached, for the line below until a branch point or merge point. That is what Alembic
// does.
void Graph::spread_labels() {
  for (Node owner = 0; owner < size(); ++owner) {
    const std::vector<std::string>& declared = revision(owner).branch_labels;
    if (declared.empty()) continue;
    const auto mark = [&](Node node) {
      std::vector<std::string>& labels = nodes_[index(node)].labels;
      for (const std::string& label : declared) {
        if (!contains(labels, label)) labels.push_back(label);
      }
      std::sort(labels.begin(), labels.end());
    };
    NodeSet seen(*this);
    std::vector<Node> todo = {owner};
    Node last = owner;
    while (!todo.empty()) {
      const Node node = todo.back();
      todo.pop_back();
      if (seen.contains(node)) continue;
      seen.insert(node);
      mark(node);
      last = node;
      todo.insert(todo.end(), next_revisions(node).begin(), next_revisions(node).end());
    }
    for (Node node = last; !is_real_branch_point(node) && !is_merge_point(node);
         node = down_revisions(node).front()) {
      mark(node);
      if (is_base(node)) break;
    }
  }
}

}  // namespace capo::revision
