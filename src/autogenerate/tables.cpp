#include "autogenerate/tables.hpp"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "autogenerate/columns.hpp"
#include "autogenerate/constraints.hpp"
#include "autogenerate/partitions.hpp"
#include "autogenerate/renames.hpp"
#include "schema/checks.hpp"
#include "schema/partitions.hpp"

namespace capo::autogenerate {
namespace {

std::string referred(const ForeignKey& key) {
  return schema::qualified(key.referred_schema, key.referred_table);
}

/// Tables in an order in which they can be made, without the foreign keys that close a circle.
struct Ordered {
  std::vector<Table> tables = {};
  std::vector<AddConstraint> late = {};
};

/// Tables that are still to be made. What refers to a partitioned table refers to its partitions as
/// well: they have to be there before, and are dropped afterwards.
class Waiting {
 public:
  /// Keeps the reference; `all` has the parents as well.
  Waiting(const ByKey<Table>& all, const std::vector<const Table*>& tables) : all_(all) {
    for (const Table* table : tables) {
      keys_.insert(key_of(*table));
      for (const std::string& ancestor : ancestors_of(all_, *table)) ++below_[ancestor];
    }
  }

  void erase(const Table& table) {
    keys_.erase(key_of(table));
    for (const std::string& ancestor : ancestors_of(all_, table)) --below_[ancestor];
  }
  bool has_parent_of(const Table& table) const {
    const std::vector<std::string> parents = schema::parent_keys(table);
    return std::any_of(parents.begin(), parents.end(),
                       [&](const std::string& parent) { return keys_.contains(parent); });
  }
  /// Whether what a key of `table` refers to is not all there; a table does not wait for itself.
  bool has(const std::string& referred, const Table& table) const {
    if (referred != key_of(table) && keys_.contains(referred)) return true;
    const auto below = below_.find(referred);
    if (below == below_.end()) return false;
    const std::vector<std::string> own = ancestors_of(all_, table);
    const bool is_below = std::find(own.begin(), own.end(), referred) != own.end();
    return below->second > (is_below && keys_.contains(key_of(table)) ? 1 : 0);
  }

 private:
  const ByKey<Table>& all_;
  std::unordered_set<std::string> keys_ = {};
  std::unordered_map<std::string, int> below_ = {};  ///< of a table: how many partitions
};

/// `is_there` answers for tables that are not among these.
template <class IsThere>
Ordered in_order(const ByKey<Table>& all, const std::vector<const Table*>& tables,
                 IsThere&& is_there) {
  Waiting waiting(all, tables);
  Ordered result;
  const auto is_late = [&](const Table& table, const ForeignKey& key) {
    const std::string other = referred(key);
    if (waiting.has(other, table)) return true;
    return other != key_of(table) && !is_there(key) && !other.empty();
  };
  std::vector<const Table*> left = tables;
  const auto make = [&](const Table& table) {
    Table made = table;
    std::erase_if(made.options.foreign_keys, [&](const ForeignKey& key) {
      if (!is_late(table, key)) return false;
      result.late.push_back(
          {.table = table.name, .constraint = key, .schema = table.options.schema});
      return true;
    });
    waiting.erase(table);
    result.tables.push_back(std::move(made));
  };
  while (!left.empty()) {
    const std::size_t before = left.size();
    std::erase_if(left, [&](const Table* table) {
      const auto& keys = table->options.foreign_keys;
      const bool must_wait = std::any_of(keys.begin(), keys.end(), [&](const ForeignKey& key) {
        return referred(key) != key_of(*table) && waiting.has(referred(key), *table);
      });
      const bool is_next = !must_wait && !waiting.has_parent_of(*table);
      if (is_next) make(*table);
      return is_next;
    });
    if (left.size() != before) continue;
    // A circle is opened somewhere, but a partition never comes before its parent.
    const auto first = std::find_if(left.begin(), left.end(), [&](const Table* table) {
      return !waiting.has_parent_of(*table);
    });
    const auto next = first == left.end() ? left.begin() : first;
    make(**next);
    left.erase(next);
  }
  return result;
}

class Tables {
 public:
  Tables(const Sides& sides, Plan& plan) : sides_(sides), plan_(plan) {}

