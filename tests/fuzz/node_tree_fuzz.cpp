// PostgreSQL's expression trees: any text is read or is none; what is read, and written again, is
// read the same.

#include "fuzz.hpp"
#include "tenancy/node_tree.hpp"

using capo::fuzz::require;
using capo::tenancy::Node;
using capo::tenancy::read_node_tree;

namespace {

std::string escaped(const std::string& word) {
  std::string text;
  for (const char c : word) text.append(1, '\\').append(1, c);
  return text;
}

std::string written(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNothing:
      return "<>";
    case Node::Kind::kAtom:
      return node.text.empty() ? "\"\"" : escaped(node.text);
    case Node::Kind::kBytes: {
      std::string text = "[";
      for (const char c : node.text) text += " " + std::to_string(static_cast<signed char>(c));
      return text + " ]";
    }
    case Node::Kind::kList: {
      std::string text = "(";
      for (const Node& item : node.items) text += " " + written(item);
      return text + ")";
    }
    case Node::Kind::kNode: {
      std::string text = "{" + escaped(node.text);
      for (const auto& [name, values] : node.fields) {
        text += " :" + escaped(name);
        for (const Node& value : values) text += " " + written(value);
      }
      return text + "}";
    }
  }
  return {};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::optional<Node> node = read_node_tree(capo::fuzz::text_of(data, size));
  if (!node) return 0;
  const std::optional<Node> again = read_node_tree(written(*node));
  require(again.has_value(), "what is written is a tree");
  require(*again == *node, "a tree comes back");
  walk(*node, [](const Node& each) {
    require(each.kind == Node::Kind::kNode, "nodes are visited");
    capo::tenancy::text_of_constant(each);
    return true;
  });
  return 0;
}
