#pragma once

#include <string>

#include "dialect/connection.hpp"
#include "dialect/postgresql/scratch_statements.hpp"

namespace capo::dialect::postgresql {

/// Models name domains and composite types, which they cannot declare: those of schema `from` that
/// the script does not make are made in schema `into` as well. One that cannot be made there is
/// left out; what needs it then says so. In the caller's transaction, with the search path as the
/// database has it.
void copy_types(Connection& connection, const ScratchScript& script, const std::string& from,
                const std::string& into);

}  // namespace capo::dialect::postgresql
