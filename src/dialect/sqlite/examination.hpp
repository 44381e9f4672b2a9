#pragma once

#include <vector>

#include "dialect/examination.hpp"

namespace capo::dialect::sqlite {

/// See Dialect::for_looking(): whoever closes a database last moves into it what is left in its
/// write-ahead log, unless it was opened for reading.
ConnectOptions for_looking(ConnectOptions options);

/// See Dialect::examine(). Reads only.
std::vector<Finding> examine(Connection& connection, const ExaminationRequest& request);

}  // namespace capo::dialect::sqlite
