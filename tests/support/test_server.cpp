// capo_test_server start|stop DIRECTORY: the PostgreSQL server that all tests of one ctest run
// share, as a CTest fixture. It goes with ctest, even if that is killed.

#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>

#include "server.hpp"

int main(int argc, char** argv) {
  const std::string verb = argc == 3 ? argv[1] : "";
  try {
    if (verb == "start") {
      capo::test::PostgresServer server({.directory = argv[2], .guarded = ::getppid()});
      server.release();
      std::printf("%s\n", server.url("").c_str());
    } else if (verb == "stop") {
      capo::test::PostgresServer::remove(argv[2]);
    } else {
      std::fputs("usage: capo_test_server start|stop DIRECTORY\n", stderr);
      return 2;
    }
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
  return 0;
}
