#pragma once

#include <string>
#include <vector>

#include "config.hpp"
#include "db/database.hpp"
#include "http/exchange.hpp"
#include "http/fields.hpp"

/// A route: how it is asked for, by whom, and what answers. The table of all of them is what the
/// service does; the OpenAPI document is made of it.
namespace gpra {

/// Who sends a request, as the middleware found out.
struct Caller {
  UserId user = 0;
  std::string session = {};  ///< the hash of his token, in hexadecimal digits
  bool by_cookie = false;    ///< and not by a bearer token: then another site may have sent it
};

/// What a handler works with.
struct Context {
  const Request& request;
  const Config& config;
  Database& database;
  std::vector<std::string> path = {};  ///< what stands for {id} and the like, in order
  Body body = {};                      ///< checked against Route::body
  Body query = {};                     ///< checked against Route::query
  Caller caller = {};
  /// Of routes for users: open, theirs, and committed after the handler unless that throws.
  Transaction* work = nullptr;

  /// A number of the path. Throws Problem 404 for what is none: there is nothing of that name.
  int id(std::size_t place = 0) const;
};

enum class Access {
  kAnyone,  ///< no user is asked for; the handler opens its own transactions
  kUser     ///< 401 without one; its transaction is open
};

struct Route {
  std::string method = {};
  std::string path = {};  ///< `/api/items/{id}`
  Access access = Access::kUser;
  Response (*handler)(Context&) = nullptr;
  std::string summary = {};
  std::vector<Field> body = {};  ///< none: it has no body
  std::vector<Field> query = {};
  std::vector<Field> headers = {};  ///< for the document: the handler looks at them itself
  int success = 200;
  std::vector<int> refusals = {};  ///< besides those that any route may answer
  bool raw_body = false;           ///< not JSON of `body`'s: the handler reads it
  bool needs_match = false;        ///< If-Match is required: 428 without, 412 if it is another's
  std::string answers = {};        ///< the name of what it answers with: `Item`; empty: nothing
};

/// Each part of the service adds its own.
void add_account_routes(std::vector<Route>& routes);
void add_item_routes(std::vector<Route>& routes);
void add_routine_routes(std::vector<Route>& routes);
void add_chord_routes(std::vector<Route>& routes);
void add_export_routes(std::vector<Route>& routes);
void add_billing_routes(std::vector<Route>& routes);
void add_page_routes(std::vector<Route>& routes);
/// The document of all the others.
void add_openapi_routes(std::vector<Route>& routes);

/// All of the service's.
const std::vector<Route>& all_routes();

}  // namespace gpra