  void compare() {
    for (const Table& table : sides_.from.schema.tables) {
      if (find(sides_.to_tables, key_of(table)) != nullptr) continue;
      if (partitions_.is_left_alone(table)) {
        partitions_.note_left_alone(table, "does not go");
      } else {
        gone_.push_back(&table);
      }
    }
    std::vector<const Table*> stay;
    for (const Table& table : sides_.to.schema.tables) {
      if (find(sides_.from_tables, key_of(table)) != nullptr) {
        stay.push_back(&table);
      } else if (partitions_.is_left_alone(table)) {
        partitions_.note_left_alone(table, "is not made");
      } else {
        made_.push_back(&table);
      }
    }
    for (const Table* table : parents_first(sides_.to_tables, std::move(stay))) {
      const std::string key = key_of(*table);
      const Table& was = *find(sides_.from_tables, key);
      const bool is_same = was == *table && plan_.retyped(key).empty() &&
                           (schema::has_own_columns(*table) || plan_.made_anew(key).empty());
      if (!is_same) alter(was, *table);
    }
    create();
    drop();
    partitions_.free_foreign_keys();
  }

 private:
  void compare_parts(const Table& from, const Table& to) {
    add(Phase::kDropConstraints, becoming_less(from, to));
    compare_columns(sides_, from, to, plan_);
    compare_constraints(sides_, from, to, plan_);
    add(Phase::kAddConstraints, becoming_more(from, to));
    compare_indexes(sides_, from, to, plan_);
  }

  void alter(const Table& from, const Table& to) {
    partitions_.note_what_stays(from, to);
    if (is_moved(from, to)) {
      partitions_.move(from, to, [this](const Table& a, const Table& b) { compare_parts(a, b); });
    } else if (!Partitions::has_other_parents(from, to)) {
      compare_parts(from, to);
    }
    const std::string& in = to.options.schema;
    if (from.options.comment != to.options.comment) {
      plan_.add(Phase::kComment, CommentTable{.table = to.name,
                                              .comment = to.options.comment,
                                              .schema = in,
                                              .was = from.options.comment});
    }
    if (from.options.unlogged != to.options.unlogged) log(to, from.options.unlogged);
  }

  // STRICT takes fewer types, WITHOUT ROWID needs a key: what goes does so before anything else of
  // the table is changed, what comes does so after it. A key that changes under WITHOUT ROWID is
  // gone for a moment, so that goes and comes back.
  AlterTable becoming_less(const Table& from, const Table& to) const {
    AlterTable change{.table = to.name, .schema = to.options.schema};
    if (from.options.strict && !to.options.strict) change.strict = false;
    if (from.options.without_rowid && (!to.options.without_rowid || is_key_other(from, to))) {
      change.without_rowid = false;
    }
    return change;
  }
  AlterTable becoming_more(const Table& from, const Table& to) const {
    AlterTable change{.table = to.name, .schema = to.options.schema};
    if (to.options.strict && !from.options.strict) change.strict = true;
    if (to.options.without_rowid && (!from.options.without_rowid || is_key_other(from, to))) {
      change.without_rowid = true;
    }
    return change;
  }
  static bool is_key_other(const Table& from, const Table& to) {
    return from.options.primary_key != to.options.primary_key;
  }
  void add(Phase phase, const AlterTable& change) {
    if (change.strict || change.without_rowid) plan_.add(phase, change);
  }

  void log(const Table& table, bool was_unlogged) {
    const auto set = [&](bool logged) {
      auto sql = sides_.dialect.writer();
      sql << "ALTER TABLE " << dialect::QualifiedName{table.options.schema, table.name} << " SET "
          << dialect::SqlText(logged ? "LOGGED" : "UNLOGGED");
      return ExecuteSql{.text = sql.str(), .on = "postgresql"};
    };
    plan_.add(Phase::kAlterColumns,
              Step{.operation = set(was_unlogged), .back = {{set(!was_unlogged)}}});
  }

  // What the models say, but for foreign keys without a name, which has to be known if they come by
  // themselves.
  const Table* declared(const Table& table) const {
    const Table* said = find(sides_.declared_tables, key_of(table));
    if (said == nullptr) return &table;
    const auto& keys = said->options.foreign_keys;
    const bool all_named = std::all_of(keys.begin(), keys.end(),
                                       [](const ForeignKey& key) { return !key.name.empty(); });
    if (all_named && said->options.renamed_from.empty()) return said;
    Table copy = *said;
    copy.options.renamed_from.clear();
    copy.options.foreign_keys = table.options.foreign_keys;
    copies_.push_back(std::make_unique<Table>(std::move(copy)));
    return copies_.back().get();
  }

