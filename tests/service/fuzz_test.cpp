// Requests made at random: none ends the service, and none is answered with "something went wrong".
//
// GPRA_FUZZ_REQUESTS says how many, GPRA_FUZZ_SEED repeats a run.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "random_request.hpp"

namespace gpra::test {
namespace {

unsigned long long from_environment(const char* name, unsigned long long otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Fuzz : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(On, Fuzz, testing::Values("postgresql", "sqlite"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Fuzz, NothingIsAnsweredWithAnError) {
  const auto count = from_environment("GPRA_FUZZ_REQUESTS", 4000);
  const auto seed = from_environment("GPRA_FUZZ_SEED", std::random_device()());
  std::printf("GPRA_FUZZ_REQUESTS=%llu GPRA_FUZZ_SEED=%llu\n", count, seed);
  // The service says of each odd event of Stripe's that it has no effect.
  ASSERT_NE(std::freopen("/dev/null", "w", stderr), nullptr);
  std::mt19937_64 random(seed);
  Victim victim(GetParam());
  while (victim.asked() < count) {
    std::array<std::uint8_t, 512> bytes{};
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    ASSERT_EQ(victim.ask(bytes.data(), bytes.size()), "");
  }
  for (const auto& [status, times] : victim.answers()) std::printf("%d: %zu\n", status, times);
}

}  // namespace
}  // namespace gpra::test
