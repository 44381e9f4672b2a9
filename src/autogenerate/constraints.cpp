// Keys, checks, foreign keys, exclusions: what goes, what comes, what only has another name.

#include "autogenerate/constraints.hpp"

#include <algorithm>
#include <variant>

#include "schema/checks.hpp"

namespace capo::autogenerate {
namespace {

using schema::name_of;

bool is_foreign_key(const Constraint& constraint) {
  return std::holds_alternative<ForeignKey>(constraint);
}

Constraint without_name(Constraint constraint) {
  std::visit([](auto& kind) { kind.name = ConstraintName(); }, constraint);
  return constraint;
}

bool* not_valid_of(Constraint& constraint) {
  if (auto* check = std::get_if<CheckConstraint>(&constraint)) return &check->not_valid;
  if (auto* key = std::get_if<ForeignKey>(&constraint)) return &key->not_valid;
  return nullptr;
}

/// Whether `from` is `to`, but that its rows have not been looked at.
bool waits_for_validation(Constraint from, const Constraint& to) {
  bool* not_valid = not_valid_of(from);
  if (not_valid == nullptr || !*not_valid) return false;
  *not_valid = false;
  return from == to;
}

// As the models say it, where they give it the name by which it is known; else as the database
// does.
Constraint as_declared(const Sides& sides, const Table& table, const Constraint& constraint) {
  const Table* declared = find(sides.declared_tables, key_of(table));
  if (declared == nullptr || name_of(constraint).empty()) return constraint;
  for (Constraint& other : constraints_of(*declared)) {
    if (name_of(other) == name_of(constraint) && other.index() == constraint.index()) return other;
  }
  return constraint;
}

void drop(const Table& table, const Constraint& constraint, Plan& plan) {
  plan.add(is_foreign_key(constraint) ? Phase::kDropForeignKeys : Phase::kDropConstraints,
           DropConstraint{.table = table.name,
                          .name = name_of(constraint),
                          .schema = table.options.schema,
                          .was = constraint});
}

void add(const Sides& sides, const Table& table, const Constraint& constraint, Plan& plan) {
  plan.add(is_foreign_key(constraint) ? Phase::kAddForeignKeys : Phase::kAddConstraints,
           adding({.table = table.name,
                   .constraint = as_declared(sides, table, constraint),
                   .schema = table.options.schema}));
}

void validate(const Table& table, const Constraint& constraint, const Constraint& valid,
              Plan& plan) {
  const std::string& in = table.options.schema;
  const std::string& name = name_of(constraint);
  Step step{.operation = ValidateConstraint{.table = table.name, .name = name, .schema = in}};
  step.back = {DropConstraint{.table = table.name, .name = name, .schema = in, .was = valid},
               AddConstraint{.table = table.name, .constraint = constraint, .schema = in}};
  plan.add(Phase::kAddConstraints, std::move(step));
}

template <class Item, class Same>
const Item* take_like(std::vector<Item>& items, Same&& same) {
  const auto found = std::find_if(items.begin(), items.end(), same);
  return found == items.end() ? nullptr : &*found;
}

bool has_name(const Table& table, const std::string& name) {
  const std::vector<Constraint> all = constraints_of(table);
  return std::any_of(all.begin(), all.end(),
                     [&](const Constraint& other) { return name_of(other) == name; });
}

void erase(std::vector<Constraint>& list, const Constraint* item) {
  list.erase(list.begin() + (item - list.data()));
}

// Whether one of its expressions is over the column.
bool computes_with(const Constraint& constraint, const std::string& column) {
  const auto* check = std::get_if<CheckConstraint>(&constraint);
  if (check != nullptr) return mentions(check->condition.sql, column);
  const auto* exclude = std::get_if<ExcludeConstraint>(&constraint);
  if (exclude == nullptr) return false;
  return (exclude->predicate && mentions(exclude->predicate->sql, column)) ||
         std::any_of(exclude->elements.begin(), exclude->elements.end(),
                     [&](const auto& element) { return mentions(element.expression.sql, column); });
}

bool computes_with(const Index& index, const std::string& column) {
  return (index.options.where && mentions(index.options.where->sql, column)) ||
         std::any_of(index.elements.begin(), index.elements.end(), [&](const auto& element) {
           return element.expression && mentions(element.expression->sql, column);
         });
}

bool names(const Constraint& constraint, const std::string& column) {
  const Names columns = schema::columns_of(constraint);
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

bool names(const Index& index, const std::string& column) {
  const Names& include = index.options.include;
  return std::find(include.begin(), include.end(), column) != include.end() ||
         std::any_of(index.elements.begin(), index.elements.end(),
                     [&](const auto& element) { return element.column == column; });
}

// Whether it goes with a column that is made anew, or cannot follow one to another type.
bool goes(const auto& item, const Table& table, const Plan& plan) {
  const auto& anew = plan.made_anew(key_of(table));
  const auto& retyped = plan.retyped(key_of(table));
  const auto is_computed = [&](const std::string& column) { return computes_with(item, column); };
  return std::any_of(retyped.begin(), retyped.end(), is_computed) ||
         std::any_of(anew.begin(), anew.end(), [&](const std::string& column) {
           return names(item, column) || is_computed(column);
         });
}

}  // namespace

std::vector<Constraint> constraints_of(const Table& table) {
  const TableOptions& options = table.options;
  std::vector<Constraint> all;
  if (options.primary_key) all.emplace_back(*options.primary_key);
  for (const auto& unique : options.uniques) all.emplace_back(unique);
  for (const auto& check : options.checks) all.emplace_back(check);
  for (const auto& exclude : options.excludes) all.emplace_back(exclude);
  for (const auto& key : options.foreign_keys) all.emplace_back(key);
  return all;
}

Step adding(AddConstraint operation) {
  Step step{.operation = operation};
  if (name_of(operation.constraint).empty()) {
    step.back = {DropConstraint{
        .table = operation.table, .schema = operation.schema, .was = operation.constraint}};
  }
  return step;
}

void compare_constraints(const Sides& sides, const Table& from, const Table& to, Plan& plan) {
  std::vector<Constraint> made = constraints_of(to);
  std::vector<Constraint> gone;
  for (const Constraint& constraint : constraints_of(from)) {
    const Constraint* same =
        take_like(made, [&](const Constraint& other) { return other == constraint; });
    if (same == nullptr) {
      gone.push_back(constraint);
      continue;
    }
    if (goes(constraint, to, plan)) {
      drop(to, constraint, plan);
      add(sides, to, constraint, plan);
    }
    erase(made, same);
  }
  for (const Constraint& constraint : gone) {
    const Constraint* valid = take_like(
        made, [&](const Constraint& other) { return waits_for_validation(constraint, other); });
    if (valid != nullptr) {
      validate(to, constraint, *valid, plan);
      erase(made, valid);
      continue;
    }
    const Constraint* renamed = take_like(made, [&](const Constraint& other) {
      return !name_of(other).empty() && !name_of(constraint).empty() &&
             !has_name(from, name_of(other)) && without_name(other) == without_name(constraint);
    });
    if (renamed == nullptr) {
      drop(to, constraint, plan);
      continue;
    }
    plan.add(Phase::kRename, RenameConstraint{.table = to.name,
                                              .from = name_of(constraint),
                                              .to = name_of(*renamed),
                                              .schema = to.options.schema});
    erase(made, renamed);
  }
  for (const Constraint& constraint : made) add(sides, to, constraint, plan);
}

namespace {

/// True if something else than an index has the name before the migration: an index may take it
/// when that is gone, and renaming comes earlier.
bool is_held(const Sides& sides, const std::string& name, const std::string& schema) {
  const auto has_it = [&](const auto& object) {
    return object.name == name && object.schema == schema;
  };
  const schema::Schema& old = sides.from.schema;
  return std::any_of(old.views.begin(), old.views.end(), has_it) ||
         std::any_of(old.sequences.begin(), old.sequences.end(), has_it) ||
         std::any_of(old.tables.begin(), old.tables.end(), [&](const Table& table) {
           return table.name == name && table.options.schema == schema;
         });
}

}  // namespace

void compare_indexes(const Sides& sides, const Table& from, const Table& to, Plan& plan) {
  const auto find_index = [](const Table& table, const Index& like) {
    return schema::find_index(table, like.name);
  };
  const Table* declared = find(sides.declared_tables, key_of(to));
  std::vector<Index> made;
  for (const Index& index : to.options.indexes) {
    const Index* old = find_index(from, index);
    if (old == nullptr || *old != index || goes(index, to, plan)) made.push_back(index);
  }
  for (const Index& index : from.options.indexes) {
    const Index* same = find_index(to, index);
    if (same != nullptr && *same == index && !goes(index, to, plan)) continue;
    const auto renamed = std::find_if(made.begin(), made.end(), [&](const Index& other) {
      return find_index(from, other) == nullptr && same == nullptr &&
             other.elements == index.elements && other.options == index.options &&
             !is_held(sides, other.name, to.options.schema);
    });
    if (renamed != made.end()) {
      plan.add(Phase::kRename,
               RenameIndex{.from = index.name, .to = renamed->name, .schema = to.options.schema});
      made.erase(renamed);
      continue;
    }
    plan.add(
        Phase::kDropIndexes,
        DropIndex{.name = index.name, .table = to.name, .schema = to.options.schema, .was = index});
  }
  for (const Index& index : made) {
    const Index* said = declared ? find_index(*declared, index) : nullptr;
    plan.add(
        Phase::kCreateIndexes,
        CreateIndex{.table = to.name, .index = said ? *said : index, .schema = to.options.schema});
  }
}

}  // namespace capo::autogenerate
