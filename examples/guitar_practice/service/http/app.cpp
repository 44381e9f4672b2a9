#include "http/app.hpp"

#include <algorithm>
#include <charconv>

#include "accounts/authentication.hpp"
#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"
#include "log.hpp"

namespace gpra {
namespace {

constexpr std::size_t kLargestBody = 1024 * 1024;

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    parts.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// What stands for the names in braces, or nothing if it is another path.
std::optional<std::vector<std::string>> match(const std::string& pattern, const std::string& path) {
  const std::vector<std::string> wanted = parts_of(pattern);
  const std::vector<std::string> given = parts_of(path);
  if (wanted.size() != given.size()) return std::nullopt;
  std::vector<std::string> named;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      named.push_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return named;
}

const Route& find_route(const Request& request, std::vector<std::string>& path) {
  std::string allowed;
  // What is answered to HEAD is that of GET, without its body.
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  for (const Route& route : all_routes()) {
    auto named = match(route.path, request.path);
    if (!named) continue;
    if (route.method == method) {
      path = *std::move(named);
      return route;
    }
    if (allowed.find(route.method) == std::string::npos) {
      allowed += (allowed.empty() ? "" : ", ") + route.method;
    }
  }
  if (allowed.empty()) throw not_found("page");
  throw Problem(405, "method_not_allowed", "this can be asked with " + allowed)
      .header("Allow", allowed);
}

void read_request(const Request& request, const Route& route, Context& context) {
  if (request.body.size() > kLargestBody) {
    throw Problem(413, "too_large",
                  "a body has at most " + std::to_string(kLargestBody) + " bytes");
  }
  context.query = read_query(request.query, route.query);
  if (route.raw_body || route.body.empty()) return;
  const std::string type = request.header("content-type");
  if (!type.starts_with("application/json")) {
    throw Problem(415, "not_json", "the body is to be application/json");
  }
  context.body = read_body(request.body, route.body);
}

Response run(const Route& route, Context& context) {
  if (route.access == Access::kAnyone) return route.handler(context);
  if (route.needs_match && context.request.header("if-match").empty()) {
    throw Problem(428, "match_required",
                  "say in If-Match which version you have seen, so that nobody's change is lost");
  }
  // Whoever only looks changes nothing, whatever the handler does, and sees one moment.
  Database& database = context.database;
  const UserId user = context.caller.user;
  const TransactionPtr work =
      route.method == "GET" ? database.for_reader(user) : database.for_user(user);
  context.work = work.get();
  Response response = route.handler(context);
  work->commit();
  context.work = nullptr;
  return response;
}

void secure(Response& response) {
  const auto add = [&](const char* name, const char* value) {
    const bool is_there = std::any_of(response.headers.begin(), response.headers.end(),
                                      [&](const auto& header) { return header.first == name; });
    if (!is_there) response.headers.emplace_back(name, value);
  };
  add("Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
      "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  add("X-Content-Type-Options", "nosniff");
  add("Referrer-Policy", "no-referrer");
  add("Cache-Control", "no-store");
}

Response answer_to_database(const Request& request, const DatabaseError& error) {
  // What a user sent may be refused by a constraint: then it is his to mend.
  if (error.is_unique_violation()) {
    return Problem(409, "taken", "there is one like it already").response();
  }
  if (error.is_foreign_key_violation()) {
    return Problem(409, "not_there", "what it refers to is not there (any more), or is in use")
        .response();
  }
  if (error.sqlstate().starts_with("22")) {
    return Problem(422, "invalid", "the database cannot hold this value").response();
  }
  log(request.method + " " + request.path + ": " + error.sqlstate() + " " + error.what());
  if (error.is_passing()) {
    return Problem(503, "unavailable", "another request was in the way; try again")
        .header("Retry-After", "1")
        .response();
  }
  return Problem(500, "internal", "something went wrong here; it has been noted").response();
}

}  // namespace

int Context::id(std::size_t place) const {
  const std::string& text = path.at(place);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number <= 0) {
    throw not_found("row");
  }
  return number;
}

Response App::answer(const Request& request) const {
  Context context{.request = request, .config = config_, .database = database_};
  const Route& route = find_route(request, context.path);
  if (route.access == Access::kUser) {
    context.caller = authenticate(request, config_, database_);
    require_page(request, context.caller);
  }
  read_request(request, route, context);
  return run(route, context);
}

Response App::handle(const Request& request) const {
  Response response;
  try {
    response = answer(request);
  } catch (const Problem& problem) {
    response = problem.response();
  } catch (const DatabaseError& error) {
    response = answer_to_database(request, error);
  } catch (const Unavailable& error) {
    log(request.method + " " + request.path + ": " + error.what());
    response = Problem(503, error.is_in_doubt() ? "in_doubt" : "unavailable",
                       error.is_in_doubt()
                           ? "the database went away just then: see whether the change is there"
                           : "the database cannot be reached; try again")
                   .header("Retry-After", "1")
                   .response();
  } catch (const std::exception& error) {
    log(request.method + " " + request.path + ": " + error.what());
    response = Problem(500, "internal", "something went wrong here; it has been noted").response();
  }
  secure(response);
  return response;
}

}  // namespace gpra
