#include "runtime/state.hpp"

#include <map>
#include <optional>

#include "runtime/hints.hpp"
#include "runtime/version_table.hpp"

namespace capo::runtime {

using dialect::Row;
using revision::Direction;
using revision::Graph;
using revision::Node;

namespace {

/// With what capo was doing, as the user has not written the statement.
Error reading_error(const char* table, const Error& cause) {
  if (cause.code() != ErrorCode::kDatabase) return cause;
  Error error(cause.code(), std::string("reading ") + table + " failed: " + cause.message());
  const std::string hint = hint_for(cause, "");
  return error.sqlstate(cause.sqlstate())
      .detail(cause.detail())
      .hint(hint.empty() ? cause.hint() : hint);
}

std::optional<std::vector<Row>> rows_if_table_exists(dialect::Connection& connection,
                                                     const dialect::Dialect& dialect,
                                                     const char* table, const std::string& sql) {
  try {
    return connection.query(sql).rows;
  } catch (const Error& error) {
    if (!dialect.is_missing_table(error)) throw reading_error(table, error);
    return std::nullopt;
  }
}

/// Of each statement the latest row counts.
void read_statements(dialect::Connection& connection, const Journal& journal, OpenRevision& open) {
  std::map<int, StatementRow> latest;
  for (const Row& row : connection.query(journal.select_statements(open)).rows) {
    const StatementRow statement = Journal::statement_row(row);
    latest[statement.statement] = statement;
  }
  for (auto& [number, row] : latest) {
    if (has_run(row)) ++open.half_done.statements_done;
    open.statements.push_back(std::move(row));
  }
}

/// For each node of the graph: it is applied. Rows that name no revision count for nothing.
std::vector<bool> applied(const Graph& graph, const revision::Rows& rows) {
  std::vector<bool> seen(static_cast<std::size_t>(graph.size()));
  std::vector<Node> to_visit;
  const auto visit = [&](Node node) {
    if (seen[static_cast<std::size_t>(node)]) return;
    seen[static_cast<std::size_t>(node)] = true;
    to_visit.push_back(node);
  };
  for (const std::string& row : rows) {
    if (const std::optional<Node> node = graph.find(row)) visit(*node);
  }
  while (!to_visit.empty()) {
    const Node node = to_visit.back();
    to_visit.pop_back();
    for (const Node parent : graph.down_revisions(node)) visit(parent);
    for (const Node parent : graph.dependencies(node)) visit(parent);
  }
  return seen;
}

/// As the version rows show.
bool has_come_to_its_end(const OpenRevision& open, const Graph& graph,
                         const std::vector<bool>& is_applied) {
  const std::optional<Node> node = graph.find(open.half_done.revision);
  if (!node) return false;
  const bool was_upgrade = open.half_done.direction == Direction::kUpgrade;
  return is_applied[static_cast<std::size_t>(*node)] == was_upgrade;
}

}  // namespace

Reading read(dialect::Connection& connection, const dialect::Dialect& dialect,
             const Options& options) {
  Reading reading;
  const VersionTable version_table(dialect, options);
  if (const auto rows =
          rows_if_table_exists(connection, dialect, "the version table", version_table.select())) {
    reading.versions.table_exists = true;
    for (const Row& row : *rows) reading.versions.rows.push_back(row.at(0).value_or(""));
  }
  if (!options.journal) return reading;
  const Journal journal(dialect, options);
  const auto open = rows_if_table_exists(connection, dialect, "the journal", journal.select_open());
  if (!open) return reading;
  reading.journal_exists = true;
  for (const Row& row : *open) {
    reading.open.push_back(Journal::open_revision(row));
    read_statements(connection, journal, reading.open.back());
  }
  for (const Row& row : connection.query(journal.select_done()).rows) {
    reading.done.push_back({row.at(0).value_or(""),
                            row.at(1) == to_string(Direction::kDowngrade) ? Direction::kDowngrade
                                                                          : Direction::kUpgrade,
                            row.at(2).value_or("")});
  }
  return reading;
}

const OpenRevision* half_done(const Reading& reading, const Graph& graph) {
  if (reading.open.empty()) return nullptr;
  const std::vector<bool> is_applied = applied(graph, reading.versions.rows);
  for (const OpenRevision& open : reading.open) {
    if (!has_come_to_its_end(open, graph, is_applied)) return &open;
  }
  return nullptr;
}

std::vector<HalfDone> settled_elsewhere(const Reading& reading, const Graph& graph) {
  std::vector<HalfDone> settled;
  if (reading.open.empty()) return settled;
  const std::vector<bool> is_applied = applied(graph, reading.versions.rows);
  for (const OpenRevision& open : reading.open) {
    if (has_come_to_its_end(open, graph, is_applied)) settled.push_back(open.half_done);
  }
  return settled;
}

std::vector<std::string> edited_revisions(const Reading& reading,
                                          const script::ScriptDirectory& scripts) {
  std::map<std::string_view, const DoneRevision*> latest;
  for (const DoneRevision& done : reading.done) latest[done.revision] = &done;
  std::vector<std::string> edited;
  if (latest.empty()) return edited;
  const Graph& graph = scripts.graph();
  const std::vector<bool> is_applied = applied(graph, reading.versions.rows);
  for (Node node = 0; node < graph.size(); ++node) {
    if (!is_applied[static_cast<std::size_t>(node)]) continue;
    const auto found = latest.find(graph.id(node));
    if (found == latest.end()) continue;
    const DoneRevision& done = *found->second;
    if (done.direction != Direction::kUpgrade || done.checksum.empty()) continue;
    const std::optional<std::string> now = scripts.checksum(graph.id(node));
    if (now && *now != done.checksum) edited.push_back(graph.id(node));
  }
  return edited;
}

}  // namespace capo::runtime
