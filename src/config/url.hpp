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
  std::string host = {};
  std::string port = {};
  std::string database = {};
  std::vector<std::pair<std::string, std::string>> query = {};

  friend bool operator==(const DatabaseUrl&, const DatabaseUrl&) = default;
};

/// Throws Error{kConfig} that never quotes the password, not even of a URL it cannot read.
DatabaseUrl parse_url(std::string_view text);
/// The URL with `***` in place of the password, also one in the query (`password=`, `sslpassword=`).
std::string to_masked_string(const DatabaseUrl& url);

}  // namespace capo::config
