#include "accounts/authentication.hpp"

#include "accounts/tokens.hpp"
#include "http/problem.hpp"

namespace gpra {
namespace {

constexpr std::string_view kBearer = "Bearer ";

bool changes_something(const Request& request) {
  return request.method != "GET" && request.method != "HEAD";
}

Problem unauthorized(const char* why) {
  return Problem(401, "unauthorized", why).header("WWW-Authenticate", "Bearer");
}

/// The host of a URL, or of a Host header, with its port.
std::string host_of(const std::string& text) {
  const std::size_t scheme = text.find("://");
  const std::string rest = scheme == std::string::npos ? text : text.substr(scheme + 3);
  return rest.substr(0, rest.find('/'));
}

bool is_own_machine(const std::string& host) {
  for (const std::string_view name : {"localhost", "127.0.0.1", "[::1]"}) {
    if (host == name || host.starts_with(std::string(name) + ":")) return true;
  }
  return false;
}

// What browsers say of where a request comes from; programs say nothing of it.
void require_same_site(const Request& request) {
  const std::string site = request.header("sec-fetch-site");
  const std::string origin = request.header("origin");
  const bool is_foreign = (!site.empty() && site != "same-origin" && site != "none") ||
                          (!origin.empty() && host_of(origin) != request.header("host"));
  if (is_foreign) throw Problem(403, "other_site", "another site's page sent this");
}

}  // namespace

std::string cookie_of(const Request& request, const std::string& name) {
  const std::string all = request.header("cookie");
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(';', at), all.size());
    const std::size_t begin = all.find_first_not_of(' ', at);
    if (begin < end) {
      const std::string pair = all.substr(begin, end - begin);
      if (pair.starts_with(name + "=")) return pair.substr(name.size() + 1);
    }
    at = end + 1;
  }
  return {};
}

Caller authenticate(const Request& request, const Config&, Database& database) {
  if (const auto only = database.only_user()) return {.user = *only};
  const std::string header = request.header("authorization");
  const bool by_bearer = header.starts_with(kBearer);
  const std::string token =
      by_bearer ? header.substr(kBearer.size()) : cookie_of(request, kSessionCookie);
  if (token.empty()) throw unauthorized("log in first");
  const std::string hash = hash_of_token(token);
  const Rows rows = database.ask_accounts(
      "SELECT s.user_id FROM sessions AS s JOIN ab_user AS u ON u.id = s.user_id "
      "WHERE s.token_hash = $1 AND s.expires_at > now() AND u.active IS NOT FALSE",
      {hash});
  if (rows.empty()) throw unauthorized("the session is over; log in again");
  return {.user = static_cast<UserId>(rows.integer(0, "user_id")),
          .session = hash,
          .by_cookie = !by_bearer};
}

void require_page(const Request& request, const Caller& caller) {
  if (caller.session.empty()) {
    // Without a login whoever reaches the port is the user: pages of other sites must not, nor
    // those whose name has just become this machine's.
    if (!request.header("host").empty() && !is_own_machine(request.header("host"))) {
      throw Problem(403, "other_site", "this service is for its own machine only");
    }
    if (changes_something(request)) require_same_site(request);
    return;
  }
  if (!caller.by_cookie || !changes_something(request)) return;
  require_same_site(request);
  const std::string sent = request.header("x-csrf-token");
  if (is_same(sent, csrf_of_token(cookie_of(request, kSessionCookie)))) return;
  throw Problem(403, "csrf", "the header X-CSRF-Token is not that of the session");
}

}  // namespace gpra
