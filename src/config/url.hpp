#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace capo::config {

/// A database URL as SQLAlchemy writes it: `dialect[+driver]://[user[:password]@][host][:port]/[database][?key=value…]`.
/// Fields are percent-decoded. `sqlite:///relative`, `sqlite:////absolute`, `sqlite://` (memory).
struct DatabaseUrl {
  std::string dialect = {};  ///< "postgresql" (also for "postgres"), "sqlite", or as written
  std::string driver = {};   ///< after `+`; accepted and ignored
  std::string username = {};
  std::string password = {};
  std::string host = {};      ///< without the brackets of IPv6; several as libpq takes them: "a,b"
  std::string port = {};      ///< of several hosts: "5432,5433", as many as there are hosts
  std::string database = {};
  std::vector<std::pair<std::string, std::string>> query = {};  ///< in the order written

  friend bool operator==(const DatabaseUrl&, const DatabaseUrl&) = default;
};

/// Reads a URL; white space around it is dropped. As SQLAlchemy does, it takes a `/`, `?`, `:` or `#` in a password as it
/// stands, a `%` that no two hexadecimal digits follow as itself, and a `+` as a space in the query but nowhere else. Unlike
/// SQLAlchemy it refuses what can be read in two ways, because one of them would show a piece of a password as a host
/// or a database.
/// Throws Error{kConfig} that names `origin` ("--url", "DATABASE_URL in /app/.env, line 3") and never quotes any of the
/// text, in which a password may stand anywhere.
DatabaseUrl parse_url(std::string_view text, std::string_view origin = {});

/// The URL with `***` in place of the password, also one in the query (`password=`, `sslpassword=`). Control characters
/// are encoded, so that it can go to a terminal.
std::string to_masked_string(const DatabaseUrl& url);
/// The URL with its password: parse_url() gives the same value back. Not for anything that is shown or logged.
std::string to_string(const DatabaseUrl& url);

}  // namespace capo::config
