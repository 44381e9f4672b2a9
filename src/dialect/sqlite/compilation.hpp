#pragma once

#include <memory>

#include "dialect/compilation.hpp"
#include "dialect/connection.hpp"

namespace capo::dialect::sqlite {

/// A compilation with a shadow of the database.
std::unique_ptr<Compilation> begin_compilation(const Dialect& dialect, SchemaSource start);

/// The statements that make what is in the main database, in an order in which they can run.
/// Without what is SQLite's own.
std::vector<Statement> read_schema(Connection& connection);

}  // namespace capo::dialect::sqlite
