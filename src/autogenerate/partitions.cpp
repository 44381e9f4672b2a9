#include "autogenerate/partitions.hpp"

#include <algorithm>

#include "autogenerate/constraints.hpp"
#include "schema/partitions.hpp"

namespace capo::autogenerate {
namespace {

// Should a schema contradict itself, all this comes to an end nevertheless.
constexpr int kDeepest = 100;

const Table* parent_of(const ByKey<Table>& tables, const Table& table) {
  const auto& of = table.options.partition_of;
  return of ? find(tables, schema::qualified(of->schema, of->parent)) : nullptr;
}

bool same_but_for_name(ForeignKey key, const ForeignKey& other) {
  key.name = other.name;
  return key == other;
}

bool has_like(const List<ForeignKey>& keys, const ForeignKey& like) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const ForeignKey& key) { return same_but_for_name(key, like); });
}

DetachPartition detaching(const Table& partition) {
  const PartitionOf& of = *partition.options.partition_of;
  return {.table = partition.name,
          .parent = of.parent,
          .parent_schema = of.schema,
          .schema = partition.options.schema,
          .was = of};
}

int depth_of(const ByKey<Table>& tables, const Table& table, int most) {
  int depth = 0;
  if (most == 0) return depth;
  for (const std::string& key : schema::parent_keys(table)) {
    const Table* parent = find(tables, key);
    depth = std::max(depth, parent == nullptr ? 1 : 1 + depth_of(tables, *parent, most - 1));
  }
  return depth;
}

}  // namespace

std::vector<std::string> ancestors_of(const ByKey<Table>& tables, const Table& table) {
  std::vector<std::string> keys;
  const Table* at = &table;
  for (int level = 0; at != nullptr && at->options.partition_of && level < kDeepest; ++level) {
    keys.push_back(
        schema::qualified(at->options.partition_of->schema, at->options.partition_of->parent));
    at = find(tables, keys.back());
  }
  return keys;
}

std::vector<const Table*> parents_first(const ByKey<Table>& tables,
                                        std::vector<const Table*> chosen) {
  const bool are_flat = std::all_of(chosen.begin(), chosen.end(), [](const Table* table) {
    return schema::has_own_columns(*table);
  });
  if (are_flat) return chosen;
  std::unordered_map<const Table*, int> depths;
  for (const Table* table : chosen) depths.emplace(table, depth_of(tables, *table, kDeepest));
  std::stable_sort(chosen.begin(), chosen.end(),
                   [&](const Table* a, const Table* b) { return depths.at(a) < depths.at(b); });
  return chosen;
}

Partitions::Partitions(const Sides& sides, Plan& plan) : sides_(sides), plan_(plan) {
  bool is_partitioned = false;
  for (const Table& table : sides.from.schema.tables) {
    const Table* now = find(sides.to_tables, key_of(table));
    if (now != nullptr && now->options.partition_by != table.options.partition_by) {
      stuck_.insert(key_of(table));
    }
    is_partitioned = is_partitioned || table.options.partition_by;
  }
  if (!is_partitioned) return;
  for (const Table& table : sides.from.schema.tables) {
    for (const ForeignKey& key : table.options.foreign_keys) {
      referred_.insert(schema::qualified(key.referred_schema, key.referred_table));
    }
  }
}

bool Partitions::is_left_alone(const Table& table) const {
  if (stuck_.empty()) return false;
  for (const ByKey<Table>* tables : {&sides_.from_tables, &sides_.to_tables}) {
    const Table* at = find(*tables, key_of(table));
    for (int level = 0; at != nullptr && level < kDeepest; ++level) {
      at = parent_of(*tables, *at);
      if (at != nullptr && stuck_.contains(key_of(*at))) return true;
    }
  }
  return false;
}

void Partitions::note_what_stays(const Table& from, const Table& to) {
  const auto note = [&](const std::string& text) {
    plan_.note({.kind = Note::Kind::kUnrepresented, .text = "table " + key_of(to) + ": " + text});
  };
  if (from.options.partition_by != to.options.partition_by) {
    note(from.options.partition_by
             ? "PARTITION BY " + from.options.partition_by->sql + " stays as it is"
             : "it stays as it is, without PARTITION BY " + to.options.partition_by->sql);
  }
  if (has_other_parents(from, to)) {
    note("INHERITS stays as it is, and its columns, constraints and indexes with it");
  }
}

void Partitions::note_left_alone(const Table& table, std::string_view what) {
  std::string text = "table " + key_of(table);
  text.append(" ").append(what).append(", because what it is a partition of is partitioned in ");
  plan_.note({.kind = Note::Kind::kUnrepresented, .text = text.append("another way")});
}

void Partitions::shake(const ByKey<Table>& tables, const Table& partition) {
  const Table* at = parent_of(tables, partition);
  for (int level = 0; at != nullptr && level < kDeepest; ++level) {
    shaken_.insert(key_of(*at));
    at = parent_of(tables, *at);
  }
}

