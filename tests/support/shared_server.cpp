#include "shared_server.hpp"

#include <cstdlib>

#include "server.hpp"

namespace capo::test {

std::string SharedServer::url(std::string_view database) const {
  return std::string(base_).append(database);
}

const SharedServer& shared_server() {
  static const SharedServer server = [] {
    const char* base = std::getenv("CAPO_TEST_POSTGRESQL");
    return SharedServer(base != nullptr ? base : server_of_this_program().url(""));
  }();
  return server;
}

}  // namespace capo::test
