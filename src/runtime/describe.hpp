#pragma once

#include <string>

#include "revision/plan.hpp"

namespace capo::runtime {

/// `Running upgrade a, b -> c`: describe() of runtime/migration.hpp without the message.
std::string heading(const revision::Step& step);

}  // namespace capo::runtime
