#include "cli/revisions.hpp"

#include "revision/identifier.hpp"

namespace capo::cli {

std::vector<revision::Node> named_revisions(Session& session, const std::string& name) {
  const revision::Graph& graph = session.graph();
  if (name != "current") return revision::resolve_all(graph, name);
  std::vector<revision::Node> nodes;
  const revision::Rows rows = session.migration().state().rows;
  for (const std::string& row : rows) {
    for (const revision::Node node : revision::resolve_all(graph, row)) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace capo::cli
