#include "dialect/sqlite/examination.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "base/fs.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/options.hpp"

namespace capo::dialect::sqlite {
namespace {

using Level = Finding::Level;

// Checking a large database takes minutes.
constexpr std::chrono::seconds kLongestCheck{20};

long long size_of(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<long long>(info.st_size) : 0;
}

/// Cancels what runs on a connection if it takes too long.
class TimeLimit {
 public:
  explicit TimeLimit(Connection& connection)
      : thread_([this, &connection] {
          std::unique_lock lock(mutex_);
          if (!wake_.wait_for(lock, kLongestCheck, [this] { return done_; })) connection.cancel();
        }) {}
  ~TimeLimit() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;

 private:
  std::mutex mutex_ = {};
  std::condition_variable wake_ = {};
  bool done_ = false;
  std::thread thread_;
};

class Examination {
 public:
  Examination(Connection& connection, const ExaminationRequest& request)
      : connection_(connection), path_(request.options.database) {}

  std::vector<Finding> run() {
    connection_.query("PRAGMA query_only = ON");
    topic_ = "server";
    add(Level::kOk, connection_.server_version() + ", the library that is built in");
    look_at_settings();
    look_at_files();
    look_at_content();
    return std::move(findings_);
  }

 private:
  void add(Level level, std::string text, std::string remedy = {}) {
    findings_.push_back({topic_, level, std::move(text), std::move(remedy)});
  }

  std::string value(std::string_view sql) {
    const Result result = connection_.query(sql);
    return result.rows.empty() ? "" : result.rows[0].at(0).value_or("");
  }

  void look_at_settings() {
    topic_ = "settings";
    if (value("PRAGMA foreign_keys") == "1") {
      add(Level::kOk, "foreign keys are enforced");
    } else {
      add(Level::kNote, "foreign keys are not enforced while revisions run",
          "add ?foreign_keys=on to the URL; and the application has to say PRAGMA foreign_keys = "
          "ON for each connection");
    }
    const std::string mode = value("PRAGMA journal_mode");
    add(Level::kOk, "journal mode " + mode +
                        (mode == "wal" ? ": readers go on while a revision writes"
                                       : ": readers wait while a revision is committed"));
  }

  void look_at_files() {
    if (path_.empty() || path_ == ":memory:") return;
    topic_ = "files";
    const std::size_t before = findings_.size();
    struct stat info {};
    if (::stat(path_.c_str(), &info) != 0) return;
    if (::access(path_.c_str(), W_OK) != 0) {
      add(Level::kProblem, "this user may not write " + path_, "chown or chmod the file");
    }
    const std::string folder = base::parent_path(path_).empty() ? "." : base::parent_path(path_);
    if (::access(folder.c_str(), W_OK) != 0) {
      add(Level::kProblem,
          "this user may not write the folder " + folder + ", where SQLite keeps its journal",
          "chown or chmod the folder");
    }
    if ((info.st_mode & S_IWOTH) != 0) {
      add(Level::kProblem, "everybody on this machine may change " + path_, "chmod o-w " + path_);
    }
    if (const long long bytes = size_of(path_ + "-wal"); bytes > 0) {
      add(Level::kNote,
          std::to_string(bytes) + " bytes are in the write-ahead log " + path_ +
              "-wal: a program has the database open, or was killed",
          "copy both files or none; `PRAGMA wal_checkpoint(TRUNCATE)` brings it into the database");
    }
    if (size_of(path_ + "-journal") > 0) {
      add(Level::kNote,
          path_ + "-journal is there: a program is writing, or was killed while it did",
          "never delete it: the next program that opens the database takes back what was half "
          "done");
    }
    if (findings_.size() == before) add(Level::kOk, "the file and its folder can be written");
  }

  void look_at_content() {
    topic_ = "content";
    try {
      const TimeLimit limit(connection_);
      const Result faults = connection_.query("PRAGMA integrity_check(5)");
      for (const Row& fault : faults.rows) {
        const std::string text = fault.at(0).value_or("");
        if (text == "ok") {
          add(Level::kOk, "integrity_check finds nothing");
        } else {
          add(Level::kProblem, "the database is damaged: " + text,
              "take a copy first; then `sqlite3 broken.db .recover | sqlite3 new.db`, or a backup");
        }
      }
      look_at_foreign_keys();
    } catch (const Error& error) {
      connection_.rollback();
      if (error.code() != ErrorCode::kCancelled && error.code() != ErrorCode::kDatabase) throw;
      add(Level::kNote,
          error.code() == ErrorCode::kCancelled
              ? "not checked to the end: it takes longer than 20 seconds"
              : "not checked: " + error.message(),
          "run PRAGMA integrity_check and PRAGMA foreign_key_check by hand");
    }
  }

  void look_at_foreign_keys() {
    std::map<std::pair<std::string, std::string>, int> orphans;
    for (const Row& row : connection_.query("PRAGMA foreign_key_check").rows) {
      ++orphans[{row.at(0).value_or(""), row.at(2).value_or("")}];
    }
    for (const auto& [tables, count] : orphans) {
      const auto& [table, referred] = tables;
      add(Level::kProblem,
          table + ": " + std::to_string(count) + (count == 1 ? " row refers" : " rows refer") +
              " to rows of " + referred + " that are not there; a revision that makes " + table +
              " anew fails",
          "SELECT * FROM pragma_foreign_key_check('" + table + "'); then mend or delete them");
    }
    if (orphans.empty()) add(Level::kOk, "foreign_key_check finds nothing");
  }

  Connection& connection_;
  const std::string path_;
  std::string topic_ = {};
  std::vector<Finding> findings_ = {};
};

}  // namespace

ConnectOptions for_looking(ConnectOptions options) {
  options.must_exist = !is_in_memory(options);
  if (is_in_memory(options) || size_of(options.database + "-wal") == 0) return options;
  std::erase_if(options.parameters,
                [](const auto& parameter) { return parameter.first == "mode"; });
  options.parameters.emplace_back("mode", "ro");
  return options;
}

std::vector<Finding> examine(Connection& connection, const ExaminationRequest& request) {
  return Examination(connection, request).run();
}

}  // namespace capo::dialect::sqlite