  void create() {
    std::vector<const Table*> tables;
    for (const Table* table : made_) tables.push_back(declared(*table));
    // A key that is still to be made, or a column, cannot be referred to yet.
    const Ordered ordered = in_order(sides_.to_tables, tables, [&](const ForeignKey& key) {
      const Table* was = find(sides_.from_tables, referred(key));
      const Table* now = find(sides_.to_tables, referred(key));
      if (was == nullptr && now != nullptr && partitions_.is_late(*now)) return false;
      return was == nullptr || now == nullptr || *was == *now;
    });
    for (const Table& table : ordered.tables) {
      const Table made = without_unvalidated(clean(table), [&](Constraint constraint) {
        plan_.add(Phase::kAddForeignKeys, AddConstraint{.table = table.name,
                                                        .constraint = std::move(constraint),
                                                        .schema = table.options.schema});
      });
      partitions_.make(made);
    }
    for (const AddConstraint& key : ordered.late) plan_.add(Phase::kAddForeignKeys, adding(key));
  }

  static Table clean(Table table) {
    for (Column& column : table.columns) column.options.renamed_from.clear();
    return table;
  }

  // A table that is made has no rows that were not looked at: PostgreSQL takes NOT VALID only
  // afterwards. Calls `on_each` for what it then gets, and before it is dropped loses, by itself.
  template <class Function>
  static Table without_unvalidated(Table table, Function&& on_each) {
    const auto take_out = [&](auto& list) {
      std::erase_if(list, [&](const auto& constraint) {
        if (constraint.not_valid) on_each(Constraint(constraint));
        return constraint.not_valid;
      });
    };
    take_out(table.options.checks);
    take_out(table.options.foreign_keys);
    return table;
  }

  void drop_constraint(const Table& table, const Constraint& constraint, Phase phase) {
    plan_.add(phase, DropConstraint{.table = table.name,
                                    .name = schema::name_of(constraint),
                                    .schema = table.options.schema,
                                    .was = constraint});
  }

  void drop() {
    const std::vector<Renaming> maybe = likely_renamings(gone_, made_);
    // Keys go before tables do.
    Ordered ordered = in_order(sides_.from_tables, gone_,
                               [&](const ForeignKey& key) { return !loses_its_key(sides_, key); });
    for (const AddConstraint& key : ordered.late) {
      plan_.add(Phase::kDropForeignKeys, DropConstraint{.table = key.table,
                                                        .name = schema::name_of(key.constraint),
                                                        .schema = key.schema,
                                                        .was = key.constraint});
    }
    std::reverse(ordered.tables.begin(), ordered.tables.end());
    for (const Table& all : ordered.tables) {
      const Table table = without_unvalidated(all, [&](const Constraint& constraint) {
        drop_constraint(all, constraint, Phase::kDropForeignKeys);
      });
      plan_.touch_all(key_of(table), whole(sides_.from_wholes, table));
      Step step{.operation =
                    DropTable{.name = table.name, .schema = table.options.schema, .was = table}};
      step.notes.push_back(
          {.kind = Note::Kind::kDestroys, .text = "the rows of " + key_of(table) + " are lost"});
      for (const Renaming& renaming : maybe) {
        if (renaming.from != table.name || renaming.schema != table.options.schema) continue;
        step.notes.push_back({.kind = Note::Kind::kMaybeRename,
                              .text = "table " + key_of(table) + " goes and " + renaming.to +
                                      " comes, with the same columns: if it is the same table, say "
                                      ".renamed_from = \"" +
                                      renaming.from + "\" in the model of " + renaming.to,
                              .renaming = renaming});
      }
      partitions_.drop(table, std::move(step));
    }
  }

  const Sides& sides_;
  Plan& plan_;
  Partitions partitions_ = Partitions(sides_, plan_);
  std::vector<const Table*> gone_ = {};
  std::vector<const Table*> made_ = {};
  mutable std::vector<std::unique_ptr<Table>> copies_ = {};
};

}  // namespace

void compare_tables(const Sides& sides, Plan& plan) {
  Tables(sides, plan).compare();
  free_foreign_keys(sides, plan);
}

}  // namespace capo::autogenerate
