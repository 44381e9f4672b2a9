#include "dialect/postgresql/copy_database.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/fs.hpp"
#include "base/scratch_directory.hpp"
#include "base/text.hpp"
#include "dialect/postgresql/own_server.hpp"

namespace capo::dialect::postgresql {
namespace {

constexpr std::string_view kPrefix = "capo_copy_";

// The newest: pg_dump refuses servers that are newer than itself.
std::optional<std::string> find_program(base::Processes& processes, const std::string& name) {
  const std::string programs = find_server_programs(processes);
  const std::string path = base::join_path(programs, name);
  if (!programs.empty() && ::access(path.c_str(), X_OK) == 0) return path;
  return processes.find(name);
}

std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string password_of(const ConnectOptions& options) {
  std::string password = options.password;
  for (const auto& [keyword, value] : options.parameters) {
    if (keyword == "password") password = value;
  }
  return password;
}

/// What libpq is told: `host='…' dbname='…'`, with the password in a file.
std::string connection_text(const ConnectOptions& options, const std::string& password_file) {
  std::string text;
  const auto add = [&text](std::string_view keyword, std::string_view value) {
    if (value.empty()) return;
    text.append(text.empty() ? "" : " ").append(keyword).append("='");
    text.append(escaped(value, "\\'")).append("'");
  };
  add("host", options.host);
  add("port", options.port);
  add("user", options.username);
  add("dbname", options.database);
  for (const auto& [keyword, value] : options.parameters) {
    if (keyword != "password") add(keyword, value);
  }
  if (const std::string password = password_of(options); !password.empty()) {
    base::RealFileSystem files;
    files.write(password_file, "*:*:*:*:" + escaped(password, "\\:") + "\n");
    ::chmod(password_file.c_str(), 0600);
    add("passfile", password_file);
  }
  return text;
}

std::string first_line_with(std::string_view text, std::string_view word) {
  for (const std::string_view line : base::split(text, '\n')) {
    if (line.find(word) != std::string_view::npos) return std::string(base::trim(line));
  }
  return std::string(base::trim(text.substr(0, text.find('\n'))));
}

}  // namespace

ThrowAway::Copied copy_database(const ConnectOptions& from, const ConnectOptions& to,
                                bool with_data, base::Processes& processes, base::Random& random) {
  const std::optional<std::string> dump = find_program(processes, "pg_dump");
  const std::optional<std::string> psql = find_program(processes, "psql");
  if (!dump || !psql) return {false, "pg_dump and psql are not installed here"};
  base::ScratchDirectory::remove_abandoned(kPrefix, {}, [](const std::string&) {});
  const base::ScratchDirectory directory(kPrefix, random);
  const std::string script = base::join_path(directory.path(), "dump.sql");
  std::vector<std::string> argv = {*dump,
                                   "-f",
                                   script,
                                   "--no-owner",
                                   "--no-privileges",
                                   "--no-publications",
                                   "--no-subscriptions",
                                   "--lock-wait-timeout=10s"};
  if (!with_data) argv.emplace_back("-s");
  argv.insert(argv.end(), {"-d", connection_text(from, base::join_path(directory.path(), "from"))});
  const base::ProcessResult dumped = processes.run(argv, "", true);
  if (dumped.exit_code != 0) {
    return {false, "pg_dump failed: " + first_line_with(dumped.output, "error")};
  }
  const base::ProcessResult restored =
      processes.run({*psql, "-X", "-q", "-o", "/dev/null", "-f", script, "-d",
                     connection_text(to, base::join_path(directory.path(), "to"))},
                    "", true);
  std::string how = with_data ? "by pg_dump and psql" : "by pg_dump -s and psql";
  if (restored.exit_code != 0)
    return {false, "psql failed: " + first_line_with(restored.output, ":")};
  if (restored.output.find("ERROR") != std::string::npos) {
    how += ", but for " + first_line_with(restored.output, "ERROR");
  }
  return {true, how};
}

}  // namespace capo::dialect::postgresql
