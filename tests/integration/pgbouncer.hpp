#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "postgresql_fixture.hpp"
#include "support/process.hpp"
#include "support/scratch.hpp"

namespace capo::test {

/// A real PgBouncer before the program's server.
class PgBouncer {
 public:
  PgBouncer(const PostgresServer& server, const std::string& pool_mode,
            const std::string& user = "capo", int processes = 20)
      : scratch_("pgbouncer") {
    // setpriv becomes the program (runuser would stay its parent), so that killing it is killing
    // PgBouncer, and it does not outlive the test. PgBouncer refuses to run as root.
    std::vector<std::string> argv = {"setpriv", "--pdeathsig", "KILL"};
    if (::geteuid() == 0) {
      argv.insert(argv.end(), {"--reuid=postgres", "--regid=postgres", "--clear-groups"});
    }
    argv.insert(argv.end(), {"pgbouncer", scratch_.at("pgbouncer.ini")});
    write_file(scratch_.at("pgbouncer.ini"),
               "[databases]\n* = host=" + server.socket_directory() + " user=" + user +
                   "\n[pgbouncer]\npool_mode = " + pool_mode +
                   "\ndefault_pool_size = " + std::to_string(processes) +
                   "\nauth_type = any\nunix_socket_dir = " + scratch_.path() +
                   "\nlisten_port = 6432\nlisten_addr =\nlogfile =\npidfile =\n");
    ::chmod(scratch_.path().c_str(), 0777);
    Launch launch{.argv = argv, .env = basic_environment("/")};
    launch.env["PATH"] += ":/usr/sbin";
    process_ = std::make_unique<Process>(launch);
    for (int i = 0; i < 500 && !file_exists(scratch_.at(".s.PGSQL.6432")); ++i) {
      if (process_->ended_within(std::chrono::milliseconds(0))) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (!file_exists(scratch_.at(".s.PGSQL.6432"))) {
      throw std::runtime_error(
          "PgBouncer does not start; is it installed? apt-get install pgbouncer\n" +
          process_->out() + process_->err());
    }
  }

  std::string directory() const { return scratch_.path(); }
  static std::string port() { return "6432"; }

  ConnectOptions options(ConnectOptions base) const {
    base.host = scratch_.path();
    base.port = port();
    return base;
  }

 private:
  Scratch scratch_;
  std::unique_ptr<Process> process_;
};

}  // namespace capo::test
