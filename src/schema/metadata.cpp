#include "schema/metadata.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "schema/checks.hpp"
#include "schema/grants.hpp"
#include "schema/naming.hpp"
#include "schema/partitions.hpp"
#include "schema/tenancy.hpp"

namespace capo {

NamingConvention NamingConvention::usual() {
  return {.ix = "ix_%(column_0_label)s",
          .uq = "uq_%(table_name)s_%(column_0_name)s",
          .ck = "ck_%(table_name)s_%(constraint_name)s",
          .fk = "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
          .pk = "pk_%(table_name)s"};
}

void MetaData::add(MetaData other) {
  const auto take = [](auto& ours, auto& theirs) {
    std::move(theirs.begin(), theirs.end(), std::back_inserter(ours));
  };
  take(schemas, other.schemas);
  take(extensions, other.extensions);
  take(sequences, other.sequences);
  take(enums, other.enums);
  take(domains, other.domains);
  take(composite_types, other.composite_types);
  take(tables, other.tables);
  take(views, other.views);
  take(functions, other.functions);
  take(triggers, other.triggers);
  take(policies, other.policies);
  take(row_security, other.row_security);
  take(roles, other.roles);
  take(grants, other.grants);
}

namespace schema {
namespace {

[[noreturn]] void refuse(std::string message, std::string hint = {}) {
  throw Error(ErrorCode::kSchema, std::move(message)).hint(std::move(hint));
}

std::string name_of(const Table& table) { return qualified(table.options.schema, table.name); }

// Each is whole, and none is there twice.
template <class Object>
void check_all(const List<Object>& objects) {
  std::set<std::string> seen;
  for (const Object& object : objects) {
    check(object);
    if (!seen.insert(describe(object)).second) refuse("there are two: " + describe(object));
  }
}

// Tables, views and sequences share their names with each other, and on PostgreSQL with indexes and
// composite types.
class RelationNames {
 public:
  void take(std::string_view in, std::string_view name, const std::string& what) {
    const auto [place, is_new] = taken_.emplace(qualified(in, name), what);
    if (!is_new) refuse(what + " has the name of another: " + place->second);
  }

