#pragma once

#include <string>
#include <vector>

#include "capo/operation.hpp"
#include "property/choices.hpp"
#include "schema/schema.hpp"

/// Random schemas and what can be changed about them and taken back, for any database.
namespace capo::test {

/// What a database has of what could be made.
struct Abilities {
  std::string dialect = {};
  bool schemas = true;
  bool sequences = true;
  bool enums = true;
  bool domains = true;
  bool functions = true;
  bool policies = true;
  bool materialized_views = true;
  bool excludes = true;
  bool identity = true;
  bool not_valid = true;
  bool methods = true;  ///< of indexes, and what they carry along
  bool nulls_not_distinct = true;
  bool security_invoker = true;
  bool replaces_triggers = true;
};

/// Of PostgreSQL with this major version.
Abilities postgresql_abilities(int major);

/// Operations that make a schema out of nothing, one after the other.
std::vector<Operation> random_schema(Choices& choices, const Abilities& abilities);

/// Operations of which each can be done to `schema`, and taken back: `was` is set.
std::vector<Operation> random_changes(Choices& choices, const Abilities& abilities,
                                      const schema::Schema& schema);

}  // namespace capo::test
