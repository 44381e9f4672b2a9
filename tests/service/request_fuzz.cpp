// libFuzzer on the service: requests through App::handle, on a real database.
//
//   cmake --preset asan -DGPRA_FUZZER=ON
//   cmake --build --preset asan --target service_request_fuzz capo_test_server
//   base=$(build/asan/tests/support/capo_test_server start /tmp/capo-pg-fuzz)
//   CAPO_TEST_POSTGRESQL=$base build/asan/tests/service/service_request_fuzz -max_len=2000

#include <cstdio>
#include <cstdlib>

#include "random_request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // On SQLite with GPRA_FUZZ_KIND=sqlite.
  static gpra::test::Victim victim([] {
    const char* kind = std::getenv("GPRA_FUZZ_KIND");
    return std::string(kind == nullptr ? "postgresql" : kind);
  }());
  const std::string wrong = victim.ask(data, size);
  if (wrong.empty()) return 0;
  std::fprintf(stderr, "broken property: %s\n", wrong.c_str());
  std::abort();
}
