#pragma once

#include "property/random_schema.hpp"

/// The objects besides tables, with names that are free.
namespace capo::test {

Sequence random_sequence(Choices& choices, const schema::Schema& schema);
SequenceOptions random_sequence_options(Choices& choices);
EnumType random_enum(Choices& choices, const schema::Schema& schema);
/// With a check that every value passes.
Domain random_domain(Choices& choices, const schema::Schema& schema);
View random_view(Choices& choices, const Abilities& abilities, const schema::Schema& schema);
/// The columns of a view stay the same: a database that replaces one in place asks for that.
SqlText random_query(Choices& choices, const schema::Schema& schema);
Function random_function(Choices& choices, const schema::Schema& schema);
/// Of one of the schema's tables, of which there are some.
Trigger random_trigger(Choices& choices, const Abilities& abilities, const schema::Schema& schema);
Policy random_policy(Choices& choices, const schema::Schema& schema);

}  // namespace capo::test
