#pragma once

#include "dialect/batching.hpp"

namespace capo::dialect::sqlite {

const Batching& batching();

}  // namespace capo::dialect::sqlite
