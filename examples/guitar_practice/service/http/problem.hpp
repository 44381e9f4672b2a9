#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "http/exchange.hpp"

namespace gpra {

/// A request that is not done as asked, in words for whoever sent it: thrown by handlers, answered
/// as application/problem+json (RFC 9457).
class Problem : public std::runtime_error {
 public:
  /// `code` is for programs: `limit_reached`.
  Problem(int status, std::string code, const std::string& detail)
      : std::runtime_error(detail), status_(status), code_(std::move(code)) {}

  int status() const { return status_; }
  const std::string& code() const { return code_; }

  /// What is wrong with a field of the body, or a parameter of the query.
  Problem& field(const std::string& name, const std::string& what) {
    fields_[name] = what;
    return *this;
  }
  bool has_fields() const { return !fields_.empty(); }
  /// Something more for programs: `"needed_tier": "basic"`.
  Problem& with(const std::string& name, nlohmann::json value) {
    more_[name] = std::move(value);
    return *this;
  }
  Problem& header(const std::string& name, std::string value) {
    headers_.emplace_back(name, std::move(value));
    return *this;
  }

  Response response() const;

 private:
  int status_;
  std::string code_;
  std::map<std::string, std::string> fields_ = {};
  nlohmann::json more_ = nlohmann::json::object();
  std::vector<std::pair<std::string, std::string>> headers_ = {};
};

/// In the words of HTTP: `Not Found`.
const char* title_of(int status);

/// Also what is there and is another's: nobody is told that it exists.
inline Problem not_found(const std::string& what) {
  return {404, "not_found", "there is no such " + what};
}

}  // namespace gpra
