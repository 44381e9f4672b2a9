#include "property/random_objects.hpp"

#include <algorithm>

#include "property/random_table.hpp"

namespace capo::test {
namespace {

std::string relation_name(Choices& choices, const schema::Schema& schema) {
  return random_name(choices, [&](const std::string& name) { return !is_free(schema, name); });
}

std::string relation(std::string_view schema, std::string_view name) {
  return schema.empty() ? quoted(name) : quoted(schema) + "." + quoted(name);
}

constexpr std::string_view kTouch = "touch of capo";

}  // namespace

SequenceOptions random_sequence_options(Choices& choices) {
  SequenceOptions options;
  if (choices.chance(2)) options.increment = choices.chance(2) ? 3 : -2;
  if (choices.chance(3)) options.start = 7;
  if (choices.chance(3)) options.min_value = -20;
  // Of one that counts down, the highest is -1 unless said.
  const bool needs_more = options.start && options.increment.value_or(1) < 0;
  if (needs_more || choices.chance(3)) options.max_value = 1000;
  if (choices.chance(3)) options.cache = 10;
  options.cycle = choices.chance(3);
  return options;
}

Sequence random_sequence(Choices& choices, const schema::Schema& schema) {
  return {.name = relation_name(choices, schema), .options = random_sequence_options(choices)};
}

EnumType random_enum(Choices& choices, const schema::Schema& schema) {
  EnumType type{.name = relation_name(choices, schema), .values = {"sad", "it's"}};
  if (choices.chance(2)) type.values.push_back("");
  type.values.back() = type.values.back().empty() ? "x y" : type.values.back();
  return type;
}

Domain random_domain(Choices& choices, const schema::Schema& schema) {
  static const Type kTypes[] = {Integer(), Text(), Numeric(), BigInteger(), Array(Integer())};
  Domain domain{.name = relation_name(choices, schema), .type = choices.one_of(kTypes)};
  if (!schema.enums.empty() && choices.chance(3)) {
    const EnumType& type = choices.one_of(schema.enums);
    domain.type = Enum(type.name, type.values, type.schema);
  }
  if (!schema.domains.empty() && choices.chance(4)) {
    domain.type = Named(quoted(choices.one_of(schema.domains).name));
  }
  if (choices.chance(2)) domain.server_default = random_default(choices, domain.type);
  if (choices.chance(2)) domain.checks.push_back({SqlText("VALUE::text <> 'zz'"), "no zz"});
  return domain;
}

SqlText random_query(Choices& choices, const schema::Schema& schema) {
  std::string sql = "SELECT 1 AS n, 'it''s' AS text";
  if (!schema.tables.empty()) {
    const Table& table = choices.one_of(schema.tables);
    sql += " FROM " + relation(table.options.schema, table.name);
    if (choices.chance(2)) sql += " WHERE " + random_condition(choices, table).sql;
  }
  return SqlText(sql);
}

View random_view(Choices& choices, const Abilities& abilities, const schema::Schema& schema) {
  View view{.name = relation_name(choices, schema), .query = random_query(choices, schema)};
  view.materialized = abilities.materialized_views && choices.chance(3);
  view.with_data = !view.materialized || choices.chance(2);
  view.security_invoker = abilities.security_invoker && !view.materialized && choices.chance(4);
  return view;
}

Function random_function(Choices& choices, const schema::Schema& schema) {
  static const Names kArguments[] = {{}, {"integer"}, {"a integer", "b text"}};
  static constexpr std::string_view kBodies[] = {"RETURNS integer LANGUAGE sql AS 'SELECT 1'",
                                                 "RETURNS integer LANGUAGE sql AS $$SELECT 2$$"};
  Function function{.name = "f", .definition = SqlText(choices.one_of(kBodies))};
  function.name = random_name(choices, [&](const std::string& name) {
    return std::any_of(schema.functions.begin(), schema.functions.end(),
                       [&](const Function& other) { return other.name == name; });
  });
  function.arguments = choices.one_of(kArguments);
  if (choices.chance(4)) {
    function.procedure = true;
    function.definition = SqlText{"LANGUAGE sql AS 'SELECT 1'"};
  }
  return function;
}

Trigger random_trigger(Choices& choices, const Abilities& abilities, const schema::Schema& schema) {
  static constexpr std::string_view kEvents[] = {"BEFORE UPDATE", "AFTER INSERT", "BEFORE DELETE"};
  const Table& table = choices.one_of(schema.tables);
  Trigger trigger{
      .name = "t",
      .table = table.name,
      .event = SqlText(choices.one_of(kEvents)),
      .action = SqlText{"FOR EACH ROW EXECUTE FUNCTION " + quoted(kTouch) + "()"}.on_dialect(
          "sqlite", "BEGIN SELECT 1; END"),
      .schema = table.options.schema};
  trigger.name = random_name(choices, [&](const std::string& name) {
    return std::any_of(schema.triggers.begin(), schema.triggers.end(),
                       [&](const Trigger& other) { return other.name == name; });
  });
  (void)abilities;
  return trigger;
}

Policy random_policy(Choices& choices, const schema::Schema& schema) {
  static constexpr Policy::Command kCommands[] = {
      Policy::Command::kAll, Policy::Command::kSelect, Policy::Command::kInsert,
      Policy::Command::kUpdate, Policy::Command::kDelete};
  const Table& table = choices.one_of(schema.tables);
  Policy policy{.table = table.name, .schema = table.options.schema};
  policy.name = random_name(choices, [&](const std::string& name) {
    return std::any_of(schema.policies.begin(), schema.policies.end(),
                       [&](const Policy& other) { return other.name == name; });
  });
  policy.command = choices.one_of(kCommands);
  policy.permissive = !choices.chance(3);
  if (choices.chance(3)) policy.roles = {"current_user"};
  const bool sees = policy.command != Policy::Command::kInsert;
  const bool writes =
      policy.command != Policy::Command::kSelect && policy.command != Policy::Command::kDelete;
  if (sees && choices.chance(2)) policy.using_ = random_condition(choices, table);
  if (writes && choices.chance(2)) policy.with_check = random_condition(choices, table);
  return policy;
}

}  // namespace capo::test
