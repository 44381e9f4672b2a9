#include "property/random_schema.hpp"

#include <utility>

#include "operation/facets.hpp"
#include "property/random_objects.hpp"
#include "property/random_table.hpp"

namespace capo::test {
namespace {

class Builder {
 public:
  Builder(Choices& choices, const Abilities& abilities)
      : choices_(choices), abilities_(abilities) {}

  std::vector<Operation> build() {
    if (abilities_.schemas && choices_.chance(3)) add(Create<SchemaName>{.object = {"reports"}});
    if (abilities_.functions) {
      add(Create<Function>{
          .object = {.name = "touch of capo",
                     .definition = SqlText{"RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN "
                                           "NEW; END$$"}}});
    }
    for (std::size_t i = choices_.below(2); abilities_.enums && i > 0; --i) {
      add(Create<EnumType>{.object = random_enum(choices_, schema_)});
    }
    for (std::size_t i = choices_.below(3); abilities_.domains && i > 0; --i) {
      add(Create<Domain>{.object = random_domain(choices_, schema_)});
    }
    for (std::size_t i = 1 + choices_.below(3); i > 0; --i) {
      add(CreateTable{.table = random_table(choices_, abilities_, schema_)});
    }
    for (std::size_t i = choices_.below(5); i > 0; --i) add_object();
    return std::move(operations_);
  }

 private:
  void add(Operation operation) {
    operation::apply(operation, schema_);
    operations_.push_back(std::move(operation));
  }

  void add_object() {
    const std::size_t kind = choices_.below(6);
    if (kind == 0) {
      add(Create<View>{.object = random_view(choices_, abilities_, schema_)});
    } else if (kind == 1 && abilities_.sequences) {
      add(Create<Sequence>{.object = random_sequence(choices_, schema_)});
    } else if (kind == 2 && abilities_.functions) {
      add(Create<Function>{.object = random_function(choices_, schema_)});
    } else if (kind == 3) {
      add(Create<Trigger>{.object = random_trigger(choices_, abilities_, schema_)});
    } else if (kind == 4 && abilities_.policies) {
      add(Create<Policy>{.object = random_policy(choices_, schema_)});
    } else if (kind == 5 && abilities_.policies) {
      const Table& table = choices_.one_of(schema_.tables);
      add(SetRowSecurity{.table = table.name,
                         .security = {.enabled = true, .forced = choices_.chance(2)},
                         .schema = table.options.schema});
    }
  }

  Choices& choices_;
  const Abilities& abilities_;
  schema::Schema schema_ = {};
  std::vector<Operation> operations_ = {};
};

}  // namespace

Abilities postgresql_abilities(int major) {
  return {.dialect = "postgresql",
          .nulls_not_distinct = major >= 15,
          .security_invoker = major >= 15,
          .replaces_triggers = major >= 14};
}

std::vector<Operation> random_schema(Choices& choices, const Abilities& abilities) {
  return Builder(choices, abilities).build();
}

}  // namespace capo::test
