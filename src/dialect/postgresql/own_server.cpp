#include "dialect/postgresql/own_server.hpp"

#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/fs.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::dialect::postgresql {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "capo_server_";

bool has_programs(const std::string& folder) {
  return ::access(base::join_path(folder, "initdb").c_str(), X_OK) == 0 &&
         ::access(base::join_path(folder, "pg_ctl").c_str(), X_OK) == 0;
}

// PostgreSQL refuses to run as root.
std::string server_user() { return ::geteuid() == 0 ? "postgres" : ""; }

base::ProcessResult run(base::Processes& processes, std::vector<std::string> argv) {
  const std::string user = server_user();
  if (!user.empty()) argv.insert(argv.begin(), {"runuser", "-u", user, "--"});
  return processes.run(argv, "/", true);
}

void run_or_fail(base::Processes& processes, const std::vector<std::string>& argv,
                 const std::string& log = {}) {
  const base::ProcessResult result = run(processes, argv);
  if (result.exit_code == 0) return;
  std::string text(base::trim(result.output));
  if (!log.empty()) {
    const base::RealFileSystem files;
    text.append("\n").append(base::trim(files.read_if_exists(log).value_or("")));
  }
  throw Error(ErrorCode::kConnection,
              "the server to throw away does not start: " + base::file_name(argv.front()) +
                  " ended with " + std::to_string(result.exit_code))
      .detail(std::string(base::trim(text)))
      .hint("name a database for it instead: --scratch-url postgresql://user@host/name");
}

void stop(base::Processes& processes, const std::string& programs, const std::string& directory) {
  run(processes, {base::join_path(programs, "pg_ctl"), "-D", base::join_path(directory, "data"),
                  "-m", "immediate", "-w", "-t", "20", "-s", "stop"});
}

std::string programs_or_fail(base::Processes& processes) {
  std::string programs = find_server_programs(processes);
  if (!programs.empty()) return programs;
  throw Error(ErrorCode::kConfig, "no PostgreSQL server is installed here that could be started")
      .hint(
          "install one (postgresql, or postgresql-15), or name a server where a database may be "
          "made: --scratch-url postgresql://user@host/name");
}

}  // namespace

std::string find_server_programs(base::Processes& processes) {
  std::string newest;
  int newest_version = 0;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const std::string name = entry.path().filename().string();
    int version = 0;
    std::from_chars(name.data(), name.data() + name.size(), version);
    const std::string folder = (entry.path() / "bin").string();
    if (version <= newest_version || !has_programs(folder)) continue;
    newest = folder;
    newest_version = version;
  }
  if (!newest.empty()) return newest;
  if (const auto config = processes.find("pg_config")) {
    const base::ProcessResult said = processes.run({*config, "--bindir"}, "", true);
    const std::string folder(base::trim(said.output));
    if (said.exit_code == 0 && has_programs(folder)) return folder;
  }
  if (const auto initdb = processes.find("initdb")) {
    const std::string folder = base::parent_path(*initdb);
    if (has_programs(folder)) return folder;
  }
  return {};
}

OwnServer::OwnServer(base::Processes& processes, base::Random& random, const std::string& superuser)
    : processes_(processes),
      programs_(programs_or_fail(processes)),
      directory_(kPrefix, random, server_user()) {
  base::ScratchDirectory::remove_abandoned(
      kPrefix, server_user(), [&](const std::string& path) { stop(processes, programs_, path); });
  const std::string data = base::join_path(directory_.path(), "data");
  const std::string log = base::join_path(directory_.path(), "log");
  options_.host = directory_.path();
  options_.port = "5432";
  options_.username = superuser.empty() ? "postgres" : superuser;
  options_.database = "postgres";
  run_or_fail(processes,
              {base::join_path(programs_, "initdb"), "-D", data, "-U", options_.username, "-A",
               "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"});
  const std::string settings = "-c unix_socket_directories=" + directory_.path() +
                               " -c listen_addresses= -c port=5432 -c fsync=off"
                               " -c full_page_writes=off -c synchronous_commit=off"
                               " -c shared_buffers=16MB -c max_connections=20";
  try {
    run_or_fail(processes,
                {base::join_path(programs_, "pg_ctl"), "-D", data, "-l", log, "-w", "-t", "60",
                 "-s", "-o", settings, "start"},
                log);
  } catch (const Error&) {
    stop(processes_, programs_, directory_.path());
    throw;
  }
}

OwnServer::~OwnServer() {
  try {
    stop(processes_, programs_, directory_.path());
  } catch (const Error&) {
    // What is left is found by the next one.
  }
}

}  // namespace capo::dialect::postgresql
