#pragma once

#include <memory>

#include "dialect/connection.hpp"
#include "dialect/observer.hpp"

namespace capo::dialect::postgresql {

std::unique_ptr<Observer> observe(const ConnectOptions& options, int pid);

}  // namespace capo::dialect::postgresql
