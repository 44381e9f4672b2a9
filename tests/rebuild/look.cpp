#include "rebuild/look.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace capo::test {
namespace {

std::string in_quotes(const std::string& name) { return "\"" + name + "\""; }

std::string after_name(const Change& change, const std::string& name) {
  std::string prefix_moved = name;
  for (const auto& [from, to] : change.moved) {
    if (from == name) return to;
    if (from.ends_with('.') && name.starts_with(from)) {
      prefix_moved = to + name.substr(from.size());
    }
  }
  return prefix_moved;
}

}  // namespace

Look look(Database& database) {
  Look look;
  for (const std::string& table : database.column(
           "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND "
           "name NOT LIKE 'capo%' AND name <> 'alembic_version'")) {
    std::vector<std::string> columns =
        database.column("SELECT name FROM pragma_table_xinfo('" + table + "')");
    std::string order = "rowid";
    try {
      database.query("SELECT rowid FROM " + in_quotes(table));
      columns.emplace_back("rowid");
    } catch (const DatabaseError&) {
      order = in_quotes(columns.at(0)) + ", " + in_quotes(columns.at(1));
    }
    for (const std::string& column : columns) {
      const std::string name = column == "rowid" ? column : in_quotes(column);
      look.values[table + "." + column] =
          database.value("SELECT coalesce(group_concat(v, ','), '') FROM (SELECT quote(" + name +
                         ") AS v FROM " + in_quotes(table) + " ORDER BY " + order + ")");
    }
  }
  for (const auto& row : database.query(
           "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger', 'view') AND sql "
           "IS NOT NULL AND name NOT LIKE 'capo%'")) {
    look.objects[row[0]] = row[1];
  }
  look.sequence = database.value(
      "SELECT coalesce(max(seq), '') FROM sqlite_sequence WHERE name IN "
      "('items', 'things')");
  return look;
}

void expect_nothing_lost(Database& database, const Look& before, const Change& change) {
  const Look after = look(database);
  for (const auto& [name, values] : before.values) {
    const std::string now = after_name(change, name);
    if (now.empty()) continue;
    const auto found = after.values.find(now);
    ASSERT_NE(found, after.values.end()) << now;
    EXPECT_TRUE(found->second == values) << now << " has other values, or other rows";
  }
  for (const auto& [name, sql] : before.objects) {
    const bool is_gone = std::find(change.gone_indexes.begin(), change.gone_indexes.end(), name) !=
                         change.gone_indexes.end();
    EXPECT_EQ(after.objects.contains(name), !is_gone) << name;
    if (!is_gone && change.moved.empty()) {
      EXPECT_EQ(after.objects.at(name), sql);
    }
  }
  EXPECT_EQ(after.sequence, before.sequence);
  EXPECT_TRUE(database.query("PRAGMA foreign_key_check").empty());
  EXPECT_EQ(database.value("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(database.value("SELECT count(*) FROM sqlite_master WHERE name LIKE 'capo_old%'"), "0");
}

}  // namespace capo::test