Partitions::Moved Partitions::take_off(const Table& from, const Table& to) {
  moved_.insert(key_of(to));
  Moved moved{.from = whole(sides_.from_wholes, from), .to = whole(sides_.to_wholes, to)};
  moved.from.options.partition_of.reset();
  moved.to.options.partition_of.reset();
  if (from.options.partition_of) {
    shake(sides_.from_tables, from);
    plan_.add(Phase::kDetachPartitions, detaching(from));
  }
  if (to.options.partition_of) {
    shake(sides_.to_tables, to);
    std::erase_if(moved.to.options.foreign_keys, [&](const ForeignKey& key) {
      const bool is_given = !has_like(to.options.foreign_keys, key) &&
                            !has_like(moved.from.options.foreign_keys, key);
      if (is_given) moved.given.push_back(key);
      return is_given;
    });
  }
  return moved;
}

void Partitions::put_on(const Table& to, const Moved& moved) {
  if (!to.options.partition_of) return;
  const Table* said = find(sides_.declared_tables, key_of(to));
  const std::string& in = to.options.schema;
  const PartitionOf& of = said != nullptr && said->options.partition_of
                              ? *said->options.partition_of
                              : *to.options.partition_of;
  Step step{.operation = AttachPartition{.table = to.name, .of = of, .schema = in}};
  if (!moved.given.empty()) {
    step.back = {DetachPartition{.table = to.name,
                                 .parent = of.parent,
                                 .parent_schema = of.schema,
                                 .schema = in,
                                 .was = of}};
    for (const ForeignKey& key : moved.given) {
      step.back->push_back(
          DropConstraint{.table = to.name, .name = key.name, .schema = in, .was = key});
    }
  }
  plan_.add(Phase::kAttachPartitions, std::move(step));
}

bool Partitions::is_late(const Table& table) const {
  const Table* at = &table;
  for (int level = 0; at != nullptr && level < kDeepest; ++level) {
    const Table* parent = parent_of(sides_.to_tables, *at);
    if (parent == nullptr) return false;
    const Table* was = find(sides_.from_tables, key_of(*parent));
    if (was != nullptr) {
      return whole(sides_.from_wholes, *was).columns != whole(sides_.to_wholes, *parent).columns;
    }
    at = parent;
  }
  return false;
}

bool Partitions::is_referred_to(const Table& partition) const {
  const auto& of = partition.options.partition_of;
  if (!of || referred_.empty()) return false;
  const Table* at = find(sides_.from_tables, schema::qualified(of->schema, of->parent));
  if (at == nullptr || find(sides_.to_tables, key_of(*at)) == nullptr) return false;
  for (int level = 0; at != nullptr && level < kDeepest; ++level) {
    if (referred_.contains(key_of(*at))) return true;
    at = parent_of(sides_.from_tables, *at);
  }
  return false;
}

void Partitions::make(const Table& table) {
  Step step{.operation = CreateTable{.table = table}};
  // One that is late is dropped before others that were made with a foreign key to its parent.
  if (is_referred_to(table) || is_late(table)) {
    const DropTable drop{.name = table.name, .schema = table.options.schema, .was = table};
    step.back = {detaching(table), drop};
  }
  plan_.add(is_late(table) ? Phase::kAttachPartitions : Phase::kCreateTables, std::move(step));
}

void Partitions::drop(const Table& table, Step step) {
  if (is_referred_to(table)) {
    // What takes the drop back makes it a partition at once.
    plan_.add(Phase::kDetachPartitions,
              Step{.operation = detaching(table), .back = std::vector<Operation>()});
  }
  plan_.add(Phase::kDropTables, std::move(step));
}

void Partitions::free_foreign_keys() {
  if (shaken_.empty()) return;
  const auto is_shaken = [&](const ForeignKey& key) {
    return shaken_.contains(schema::qualified(key.referred_schema, key.referred_table));
  };
  plan_.bring_forward(Phase::kDropForeignKeys, Phase::kFreeForeignKeys, [&](const Step& step) {
    const auto* drop = std::get_if<DropConstraint>(&step.operation.value());
    if (drop == nullptr || !drop->was) return false;
    const auto* key = std::get_if<ForeignKey>(&*drop->was);
    return key != nullptr && is_shaken(*key) &&
           !moved_.contains(schema::qualified(drop->schema, drop->table));
  });
  for (const Table& table : sides_.from.schema.tables) {
    const Table* now = find(sides_.to_tables, key_of(table));
    if (now == nullptr || moved_.contains(key_of(table))) continue;
    const std::string& in = table.options.schema;
    for (const ForeignKey& key : table.options.foreign_keys) {
      const auto& keys = now->options.foreign_keys;
      if (!is_shaken(key) || std::find(keys.begin(), keys.end(), key) == keys.end()) continue;
      if (plan_.adds_foreign_key(table.name, in, key.name)) continue;
      plan_.add(Phase::kFreeForeignKeys,
                DropConstraint{.table = table.name, .name = key.name, .schema = in, .was = key});
      plan_.add(Phase::kAddForeignKeys,
                adding({.table = table.name, .constraint = key, .schema = in}));
    }
  }
}

}  // namespace capo::autogenerate
