#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

/// A request and what is answered, without a socket: what the server hands to App, and what tests
/// and the fuzzer make themselves.
namespace gpra {

struct Request {
  std::string method = {};  ///< `GET`
  std::string path = {};    ///< decoded, without the query: `/api/items/7`
  std::map<std::string, std::string> query = {};
  std::map<std::string, std::string> headers = {};  ///< names in small letters
  std::string body = {};
  std::string address = {};  ///< of whoever sent it

  /// Empty if there is none.
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

}  // namespace gpra
