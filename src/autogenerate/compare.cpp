#include "autogenerate/compare.hpp"

#include <algorithm>
#include <set>

#include "autogenerate/access.hpp"
#include "autogenerate/dependents.hpp"
#include "autogenerate/enums.hpp"
#include "autogenerate/names.hpp"
#include "autogenerate/objects.hpp"
#include "autogenerate/plan.hpp"
#include "autogenerate/renames.hpp"
#include "autogenerate/sides.hpp"
#include "autogenerate/tables.hpp"
#include "autogenerate/types.hpp"
#include "capo/error.hpp"
#include "operation/facets.hpp"

namespace capo::autogenerate {
namespace {

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
  Before before(from);
  if (declared != nullptr) {
    rename(before, declared_renamings(from.schema, *declared), dialect, plan);
  }
  rename(before, renamings, dialect, plan);
  plan.set_heirs(before.get().schema);
  compare_enums(before, to.schema, declared, dialect, plan);
  compare_types(before, to, declared, dialect, plan);
  const Sides sides{.original = from,
                    .from = before.get(),
                    .to = to,
                    .declared = declared,
                    .dialect = dialect,
                    .from_tables = tables_by_key(before.get().schema),
                    .to_tables = tables_by_key(to.schema),
                    .declared_tables = declared ? tables_by_key(*declared) : ByKey<Table>(),
                    .from_wholes = wholes_of(before.get()),
                    .to_wholes = wholes_of(to)};
  compare_tables(sides, plan);
  compare_objects(sides, plan);
  compare_dependents(sides, plan);
  compare_access(sides, plan);
  free_names(sides, plan);
  std::vector<Note> notes = unrepresented(from, to);
  notes.insert(notes.end(), plan.notes().begin(), plan.notes().end());
  return {.steps = plan.take(), .notes = std::move(notes)};
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
