#include "autogenerate/compare.hpp"

#include <algorithm>
#include <set>

#include "autogenerate/dependents.hpp"
#include "autogenerate/objects.hpp"
#include "autogenerate/plan.hpp"
#include "autogenerate/renames.hpp"
#include "autogenerate/sides.hpp"
#include "autogenerate/tables.hpp"
#include "capo/error.hpp"
#include "operation/facets.hpp"

namespace capo::autogenerate {
namespace {

// Values are only added: no column has to be read again.
bool only_adds(const Names& from, const Names& to) {
  std::size_t kept = 0;
  for (const std::string& value : to) {
    if (kept < from.size() && from[kept] == value) ++kept;
  }
  return kept == from.size();
}

Type* enum_in(Type& type) {
  if (type.kind == TypeKind::kArray && !type.element.empty()) return enum_in(type.element.front());
  return type.kind == TypeKind::kEnum ? &type : nullptr;
}

// Columns change with an enum that is a type of its own: they are no difference by themselves.
void change_enums(dialect::Reflection& from, const schema::Schema& to, Plan& plan) {
  const ByKey<EnumType> now = by_key(to.enums);
  std::unordered_map<std::string, const EnumType*> changed;
  for (const EnumType& type : from.schema.enums) {
    const EnumType* other = find(now, schema::describe(type));
    if (other != nullptr && other->values != type.values) {
      changed.emplace(schema::qualified(type.schema, type.name), other);
    }
  }
  if (changed.empty()) return;
  for (Table& table : from.schema.tables) {
    for (Column& column : table.columns) {
      Type* type = enum_in(column.type);
      if (type == nullptr) continue;
      const auto found = changed.find(schema::qualified(type->schema, type->name));
      if (found == changed.end()) continue;
      if (!only_adds(type->values, found->second->values)) {
        plan.retype(key_of(table), column.name);
      }
      type->values = found->second->values;
    }
  }
}

std::vector<Note> unrepresented(const dialect::Reflection& from, const dialect::Reflection& to) {
  std::vector<Note> notes;
  std::set<std::string> said;
  for (const auto* side : {&from.unrepresented, &to.unrepresented}) {
    for (const dialect::Unrepresented& object : *side) {
      std::string text = object.object + (object.what.empty() ? "" : ": " + object.what);
      if (!said.insert(text).second) continue;
      notes.push_back({.kind = Note::Kind::kUnrepresented, .text = std::move(text)});
    }
  }
  return notes;
}

}  // namespace

Difference compare(const dialect::Reflection& from, const dialect::Reflection& to,
                   const schema::Schema* declared, const dialect::Dialect& dialect,
                   std::span<const Renaming> renamings) {
  Plan plan;
  dialect::Reflection before = from;
  if (declared != nullptr) rename(before, declared_renamings(before.schema, *declared), plan);
  rename(before, renamings, plan);
  change_enums(before, to.schema, plan);
  const Sides sides{.from = before,
                    .to = to,
                    .declared = declared,
                    .dialect = dialect,
                    .from_tables = tables_by_key(before.schema),
                    .to_tables = tables_by_key(to.schema),
                    .declared_tables = declared ? tables_by_key(*declared) : ByKey<Table>()};
  compare_tables(sides, plan);
  compare_objects(sides, plan);
  compare_dependents(sides, plan);
  return {.steps = plan.take(), .notes = unrepresented(from, to)};
}

Difference create_all(const schema::Schema& schema, const dialect::Dialect& dialect) {
  return compare({}, {.schema = schema}, &schema, dialect);
}

std::vector<Operation> forwards(const Difference& difference) {
  std::vector<Operation> operations;
  for (const Step& step : difference.steps) operations.push_back(step.operation);
  return operations;
}

std::vector<Operation> backwards(const Difference& difference) {
  std::vector<Operation> operations;
  for (auto step = difference.steps.rbegin(); step != difference.steps.rend(); ++step) {
    if (step->back) {
      operations.insert(operations.end(), step->back->begin(), step->back->end());
      continue;
    }
    std::optional<Operation> back = operation::inverse(step->operation);
    if (!back) {
      throw Error(ErrorCode::kSchema,
                  "nothing takes back: " + operation::describe(step->operation));
    }
    operations.push_back(std::move(*back));
  }
  return operations;
}

}  // namespace capo::autogenerate
