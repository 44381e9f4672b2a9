#include "http/etag.hpp"

#include <sodium.h>

#include <array>

#include "http/problem.hpp"

namespace gpra {
namespace {

bool names(const std::string& list, const std::string& tag) {
  return list == "*" || list.find(tag) != std::string::npos;
}

}  // namespace

std::string etag_of(const nlohmann::json& value) {
  const std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(), nullptr, 0);
  std::array<char, 33> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  return '"' + std::string(hex.data()) + '"';
}

Response answer_with_etag(const Request& request, const nlohmann::json& value, int status) {
  const std::string tag = etag_of(value);
  Response response{.status = status};
  response.headers = {{"ETag", tag}, {"Cache-Control", "private, no-cache"}};
  const std::string known = request.header("if-none-match");
  if (status == 200 && !known.empty() && names(known, tag)) {
    response.status = 304;
    return response;
  }
  response.body = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return response;
}

void require_match(const Request& request, const nlohmann::json& current) {
  const std::string wanted = request.header("if-match");
  const std::string tag = etag_of(current);
  if (names(wanted, tag)) return;
  throw Problem(412, "changed", "it was changed in the meantime; look at it again")
      .with("current", current)
      .header("ETag", tag);
}

}  // namespace gpra
