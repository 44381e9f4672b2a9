#include "server.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "process.hpp"
#include "scratch.hpp"

namespace capo::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kServerUser = "postgres";

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

int number_at_start(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The folder that CAPO_TEST_POSTGRESQL_BIN names, or that of the newest server that is installed:
// Debian keeps them off PATH.
std::string find_programs() {
  if (const char* named = std::getenv("CAPO_TEST_POSTGRESQL_BIN"); named != nullptr) {
    if (::access((named + std::string("/initdb")).c_str(), X_OK) == 0) return named;
    fail(std::string("CAPO_TEST_POSTGRESQL_BIN names a folder without PostgreSQL's initdb: ") +
         named);
  }
  std::vector<std::pair<int, std::string>> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const std::string folder = (entry.path() / "bin").string();
    if (::access((folder + "/initdb").c_str(), X_OK) == 0) {
      found.emplace_back(number_at_start(entry.path().filename().string()), folder);
    }
  }
  if (!found.empty()) return std::max_element(found.begin(), found.end())->second;
  std::string path = std::getenv("PATH") == nullptr ? "" : std::getenv("PATH");
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string folder = path.substr(begin, end - begin);
    if (::access((folder + "/initdb").c_str(), X_OK) == 0) return folder;
    begin = end + 1;
  }
  fail("this test needs the PostgreSQL server; install it with: apt-get install postgresql-15");
}

const std::string& programs() {
  static const std::string folder = find_programs();
  return folder;
}

// PostgreSQL refuses to run as root.
std::vector<std::string> as_server_user(std::vector<std::string> argv) {
  if (::geteuid() == 0) argv.insert(argv.begin(), {"runuser", "-u", kServerUser, "--"});
  return argv;
}

void run_or_fail(const std::vector<std::string>& argv, const std::string& log_file = {}) {
  const Outcome outcome =
      run({.argv = argv, .directory = "/", .env = basic_environment("/")}, std::chrono::minutes(5));
  if (outcome.exit_code == 0) return;
  std::string text = shell_line(argv) + ":\n" + outcome.out + outcome.err;
  if (!log_file.empty() && file_exists(log_file)) text += read_file(log_file);
  fail(text);
}

int free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(probe);
  if (!bound) fail(std::string("no free port: ") + std::strerror(errno));
  return ntohs(address.sin_port);
}

void give_to_server_user(const std::string& path) {
  if (::geteuid() != 0) return;
  const passwd* user = ::getpwnam(kServerUser);
  if (user == nullptr || ::chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) {
    fail(std::string("cannot give ") + path + " to the user " + kServerUser);
  }
}

std::string make_directory(std::string pattern) {
  if (::mkdtemp(pattern.data()) == nullptr) fail("cannot make " + pattern);
  return pattern;
}

std::string new_directory(const std::string& wanted) {
  std::string path = wanted;
  if (wanted.empty()) {
    path = make_directory("/tmp/capo-pg-XXXXXX");
  } else {
    PostgresServer::remove(wanted);
    if (::mkdir(path.c_str(), 0755) != 0) fail("cannot make " + path);
  }
  ::chmod(path.c_str(), 0755);
  give_to_server_user(path);
  return path;
}

// A database more is some 300 files: that is for memory, where there is enough of it.
void make_data_directory(const std::string& path) {
  constexpr std::uint64_t kEnough = std::uint64_t{3} << 30U;
  struct statvfs memory {};
  const bool in_memory = ::statvfs("/dev/shm", &memory) == 0 && ::access("/dev/shm", W_OK) == 0 &&
                         std::uint64_t{memory.f_bavail} * memory.f_frsize >= kEnough;
  if (!in_memory) return;
  const std::string data = make_directory("/dev/shm/capo-pg-XXXXXX");
  give_to_server_user(data);
  fs::create_symlink(data, path);
}

// Stops the server whatever state it is in, and removes its files. Its processes may still write
// some while the last of them end: hence more than one try.
constexpr const char* kRemove =
    "pid=$(head -n 1 \"$0/data/postmaster.pid\" 2>/dev/null); "
    "if [ -n \"$pid\" ] && kill -QUIT \"$pid\" 2>/dev/null; then "
    "for i in $(seq 1000); do kill -0 \"$pid\" 2>/dev/null || break; sleep 0.02; done; "
    "kill -KILL \"$pid\" 2>/dev/null; fi; "
    "data=$(readlink \"$0/data\"); set -- \"$0\" ${data:+\"$data\"}; "
    "for i in $(seq 100); do rm -rf \"$@\" 2>/dev/null && exit 0; sleep 0.05; done; rm -rf \"$@\"";

