#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/connection.hpp"

/// What a session is told before its first statement.
namespace capo::dialect::postgresql {

struct Setting {
  std::string name = {};
  std::string value = {};
};

/// `standard_conforming_strings` is the server's setting ("on", "off").
std::vector<Setting> session_settings(std::string_view standard_conforming_strings,
                                      const ConnectOptions& options);

/// One setting for the session, if the server's process is the one that greeted us ($3); no row
/// otherwise. Behind a proxy that lends out processes, it would stick to one of them and reach
/// other clients.
inline constexpr std::string_view kSetForSession =
    "SELECT pg_catalog.set_config($1, $2, false) WHERE pg_catalog.pg_backend_pid() = $3";

/// The same for the transaction that is open.
inline constexpr std::string_view kSetForTransaction = "SELECT pg_catalog.set_config($1, $2, true)";

}  // namespace capo::dialect::postgresql
