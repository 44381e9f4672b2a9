#include <sqlite3.h>

#include <algorithm>
#include <cstdio>

#include "database.hpp"

namespace capo::test {
namespace {

struct CloseHandle {
  void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};
using Handle = std::unique_ptr<sqlite3, CloseHandle>;

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

[[noreturn]] void fail(sqlite3* handle, const std::string& sql) {
  throw DatabaseError(std::string(sqlite3_errmsg(handle)) + ": " + sql);
}

std::vector<std::string> row_of(sqlite3_stmt* statement) {
  std::vector<std::string> row;
  for (int i = 0; i < sqlite3_column_count(statement); ++i) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
    row.emplace_back(text != nullptr ? text : "NULL");
  }
  return row;
}

class SqliteSession final : public Session {
 public:
  explicit SqliteSession(const std::string& path) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open(path.c_str(), &raw);
    handle_.reset(raw);
    if (code != SQLITE_OK) throw DatabaseError("cannot open " + path + ": " + sqlite3_errmsg(raw));
    sqlite3_busy_timeout(raw, 10000);
  }

  Rows query(const std::string& sql) override {
    Rows rows;
    const char* rest = sql.c_str();
    while (*rest != '\0') {
      sqlite3_stmt* raw = nullptr;
      if (sqlite3_prepare_v2(handle_.get(), rest, -1, &raw, &rest) != SQLITE_OK) {
        fail(handle_.get(), sql);
      }
      const std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
      if (raw == nullptr) continue;  // A comment or white space.
      rows.clear();
      int code = SQLITE_OK;
      while ((code = sqlite3_step(raw)) == SQLITE_ROW) rows.push_back(row_of(raw));
      if (code != SQLITE_DONE) fail(handle_.get(), sql);
    }
    return rows;
  }

 private:
  Handle handle_;
};

// Opens the file anew each time: a connection that stays would change what a crash leaves behind.
class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(std::string path) : path_(std::move(path)) { reset(); }

  std::string_view kind() const override { return "sqlite"; }
  std::string url() const override { return "sqlite:///" + path_; }

  Rows query(const std::string& sql) override { return SqliteSession(path_).query(sql); }
  void script(const std::string& sql) override { SqliteSession(path_).query(sql); }
  std::unique_ptr<Session> session() override { return std::make_unique<SqliteSession>(path_); }

  void reset() override {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) {
      std::remove((path_ + suffix).c_str());
    }
  }

  bool has_table(std::string_view name) override {
    const std::string quoted(name);
    return !query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '" + quoted + "'")
                .empty();
  }

  std::string dump() override {
    SqliteSession session(path_);
    std::string text = to_text(session.query(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE "
        "'sqlite\\_%' ESCAPE '\\' AND tbl_name NOT LIKE 'capo\\_%' ESCAPE '\\' ORDER BY 1, 2"));
    for (const auto& row :
         session.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                       "'capo\\_%' ESCAPE '\\' ORDER BY 1")) {
      Rows rows = session.query("SELECT * FROM \"" + row[0] + "\"");
      // Numbers given out for AUTOINCREMENT, capo's own among them.
      if (row[0] == "sqlite_sequence") {
        std::erase_if(rows, [](const auto& values) { return values[0].starts_with("capo_"); });
        if (rows.empty()) continue;
      }
      std::sort(rows.begin(), rows.end());
      text.append("rows of ").append(row[0]).append(":\n").append(to_text(rows));
    }
    return text;
  }

 private:
  std::string path_;
};

}  // namespace

std::unique_ptr<Database> make_sqlite(const std::string& directory, const std::string& file_name) {
  return std::make_unique<SqliteDatabase>(directory + "/" + file_name);
}

}  // namespace capo::test
