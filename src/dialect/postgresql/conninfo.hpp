#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dialect/connection.hpp"

/// From a URL to what libpq is told. No libpq here: what it knows is passed in.
namespace capo::dialect::postgresql {

/// What libpq itself would take if nothing else is said.
struct LibpqDefaults {
  std::vector<std::string> keywords = {};  ///< every one that it knows
  bool connect_timeout_is_set = false;     ///< by the environment or a service file
};

/// libpq's keywords and values, each keyword once. Throws Error{kConnection} for a parameter that
/// libpq does not know, and for what capo cannot let the URL decide.
std::vector<std::pair<std::string, std::string>> connection_keywords(const ConnectOptions& options,
                                                                     const LibpqDefaults& defaults);

}  // namespace capo::dialect::postgresql
