#pragma once

#include "dialect/dialect.hpp"
#include "runtime/failure.hpp"

namespace capo::runtime {

/// After one of several gentle steps that stand for one statement has failed: removes what it left
/// behind, takes back those before it, the last first, and tells the journal after each. Then it is
/// as if the statement had failed as a whole. What cannot be taken back stays, all of it, for the
/// next run to carry on with. Writes into `failure` what was done. Throws Error{kDatabase},
/// {kConnection}.
void take_back_steps(Failure& failure, dialect::Connection& connection,
                     const dialect::Dialect& dialect, const Options& options);

}  // namespace capo::runtime
