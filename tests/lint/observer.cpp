#include "lint/observer.hpp"

#include <algorithm>
#include <charconv>

namespace capo::test {
namespace {

long long number(const std::string& text) {
  long long value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

constexpr std::string_view kRelations = R"(
SELECT c.oid::text, n.nspname || '.' || c.relname, coalesce(pg_relation_filenode(c.oid)::text, ''),
       coalesce(i.indrelid, 0)::text,
       coalesce(s.seq_tup_read, 0)::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_stat_xact_all_tables s ON s.relid = c.oid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'i', 'I') AND n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema')";

/// The default schema is not said.
std::string name_of(std::string name) {
  if (name.starts_with("public.")) name.erase(0, 7);
  return name;
}

}  // namespace

Relations relations_of(dialect::Connection& connection) {
  Relations all;
  for (const dialect::Row& row : connection.query(kRelations).rows) {
    all[row[0].value_or("")] = {.name = name_of(row[1].value_or("")),
                                .file = row[2].value_or(""),
                                .table = row[3].value_or("") == "0" ? "" : row[3].value_or(""),
                                .rows_read = number(row[4].value_or("0"))};
  }
  return all;
}

bool holds(const Relations& relations, const std::string& name) {
  return std::any_of(relations.begin(), relations.end(),
                     [&](const auto& entry) { return entry.second.name == name; });
}

std::map<std::string, lint::LockMode> locks_of(dialect::Connection& connection, int pid,
                                               const Relations& before) {
  std::map<std::string, lint::LockMode> locks;
  const std::vector<dialect::Value> parameters = {std::to_string(pid)};
  // What was dropped is no relation any more, and what was renamed has another name.
  const dialect::Result rows = connection.query(
      "SELECT relation::text, mode FROM pg_locks WHERE pid = $1::integer AND locktype = 'relation' "
      "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      parameters);
  for (const dialect::Row& row : rows.rows) {
    const auto was = before.find(row[0].value_or(""));
    if (was == before.end() || !was->second.table.empty()) continue;
    lint::LockMode& mode = locks[was->second.name];
    mode = std::max(mode, lint::lock_mode_of(row[1].value_or("")));
  }
  return locks;
}

Observed observe(dialect::Connection& connection, const Relations& before) {
  Observed seen;
  seen.locks = locks_of(connection, connection.backend_pid(), before);
  std::map<std::string, std::string> rebuilt;  // with the table
  const Relations after = relations_of(connection);
  for (const auto& [oid, now] : after) {
    auto was = before.find(oid);
    // ALTER … TYPE makes an index anew under its name, over the old file where that still serves.
    if (was == before.end()) {
      was = std::find_if(before.begin(), before.end(), [&](const auto& entry) {
        return entry.second.name == now.name && !after.contains(entry.first);
      });
    }
    if (was == before.end()) {
      const auto table = before.find(now.table);
      if (table != before.end()) seen.builds.insert(table->second.name);
      continue;
    }
    if (now.rows_read > was->second.rows_read) seen.scans.insert(was->second.name);
    if (was->second.file == now.file) continue;
    if (now.table.empty()) {
      seen.rewrites.insert(was->second.name);
    } else {
      rebuilt[was->second.name] = before.at(now.table).name;
    }
  }
  for (const auto& [index, table] : rebuilt) {
    if (!seen.rewrites.contains(table)) seen.rebuilds.insert(index);
  }
  return seen;
}

int major_version(dialect::Connection& connection) {
  const dialect::Result result = connection.query("SHOW server_version_num");
  return static_cast<int>(number(result.rows.at(0).at(0).value_or("0")) / 10000);
}

}  // namespace capo::test
