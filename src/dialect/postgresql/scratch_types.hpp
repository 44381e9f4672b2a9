#pragma once

#include <set>
#include <string>

#include "dialect/connection.hpp"
#include "dialect/postgresql/scratch_statements.hpp"

namespace capo::dialect::postgresql {

/// Models may name domains and composite types that they do not declare: those of schema `from`
/// that the script does not make are made in schema `into` as well. One that cannot be made there
/// is left out; what needs it then says so. In the caller's transaction, with the search path as
/// the database has it. Returns the names of those that the script does not make.
std::set<std::string> copy_types(Connection& connection, const ScratchScript& script,
                                 const std::string& from, const std::string& into);

}  // namespace capo::dialect::postgresql
