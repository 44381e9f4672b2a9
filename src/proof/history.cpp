#include "proof/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "capo/operation.hpp"
#include "operation/operation.hpp"
#include "revision/walk.hpp"

namespace capo::proof {
namespace {

using dialect::Finding;
using Level = Finding::Level;

std::vector<revision::Node> known_rows(const runtime::DatabaseState& state,
                                       const revision::Graph& graph) {
  std::vector<revision::Node> nodes;
  for (const std::string& row : state.rows) {
    if (const auto node = graph.find(row)) nodes.push_back(*node);
  }
  return nodes;
}

// Words of a text of SQL, without comments of the end of line; enough to find a statement by.
std::vector<std::string> words_of(std::string_view sql) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(word);
    word.clear();
  };
  for (std::size_t at = 0; at < sql.size(); ++at) {
    if (sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
      end_word();
    } else if (base::is_space(sql[at]) || sql[at] == ';' || sql[at] == '"') {
      end_word();
    } else {
      word += sql[at];
    }
  }
  end_word();
  return words;
}

void add_extensions(std::string_view sql, std::set<std::string>& found) {
  const std::vector<std::string> words = words_of(sql);
  const auto is = [&](std::size_t at, std::string_view wanted) {
    return at < words.size() && base::equals_ignoring_case(words[at], wanted);
  };
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (!is(at, "CREATE") || !is(at + 1, "EXTENSION")) continue;
    const std::size_t name = is(at + 2, "IF") ? at + 5 : at + 2;
    if (name < words.size()) found.insert(words[name]);
  }
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

class Examination {
 public:
  Examination(const runtime::DatabaseState& state, const script::ScriptDirectory& scripts,
              const std::string& version_table)
      : state_(state), graph_(scripts.graph()), version_table_(version_table) {}

  std::vector<Finding> run() {
    topic_ = "version table";
    if (!state_.has_version_table) {
      add(Level::kNote, version_table_ + " is not there: no revision was ever applied",
          "`capo upgrade head`; or, if the schema is there already, `capo stamp head`");
    } else {
      look_at_rows();
    }
    topic_ = "journal";
    const std::size_t before = findings_.size();
    look_at_journal();
    if (findings_.size() == before) add(Level::kOk, "nothing is half done, nothing was edited");
    return std::move(findings_);
  }

 private:
  void add(Level level, std::string text, std::string remedy = {}) {
    findings_.push_back({topic_, level, std::move(text), std::move(remedy)});
  }

  void look_at_rows() {
    const std::size_t before = findings_.size();
    for (const std::string& row : state_.rows) {
      if (graph_.find(row)) continue;
      add(Level::kProblem, "its revision " + row + " is none of the project's",
          "get the branch of the project that has it; or `capo stamp --purge` with the revision "
          "that the schema is at");
    }
    const std::vector<revision::Node> rows = known_rows(state_, graph_);
    for (const revision::Node one : rows) {
      for (const revision::Node other : rows) {
        const revision::NodeSet below =
            revision::ancestors(graph_, std::span(&other, 1), revision::Edges::kWithDependencies);
        if (one == other || !below.contains(one)) continue;
        add(Level::kProblem,
            "it has rows for both " + graph_.id(one) + " and " + graph_.id(other) +
                ", which builds on it",
            "DELETE FROM " + version_table_ + " WHERE version_num = '" + graph_.id(one) + "'");
      }
    }
    if (findings_.size() > before) return;
    const revision::NodeSet applied =
        revision::ancestors(graph_, rows, revision::Edges::kWithDependencies);
    const std::size_t open = static_cast<std::size_t>(graph_.size()) - applied.nodes().size();
    const std::string at = state_.rows.empty() ? "base" : base::join(state_.rows, ", ");
    if (open > 0) {
      add(Level::kNote, "at " + at + "; " + counted(open, "revision") + " to come",
          "`capo upgrade heads`, after a look at `capo upgrade heads --dry-run`");
    } else {
      add(Level::kOk, "at " + at + ", the newest");
    }
  }

  void look_at_journal() {
    if (state_.half_done) {
      const runtime::HalfDone& half = *state_.half_done;
      std::string text =
          fmt::format("the {} of {} is half done: {} of {} statements", to_string(half.direction),
                      half.revision, half.statements_done, half.statements);
      if (!half.error.empty()) text += ", stopped by: " + half.error;
      if (!half.deployer.empty()) text += ", and under way: " + half.deployer;
      add(Level::kProblem, text,
          half.deployer.empty()
              ? fmt::format("`capo {}` carries on where it stopped", to_string(half.direction))
              : "wait until it has ended");
    }
    for (const std::string& revision : state_.edited) {
      add(Level::kProblem, "revision " + revision + " was edited after it was applied",
          "put the file back as it was, and write a new revision for what has to change");
    }
  }

  const runtime::DatabaseState& state_;
  const revision::Graph& graph_;
  const std::string& version_table_;
  std::string topic_ = {};
  std::vector<Finding> findings_ = {};
};

}  // namespace

std::vector<Finding> examine_history(const runtime::DatabaseState& state,
                                     const script::ScriptDirectory& scripts,
                                     const std::string& version_table) {
  return Examination(state, scripts, version_table).run();
}

bool is_at_heads(const runtime::DatabaseState& state, const revision::Graph& graph) {
  const std::vector<revision::Node> rows = known_rows(state, graph);
  if (rows.size() != state.rows.size() || state.half_done) return false;
  const revision::NodeSet applied =
      revision::ancestors(graph, rows, revision::Edges::kWithDependencies);
  return applied.nodes().size() == static_cast<std::size_t>(graph.size());
}

std::vector<std::string> wanted_extensions(const script::ScriptDirectory& scripts,
                                           std::string_view dialect) {
  std::set<std::string> found;
  const revision::Graph& graph = scripts.graph();
  for (revision::Node node = 0; node < graph.size(); ++node) {
    try {
      const auto operations =
          scripts.operations(graph.id(node), revision::Direction::kUpgrade, dialect);
      for (const Operation& operation : operations) {
        if (const ExecuteSql* sql = operation::if_sql(operation)) {
          add_extensions(sql->text, found);
        } else if (const auto* create = std::get_if<Create<Extension>>(&operation.value())) {
          found.insert(create->object.name);
        }
      }
    } catch (const Error&) {
      // What a revision cannot say is told when it is to be run.
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace capo::proof
