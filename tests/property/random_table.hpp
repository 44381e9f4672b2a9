#pragma once

#include <string>

#include "property/random_schema.hpp"

/// The parts of tables, for random_schema.cpp and random_changes.cpp.
namespace capo::test {

/// A name that `taken` says no to, plain or one that needs quotes.
template <class Taken>
std::string random_name(Choices& choices, Taken taken) {
  static constexpr std::string_view kNames[] = {"a", "items",  "order", "User", "it's",  "x y",
                                                "ä", "select", "a\"b",  "b",    "tab.le"};
  std::string name(choices.one_of(kNames));
  while (taken(name)) name += "2";
  return name;
}

/// In double quotes, for use in expressions.
std::string quoted(std::string_view name);

Column random_column(Choices& choices, const Abilities& abilities, const schema::Schema& schema,
                     const std::string& name);
/// None for types of which a default is not so easily said.
ServerDefault random_default(Choices& choices, const Type& type);
Table random_table(Choices& choices, const Abilities& abilities, const schema::Schema& schema);
/// With a name. `table` has columns.
Constraint random_constraint(Choices& choices, const Abilities& abilities,
                             const schema::Schema& schema, const Table& table);
Index random_index(Choices& choices, const Abilities& abilities, const schema::Schema& schema,
                   const Table& table);
/// Some columns of the table that can be compared and indexed, at least one.
Names random_columns(Choices& choices, const Table& table);
bool is_comparable(const Type& type);
SqlText random_condition(Choices& choices, const Table& table);
/// No relation of the schema has the name.
bool is_free(const schema::Schema& schema, const std::string& name);
bool has_constraint(const Table& table, const std::string& name);

}  // namespace capo::test
