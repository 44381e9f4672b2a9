#pragma once

#include "config.hpp"
#include "db/database.hpp"
#include "http/route.hpp"

/// Who sends a request.
namespace gpra {

inline constexpr const char* kSessionCookie = "session";
inline constexpr const char* kCsrfCookie = "csrf";

/// Empty if there is none.
std::string cookie_of(const Request& request, const std::string& name);

/// By the cookie `session`, or `Authorization: Bearer …`. On SQLite it is always the one user.
/// Throws Problem 401: no token, an unknown, an expired one, or a user that is not active.
Caller authenticate(const Request& request, const Config& config, Database& database);

/// A cookie is sent by the browser whoever made it send the request: throws Problem 403 for one
/// that changes something and lacks the header X-CSRF-Token with the token of the session, or that
/// another site's page sent (Sec-Fetch-Site, Origin).
void require_page(const Request& request, const Caller& caller);

}  // namespace gpra
