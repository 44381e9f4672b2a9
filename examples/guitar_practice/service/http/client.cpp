#include "http/client.hpp"

#include <httplib.h>

#include <stdexcept>

namespace gpra {
namespace {

constexpr std::time_t kSlowestSeconds = 10;

}  // namespace

int post_json(const std::string& url, const std::string& body) {
  const std::size_t scheme = url.find("://");
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    throw std::invalid_argument("no URL of http or https: " + url);
  }
  const std::size_t path = std::min(url.find('/', scheme + 3), url.size());
  httplib::Client client(url.substr(0, path));
  if (!client.is_valid()) throw std::invalid_argument("no URL of http or https: " + url);
  client.set_connection_timeout(kSlowestSeconds);
  client.set_read_timeout(kSlowestSeconds);
  client.set_write_timeout(kSlowestSeconds);
  const std::string rest = path == url.size() ? "/" : url.substr(path);
  const httplib::Result result = client.Post(rest.c_str(), body, "application/json");
  return result ? result->status : 0;
}

}  // namespace gpra
