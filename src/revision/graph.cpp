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

Graph::Graph(std::vector<Revision> revisions) {
  nodes_.reserve(revisions.size());
  for (Revision& revision : revisions)
    nodes_.push_back({std::move(revision), {}, {}, {}, {}, {}, {}});
  check_ids();
  name_revisions();
  link();
  check_cycles();
  normalize_parents();
  spread_labels();
}

std::optional<Node> Graph::find(std::string_view id) const {
  const auto found = names_.find(id);
  if (found == names_.end() || this->id(found->second) != id) return std::nullopt;
  return found->second;
}

std::optional<Node> Graph::find_label(std::string_view label) const {
  const auto found = names_.find(label);
  if (found == names_.end() || id(found->second) == label) return std::nullopt;
  return found->second;
}

void Graph::check_ids() const {
  for (const Links& node : nodes_) {
    const Revision& revision = node.revision;
    if (contains(revision.down_revisions, revision.id)) cycle("Self-loop", {revision.id});
    if (contains(revision.depends_on, revision.id)) cycle("Dependency self-loop", {revision.id});
    check_revision_id(revision.id);
  }
}

void Graph::name_revisions() {
  for (Node node = 0; node < size(); ++node) {
    if (!names_.try_emplace(id(node), node).second) {
      throw Error(ErrorCode::kRevision, "Revision " + id(node) + " is present more than once")
          .hint("give one of the two files another `Revision ID:`");
    }
  }
  for (Node node = 0; node < size(); ++node) {
    for (const std::string& label : revision(node).branch_labels) {
      const auto [place, is_new] = names_.try_emplace(label, node);
      if (!is_new) {
        throw Error(ErrorCode::kRevision, "Branch name '" + label + "' in revision " + id(node) +
                                              " already used by revision " + id(place->second));
      }
    }
  }
}

void Graph::link() {
  const auto missing = [&](const std::string& name, Node from, const char* as) {
    std::vector<std::string> known;
    for (const auto& [text, node] : names_) known.push_back(text);
    const std::optional<std::string> near = base::closest(name, known);
    throw Error(ErrorCode::kRevision,
                "Revision " + name + " referenced from " + id(from) + " is not present")
        .hint("revision " + id(from) + " names it " + as +
              (near ? "; did you mean '" + *near + "'?"
                    : "; restore its file, or correct the header of " + id(from)));
  };
  for (Node node = 0; node < size(); ++node) {
    Links& links = nodes_[index(node)];
    for (const std::string& name : links.revision.down_revisions) {
      const std::optional<Node> down = find(name);
      if (!down) missing(name, node, "as what it revises");
      insert_once(links.down, *down);
      insert_once(nodes_[index(*down)].next, node);
      insert_once(nodes_[index(*down)].all_next, node);
    }
    for (const std::string& name : links.revision.depends_on) {
      const auto dependency = names_.find(name);
      if (dependency == names_.end()) missing(name, node, "as a dependency");
      insert_once(links.dependencies, dependency->second);
      insert_once(nodes_[index(dependency->second)].all_next, node);
    }
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
    links.parents = links.down;
    if (links.dependencies.empty()) continue;
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
