#include "schema/partitions.hpp"

#include <algorithm>

namespace capo::schema {
namespace {

// A table that is its own ancestor is refused elsewhere; here it must come to an end.
constexpr int kDeepest = 100;

template <class Function>
void for_each_parent(const Schema& schema, const Table& table, Function&& function) {
  const auto take = [&](const std::string& in, const std::string& name) {
    function(find_table(schema, in, name));
  };
  if (const auto& of = table.options.partition_of) take(of->schema, of->parent);
  for (const TableName& parent : table.options.inherits) take(parent.schema, parent.name);
}

const Column* find_any_column(const Schema& schema, const Table& table, std::string_view name,
                              int deepest) {
  if (const Column* own = find_column(table, name)) return own;
  const Column* found = nullptr;
  if (deepest == 0) return found;
  for_each_parent(schema, table, [&](const Table* parent) {
    if (parent == nullptr || found != nullptr) return;
    found = find_any_column(schema, *parent, name, deepest - 1);
  });
  return found;
}

bool knows_all_columns(const Schema& schema, const Table& table, int deepest) {
  bool knows = true;
  for_each_parent(schema, table, [&](const Table* parent) {
    knows = knows && parent != nullptr && deepest > 0 &&
            knows_all_columns(schema, *parent, deepest - 1);
  });
  return knows;
}

template <class Items>
void take_missing(const Items& from, Items& into) {
  for (const auto& item : from) {
    const bool is_there = std::any_of(into.begin(), into.end(),
                                      [&](const auto& own) { return own.name == item.name; });
    if (!is_there) into.push_back(item);
  }
}

// Those that the parent says have another name here, if they are not the partition's own.
template <class Items>
void take_unnamed(const Items& from, Items& into) {
  for (auto item : from) {
    item.name = ConstraintName();
    into.push_back(std::move(item));
  }
}

void take(const Table& parent, Table& table, bool is_partition) {
  take_missing(parent.columns, table.columns);
  take_missing(parent.options.checks, table.options.checks);
  if (!is_partition) return;
  TableOptions& options = table.options;
  const Names key = primary_key_columns(parent);
  if (!key.empty() && !options.primary_key) options.primary_key = PrimaryKey{.columns = key};
  take_unnamed(parent.options.uniques, options.uniques);
  take_unnamed(parent.options.indexes, options.indexes);
  take_missing(parent.options.foreign_keys, options.foreign_keys);
}

Table whole(const Schema& schema, const Table& table, int deepest) {
  Table result = table;
  result.columns.clear();
  if (deepest > 0) {
    for_each_parent(schema, table, [&](const Table* parent) {
      if (parent == nullptr) return;
      take(whole(schema, *parent, deepest - 1), result, table.options.partition_of.has_value());
    });
  }
  for (const Column& column : table.columns) {
    std::erase_if(result.columns, [&](const Column& other) { return other.name == column.name; });
    result.columns.push_back(column);
  }
  return result;
}

}  // namespace

std::vector<std::string> parent_keys(const Table& table) {
  std::vector<std::string> keys;
  if (const auto& of = table.options.partition_of) {
    keys.push_back(qualified(of->schema, of->parent));
  }
  for (const TableName& parent : table.options.inherits) {
    keys.push_back(qualified(parent.schema, parent.name));
  }
  return keys;
}

const Column* find_any_column(const Schema& schema, const Table& table, std::string_view name) {
  return find_any_column(schema, table, name, kDeepest);
}

bool knows_all_columns(const Schema& schema, const Table& table) {
  return knows_all_columns(schema, table, kDeepest);
}

Table whole(const Schema& schema, const Table& table) { return whole(schema, table, kDeepest); }

}  // namespace capo::schema
