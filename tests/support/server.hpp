#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

/// A PostgreSQL server of a test's own.
namespace capo::test {

struct ServerOptions {
  bool tcp = false;                         ///< listens on 127.0.0.1 as well, on a free port
  std::vector<std::string> settings = {};   ///< lines of postgresql.conf
  std::vector<std::string> hba_lines = {};  ///< lines of pg_hba.conf before "trust everybody"
  std::string directory = {};               ///< where it lives; empty: a new one under /tmp
  /// The directory of the server that it is to be a standby of; empty: none.
  std::string standby_of = {};
  pid_t guarded = 0;                        ///< the server goes when this process does; 0: this one
};

/// A new cluster with the superuser `capo`, without fsync, on a Unix socket in a directory of its
/// own. It is stopped and its files are removed by the destructor, or by a guard process if this
/// process dies without one. When run as root, the server runs as the user `postgres`. Its programs
/// are those in the folder that the environment's CAPO_TEST_POSTGRESQL_BIN names, or the newest
/// installed. Throws std::runtime_error if there are none, with the command that installs them.
class PostgresServer {
 public:
  explicit PostgresServer(ServerOptions options = {});
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// URL by the socket; by TCP if the server listens there.
  std::string url(std::string_view database = "postgres") const;
  std::string socket_directory() const { return directory_; }
  int port() const { return port_; }

  /// A new empty database; gives its name.
  std::string create_database();
  /// Runs SQL as the superuser; the first value of the last result, "" if there is none. Throws
  /// std::runtime_error.
  std::string execute(const std::string& sql, std::string_view database = "postgres") const;

  /// Ends those backends and waits for it; `which` is a condition on pg_stat_activity.
  void terminate(const std::string& which) const;
  void start();
  /// Cuts every connection and shuts down as one should.
  void stop();
  /// As after a power cut: the next start() recovers.
  void crash();
  pid_t pid() const;
  /// What the server has logged so far.
  std::string log() const;

  /// Leaves the server to its guard, which watches `ServerOptions::guarded`.
  void release() { released_ = true; }
  /// Stops the server in `directory`, if there is one, and removes it.
  static void remove(const std::string& directory);

 private:
  void initialise();
  void control(const std::vector<std::string>& arguments) const;

  ServerOptions options_;
  std::string directory_;
  int port_ = 5432;
  int databases_ = 0;
  bool released_ = false;
};

/// `server_version` as libpq tells it: 150018.
std::string create_database_statement(const std::string& name, int server_version);

/// The one that the tests of this program share; started when first asked for.
PostgresServer& server_of_this_program();

}  // namespace capo::test
