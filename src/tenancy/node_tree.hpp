#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// PostgreSQL's expression trees, as its catalogs keep them (pg_node_tree): what a policy compares
/// is read from these, never from its text.
namespace capo::tenancy {

/// `{OPEXPR :opno 96 :args ({VAR …} {CONST …})}`, `(i 1 2)`, `[ 36 0 0 0 ]`, `<>`, `true`.
struct Node {
  enum class Kind {
    kNothing,  ///< `<>`
    kAtom,     ///< a word, a number, a text
    kNode,     ///< has a name and fields
    kList,
    kBytes
  };
  /// A name, and the values after it.
  using Field = std::pair<std::string, std::vector<Node>>;

  Kind kind = Kind::kNothing;
  std::string text = {};         ///< of an atom; the name of a node; the bytes
  std::vector<Node> items = {};  ///< of a list
  std::vector<Field> fields = {};

  bool is(std::string_view name) const { return kind == Kind::kNode && text == name; }
  /// The first value of a field; a node that is nothing if there is no such field.
  const Node& operator[](std::string_view field) const;
  /// The last value: `22 [ 88 0 … ]` is a length and bytes.
  const Node& last(std::string_view field) const;
  /// A field that is a number; -1 if it is none.
  long long number(std::string_view field) const;
  bool is_true(std::string_view field) const;
  bool is_nothing() const { return kind == Kind::kNothing; }

  friend bool operator==(const Node&, const Node&) = default;
};

/// Nothing for a text that is not such a tree, and for one that is deeper than any that a person
/// wrote.
std::optional<Node> read_node_tree(std::string_view text);

/// The text of a constant of a type that is a text inside; nothing for any other, and for NULL.
std::optional<std::string> text_of_constant(const Node& constant);

/// Visits a node and all below it, from the top; what `visit` returns false for is not entered.
template <typename Visit>
void walk(const Node& node, const Visit& visit) {
  if (node.kind == Node::Kind::kNode && !visit(node)) return;
  for (const Node& item : node.items) walk(item, visit);
  for (const Node::Field& field : node.fields) {
    for (const Node& value : field.second) walk(value, visit);
  }
}

}  // namespace capo::tenancy
