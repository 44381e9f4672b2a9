#pragma once

#include <string>
#include <string_view>

/// The PostgreSQL server of a test run.
namespace capo::test {

class SharedServer {
 public:
  explicit SharedServer(std::string base) : base_(std::move(base)) {}
  /// Where a database of this server is.
  std::string url(std::string_view database) const;

 private:
  std::string base_;
};

/// The server that CTest started for all tests (environment CAPO_TEST_POSTGRESQL, a URL that ends
/// where the name of a database begins). A test run by hand has a server of its own.
const SharedServer& shared_server();

}  // namespace capo::test
