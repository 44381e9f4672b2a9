#pragma once

#include <string>
#include <vector>

#include "schema/schema.hpp"

/// What of a schema belongs to the server. Where a schema is only tried out, the server's roles are
/// neither made nor asked for.
namespace capo::schema {

/// Those that are declared, and those that something is granted to.
std::vector<std::string> named_roles(const Schema& schema);
/// Without roles and grants, and with policies that are for nobody in particular.
Schema without_roles(Schema schema);
/// `found` is what a database made of without_roles(declared): it gets back what was left out.
void put_back_roles(Schema& found, const Schema& declared);

}  // namespace capo::schema
