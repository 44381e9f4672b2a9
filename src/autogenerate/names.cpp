#include "autogenerate/names.hpp"

#include "autogenerate/constraints.hpp"
#include "schema/checks.hpp"

namespace capo::autogenerate {
namespace {

template <class Object>
bool drops_one_of(const Step& step, const std::unordered_set<std::string>& names) {
  const auto* drop = std::get_if<Drop<Object>>(&step.operation.value());
  return drop != nullptr &&
         names.contains(schema::qualified(drop->object.schema, drop->object.name));
}

}  // namespace

// Tables, views, sequences, indexes and types share their names; a table is a type as well.
std::unordered_set<std::string> shared_names(const schema::Schema& schema) {
  std::unordered_set<std::string> names;
  const auto add = [&](const std::string& in, const std::string& name) {
    names.insert(schema::qualified(in, name));
  };
  for (const Table& table : schema.tables) {
    const std::string& in = table.options.schema;
    add(in, table.name);
    for (const Index& index : table.options.indexes) add(in, index.name);
    for (const Constraint& constraint : constraints_of(table)) {
      add(in, schema::name_of(constraint));
    }
  }
  for (const View& view : schema.views) {
    add(view.schema, view.name);
    for (const Index& index : view.indexes) add(view.schema, index.name);
  }
  for (const Sequence& sequence : schema.sequences) add(sequence.schema, sequence.name);
  for (const EnumType& type : schema.enums) add(type.schema, type.name);
  for (const Domain& domain : schema.domains) add(domain.schema, domain.name);
  for (const CompositeType& type : schema.composite_types) add(type.schema, type.name);
  return names;
}

void free_names(const Sides& sides, Plan& plan) {
  const schema::Schema& from = sides.from.schema;
  if (from.sequences.empty() && from.enums.empty()) return;
  const std::unordered_set<std::string> names = shared_names(sides.to.schema);
  plan.bring_forward(Phase::kDropSequences, Phase::kDropTables,
                     [&](const Step& step) { return drops_one_of<Sequence>(step, names); });
  plan.bring_forward(Phase::kDropTypes, Phase::kDropRemadeTypes,
                     [&](const Step& step) { return drops_one_of<EnumType>(step, names); });
}

}  // namespace capo::autogenerate
