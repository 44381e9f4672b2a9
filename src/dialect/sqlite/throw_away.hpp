#pragma once

#include <memory>

#include "dialect/throw_away.hpp"

namespace capo::dialect::sqlite {

/// A file in a directory of its own, where temporary files belong.
std::unique_ptr<ThrowAway> make_throw_away(const ThrowAwayRequest& request);

}  // namespace capo::dialect::sqlite