 private:
  std::map<std::string, std::string> taken_ = {};
};

void check_names_of_relations(const Schema& schema) {
  RelationNames names;
  const auto take_index = [&](const std::string& in, const std::string& of, const Index& index) {
    if (index.name.empty()) {
      refuse("an index of " + of + " has no name",
             "give it one, or the naming convention a pattern .ix");
    }
    names.take(in, index.name, "index " + index.name + " of " + of);
  };
  for (const Table& table : schema.tables) {
    names.take(table.options.schema, table.name, "table " + name_of(table));
  }
  for (const View& view : schema.views) names.take(view.schema, view.name, describe(view));
  for (const Sequence& sequence : schema.sequences) {
    names.take(sequence.schema, sequence.name, describe(sequence));
  }
  for (const CompositeType& type : schema.composite_types) {
    names.take(type.schema, type.name, describe(type));
  }
  for (const Table& table : schema.tables) {
    for (const Index& index : table.options.indexes) {
      take_index(table.options.schema, name_of(table), index);
    }
  }
  for (const View& view : schema.views) {
    for (const Index& index : view.indexes) {
      take_index(view.schema, qualified(view.schema, view.name), index);
    }
  }
}

void check_names_of_constraints(const Table& table) {
  std::set<std::string> seen;
  const auto check_one = [&](const std::string& name) {
    if (!name.empty() && !seen.insert(name).second) {
      refuse("table " + name_of(table) + " has two constraints " + name,
             "give one of them a .name of its own");
    }
  };
  const TableOptions& options = table.options;
  if (options.primary_key) check_one(options.primary_key->name);
  for (const auto& unique : options.uniques) check_one(unique.name);
  for (const auto& condition : options.checks) check_one(condition.name);
  for (const auto& key : options.foreign_keys) check_one(key.name);
  for (const auto& exclude : options.excludes) check_one(exclude.name);
}

// What a foreign key refers to is there, and is told apart from all other rows by it.
void check_reference(const Schema& schema, const Table& table, const ForeignKey& key) {
  const std::string what = "the foreign key " + (key.name.empty() ? "" : key.name + " ") + "of " +
                           name_of(table) + " over " + base::join(key.columns, ", ");
  const Table* referred = find_table(schema, key.referred_schema, key.referred_table);
  if (referred == nullptr) {
    refuse(what + " refers to a table that is not there: " +
               qualified(key.referred_schema, key.referred_table),
           "is it in another schema? say .referred_schema");
  }
  const bool is_known = knows_all_columns(schema, *referred);
  for (const std::string& column : key.referred_columns) {
    if (is_known && find_any_column(schema, *referred, column) == nullptr) {
      refuse(what + " refers to a column that is not there: " + name_of(*referred) + "." + column);
    }
  }
  const auto same = [&](const Names& columns) {
    return std::is_permutation(columns.begin(), columns.end(), key.referred_columns.begin(),
                               key.referred_columns.end());
  };
  if (!is_known) return;
  const Table all = has_own_columns(*referred) ? *referred : whole(schema, *referred);
  const TableOptions& options = all.options;
  const bool is_unique =
      same(primary_key_columns(all)) ||
      std::any_of(options.uniques.begin(), options.uniques.end(),
                  [&](const UniqueConstraint& unique) { return same(unique.columns); }) ||
      std::any_of(options.indexes.begin(), options.indexes.end(), [&](const Index& index) {
        Names columns;
        for (const IndexElement& element : index.elements) columns.push_back(element.column);
        return index.options.unique && !index.options.where && same(columns);
      });
  if (!is_unique) {
    refuse(
        what + " refers to columns of " + name_of(*referred) +
        " that are neither its primary key nor unique: " + base::join(key.referred_columns, ", "));
  }
}

// A parent is there, and has what its partitions say of it.
void check_parents(const Schema& schema, const Table& table) {
  const std::string what = "table " + name_of(table);
  const auto& of = table.options.partition_of;
  if (of) {
    const Table* parent = find_table(schema, of->schema, of->parent);
    const std::string name = qualified(of->schema, of->parent);
    if (parent == nullptr) {
      refuse(what + " is a partition of a table that is not there: " + name,
             "is it in another schema? say .schema in .partition_of");
    }
    if (!parent->options.partition_by) {
      refuse(what + " is a partition of " + name + ", which is not partitioned",
             "say .partition_by in the model of " + name);
    }
  }
  for (const TableName& parent : table.options.inherits) {
    if (find_table(schema, parent.schema, parent.name) != nullptr) continue;
    refuse(what +
           " inherits from a table that is not there: " + qualified(parent.schema, parent.name));
  }
  std::set<std::string> seen = {name_of(table)};
  for (const Table* at = &table; at != nullptr && at->options.partition_of;) {
    at = find_table(schema, at->options.partition_of->schema, at->options.partition_of->parent);
    if (at != nullptr && !seen.insert(name_of(*at)).second) {
      refuse(what + " is a partition of itself");
    }
  }
}

// What is over columns of the parents.
void check_inherited_columns(const Schema& schema, const Table& table) {
  if (has_own_columns(table) || !knows_all_columns(schema, table)) return;
  const auto check_known = [&](const std::string& what, const Names& columns) {
    for (const std::string& column : columns) {
      if (find_any_column(schema, table, column) != nullptr) continue;
      refuse(what + " of " + name_of(table) +
             " names a column that neither it nor its parent has: " + column);
    }
  };
  const TableOptions& options = table.options;
  if (options.primary_key) check_known("the primary key", options.primary_key->columns);
  for (const auto& unique : options.uniques) check_known("a unique constraint", unique.columns);
  for (const auto& key : options.foreign_keys) check_known("a foreign key", key.columns);
  for (const Index& index : options.indexes) {
    Names columns = index.options.include;
    for (const IndexElement& element : index.elements) {
      if (!element.expression) columns.push_back(element.column);
    }
    check_known("the index " + index.name, columns);
  }
}

void fill_in_references(Schema& schema) {
  for (Table& table : schema.tables) {
    for (ForeignKey& key : table.options.foreign_keys) {
      if (!key.referred_columns.empty()) continue;
      const Table* referred = find_table(schema, key.referred_schema, key.referred_table);
      if (referred == nullptr) continue;  // Refused by check_reference().
      key.referred_columns = primary_key_columns(
          referred->options.partition_of ? whole(schema, *referred) : *referred);
      if (key.referred_columns.size() != key.columns.size()) {
        refuse("a foreign key of " + name_of(table) + " over " + base::join(key.columns, ", ") +
               " says no columns of " + name_of(*referred) + ", whose primary key has " +
               std::to_string(key.referred_columns.size()));
      }
    }
  }
}

template <class Object>
void check_places(const Schema& schema, const List<Object>& objects) {
  for (const Object& object : objects) {
    const bool is_there =
        find_table(schema, object.schema, object.table) != nullptr ||
        std::any_of(schema.views.begin(), schema.views.end(), [&](const View& view) {
          return view.name == object.table && view.schema == object.schema;
        });
    if (!is_there) refuse(describe(object) + ": that table is not there");
  }
}

}  // namespace

Schema to_schema(const MetaData& metadata, std::size_t longest) {
  check_all(metadata.schemas);
  check_all(metadata.extensions);
  check_all(metadata.sequences);
  check_all(metadata.enums);
  check_all(metadata.domains);
  check_all(metadata.composite_types);
  check_all(metadata.views);
  check_all(metadata.functions);
  check_all(metadata.triggers);
  check_all(metadata.policies);
  check_all(metadata.roles);
  for (const Grant& grant : metadata.grants) check(grant);
  Schema schema{.schemas = metadata.schemas,
                .extensions = metadata.extensions,
                .sequences = metadata.sequences,
                .enums = metadata.enums,
                .domains = metadata.domains,
                .composite_types = metadata.composite_types,
                .tables = metadata.tables,
                .views = metadata.views,
                .functions = metadata.functions,
                .triggers = metadata.triggers,
                .policies = metadata.policies,
                .securities = metadata.row_security,
                .roles = metadata.roles,
                .grants = grants_of(privileges_of(metadata.grants))};
  for (const Table& table : schema.tables) check_table(table);
  for (const Table& table : schema.tables) check_parents(schema, table);
  for (const Table& table : schema.tables) check_inherited_columns(schema, table);
  expand_tenants(schema);
  fill_in_references(schema);
  const Namer namer(metadata.naming, longest);
  for (Table& table : schema.tables) {
    namer.name_all(table);
    check_names_of_constraints(table);
  }
  for (View& view : schema.views) namer.name_all(view);
  check_names_of_relations(schema);
  for (const Table& table : schema.tables) {
    for (const ForeignKey& key : table.options.foreign_keys) check_reference(schema, table, key);
  }
  check_places(schema, metadata.triggers);
  check_places(schema, metadata.policies);
  check_places(schema, metadata.row_security);
  return schema;
}

}  // namespace schema
}  // namespace capo
