#include "base/system.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace capo::base {
namespace {

class RealProcessesTest : public ::testing::Test {
 protected:
  RealProcessesTest() {
    std::filesystem::create_directories(folder_ / "inner");
    std::filesystem::create_symlink("/bin/pwd", folder_ / "tool");
  }
  ~RealProcessesTest() override {
    std::filesystem::current_path(before_);
    std::filesystem::remove_all(folder_);
  }

  const std::filesystem::path before_ = std::filesystem::current_path();
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("capo-system-test-" + std::to_string(::getpid()));
  RealProcesses processes_;
};

TEST_F(RealProcessesTest, RunsInADirectory) {
  const std::string inner = (folder_ / "inner").string();
  const ProcessResult result = processes_.run({"pwd", "-P"}, inner, true);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, std::filesystem::canonical(inner).string() + "\n");
}

// What find() finds is what runs, wherever that is.
TEST_F(RealProcessesTest, ARelativePathCountsFromHere) {
  std::filesystem::current_path(folder_);
  ASSERT_TRUE(processes_.find("./tool"));
  const ProcessResult result = processes_.run({"./tool", "-P"}, "inner", true);
  EXPECT_EQ(result.exit_code, 0) << result.output;
  EXPECT_EQ(result.output, std::filesystem::canonical(folder_ / "inner").string() + "\n");
}

TEST_F(RealProcessesTest, HowItEnded) {
  EXPECT_EQ(processes_.run({"sh", "-c", "echo no >&2; exit 3"}, "", true).exit_code, 3);
  EXPECT_EQ(processes_.run({"sh", "-c", "kill -TERM $$"}, "", true).exit_code, 128 + 15);
  const ProcessResult missing = processes_.run({"no-such-program"}, "", true);
  EXPECT_EQ(missing.exit_code, 127);
  EXPECT_EQ(missing.output, "no-such-program: not found");
}

TEST(Random, HexDigits) {
  SystemRandom random;
  for (const std::size_t count : {0U, 1U, 12U, 33U}) {
    const std::string digits = random.hex(count);
    EXPECT_EQ(digits.size(), count);
    EXPECT_EQ(digits.find_first_not_of("0123456789abcdef"), std::string::npos) << digits;
  }
}

}  // namespace
}  // namespace capo::base
