#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "revision/graph.hpp"
#include "revision/walk.hpp"

/// The rules behind identifiers, Alembic's, shared by the planners; not for other rooms.
namespace capo::revision {

/// Where a walk stands: on a revision, below the last base, or nowhere yet (with the whole graph
/// above).
struct Spot {
  enum class Kind { kNode, kBelowBase, kNowhere };
  Kind kind = Kind::kNowhere;
  Node node = 0;

  static Spot at(std::optional<Node> node) { return node ? Spot{Kind::kNode, *node} : Spot{}; }
  bool is_node() const { return kind == Kind::kNode; }
};

/// `[branch@][symbol](+|-)N`, read at the start of a text; what follows the digits is ignored, as
/// Alembic does.
struct RelativeTarget {
  std::optional<std::string> branch = {};
  std::optional<std::string> symbol = {};
  std::string text = {};  ///< sign and digits as typed
  long long steps = 0;
};
std::optional<RelativeTarget> parse_relative(std::string_view text);

/// How the errors of one command are worded.
struct Wording {
  /// For several heads where one is needed; empty: Alembic's general text.
  std::string multiple_heads = {};
  /// What that text calls the argument; empty: the symbol at fault.
  std::string argument = {};
};

class Resolver {
 public:
  explicit Resolver(const Graph& graph, Wording wording = {})
      : graph_(graph), wording_(std::move(wording)) {}

  /// Every revision the symbol stands for. A negative number walks down from the heads and may end
  /// off the graph.
  std::vector<Spot> all(std::string_view symbol) const;
  /// The one revision the symbol stands for, or nothing for `base`.
  std::optional<Node> one(std::string_view symbol) const;
  /// A row of the version table. Throws if no revision has exactly this id.
  Node row(std::string_view id) const;
  std::vector<Node> rows(const std::vector<std::string>& ids) const;
  /// The revision a branch name means: the one that declares the label, or the one with that id.
  Node branch(std::string_view name) const;

  /// Those of `nodes` that lie on one line with what `symbol` (`[branch@]symbol`) stands for; all
  /// for `base`.
  std::vector<Node> on_lineage_of(const std::vector<Node>& nodes, std::string_view symbol,
                                  Edges edges = Edges::kVersioned) const;

  enum class End {
    kNowhere,  ///< walking off the graph ends nowhere
    kStay,     ///< … or at the last revision there was
  };
  /// `steps` up (> 0, children narrowed to `branch` if one is given) or down. Throws `Ambiguous
  /// walk`.
  Spot walk(Spot start, long long steps, const std::optional<std::string>& branch, End end) const;

  /// `Can't locate revision identified by 'x'`, with a hint.
  [[noreturn]] void cannot_locate(std::string_view symbol, std::string hint = {}) const;
  [[noreturn]] void multiple_heads(std::string_view symbol) const;

 private:
  struct Symbol {
    std::vector<Node> nodes = {};          ///< what `head` and `heads` stand for
    std::optional<std::string> name = {};  ///< still to be looked up; neither: `base`
    std::optional<std::string> branch = {};
  };
  Symbol read(std::string_view text) const;
  Node lookup(std::string_view name, const std::optional<std::string>& branch) const;
  Node in_branch(Node node, std::string_view typed, const std::optional<std::string>& branch) const;
  /// A name, or the start of exactly one, without a branch.
  Node named(std::string_view name) const;
  std::vector<std::string> starting_with(std::string_view prefix) const;

  const Graph& graph_;
  Wording wording_;
};

}  // namespace capo::revision
