#include "runtime/identity.hpp"

#include <utility>

#include "capo/error.hpp"
#include "operation/facets.hpp"
#include "operation/visit.hpp"

namespace capo::runtime {
namespace {

/// To see what a guard finds takes a database.
operation::Operation without_guard(const operation::Operation& operation) {
  return operation::visit(
      [](auto kind) {
        if constexpr (requires { kind.if_exists; }) kind.if_exists = false;
        if constexpr (requires { kind.if_not_exists; }) kind.if_not_exists = false;
        return operation::Operation(std::move(kind));
      },
      operation);
}

}  // namespace

std::string identity(const operation::Operation& operation, const dialect::Dialect& dialect) {
  std::string text = operation::describe(operation);
  try {
    for (const dialect::Statement& statement : dialect.compile(without_guard(operation))) {
      text += '\n' + statement.sql;
    }
  } catch (const Error&) {
    // What cannot do without the table says all that it asks for in its words.
  }
  return text;
}

}  // namespace capo::runtime
