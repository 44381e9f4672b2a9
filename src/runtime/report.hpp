#pragma once

#include "capo/error.hpp"
#include "dialect/dialect.hpp"
#include "runtime/failure.hpp"

namespace capo::runtime {

/// The error as the user is to read it: which statement of which revision it was, and where in the
/// file; what was rolled back and where the database stands; what to do next.
Error explain(const Error& cause, const Failure& failure, const dialect::Dialect& dialect);

}  // namespace capo::runtime
