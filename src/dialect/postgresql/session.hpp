#pragma once

#include <string_view>

namespace capo::dialect::postgresql {

/// Settings for the session, or for one transaction ($1). Those of a session are made only if the
/// server's process is the one that greeted us ($2): behind a proxy that lends out processes, they
/// would stick to one and reach other clients.
inline constexpr std::string_view kSettings =
    "SELECT pid,"
    " CASE WHEN apt THEN pg_catalog.set_config('row_security', 'off', $1) END,"
    " CASE WHEN apt THEN pg_catalog.set_config('standard_conforming_strings', 'on', $1) END,"
    " CASE WHEN apt AND $3 <> '' THEN pg_catalog.set_config('lock_timeout', $3, $1) END,"
    " CASE WHEN apt AND $4 <> '' THEN pg_catalog.set_config('statement_timeout', $4, $1) END"
    " FROM (SELECT pg_catalog.pg_backend_pid() AS pid,"
    " $1::pg_catalog.bool OR pg_catalog.pg_backend_pid() = $2::pg_catalog.int4 AS apt) AS process";

}  // namespace capo::dialect::postgresql
