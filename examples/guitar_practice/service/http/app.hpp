#pragma once

#include "config.hpp"
#include "db/database.hpp"
#include "http/exchange.hpp"

namespace gpra {

/// What the service answers to a request. Any number of threads may ask at once.
///
/// In this order: a route is looked for (404, 405); the user, by cookie or bearer token (401); for
/// cookies, whether the page sent it (403); the body's size, type and fields (413, 415, 400, 422);
/// then the handler runs, in a transaction of the user's, which is committed after it. That of a
/// GET only reads.
class App {
 public:
  App(const Config& config, Database& database) : config_(config), database_(database) {}

  /// Never throws: what went wrong is answered, and what is nobody's business is logged.
  Response handle(const Request& request) const;

 private:
  Response answer(const Request& request) const;

  const Config& config_;
  Database& database_;
};

}  // namespace gpra
