#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capo/connection.hpp"
#include "dialect/dialect.hpp"
#include "runtime/migration.hpp"

namespace capo {

/// What a data step's connection stands on.
struct Connection::Impl {
  dialect::Connection& connection;
  const dialect::Dialect& dialect;
  const std::vector<std::pair<std::string, std::string>>& arguments;  ///< of `-x name=value`
  runtime::Events& events;
  const runtime::StopFlag& stop;
};

namespace runtime {

/// Calls the function of a data step. Throws Error: what the database refused, what the function
/// threw (any other exception as Error{kDatabase} with its text), {kCancelled} between two
/// statements after the stop flag was set.
void run_data_step(const dialect::Statement& statement, Connection::Impl impl);

}  // namespace runtime
}  // namespace capo
