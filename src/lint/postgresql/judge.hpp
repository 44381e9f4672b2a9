#pragma once

#include <string>

#include "lint/catalog.hpp"
#include "lint/effects.hpp"

/// What a statement of PostgreSQL does, and how what is known of the database goes on after it.
namespace capo::lint::postgresql {

/// The server, as far as it matters.
struct Server {
  int version = 15;     ///< major
  bool is_utc = false;  ///< sessions that migrate have UTC as their time zone
};

/// What the statement would do now. Pure: `catalog` is what is there before it. Never throws: what
/// cannot be judged is said in Effects::unknown.
Effects judge(const std::string& sql, const Catalog& catalog, const Server& server = {});

/// Carries the statement out on what is known. What it does not understand leaves it as it is.
void follow(const std::string& sql, Catalog& catalog);

/// Without what concerns only relations that this run has made, or fills: nobody waits for those.
Effects on_others(const Effects& effects, const Catalog& catalog);

}  // namespace capo::lint::postgresql
