#pragma once

#include "config/tenancy.hpp"
#include "dialect/dialect.hpp"
#include "tenancy/facts.hpp"

namespace capo::tenancy {

/// Reads the catalog by a fixed number of queries, and looks for rows that a foreign key of a table
/// with tenants does not allow. Changes nothing. Throws Error{kDatabase}, {kConnection}.
TenancyFacts read_facts(dialect::Connection& connection, const dialect::Dialect& dialect,
                        const config::Tenancy& description);

TenancyFacts read_postgresql_facts(dialect::Connection& connection);
TenancyFacts read_sqlite_facts(dialect::Connection& connection);
std::vector<Violation> read_violations(dialect::Connection& connection,
                                       const dialect::Dialect& dialect, const TenancyFacts& facts,
                                       const config::Tenancy& description);

}  // namespace capo::tenancy
