#pragma once

#include "dialect/lock_queue.hpp"

namespace capo::dialect::postgresql {

/// See Dialect::lock_queue().
const LockQueue& lock_queue();

}  // namespace capo::dialect::postgresql
