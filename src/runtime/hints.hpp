#pragma once

#include <string>
#include <string_view>

#include "capo/error.hpp"

namespace capo::runtime {

/// What to do about a statement that the database refused; empty if there is nothing to say that
/// its own words do not. `revision` may be empty.
std::string hint_for(const Error& error, std::string_view revision);

}  // namespace capo::runtime
