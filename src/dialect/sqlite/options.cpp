#include "dialect/sqlite/options.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string_view>

#include "base/fs.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::dialect::sqlite {
namespace {

// A program that imports data may well hold the write lock for some seconds; one that holds it for
// a minute is stuck.
constexpr std::chrono::milliseconds kDefaultBusyTimeout = std::chrono::seconds(60);

// Parameters of Python's sqlite3 module, which URLs written for SQLAlchemy carry. They say nothing
// about the database.
constexpr std::array<std::string_view, 4> kPythonOnly = {"cached_statements", "check_same_thread",
                                                         "detect_types", "isolation_level"};

[[noreturn]] void fail(std::string_view key, std::string_view value, std::string_view wanted) {
  throw Error(ErrorCode::kConnection, std::string("the SQLite parameter ")
                                          .append(key)
                                          .append("=")
                                          .append(value)
                                          .append(" means nothing"))
      .hint(std::string("write ").append(wanted));
}

OpenMode parse_mode(std::string_view value) {
  if (value == "ro") return OpenMode::kReadOnly;
  if (value == "rw") return OpenMode::kReadWrite;
  if (value == "rwc") return OpenMode::kCreate;
  fail("mode", value, "mode=ro, mode=rw or mode=rwc");
}

std::chrono::milliseconds parse_timeout(std::string_view value) {
  double seconds = -1;
  const char* end = value.data() + value.size();
  const auto [stopped, error] =
      std::from_chars(value.data(), end, seconds, std::chars_format::fixed);
  // A day is as good as for ever, and keeps what follows far from overflow.
  if (error != std::errc{} || stopped != end || !(seconds >= 0 && seconds <= 86400)) {
    fail("timeout", value, "a number of seconds, at most 86400: timeout=5, timeout=0.5");
  }
  return std::chrono::milliseconds(static_cast<long long>(seconds * 1000));
}

bool parse_switch(std::string_view key, std::string_view value) {
  for (const std::string_view word : {"on", "true", "yes", "1"}) {
    if (base::equals_ignoring_case(value, word)) return true;
  }
  for (const std::string_view word : {"off", "false", "no", "0"}) {
    if (base::equals_ignoring_case(value, word)) return false;
  }
  fail(key, value, std::string(key).append("=on or ").append(key).append("=off"));
}

}  // namespace

bool is_in_memory(const ConnectOptions& options) {
  return options.database.empty() || options.database == ":memory:";
}

bool is_missing_database(const ConnectOptions& options) {
  if (options.borrowed != nullptr || is_in_memory(options)) return false;
  if (open_options(options).mode != OpenMode::kCreate) return false;
  // What cannot be looked at may be there: a directory that this user must not enter, say.
  struct stat info {};
  if (::stat(options.database.c_str(), &info) == 0 || errno != ENOENT) return false;
  const base::RealFileSystem files;
  const std::string directory = base::parent_path(options.database);
  return directory.empty() || files.kind(directory) == base::FileKind::kDirectory;
}

OpenOptions open_options(const ConnectOptions& options) {
  if (options.database.find('\0') != std::string::npos) {
    throw Error(ErrorCode::kConnection, "the path of the SQLite database contains a NUL byte");
  }
  OpenOptions open;
  open.path = is_in_memory(options) ? ":memory:" : options.database;
  open.busy_timeout = kDefaultBusyTimeout;
  for (const auto& [key, value] : options.parameters) {
    if (key == "mode") {
      open.mode = parse_mode(value);
    } else if (key == "timeout") {
      open.busy_timeout = parse_timeout(value);
    } else if (key == "foreign_keys") {
      open.foreign_keys = parse_switch(key, value);
    } else if (std::find(kPythonOnly.begin(), kPythonOnly.end(), key) == kPythonOnly.end()) {
      throw Error(ErrorCode::kConnection, "unknown SQLite parameter \"" + key + "\" in the URL")
          .hint("known are mode, timeout and foreign_keys");
    }
  }
  if (options.lock_timeout.count() > 0) open.busy_timeout = options.lock_timeout;
  if (options.must_exist && open.mode == OpenMode::kCreate) open.mode = OpenMode::kReadWrite;
  return open;
}

}  // namespace capo::dialect::sqlite
