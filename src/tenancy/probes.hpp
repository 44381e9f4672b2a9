#pragma once

#include <vector>

#include "dialect/connection.hpp"
#include "tenancy/check.hpp"

/// Probes try, as the application's role, what one tenant must not be able to do to another.
namespace capo::tenancy {

/// What crossed, with the statement that did it; and what could not be tried, as notes. Everything
/// happens in one transaction that is rolled back. PostgreSQL only. Throws Error{kConnection},
/// {kCancelled}.
std::vector<Finding> probe(dialect::Connection& connection, const Material& material);

}  // namespace capo::tenancy
