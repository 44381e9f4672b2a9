#pragma once

#include <string>
#include <string_view>

#include "capo/error.hpp"
#include "dialect/connection.hpp"

namespace capo::dialect::postgresql {

/// What libpq says when it got no connection (`message`, several lines, one or more a server that
/// it tried), as Error{kConnection} with a hint at the likely cause. Never contains the password.
Error connect_error(std::string_view message, const ConnectOptions& options);

/// Error{kInDoubt}; `event` is what came instead of the answer to COMMIT.
Error in_doubt_error(const std::string& event);

}  // namespace capo::dialect::postgresql
