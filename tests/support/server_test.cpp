#include "support/server.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "support/scratch.hpp"

namespace capo::test {
namespace {

TEST(PostgresServer, LivesAsLongAsItsObject) {
  std::string directory;
  std::string data;
  {
    PostgresServer server({.tcp = true, .settings = {"work_mem = '7MB'"}});
    directory = server.socket_directory();
    data = std::filesystem::canonical(directory + "/data");
    EXPECT_EQ(server.execute("SHOW work_mem"), "7MB");
    const std::string database = server.create_database();
    EXPECT_EQ(server.execute("SELECT current_database()", database), database);
    server.execute("CREATE TABLE t AS SELECT 1 AS x", database);
    server.crash();
    EXPECT_THROW(server.execute("SELECT 1"), std::runtime_error);
    server.start();
    EXPECT_EQ(server.execute("SELECT x FROM t", database), "1");
    server.stop();
    server.start();
    EXPECT_NE(server.log().find("ready to accept connections"), std::string::npos);
    EXPECT_GT(server.pid(), 0);
  }
  EXPECT_FALSE(file_exists(directory));
  EXPECT_FALSE(file_exists(data));
}

TEST(PostgresServer, GoesWhenItsProgramIsKilled) {
  const Scratch scratch("server-test");
  const std::string told = scratch.at("directory");
  const pid_t child = ::fork();
  if (child == 0) {
    PostgresServer server;
    write_file(told, server.socket_directory());
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  const std::string directory = read_file(told);
  EXPECT_TRUE(file_exists(directory));
  for (int i = 0; i < 500 && file_exists(directory); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_FALSE(file_exists(directory));
}

}  // namespace
}  // namespace capo::test
