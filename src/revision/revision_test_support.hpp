#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "revision/graph.hpp"
#include "revision/plan.hpp"

/// Graphs and plans as one line of text, for tests.
namespace capo::revision {

/// One revision a word pair: `parent,parent<id:label,label@dependency,dependency`; `<id` is a base.
inline std::vector<Revision> revisions_of(std::string_view text) {
  const auto list = [](std::string_view names) {
    std::vector<std::string> result;
    for (const std::string_view name : base::split(names, ',')) {
      if (!name.empty()) result.emplace_back(name);
    }
    return result;
  };
  std::vector<Revision> revisions;
  for (std::string_view word : base::split(text, ' ')) {
    if (word.empty()) continue;
    Revision revision;
    const std::size_t down = word.find('<');
    revision.down_revisions = list(word.substr(0, down));
    word.remove_prefix(down + 1);
    const std::size_t dependencies = word.find('@');
    if (dependencies != std::string_view::npos) {
      revision.depends_on = list(word.substr(dependencies + 1));
      word = word.substr(0, dependencies);
    }
    const std::size_t labels = word.find(':');
    if (labels != std::string_view::npos) {
      revision.branch_labels = list(word.substr(labels + 1));
      word = word.substr(0, labels);
    }
    revision.id = word;
    revisions.push_back(std::move(revision));
  }
  return revisions;
}

inline std::string ids_of(const Graph& graph, const std::vector<Node>& nodes) {
  std::vector<std::string> ids;
  for (const Node node : nodes) ids.push_back(graph.id(node));
  return base::join(ids, " ");
}

/// `+a +b` for upgrades, `-b -a` for downgrades.
inline std::string steps_of(const std::vector<Step>& steps) {
  std::vector<std::string> words;
  for (const Step& step : steps) {
    if (step.direction == Direction::kStamp) {
      words.push_back(base::join(step.from, ",") + ">" + base::join(step.to, ","));
    } else {
      words.push_back((step.direction == Direction::kUpgrade ? "+" : "-") + step.revision);
    }
  }
  return base::join(words, " ");
}

inline std::string changes_of(const Step& step) {
  std::vector<std::string> words;
  for (const VersionChange& change : step.changes) {
    switch (change.kind) {
      case VersionChange::Kind::kInsert:
        words.push_back("insert " + change.to);
        break;
      case VersionChange::Kind::kDelete:
        words.push_back("delete " + change.from);
        break;
      case VersionChange::Kind::kUpdate:
        words.push_back("update " + change.from + ">" + change.to);
        break;
    }
  }
  return base::join(words, ", ");
}

/// The text of the Error that `run` throws, or "no error".
template <typename Run>
std::string error_of(Run run) {
  try {
    run();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

}  // namespace capo::revision
