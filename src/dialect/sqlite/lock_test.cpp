#include "dialect/sqlite/lock.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "capo/error.hpp"
#include "dialect/sqlite/connection.hpp"
#include "support/scratch.hpp"

namespace capo::dialect::sqlite {
namespace {

using std::chrono::milliseconds;

class SqliteLock : public testing::Test {
 protected:
  SqliteLock() {
    options_.database = scratch_.at("app.db");
    connection_ = connect(options_);
  }

  std::unique_ptr<DeploymentLock> take(const LockRequest& request = {}) {
    return lock(*connection_, options_, request);
  }
  std::string lock_file() const { return options_.database + "-capo-lock"; }

  // Runs `action` in a child process, which ends with 0 unless it throws. A child uses no
  // connection of its parent's.
  static pid_t in_child(const std::function<void()>& action) {
    const pid_t child = ::fork();
    if (child != 0) return child;
    try {
      action();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
      ::_exit(1);
    }
    ::_exit(0);
  }
  static int exit_status(pid_t child) {
    int status = -1;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  static void wait_for_file(const std::string& path) {
    while (!std::filesystem::exists(path)) std::this_thread::sleep_for(milliseconds(2));
  }

  test::Scratch scratch_{"sqlite-lock"};
  ConnectOptions options_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(SqliteLock, LeavesNothingBehind) {
  {
    const auto held = take();
    EXPECT_TRUE(std::filesystem::exists(lock_file()));
  }
  EXPECT_FALSE(std::filesystem::exists(lock_file()));
  const auto again = take();
}

TEST_F(SqliteLock, DatabaseInMemoryNeedsNone) {
  const ConnectOptions memory;
  const auto first = lock(*connection_, memory, {});
  const auto second = lock(*connection_, memory, {});
  EXPECT_NE(second, nullptr);
}

TEST_F(SqliteLock, SaysWhoHoldsIt) {
  const auto held = take();
  std::string holder;
  LockRequest request;
  request.max_wait = milliseconds(30);
  request.on_wait = [&](std::string_view who, milliseconds) {
    holder = who;
    return true;
  };
  try {
    take(request);
    FAIL() << "taken twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kLocked);
    EXPECT_EQ(error.message(),
              "the deployment lock of " + options_.database + " is held by " + holder);
    EXPECT_EQ(error.hint(),
              "wait until it has ended; the lock is free as soon as that process is gone");
  }
  const std::string expected = "pid " + std::to_string(::getpid()) + ", since 2";
  EXPECT_EQ(holder.substr(0, expected.size()), expected) << holder;
  EXPECT_TRUE(holder.ends_with(" UTC")) << holder;
}

TEST_F(SqliteLock, WaitingCanBeStopped) {
  const auto held = take();
  LockRequest request;
  request.on_wait = [](std::string_view, milliseconds) { return false; };
  try {
    take(request);
    FAIL() << "taken twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
    EXPECT_EQ(error.message(),
              "stopped while waiting for the deployment lock of " + options_.database);
  }
  options_.stop_requested = [] { return true; };
  try {
    take();
    FAIL() << "taken twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
}

TEST_F(SqliteLock, OneLockForEveryNameOfTheFile) {
  const auto held = take();
  std::filesystem::create_symlink(options_.database, scratch_.at("link.db"));
  options_.database = scratch_.at("link.db");
  LockRequest request;
  request.max_wait = milliseconds(1);
  EXPECT_THROW(take(request), Error);
}

TEST_F(SqliteLock, RubbishInTheFileIsNoHolder) {
  const auto held = take();
  std::ofstream(lock_file()) << "\x01rubbish";
  LockRequest request;
  request.max_wait = milliseconds(1);
  try {
    take(request);
    FAIL() << "taken twice";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(),
              "the deployment lock of " + options_.database + " is held by another process");
  }
}

TEST_F(SqliteLock, FileLeftBehindIsTakenOver) {
  std::ofstream(lock_file()) << "pid 1, since 2001-01-01 00:00:00 UTC\n";
  take();
  EXPECT_FALSE(std::filesystem::exists(lock_file()));
}

TEST_F(SqliteLock, LockFileThatCannotBeMade) {
  std::filesystem::create_directory(lock_file());
  try {
    take();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConnection);
    EXPECT_EQ(error.message(), "cannot open the lock file " + lock_file() + ": Is a directory");
  }
}

TEST_F(SqliteLock, DiesWithItsProcess) {
  const pid_t child = in_child([&] {
    const auto held = take();
    std::ofstream(scratch_.at("held"));
    ::pause();
  });
  wait_for_file(scratch_.at("held"));
  LockRequest request;
  request.max_wait = milliseconds(1);
  EXPECT_THROW(take(request), Error);
  ::kill(child, SIGKILL);
  EXPECT_EQ(exit_status(child), -SIGKILL);
  EXPECT_TRUE(std::filesystem::exists(lock_file()));
  take();
  EXPECT_FALSE(std::filesystem::exists(lock_file()));
}

// Each adds one to a number in a file, without any care but the lock's.
TEST_F(SqliteLock, TwentyProcessesOneAtATime) {
  constexpr int kProcesses = 20;
  constexpr int kRounds = 25;
  const std::string counter = scratch_.at("counter");
  std::ofstream(counter) << 0;
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    children.push_back(in_child([&] {
      for (int round = 0; round < kRounds; ++round) {
        const auto held = take();
        int value = -1;
        std::ifstream(counter) >> value;
        std::ofstream(counter) << value + 1;
      }
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(exit_status(child), 0);
  int value = -1;
  std::ifstream(counter) >> value;
  EXPECT_EQ(value, kProcesses * kRounds);
  EXPECT_FALSE(std::filesystem::exists(lock_file()));
}

}  // namespace
}  // namespace capo::dialect::sqlite
