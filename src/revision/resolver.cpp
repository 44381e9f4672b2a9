#include "revision/resolver.hpp"

#include <algorithm>

#include "base/suggest.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::revision {
namespace {

// Shorter names are found only when typed in full: `001` must not answer to `0`.
constexpr std::size_t kShortestNameWithPrefixes = 4;
// Looking for a near name costs a pass over all of them.
constexpr int kMostNamesToSuggestFrom = 20000;

std::optional<RelativeTarget> relative_at(std::string_view text) {
  std::size_t word = 0;
  while (word < text.size() && base::is_word(text[word])) ++word;
  if (word == text.size() || (text[word] != '+' && text[word] != '-')) return std::nullopt;
  std::size_t end = word + 1;
  while (end < text.size() && base::is_digit(text[end])) ++end;
  if (end == word + 1) return std::nullopt;
  RelativeTarget target;
  if (word > 0) target.symbol = text.substr(0, word);
  target.text = text.substr(word, end - word);
  const std::optional<long long> steps = base::parse_integer(target.text);
  // Beyond any graph there is no difference between far and farther.
  constexpr long long kFar = 1'000'000'000;
  const long long beyond = target.text.front() == '-' ? -kFar : kFar;
  target.steps = steps && *steps > -kFar && *steps < kFar ? *steps : beyond;
  return target;
}

}  // namespace

std::optional<RelativeTarget> parse_relative(std::string_view text) {
  for (std::size_t at = text.find('@', 1); at != std::string_view::npos;
       at = text.find('@', at + 1)) {
    std::optional<RelativeTarget> target = relative_at(text.substr(at + 1));
    if (target) {
      target->branch = text.substr(0, at);
      return target;
    }
  }
  return relative_at(text);
}

void Resolver::cannot_locate(std::string_view symbol, std::string hint) const {
  if (hint.empty() && graph_.size() <= kMostNamesToSuggestFrom) {
    std::vector<std::string> known = {"head", "heads", "base"};
    for (const auto& [name, node] : graph_.names()) known.emplace_back(name);
    const std::optional<std::string> near = base::closest(symbol, known);
    if (near && *near != symbol) {
      hint = "did you mean '" + *near + "'?";
    }
  }
  throw Error(ErrorCode::kRevision,
              "Can't locate revision identified by '" + std::string(symbol) + "'")
      .hint(std::move(hint));
}

void Resolver::multiple_heads(std::string_view symbol) const {
  const std::string argument = wording_.argument.empty() ? std::string(symbol) : wording_.argument;
  throw Error(ErrorCode::kRevision,
              !wording_.multiple_heads.empty()
                  ? wording_.multiple_heads
                  : "Multiple head revisions are present for given argument '" + argument +
                        "'; please specify a specific target revision, '<branchname>@" + argument +
                        "' to narrow to a specific head, or 'heads' for all heads");
}

std::vector<std::string> Resolver::starting_with(std::string_view prefix) const {
  std::vector<std::string> found;
  const std::map<std::string_view, Node> names = graph_.names();
  for (auto name = names.lower_bound(prefix);
       name != names.end() && name->first.starts_with(prefix); ++name) {
    if (name->first.size() >= kShortestNameWithPrefixes) found.emplace_back(name->first);
  }
  return found;
}

Node Resolver::named(std::string_view name) const { return lookup(name, std::nullopt); }

Node Resolver::branch(std::string_view name) const { return named(name); }

Node Resolver::in_branch(Node node, std::string_view typed,
                         const std::optional<std::string>& branch_name) const {
  if (!branch_name) return node;
  const Node line[] = {branch(*branch_name)};
  if (!shares_lineage(graph_, node, line, Edges::kVersioned)) {
    cannot_locate(
        typed, "revision " + graph_.id(node) + " is not a member of branch '" + *branch_name + "'");
  }
  return node;
}

Node Resolver::lookup(std::string_view name, const std::optional<std::string>& branch_name) const {
  if (branch_name) branch(*branch_name);
  const std::optional<Node> exact = graph_.find_name(name);
  if (exact) return in_branch(*exact, name, branch_name);
  if (name.empty()) cannot_locate(name, "an empty text names no revision");

  std::vector<std::string> found = starting_with(name);
  if (branch_name) {
    std::erase_if(found, [&](const std::string& candidate) {
      return on_lineage_of({*graph_.find_name(candidate)}, *branch_name).empty();
    });
  }
  if (found.empty()) cannot_locate(name);
  if (found.size() > 1) {
    const bool more = found.size() > 3;
    if (more) found.resize(3);
    cannot_locate(name, "several begin with it: " + base::join(found, ", ") + (more ? ", …" : "") +
                            "; type more characters");
  }
  return in_branch(*graph_.find_name(found.front()), name, branch_name);
}