// Does the same when `guarded` has gone. In a session of its own: Ctrl-C and a killed process group
// must not reach it. A directory that somebody else has made anew in the meantime lacks the guard's
// mark and is left alone.
void start_guard(const std::string& directory, pid_t guarded) {
  const std::string script =
      "mark=\"$0/guard.$$\"; : > \"$mark\"; "
      "while kill -0 \"$1\" 2>/dev/null && [ -e \"$mark\" ]; do sleep 0.3; done; "
      "[ -e \"$mark\" ] || exit 0; " +
      std::string(kRemove);
  run_or_fail({"sh", "-c", "setsid sh -c \"$0\" \"$1\" \"$2\" &", script, directory,
               std::to_string(guarded)});
}

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};

}  // namespace

PostgresServer::PostgresServer(ServerOptions options)
    : options_(std::move(options)), directory_(new_directory(options_.directory)) {
  if (options_.guarded == 0) options_.guarded = ::getpid();
  start_guard(directory_, options_.guarded);
  if (options_.tcp) port_ = free_port();
  initialise();
  start();
}

PostgresServer::~PostgresServer() {
  if (released_) return;
  try {
    remove(directory_);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "the test's server was not removed: %s\n", failure.what());
  }
}

void PostgresServer::initialise() {
  const std::string data = directory_ + "/data";
  make_data_directory(data);
  if (!options_.standby_of.empty()) {
    run_or_fail(
        as_server_user({programs() + "/pg_basebackup", "-D", data, "-h", options_.standby_of, "-U",
                        "capo", "-R", "-X", "stream", "--checkpoint=fast", "--no-sync"}));
  } else {
    run_or_fail(as_server_user({programs() + "/initdb", "-D", data, "-U", "capo", "-A", "trust",
                                "-E", "UTF8", "--locale=C", "--no-sync"}));
  }
  std::string settings = read_file(data + "/postgresql.conf");
  settings += "unix_socket_directories = '" + directory_ + "'\nport = " + std::to_string(port_) +
              "\nlisten_addresses = '" + (options_.tcp ? "127.0.0.1" : "") +
              "'\nfsync = off\nfull_page_writes = off\nmax_wal_size = 256MB\n"
              "max_locks_per_transaction = 256\n";
  for (const std::string& line : options_.settings) settings += line + "\n";
  write_file(data + "/postgresql.conf", settings);
  std::string hba;
  for (const std::string& line : options_.hba_lines) hba += line + "\n";
  write_file(data + "/pg_hba.conf", hba + read_file(data + "/pg_hba.conf"));
}

void PostgresServer::control(const std::vector<std::string>& arguments) const {
  std::vector<std::string> argv = {
      programs() + "/pg_ctl",    "-D", directory_ + "/data", "-w", "-s", "-t", "60", "-l",
      directory_ + "/server.log"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  run_or_fail(as_server_user(argv), directory_ + "/server.log");
}

void PostgresServer::start() { control({"start"}); }
void PostgresServer::stop() { control({"stop", "-m", "fast"}); }
void PostgresServer::crash() { control({"stop", "-m", "immediate"}); }

pid_t PostgresServer::pid() const {
  return number_at_start(read_file(directory_ + "/data/postmaster.pid"));
}

std::string PostgresServer::log() const { return read_file(directory_ + "/server.log"); }

void PostgresServer::remove(const std::string& directory) {
  run_or_fail({"sh", "-c", kRemove, directory});
}

std::string PostgresServer::url(std::string_view database) const {
  const std::string host =
      options_.tcp ? "127.0.0.1:" + std::to_string(port_) : replaced(directory_, "/", "%2F");
  return ("postgresql://capo@" + host + "/").append(database);
}

std::string PostgresServer::create_database() {
  const std::string name = "test_" + std::to_string(++databases_);
  execute(create_database_statement(name, number_at_start(execute("SHOW server_version_num"))));
  return name;
}

std::string PostgresServer::execute(const std::string& sql, std::string_view database) const {
  const std::unique_ptr<PGconn, CloseConnection> connection(PQconnectdb(url(database).c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) fail(PQerrorMessage(connection.get()));
  const std::unique_ptr<PGresult, ClearResult> result(PQexec(connection.get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    fail(PQerrorMessage(connection.get()) + ("in: " + sql));
  }
  if (PQntuples(result.get()) == 0 || PQnfields(result.get()) == 0) return {};
  return PQgetvalue(result.get(), 0, 0);
}

void PostgresServer::terminate(const std::string& which) const {
  // pg_terminate_backend() itself waits from 14 on only.
  execute("DO $$BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + which +
          "; FOR i IN 1..500 LOOP PERFORM pg_stat_clear_snapshot(); EXIT WHEN NOT EXISTS (SELECT "
          "FROM pg_stat_activity WHERE " +
          which + "); PERFORM pg_sleep(0.01); END LOOP; END$$");
}

std::string create_database_statement(const std::string& name, int server_version) {
  // Faster where nothing is written through; before 15 it was the only way, and had no name.
  return "CREATE DATABASE " + name + (server_version >= 150000 ? " STRATEGY file_copy" : "");
}

PostgresServer& server_of_this_program() {
  static PostgresServer server;
  return server;
}

}  // namespace capo::test
