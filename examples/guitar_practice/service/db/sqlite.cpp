// SQLite, for one user: one connection, and whoever works with it has it alone.

#include <sqlite3.h>

#include <mutex>

#include "db/database.hpp"

namespace gpra {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, Close>;
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

constexpr int kBusyMilliseconds = 5000;

[[noreturn]] void fail(sqlite3* database) {
  const int code = sqlite3_extended_errcode(database);
  const std::string message = sqlite3_errmsg(database);
  if ((code & 0xFF) == SQLITE_BUSY) throw Unavailable(message);
  std::string sqlstate;
  if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) sqlstate = "23505";
  if (code == SQLITE_CONSTRAINT_FOREIGNKEY) sqlstate = "23503";
  if (code == SQLITE_CONSTRAINT_NOTNULL) sqlstate = "23502";
  if (code == SQLITE_CONSTRAINT_CHECK) sqlstate = "23514";
  throw DatabaseError(sqlstate, "", message);
}

Rows run(sqlite3* database, std::string_view sql, const std::vector<Param>& params) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, nullptr) !=
      SQLITE_OK) {
    fail(database);
  }
  const Statement statement(raw);
  for (std::size_t i = 0; i < params.size(); ++i) {
    const std::string name = "$" + std::to_string(i + 1);
    const int place = sqlite3_bind_parameter_index(raw, name.c_str());
    const std::optional<std::string>& text = params[i].text();
    if (place == 0 || !text) continue;
    sqlite3_bind_text(raw, place, text->data(), static_cast<int>(text->size()), SQLITE_TRANSIENT);
  }
  std::vector<std::string> columns;
  for (int i = 0; i < sqlite3_column_count(raw); ++i) {
    columns.emplace_back(sqlite3_column_name(raw, i));
  }
  std::vector<std::vector<Rows::Value>> rows;
  int code = sqlite3_step(raw);
  for (; code == SQLITE_ROW; code = sqlite3_step(raw)) {
    std::vector<Rows::Value>& row = rows.emplace_back();
    for (int i = 0; i < sqlite3_column_count(raw); ++i) {
      Rows::Value& value = row.emplace_back();
      if (sqlite3_column_type(raw, i) == SQLITE_NULL) continue;
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(raw, i));
      value.emplace(bytes == nullptr ? "" : bytes,
                    static_cast<std::size_t>(sqlite3_column_bytes(raw, i)));
    }
  }
  if (code != SQLITE_DONE) fail(database);
  return {std::move(columns), std::move(rows), sqlite3_changes(database)};
}

class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(sqlite3* database, std::recursive_timed_mutex& guard, UserId user)
      : database_(database), hold_(guard), user_(user) {
    run(database_, "BEGIN IMMEDIATE", {});
  }
  ~SqliteTransaction() override {
    if (is_over_) return;
    try {
      run(database_, "ROLLBACK", {});
    } catch (const std::exception&) {
      return;  // SQLite has rolled back itself
    }
  }

  Rows query(std::string_view sql, const std::vector<Param>& params) override {
    return run(database_, sql, params);
  }
  void lock_user() override {}  // nobody else writes
  void commit() override {
    run(database_, "COMMIT", {});
    is_over_ = true;
  }
  bool is_sqlite() const override { return true; }

 private:
  std::vector<std::pair<std::string, Param>> implied_columns() const override {
    return {{"user_id", user_}};
  }

  sqlite3* database_;
  std::unique_lock<std::recursive_timed_mutex> hold_;
  UserId user_;
  bool is_over_ = false;
};

class Sqlite final : public Database {
 public:
  explicit Sqlite(const std::string& file) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
    database_.reset(raw);
    if (code != SQLITE_OK) throw Unavailable(file + ": " + sqlite3_errstr(code));
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw, kBusyMilliseconds);
    run(raw, "PRAGMA foreign_keys = ON", {});
    run(raw, "PRAGMA journal_mode = WAL", {});
    const Rows users = run(raw, "SELECT id FROM ab_user ORDER BY username <> 'admin', id", {});
    if (users.empty()) throw Unavailable(file + " has no user");
    user_ = static_cast<UserId>(users.integer(0, "id"));
  }

  TransactionPtr for_user(UserId) override { return begin(); }
  TransactionPtr for_reader(UserId) override { return begin(); }
  TransactionPtr for_accounts() override { return begin(); }
  Rows ask_accounts(std::string_view sql, const std::vector<Param>& params) override {
    const TransactionPtr work = begin();
    Rows rows = work->query(sql, params);
    work->commit();
    return rows;
  }
  TransactionPtr for_webhook() override { return begin(); }
  TransactionPtr for_export() override { return begin(); }
  std::optional<UserId> only_user() const override { return user_; }

 private:
  TransactionPtr begin() {
    return std::make_unique<SqliteTransaction>(database_.get(), guard_, user_);
  }

  Handle database_ = {};
  std::recursive_timed_mutex guard_ = {};
  UserId user_ = 0;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const std::string& file) {
  return std::make_unique<Sqlite>(file);
}

}  // namespace gpra
