#pragma once

#include "dialect/batching.hpp"

namespace capo::dialect::postgresql {

const Batching& batching();

}  // namespace capo::dialect::postgresql
