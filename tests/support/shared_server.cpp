#include "shared_server.hpp"

#include <cstdlib>
#include <stdexcept>

namespace capo::test {

std::string SharedServer::url(std::string_view database) const {
  return std::string(base_).append(database);
}

const SharedServer& shared_server() {
  static const SharedServer server = [] {
    const char* base = std::getenv("CAPO_TEST_POSTGRESQL");
    if (base == nullptr) throw std::runtime_error("CAPO_TEST_POSTGRESQL is not set");
    return SharedServer(base);
  }();
  return server;
}

}  // namespace capo::test
