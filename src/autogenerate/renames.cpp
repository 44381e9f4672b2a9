#include "autogenerate/renames.hpp"

#include <algorithm>
#include <functional>

#include "autogenerate/references.hpp"
#include "operation/facets.hpp"
#include "schema/partitions.hpp"

namespace capo::autogenerate {
namespace {

using schema::find_column;
using schema::find_table;
using schema::qualified;

/// Does the renaming to a text.
using InText = std::function<void(SqlText&)>;

// The database rewrites the expressions of a table itself.
void rename_in_expressions(Table& table, const InText& rename) {
  if (table.options.partition_by) rename(*table.options.partition_by);
  for (CheckConstraint& check : table.options.checks) rename(check.condition);
  for (Column& column : table.columns) {
    if (column.options.computed) rename(column.options.computed->expression);
  }
  for (ExcludeConstraint& exclude : table.options.excludes) {
    for (auto& element : exclude.elements) rename(element.expression);
    if (exclude.predicate) rename(*exclude.predicate);
  }
  for (Index& index : table.options.indexes) {
    for (IndexElement& element : index.elements) {
      if (element.expression) rename(*element.expression);
    }
    if (index.options.where) rename(*index.options.where);
  }
}

void rename_in_policies(schema::Schema& schema, const std::string& in, const std::string& table,
                        const InText& rename) {
  for (Policy& policy : schema.policies) {
    if (policy.table != table || policy.schema != in) continue;
    if (policy.using_) rename(*policy.using_);
    if (policy.with_check) rename(*policy.with_check);
  }
}

/// Of a table, those that have its columns, and theirs.
void add_heirs(const schema::Schema& schema, const std::string& key,
               std::vector<std::string>& heirs) {
  for (const Table& table : schema.tables) {
    const std::vector<std::string> parents = schema::parent_keys(table);
    if (std::find(parents.begin(), parents.end(), key) == parents.end()) continue;
    heirs.push_back(key_of(table));
    add_heirs(schema, heirs.back(), heirs);
  }
}

// Partitions by themselves are no part of the schema: each is given to the operation as one.
void rename_in_detached(dialect::Reflection& from, const Operation& operation,
                        const std::string& key) {
  for (Table& table : from.detached) {
    if (key_of(table) != key) continue;
    schema::Schema alone{.tables = {std::move(table)}};
    operation::apply(operation, alone);
    table = std::move(alone.tables.front());
  }
}

void rename_referred(dialect::Reflection& from, const Renaming& renaming) {
  for (Table& table : from.detached) {
    for (ForeignKey& key : table.options.foreign_keys) {
      if (key.referred_schema != renaming.schema) continue;
      if (renaming.table.empty()) {
        if (key.referred_table == renaming.from) key.referred_table = renaming.to;
      } else if (key.referred_table == renaming.table) {
        std::replace(key.referred_columns.begin(), key.referred_columns.end(), renaming.from,
                     renaming.to);
      }
    }
  }
}

// A dependency says `table items`, `policy own on items`.
void rename_in_dependencies(dialect::Reflection& from, const Renaming& renaming) {
  const std::string old_name = qualified(renaming.schema, renaming.from);
  const std::string new_name = qualified(renaming.schema, renaming.to);
  const auto renamed = [&](std::string& object) {
    if (object == "table " + old_name) object = "table " + new_name;
    const std::string on_old = " on " + old_name;
    if (object.ends_with(on_old)) {
      object.replace(object.size() - on_old.size(), on_old.size(), " on " + new_name);
    }
  };
  for (dialect::Dependency& dependency : from.dependencies) {
    renamed(dependency.object);
    renamed(dependency.on);
  }
  for (dialect::Attachment& attachment : from.attachments) renamed(attachment.object);
}

/// As an SQL text names it.
std::string written(const dialect::Dialect& dialect, const std::string& name) {
  auto sql = dialect.writer();
  sql << dialect::Identifier(name);
  return sql.str();
}

// The database gives a table its new name in views and triggers as well.
void rename_in_dependents(schema::Schema& schema, const InText& rename) {
  for (View& view : schema.views) rename(view.query);
  for (Trigger& trigger : schema.triggers) rename(trigger.action);
}

// What becomes of a column's name in a view, databases do not agree on.
void mark_dependents(const schema::Schema& schema, const Renaming& renaming, Plan& plan) {
  for (const View& view : schema.views) {
    if (!mentions(view.query.sql, renaming.from)) continue;
    if (mentions(view.query.sql, renaming.table)) plan.mark_renamed(schema::describe(view));
  }
  for (const Trigger& trigger : schema.triggers) {
    const std::string text = trigger.event.sql + " " + trigger.action.sql;
    if (!mentions(text, renaming.from)) continue;
    const bool is_over_it = trigger.table == renaming.table || mentions(text, renaming.table);
    if (is_over_it) plan.mark_renamed(schema::describe(trigger));
  }
}

void rename_table(dialect::Reflection& from, const Renaming& renaming,
                  const dialect::Dialect& dialect, Plan& plan) {
  const RenameTable operation{.from = renaming.from, .to = renaming.to, .schema = renaming.schema};
  operation::apply(operation, from.schema);
  rename_in_detached(from, operation, qualified(renaming.schema, renaming.from));
  rename_referred(from, renaming);
  Table& table = *find_table(from.schema, renaming.schema, renaming.to);
  const std::string new_name = written(dialect, renaming.to);
  const InText rename = [&](SqlText& text) {
    text.sql = with_table_renamed(dialect, text.sql, renaming.from, new_name);
  };
  rename_in_expressions(table, rename);
  rename_in_dependents(from.schema, rename);
  rename_in_dependencies(from, renaming);
  plan.add(Phase::kRename, operation);
}

/// In what belongs to one table, and rests on it.
void rename_column_of(dialect::Reflection& from, const Renaming& renaming,
                      const InText& rename, Plan& plan) {
  rename_in_policies(from.schema, renaming.schema, renaming.table, rename);
  mark_dependents(from.schema, renaming, plan);
  const std::string key = qualified(renaming.schema, renaming.table);
  rename_in_detached(from,
                     AlterColumn{.table = renaming.table,
                                 .column = renaming.from,
                                 .rename_to = renaming.to,
                                 .schema = renaming.schema},
                     key);
  for (Table& table : from.detached) {
    if (key_of(table) == key) rename_in_expressions(table, rename);
  }
  for (dialect::Dependency& dependency : from.dependencies) {
    if (dependency.on == "table " + key && dependency.column == renaming.from) {
      dependency.column = renaming.to;
    }
  }
}

void rename_column(dialect::Reflection& from, const Renaming& renaming,
                   const dialect::Dialect& dialect, Plan& plan) {
  const AlterColumn operation{.table = renaming.table,
                              .column = renaming.from,
                              .rename_to = renaming.to,
                              .schema = renaming.schema};
  operation::apply(operation, from.schema);
  rename_referred(from, renaming);
  const std::string new_name = written(dialect, renaming.to);
  std::vector<std::string> tables = {qualified(renaming.schema, renaming.table)};
  add_heirs(from.schema, tables.front(), tables);
  for (const std::string& key : tables) {
    const auto found = std::find_if(from.schema.tables.begin(), from.schema.tables.end(),
                                    [&](const Table& table) { return key_of(table) == key; });
    const std::string table = found->name;
    const InText rename = [&](SqlText& text) {
      text.sql = with_column_renamed(dialect, text.sql, table, renaming.from, new_name);
    };
    rename_column_of(from,
                     {.schema = found->options.schema,
                      .table = table,
                      .from = renaming.from,
                      .to = renaming.to},
                     rename, plan);
    rename_in_expressions(*found, rename);
  }
  plan.add(Phase::kRename, operation);
}

bool same_columns(const Table& a, const Table& b) {
  return a.options.partition_of == b.options.partition_of && a.columns.size() == b.columns.size() &&
         std::equal(
             a.columns.begin(), a.columns.end(), b.columns.begin(),
             [](const Column& x, const Column& y) { return x.name == y.name && x.type == y.type; });
}

}  // namespace

std::vector<Renaming> declared_renamings(const schema::Schema& from,
                                         const schema::Schema& declared) {
  const ByKey<Table> there = tables_by_key(from);
  std::vector<Renaming> result;
  for (const Table& table : declared.tables) {
    const std::string& in = table.options.schema;
    const Table* old = find(there, key_of(table));
    if (old == nullptr && !table.options.renamed_from.empty()) {
      old = find(there, qualified(in, table.options.renamed_from));
      if (old != nullptr) {
        result.push_back({.schema = in, .from = table.options.renamed_from, .to = table.name});
      }
    }
    if (old == nullptr) continue;
    for (const Column& column : table.columns) {
      const std::string& was = column.options.renamed_from;
      if (was.empty() || find_column(*old, column.name) || !find_column(*old, was)) continue;
      result.push_back({.schema = in, .table = table.name, .from = was, .to = column.name});
    }
  }
  return result;
}

void rename(Before& before, std::span<const Renaming> renamings, const dialect::Dialect& dialect,
            Plan& plan) {
  for (const Renaming& renaming : renamings) {
    if (renaming.table.empty()) {
      rename_table(before.edit(), renaming, dialect, plan);
    } else {
      rename_column(before.edit(), renaming, dialect, plan);
    }
  }
}

std::vector<Renaming> likely_renamings(const Table& from, const Table& to) {
  std::vector<Renaming> result;
  const auto without = [](const Table& table, const Table& other) {
    std::vector<const Column*> columns;
    for (const Column& column : table.columns) {
      if (!find_column(other, column.name)) columns.push_back(&column);
    }
    return columns;
  };
  const std::vector<const Column*> gone = without(from, to);
  const std::vector<const Column*> made = without(to, from);
  const auto only = [](const std::vector<const Column*>& columns, const Type& type) {
    const Column* found = nullptr;
    for (const Column* column : columns) {
      if (column->type != type) continue;
      if (found != nullptr) return static_cast<const Column*>(nullptr);
      found = column;
    }
    return found;
  };
  for (const Column* column : gone) {
    const Column* other = only(made, column->type);
    if (other == nullptr || only(gone, column->type) == nullptr) continue;
    result.push_back(
        {.schema = to.options.schema, .table = to.name, .from = column->name, .to = other->name});
  }
  return result;
}

std::vector<Renaming> likely_renamings(const std::vector<const Table*>& gone,
                                       const std::vector<const Table*>& made) {
  std::vector<Renaming> result;
  for (const Table* table : made) {
    const Table* found = nullptr;
    bool is_only = true;
    for (const Table* other : gone) {
      if (other->options.schema != table->options.schema || !same_columns(*other, *table)) continue;
      is_only = found == nullptr;
      found = other;
    }
    if (found == nullptr || !is_only) continue;
    result.push_back({.schema = table->options.schema, .from = found->name, .to = table->name});
  }
  return result;
}

}  // namespace capo::autogenerate
