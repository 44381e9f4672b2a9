// Foreign keys that stay as they are, but are in the way of what changes.

#include <algorithm>

#include "autogenerate/columns.hpp"
#include "autogenerate/constraints.hpp"

namespace capo::autogenerate {
namespace {

bool same_columns(Names a, Names b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

/// How many of a table's keys a foreign key could rest on, of each kind.
struct Keys {
  int primary = 0;
  int unique = 0;
  int indexes = 0;
};

Keys keys_over(const Table& table, const Names& columns) {
  const TableOptions& options = table.options;
  Keys keys;
  if (options.primary_key && same_columns(options.primary_key->columns, columns)) ++keys.primary;
  for (const UniqueConstraint& unique : options.uniques) {
    if (same_columns(unique.columns, columns)) ++keys.unique;
  }
  for (const Index& index : options.indexes) {
    if (!index.options.unique || index.options.where) continue;
    Names over;
    for (const IndexElement& element : index.elements) over.push_back(element.column);
    if (same_columns(over, columns)) ++keys.indexes;
  }
  return keys;
}

// True if one goes that the database may rest `key` on: which one it chose, nobody can say. One
// that is only called otherwise is still there.
bool loses_its_key(const ForeignKey& key, const Table& from, const Table& to) {
  const Keys before = keys_over(from, key.referred_columns);
  const Keys after = keys_over(to, key.referred_columns);
  return after.primary < before.primary || after.unique < before.unique ||
         after.indexes < before.indexes;
}

bool changes_kind(const Names& columns, const Table& from, const Table& to) {
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const Column* old = schema::find_column(from, name);
    const Column* now = schema::find_column(to, name);
    return old != nullptr && now != nullptr && is_other_kind(old->type, now->type);
  });
}

bool is_retyped(const Names& columns, const Table& table, const Plan& plan) {
  const std::vector<std::string>& retyped = plan.retyped(key_of(table));
  return std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
    return std::find(retyped.begin(), retyped.end(), name) != retyped.end();
  });
}

// The key itself, or the same under the name that it is given.
const ForeignKey* kept_in(const Table& now, const Table& before, const ForeignKey& key) {
  const auto has_name = [&](const std::string& name) {
    const auto& keys = before.options.foreign_keys;
    return std::any_of(keys.begin(), keys.end(),
                       [&](const ForeignKey& other) { return other.name == name; });
  };
  for (const ForeignKey& other : now.options.foreign_keys) {
    ForeignKey renamed = key;
    if (!has_name(other.name)) renamed.name = other.name;
    if (other == renamed) return &other;
  }
  return nullptr;
}

}  // namespace

bool loses_its_key(const Sides& sides, const ForeignKey& key) {
  const std::string other = schema::qualified(key.referred_schema, key.referred_table);
  const Table* from = find(sides.from_tables, other);
  const Table* to = find(sides.to_tables, other);
  return from != nullptr && to != nullptr &&
         loses_its_key(key, whole(sides.from_wholes, *from), whole(sides.to_wholes, *to));
}

void free_foreign_keys(const Sides& sides, Plan& plan) {
  for (const Table& table : sides.from.schema.tables) {
    const Table* now = find(sides.to_tables, key_of(table));
    if (now == nullptr) continue;
    const Table& all = whole(sides.from_wholes, table);
    const Table& all_now = whole(sides.to_wholes, *now);
    for (const ForeignKey& old_key : table.options.foreign_keys) {
      const ForeignKey* kept = kept_in(*now, table, old_key);
      if (kept == nullptr) continue;
      const ForeignKey& key = *kept;
      const std::string other = schema::qualified(key.referred_schema, key.referred_table);
      const Table* referred = find(sides.from_tables, other);
      const Table* referred_now = find(sides.to_tables, other);
      if (referred == nullptr || referred_now == nullptr) continue;
      const Table& other_was = whole(sides.from_wholes, *referred);
      const Table& other_now = whole(sides.to_wholes, *referred_now);
      if (!loses_its_key(key, other_was, other_now) && !changes_kind(key.columns, all, all_now) &&
          !changes_kind(key.referred_columns, other_was, other_now) &&
          !is_retyped(key.columns, *now, plan) &&
          !is_retyped(key.referred_columns, *referred_now, plan)) {
        continue;
      }
      const std::string& in = table.options.schema;
      plan.add(Phase::kDropForeignKeys,
               DropConstraint{.table = table.name, .name = key.name, .schema = in, .was = key});
      plan.add(Phase::kAddForeignKeys,
               adding({.table = table.name, .constraint = key, .schema = in}));
    }
  }
}

}  // namespace capo::autogenerate