Resolver::Symbol Resolver::read(std::string_view text) const {
  Symbol symbol;
  const std::size_t at = text.find('@');
  if (at != std::string_view::npos) {
    // An empty branch, as in `@head`, narrows nothing.
    if (at > 0) symbol.branch = text.substr(0, at);
    text = text.substr(at + 1);
  }
  if (text == "base") return symbol;
  if (text == "heads") {
    symbol.nodes =
        symbol.branch ? on_lineage_of(graph_.heads(), *symbol.branch) : graph_.real_heads();
  } else if (text == "head") {
    symbol.nodes = symbol.branch ? on_lineage_of(graph_.heads(), *symbol.branch) : graph_.heads();
    if (symbol.nodes.size() > 1) {
      multiple_heads(symbol.branch ? *symbol.branch + "@head" : "head");
    }
  } else {
    symbol.name = text;
  }
  return symbol;
}

std::vector<Node> Resolver::on_lineage_of(const std::vector<Node>& nodes, std::string_view text,
                                          Edges edges) const {
  const Symbol symbol = read(text);
  if (nodes.empty()) return {};
  std::vector<Node> line = symbol.nodes;
  if (symbol.branch) line.push_back(named(*symbol.branch));
  if (symbol.name) line.push_back(named(*symbol.name));
  std::vector<Node> found;
  for (const Node node : nodes) {
    if (shares_lineage(graph_, node, line, edges)) found.push_back(node);
  }
  return found;
}

std::vector<Spot> Resolver::all(std::string_view text) const {
  const Symbol symbol = read(text);
  std::vector<Spot> spots;
  if (symbol.name && symbol.name->starts_with('-')) {
    const std::optional<long long> steps = base::parse_integer(*symbol.name);
    if (steps && *steps < 0) {
      for (const Node head : graph_.real_heads()) {
        const std::vector<std::string>& labels = graph_.labels(head);
        if (symbol.branch &&
            std::find(labels.begin(), labels.end(), *symbol.branch) == labels.end()) {
          continue;
        }
        spots.push_back(walk(Spot::at(head), *steps, std::nullopt, End::kNowhere));
      }
      return spots;
    }
  }
  if (symbol.name) return {Spot::at(lookup(*symbol.name, symbol.branch))};
  for (const Node node : symbol.nodes) {
    spots.push_back(Spot::at(in_branch(node, graph_.id(node), symbol.branch)));
  }
  return spots;
}

std::optional<Node> Resolver::one(std::string_view text) const {
  const Symbol symbol = read(text);
  if (symbol.name) return lookup(*symbol.name, symbol.branch);
  if (symbol.nodes.size() > 1) multiple_heads(text);
  if (symbol.branch) branch(*symbol.branch);
  if (symbol.nodes.empty()) return std::nullopt;
  return in_branch(symbol.nodes.front(), graph_.id(symbol.nodes.front()), symbol.branch);
}

Node Resolver::row(std::string_view id) const {
  const std::optional<Node> node = graph_.find(id);
  if (!node) {
    cannot_locate(
        id,
        "the database stands at a revision whose file is not here; bring the file back, or, if the "
        "schema is known to be that of another revision, `capo stamp --purge <revision>`");
  }
  return *node;
}

std::vector<Node> Resolver::rows(const std::vector<std::string>& ids) const {
  std::vector<Node> nodes;
  for (const std::string& id : ids) {
    const Node node = row(id);
    // A table without a primary key can hold a row twice; it says no more than once.
    if (std::find(nodes.begin(), nodes.end(), node) == nodes.end()) nodes.push_back(node);
  }
  return nodes;
}

Spot Resolver::walk(Spot spot, long long steps, const std::optional<std::string>& branch_name,
                    End end) const {
  const bool up = steps > 0;
  for (long long left = up ? steps : -steps; left > 0; --left) {
    std::vector<Node> next;
    if (up) {
      next = spot.is_node() ? graph_.next_revisions(spot.node) : graph_.bases();
      if (branch_name) next = on_lineage_of(next, *branch_name);
    } else if (spot.kind != Spot::Kind::kBelowBase) {
      next = spot.is_node() ? graph_.down_revisions(spot.node) : graph_.heads();
      if (next.empty()) {
        spot = {Spot::Kind::kBelowBase};
        continue;
      }
    }
    if (next.empty()) return end == End::kNowhere ? Spot{} : spot;
    if (next.size() > 1) throw Error(ErrorCode::kRevision, "Ambiguous walk");
    spot = Spot::at(next.front());
  }
  return spot;
}

}  // namespace capo::revision
