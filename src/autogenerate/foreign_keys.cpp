// Foreign keys that stay as they are, but are in the way of what changes.

#include <algorithm>
#include <unordered_set>

#include "autogenerate/columns.hpp"
#include "autogenerate/constraints.hpp"

namespace capo::autogenerate {
namespace {

bool same_columns(Names a, Names b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

// What a foreign key can rest on: keys, and unique indexes over plain columns.
template <class Function>
void for_each_key(const Table& table, Function&& on_key) {
  const TableOptions& options = table.options;
  if (options.primary_key) on_key(options.primary_key->name, options.primary_key->columns);
  for (const UniqueConstraint& unique : options.uniques) on_key(unique.name, unique.columns);
  for (const Index& index : options.indexes) {
    if (!index.options.unique || index.options.where) continue;
    Names columns;
    for (const IndexElement& element : index.elements) columns.push_back(element.column);
    on_key(index.name, columns);
  }
}

// True if the database may rest `key` on something of `from` that is not in `to`: which one it
// chose among equal ones, nobody can say.
bool loses_its_key(const ForeignKey& key, const Table& from, const Table& to) {
  bool loses = false;
  for_each_key(from, [&](const std::string&, const Names& columns) {
    if (!same_columns(columns, key.referred_columns)) return;
    bool stays = false;
    for_each_key(
        to, [&](const std::string&, const Names& others) { stays = stays || columns == others; });
    loses = loses || !stays;
  });
  return loses;
}

bool changes_kind(const Names& columns, const Table& from, const Table& to) {
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const Column* old = schema::find_column(from, name);
    const Column* now = schema::find_column(to, name);
    return old != nullptr && now != nullptr && is_other_kind(old->type, now->type);
  });
}

}  // namespace

void free_foreign_keys(const Sides& sides, Plan& plan) {
  for (const Table& table : sides.from.schema.tables) {
    const Table* now = find(sides.to_tables, key_of(table));
    if (now == nullptr) continue;
    for (const ForeignKey& key : table.options.foreign_keys) {
      const auto& keys = now->options.foreign_keys;
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) continue;
      const std::string other = schema::qualified(key.referred_schema, key.referred_table);
      const Table* referred = find(sides.from_tables, other);
      const Table* referred_now = find(sides.to_tables, other);
      if (referred == nullptr || referred_now == nullptr) continue;
      if (!loses_its_key(key, *referred, *referred_now) &&
          !changes_kind(key.columns, table, *now) &&
          !changes_kind(key.referred_columns, *referred, *referred_now)) {
        continue;
      }
      const std::string& in = table.options.schema;
      plan.add(Phase::kDropForeignKeys,
               DropConstraint{.table = table.name, .name = key.name, .schema = in, .was = key});
      plan.add(Phase::kAddForeignKeys,
               AddConstraint{.table = table.name, .constraint = key, .schema = in});
    }
  }
}

}  // namespace capo::autogenerate
