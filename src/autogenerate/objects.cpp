#include "autogenerate/objects.hpp"

#include <algorithm>

namespace capo::autogenerate {
namespace {

/// `created(object)`, `gone(object)` and `changed(was, object)` for what differs between two lists.
template <class List, class Created, class Gone, class Changed>
void compare_lists(const List& from, const List& to, Created&& created, Gone&& gone,
                   Changed&& changed) {
  const auto old = by_key(from);
  const auto now = by_key(to);
  for (const auto& object : from) {
    if (!now.contains(schema::describe(object))) gone(object);
  }
  for (const auto& object : to) {
    const auto* was = find(old, schema::describe(object));
    if (was == nullptr) {
      created(object);
    } else if (*was != object) {
      changed(*was, object);
    }
  }
}

/// As the models say it, if they do.
template <class List>
const auto& as_declared(const List* declared, const typename List::value_type& object) {
  if (declared != nullptr) {
    for (const auto& said : *declared) {
      if (schema::describe(said) == schema::describe(object)) return said;
    }
  }
  return object;
}

template <class List>
void compare_kind(const List& from, const List& to, const List* declared, Phase make, Phase drop,
                  Plan& plan) {
  using Object = typename List::value_type;
  compare_lists(
      from, to,
      [&](const Object& object) {
        plan.add(make, Create<Object>{.object = as_declared(declared, object)});
      },
      [&](const Object& object) { plan.add(drop, Drop<Object>{.object = object, .was = object}); },
      [&](const Object& was, const Object& object) {
        plan.add(make, Replace<Object>{.object = as_declared(declared, object), .was = was});
      });
}

// An extension without a version is content with the one that is there.
std::vector<Extension> with_known_versions(std::vector<Extension> to, const Sides& sides) {
  if (sides.declared == nullptr) return to;
  for (Extension& extension : to) {
    const Extension& said = as_declared(&sides.declared->extensions, extension);
    for (const Extension& was : sides.from.schema.extensions) {
      if (was.name != extension.name) continue;
      if (said.version.empty()) extension.version = was.version;
      if (said.schema.empty()) extension.schema = was.schema;
    }
  }
  return to;
}

void compare_row_security(const Sides& sides, Plan& plan) {
  const auto set = [&](const TableSecurity& table, RowSecurity now, RowSecurity was, Phase phase) {
    plan.add(phase, SetRowSecurity{
                        .table = table.table, .security = now, .schema = table.schema, .was = was});
  };
  compare_lists(
      sides.from.schema.securities, sides.to.schema.securities,
      [&](const TableSecurity& table) { set(table, table.security, {}, Phase::kCreateDependents); },
      [&](const TableSecurity& table) { set(table, {}, table.security, Phase::kDropDependents); },
      [&](const TableSecurity& was, const TableSecurity& table) {
        set(table, table.security, was.security, Phase::kCreateDependents);
      });
}

}  // namespace

void compare_objects(const Sides& sides, Plan& plan) {
  const schema::Schema& from = sides.from.schema;
  const schema::Schema& to = sides.to.schema;
  const schema::Schema* said = sides.declared;
  compare_kind(from.schemas, to.schemas, said ? &said->schemas : nullptr, Phase::kCreateNamespaces,
               Phase::kDropNamespaces, plan);
  compare_kind(from.extensions, with_known_versions(to.extensions, sides),
               said ? &said->extensions : nullptr, Phase::kCreateNamespaces, Phase::kDropNamespaces,
               plan);
  compare_kind(from.sequences, to.sequences, said ? &said->sequences : nullptr,
               Phase::kCreateSequences, Phase::kDropSequences, plan);
  compare_row_security(sides, plan);
}

}  // namespace capo::autogenerate
