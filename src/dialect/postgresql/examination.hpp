#pragma once

#include <vector>

#include "dialect/examination.hpp"

namespace capo::dialect::postgresql {

/// See Dialect::examine(). Reads the catalog only.
std::vector<Finding> examine(Connection& connection, const ExaminationRequest& request);

}  // namespace capo::dialect::postgresql
