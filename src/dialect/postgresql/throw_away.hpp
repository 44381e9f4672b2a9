#pragma once

#include <memory>

#include "dialect/throw_away.hpp"

namespace capo::dialect::postgresql {

/// A database `capo_throw_away_<16 hexadecimal digits>` on the server of the request. A connection
/// to it is kept open as long as it lives, by which everybody sees that it is in use.
std::unique_ptr<ThrowAway> make_throw_away(const ThrowAwayRequest& request);

}  // namespace capo::dialect::postgresql
