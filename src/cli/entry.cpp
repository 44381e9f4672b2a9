#include "cli/entry.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace capo::cli {
namespace {

using revision::Graph;
using revision::Node;

std::vector<std::string> ids(const Graph& graph, const std::vector<Node>& nodes) {
  std::vector<std::string> texts;
  for (const Node node : nodes) texts.push_back(graph.id(node));
  return texts;
}

std::string parents_of(const Graph& graph, Node node) {
  const auto& down = graph.revision(node).down_revisions;
  return down.empty() ? "<base>" : base::join(down, ", ");
}

}  // namespace

std::string entry_line(const script::ScriptDirectory& scripts, Node node, const EntryStyle& style,
                       const base::Paint& paint) {
  const Graph& graph = scripts.graph();
  const revision::Revision& revision = graph.revision(node);
  std::string text;
  if (style.parents) {
    text += parents_of(graph, node);
    if (!revision.depends_on.empty()) {
      text.append(" (").append(base::join(revision.depends_on, ", ")).append(")");
    }
    text += " -> ";
  }
  text += paint(base::Ink::kYellow, revision.id);
  if (style.labels && !graph.labels(node).empty()) {
    text.append(" (").append(base::join(graph.labels(node), ", ")).append(")");
  }
  if (graph.is_real_head(node)) {
    text += paint(base::Ink::kGreen, " (head)");
  } else if (graph.is_head(node)) {
    text += paint(base::Ink::kGreen, " (effective head)");
  }
  if (style.current) text += paint(base::Ink::kGreen, " (current)");
  if (style.tree && graph.is_branch_point(node)) text += " (branchpoint)";
  if (style.tree && graph.is_merge_point(node)) text += " (mergepoint)";
  if (style.doc) text.append(", ").append(revision.message);
  return text;
}

std::string entry_block(const script::ScriptDirectory& scripts, Node node, bool current,
                        const base::Paint& paint) {
  const Graph& graph = scripts.graph();
  const script::Script script = scripts.script(node);
  std::string text = "Rev: " + paint(base::Ink::kYellow, graph.id(node));
  if (graph.is_head(node)) text += paint(base::Ink::kGreen, " (head)");
  if (graph.is_branch_point(node)) text += " (branchpoint)";
  if (graph.is_merge_point(node)) text += " (mergepoint)";
  if (current) text += paint(base::Ink::kGreen, " (current)");
  text += graph.is_merge_point(node) ? "\nMerges: " : "\nParent: ";
  text += parents_of(graph, node) + '\n';
  const auto add_list = [&](std::string_view title, const std::vector<std::string>& values) {
    if (!values.empty())
      text.append(title).append(": ").append(base::join(values, ", ")).append("\n");
  };
  add_list("Also depends on", graph.revision(node).depends_on);
  if (graph.is_branch_point(node))
    add_list("Branches into", ids(graph, graph.next_revisions(node)));
  add_list("Branch names", graph.labels(node));
  text.append("Path: ").append(script.path).append("\n\n");
  const std::string_view doc = base::trim(script.doc);
  if (!doc.empty()) {
    for (const std::string_view line : base::split(doc, '\n')) {
      text.append("    ").append(line).append("\n");
    }
  } else {
    text += '\n';
  }
  return text + '\n';
}

base::Json entry_json(const script::ScriptDirectory& scripts, Node node,
                      std::optional<bool> current) {
  using base::Json;
  const Graph& graph = scripts.graph();
  const revision::Revision& revision = graph.revision(node);
  const script::Script script = scripts.script(node);
  Json entry = Json::object();
  entry.set("revision", revision.id)
      .set("down_revisions", Json::strings(revision.down_revisions))
      .set("depends_on", Json::strings(revision.depends_on))
      .set("branch_labels", Json::strings(graph.labels(node)))
      .set("message", revision.message)
      .set("create_date", Json::text_or_null(script.create_date))
      .set("path", script.path)
      .set("kind", to_string(script.kind))
      .set("next_revisions", Json::strings(ids(graph, graph.next_revisions(node))))
      .set("is_head", graph.is_head(node))
      .set("is_effective_head", graph.is_head(node) && !graph.is_real_head(node))
      .set("is_branch_point", graph.is_branch_point(node))
      .set("is_merge_point", graph.is_merge_point(node));
  if (current) entry.set("is_current", *current);
  return entry;
}

}  // namespace capo::cli
