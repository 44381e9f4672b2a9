// SQLite through its C API. A statement runs when it is queued: there is no network to save on.
//
// cancel() is looked at in the progress handler, every few thousand steps of SQLite's machine:
// sqlite3_interrupt() alone is forgotten if it comes just before a statement's first step. While
// waiting for another connection's lock, the busy handler looks at cancel(), options.stop_requested
// and the timeout. No exception may cross SQLite's C frames, so what callbacks throw is kept and
// thrown again outside.

#include "dialect/sqlite/connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/duration.hpp"
#include "base/fs.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/options.hpp"

namespace capo::dialect::sqlite {
namespace {

struct CloseDatabase {
  // The _v2 form never fails: it waits for statements that are still alive.
  void operator()(sqlite3* database) const {
    if (!borrowed) sqlite3_close_v2(database);
  }
  bool borrowed = false;
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

constexpr int kStepsBetweenLooks = 4000;  // about 0.1 ms

// Which value goes to a place, from 1: `?` and `?2` are SQLite's own numbers; `$2`, which
// PostgreSQL writes, is a name to SQLite, numbered as names come.
int number_of(sqlite3_stmt* statement, int place) {
  const char* const name = sqlite3_bind_parameter_name(statement, place);
  if (name == nullptr || name[0] != '$') return place;
  const char* const end = name + std::strlen(name);
  int number = 0;
  const auto [stopped, error] = std::from_chars(name + 1, end, number);
  return error == std::errc() && stopped == end && number > 0 ? number : place;
}

// The values outlive the statement: no copy is needed.
int bind_text(sqlite3_stmt* statement, int place, const std::string& text) {
  return sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_STATIC,
                             SQLITE_UTF8);
}

int bind(sqlite3_stmt* statement, int place, const Value& value) {
  return value ? bind_text(statement, place, *value) : sqlite3_bind_null(statement, place);
}

// Compared with a text, a number is never equal to it.
int bind(sqlite3_stmt* statement, int place, const capo::Literal& value) {
  switch (value.kind) {
    case capo::Literal::Kind::kNull:
      return sqlite3_bind_null(statement, place);
    case capo::Literal::Kind::kBoolean:
      return sqlite3_bind_int(statement, place, value.text == "true" ? 1 : 0);
    case capo::Literal::Kind::kNumber: {
      const char* const begin = value.text.data();
      const char* const end = begin + value.text.size();
      sqlite3_int64 integer = 0;
      const auto whole = std::from_chars(begin, end, integer);
      if (whole.ec == std::errc() && whole.ptr == end) {
        return sqlite3_bind_int64(statement, place, integer);
      }
      double number = 0;
      const auto real = std::from_chars(begin, end, number);
      if (real.ec == std::errc() && real.ptr == end) {
        return sqlite3_bind_double(statement, place, number);
      }
      return bind_text(statement, place, value.text);
    }
    case capo::Literal::Kind::kString:
      return bind_text(statement, place, value.text);
  }
  return SQLITE_MISUSE;
}

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(const ConnectOptions& options, OpenOptions open)
      : open_(std::move(open)),
        on_notice_(options.on_notice),
        stop_requested_(options.stop_requested) {
    if (options.borrowed == nullptr) {
      open_database();
      return;
    }
    open_.path = options.database.empty() ? "the database" : options.database;
    database_ = DatabaseHandle(static_cast<sqlite3*>(options.borrowed), {.borrowed = true});
  }

  Result query(std::string_view sql, std::span<const Value> parameters) override {
    return run(sql, parameters);
  }

  Result query_with(std::string_view sql, std::span<const capo::Literal> parameters) override {
    return run(sql, parameters);
  }

  void enqueue(std::string_view sql, std::span<const Value> parameters,
               std::function<void(const Result&)> done, Duration /*duration*/) override {
    const Result result = run(sql, parameters);
    if (done) done(result);
  }

  void flush() override {}

  Result execute_alone(std::string_view sql) override { return run(sql); }

  void begin() override {
    run("BEGIN IMMEDIATE");
    began_ = true;
  }

  void begin_without_foreign_keys() override {
    foreign_keys_were_ = setting("foreign_keys");
    legacy_alter_table_was_ = setting("legacy_alter_table");
    set("foreign_keys", "0");
    try {
      begin();
      if (foreign_keys_were_ == "1") violations_before_ = violations();
    } catch (...) {
      rollback();
      throw;
    }
  }

  void commit() override {
    if (!in_transaction() && std::exchange(began_, false)) {
      throw Error(ErrorCode::kDatabase, "the transaction was over before its COMMIT")
          .hint("a statement ended it, or SQLite rolled it back after a serious error");
    }
    refuse_new_violations();
    run("COMMIT");
    began_ = false;
    put_settings_back();
  }

  void rollback() override {
    cancelled_ = false;
    began_ = false;
    if (in_transaction()) run("ROLLBACK");
    put_settings_back();
  }

  bool in_transaction() const override { return sqlite3_get_autocommit(database_.get()) == 0; }

  void cancel() noexcept override {
    cancelled_ = true;
    sqlite3_interrupt(database_.get());
  }

  std::string server_version() const override {
    return std::string("SQLite ") + sqlite3_libversion();
  }

  int backend_pid() const override { return 0; }

 private:
  void open_database();
  std::string setting(std::string_view name);
  void set(std::string_view name, const std::string& value);
  void put_settings_back();
  std::optional<long long> violations();
  void refuse_new_violations();
  Result run(std::string_view sql) { return run(sql, std::span<const Value>()); }
  template <typename Parameter>
  Result run(std::string_view sql, std::span<const Parameter> parameters);
  StatementHandle prepare(std::string_view sql);
  void refuse_second_statement(std::string_view sql, const char* tail);
  template <typename Parameter>
  void bind_all(sqlite3_stmt* statement, std::string_view sql,
                std::span<const Parameter> parameters);
  Result collect(sqlite3_stmt* statement, std::string_view sql);
  [[noreturn]] void fail(std::string_view sql);
  Error describe_failure(int code) const;
  Error describe_unopened(int system_error) const;
  Error cancelled_error() const {
    return {ErrorCode::kCancelled, "cancelled while a statement was running"};
  }

  bool wait_for_others(int attempt) noexcept;
  static int on_progress(void* self) { return static_cast<SqliteConnection*>(self)->cancelled_; }
  static int on_busy(void* self, int attempt) {
    return static_cast<SqliteConnection*>(self)->wait_for_others(attempt);
  }

  OpenOptions open_;
  std::function<void(const Notice&)> on_notice_;
  std::function<bool()> stop_requested_;
  DatabaseHandle database_;
  bool began_ = false;
  // What they were before begin_without_foreign_keys(); empty: untouched.
  std::string foreign_keys_were_ = {};
  std::string legacy_alter_table_was_ = {};
  // Where foreign keys were on: how many rows broke one all the same.
  std::optional<long long> violations_before_ = {};
  std::atomic<bool> cancelled_{false};
  std::exception_ptr thrown_by_callback_;
  std::chrono::steady_clock::time_point busy_since_;
  bool told_that_busy_ = false;
  bool gave_up_waiting_ = false;
};

void SqliteConnection::open_database() {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (open_.mode) {
    case OpenMode::kReadOnly:
      flags |= SQLITE_OPEN_READONLY;
      break;
    case OpenMode::kReadWrite:
      flags |= SQLITE_OPEN_READWRITE;
      break;
    case OpenMode::kCreate:
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
      break;
  }
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(open_.path.c_str(), &opened, flags, nullptr);
  database_.reset(opened);
  if (!database_) throw Error(ErrorCode::kConnection, "SQLite is out of memory");
  if (code != SQLITE_OK) throw describe_failure(code);
  sqlite3_busy_handler(opened, &SqliteConnection::on_busy, this);
  sqlite3_progress_handler(opened, kStepsBetweenLooks, &SqliteConnection::on_progress, this);
  try {
    if (open_.foreign_keys) {
      run(*open_.foreign_keys ? "PRAGMA foreign_keys = ON" : "PRAGMA foreign_keys = OFF");
    }
    // SQLite opens the file for good when it is first read: only now does it say that it is no
    // database.
    run("PRAGMA schema_version");
  } catch (const Error& error) {
    Error plain(error.code(), error.message());
    throw plain.detail(error.detail()).hint(error.hint());
  }
}

// Empty where this SQLite does not know the setting.
std::string SqliteConnection::setting(std::string_view name) {
  const Result result = run("PRAGMA " + std::string(name));
  return result.rows.empty() ? std::string() : result.rows[0].at(0).value_or("");
}

void SqliteConnection::set(std::string_view name, const std::string& value) {
  if (value.empty() || setting(name) == value) return;
  run("PRAGMA " + std::string(name) + " = " + value);
}

void SqliteConnection::put_settings_back() {
  set("foreign_keys", std::exchange(foreign_keys_were_, {}));
  set("legacy_alter_table", std::exchange(legacy_alter_table_was_, {}));
  violations_before_.reset();
}

// Nothing if a foreign key cannot work at all, so that SQLite does not say.
std::optional<long long> SqliteConnection::violations() {
  try {
    const Result result = run("SELECT count(*) FROM pragma_foreign_key_check");
    return base::parse_integer(result.rows.at(0).at(0).value_or(""));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kDatabase) throw;
    return std::nullopt;
  }
}

// Whoever has foreign keys on counts on them for every statement of the transaction.
void SqliteConnection::refuse_new_violations() {
  if (!violations_before_) return;
  const std::optional<long long> now = violations();
  if (!now || *now <= *violations_before_) return;
  throw Error(ErrorCode::kDatabase, std::to_string(*now - *violations_before_) +
                                        " more rows than before refer to a row that is not there")
      .hint(
          "foreign keys are off in a transaction that makes a table anew, and nothing cascades: "
          "delete or change those rows as well, or put the change of the table into a revision "
          "of its own; PRAGMA foreign_key_check lists them");
}

template <typename Parameter>
Result SqliteConnection::run(std::string_view sql, std::span<const Parameter> parameters) {
  if (cancelled_.exchange(false)) throw cancelled_error();
  gave_up_waiting_ = false;
  const StatementHandle statement = prepare(sql);
  if (!statement) return {};
  bind_all(statement.get(), sql, parameters);
  return collect(statement.get(), sql);
}

StatementHandle SqliteConnection::prepare(std::string_view sql) {
  if (const std::size_t nul = sql.find('\0'); nul != std::string_view::npos) {
    throw Error(ErrorCode::kDatabase, "the statement contains a NUL byte")
        .statement(std::string(sql), static_cast<int>(nul));
  }
  const int limit = sqlite3_limit(database_.get(), SQLITE_LIMIT_SQL_LENGTH, -1);
  if (sql.size() >= static_cast<std::size_t>(limit)) {
    throw Error(ErrorCode::kDatabase,
                "the statement is longer than SQLite takes (" + std::to_string(limit) + " bytes)");
  }
  sqlite3_stmt* prepared = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &prepared, &tail);
  StatementHandle statement(prepared);
  if (code != SQLITE_OK) fail(sql);
  refuse_second_statement(sql, tail);
  return statement;
}

// What follows the first statement would silently not run. White space and comments compile to no
// statement.
void SqliteConnection::refuse_second_statement(std::string_view sql, const char* tail) {
  const auto begin = static_cast<std::size_t>(tail - sql.data());
  if (begin >= sql.size()) return;
  sqlite3_stmt* second = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), tail, static_cast<int>(sql.size() - begin),
                                      &second, nullptr);
  const StatementHandle statement(second);
  if (code == SQLITE_OK && second == nullptr) return;
  throw Error(ErrorCode::kDatabase, "there is more than one statement in the text of one")
      .statement(std::string(sql), static_cast<int>(begin));
}

template <typename Parameter>
void SqliteConnection::bind_all(sqlite3_stmt* statement, std::string_view sql,
                                std::span<const Parameter> parameters) {
  const int places = sqlite3_bind_parameter_count(statement);
  int wanted = 0;
  for (int place = 1; place <= places; ++place) {
    wanted = std::max(wanted, number_of(statement, place));
  }
  // SQLite would take a parameter that is not given as NULL, and a migration would store that.
  if (std::cmp_not_equal(wanted, parameters.size())) {
    throw Error(ErrorCode::kDatabase, "the statement has " + std::to_string(wanted) +
                                          " parameters, but " + std::to_string(parameters.size()) +
                                          " values are given")
        .statement(std::string(sql));
  }
  for (int place = 1; place <= places; ++place) {
    const auto number = static_cast<std::size_t>(number_of(statement, place));
    if (bind(statement, place, parameters[number - 1]) != SQLITE_OK) fail(sql);
  }
}

Result SqliteConnection::collect(sqlite3_stmt* statement, std::string_view sql) {
  const sqlite3_int64 changes_before = sqlite3_total_changes64(database_.get());
  Result result;
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    Row& row = result.rows.emplace_back();
    const int columns = sqlite3_column_count(statement);
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) {
      // The text first: asking for it may convert the value, and the size is that of the converted
      // one. A blob stays what it is.
      const void* bytes = sqlite3_column_type(statement, i) == SQLITE_BLOB
                              ? sqlite3_column_blob(statement, i)
                              : sqlite3_column_text(statement, i);
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
      if (sqlite3_column_type(statement, i) == SQLITE_NULL) {
        row.emplace_back(std::nullopt);
      } else {
        row.emplace_back(std::string(static_cast<const char*>(bytes), bytes == nullptr ? 0 : size));
      }
    }
  }
  if (code != SQLITE_DONE) fail(sql);
  // sqlite3_changes() keeps the count of the last INSERT, UPDATE or DELETE when a statement was
  // none.
  const bool changed = sqlite3_total_changes64(database_.get()) != changes_before;
  result.affected = sqlite3_column_count(statement) > 0
                        ? static_cast<std::int64_t>(result.rows.size())
                        : (changed ? sqlite3_changes64(database_.get()) : 0);
  return result;
}

void SqliteConnection::fail(std::string_view sql) {
  if (thrown_by_callback_) std::rethrow_exception(std::exchange(thrown_by_callback_, nullptr));
  Error error = describe_failure(sqlite3_extended_errcode(database_.get()));
  if (error.code() == ErrorCode::kCancelled) cancelled_ = false;
#if SQLITE_VERSION_NUMBER >= 3038000
  error.statement(std::string(sql), sqlite3_error_offset(database_.get()));
#else
  error.statement(std::string(sql));
#endif
  throw error;
}

Error SqliteConnection::describe_failure(int code) const {
  if (cancelled_) return cancelled_error();
  const std::string& path = open_.path;
  const std::string message = sqlite3_errmsg(database_.get());
  const int system_error = sqlite3_system_errno(database_.get());
  switch (code & 0xFF) {
    case SQLITE_BUSY:
      // Without a wait where waiting cannot help: the other one waits for this one.
      return Error(ErrorCode::kLocked,
                   path + " is locked by another connection" +
                       (gave_up_waiting_ ? ", for longer than " + base::describe(open_.busy_timeout)
                                         : ""))
          .hint("end the program that writes to it, or wait longer with lock_timeout");
    case SQLITE_INTERRUPT:
      return cancelled_error();
    case SQLITE_CANTOPEN:
      return describe_unopened(system_error);
    case SQLITE_NOTADB:
      return Error(ErrorCode::kConnection, path + " is not a SQLite database")
          .hint("check the path; a file that something else wrote is not touched");
    case SQLITE_READONLY:
      return Error(ErrorCode::kDatabase, message)
          .hint(open_.mode == OpenMode::kReadOnly
                    ? "the URL says mode=ro"
                    : "this user must be able to write both " + path + " and its directory");
    case SQLITE_FULL:
      return Error(ErrorCode::kDatabase, message)
          .hint("make room on the disk of " + path + ", or raise its PRAGMA max_page_count");
    case SQLITE_CORRUPT:
      return Error(ErrorCode::kDatabase, message)
          .hint("PRAGMA integrity_check tells more; restore " + path + " from a backup");
    case SQLITE_IOERR:
      return Error(ErrorCode::kDatabase,
                   system_error == 0 ? message : message + ": " + std::strerror(system_error));
    default:
      return {ErrorCode::kDatabase, message};
  }
}

// SQLite only says "unable to open database file".
Error SqliteConnection::describe_unopened(int system_error) const {
  const base::RealFileSystem files;
  const std::string& path = open_.path;
  const std::string directory = base::parent_path(path);
  Error error(ErrorCode::kConnection, "cannot open the database " + path);
  if (files.kind(path) == base::FileKind::kDirectory) {
    return Error(ErrorCode::kConnection, path + " is a directory, not a database")
        .hint("name a file in it");
  }
  if (!directory.empty() && files.kind(directory) != base::FileKind::kDirectory) {
    const bool exists = files.kind(directory) != base::FileKind::kNone;
    return error.detail(directory + (exists ? " is not a directory" : " does not exist"))
        .hint(exists ? "check the path"
                     : "check the path, or create the directory: mkdir -p " + directory);
  }
  if (files.kind(path) == base::FileKind::kNone && open_.mode != OpenMode::kCreate) {
    return Error(ErrorCode::kConnection, "the database " + path + " does not exist")
        .hint("check the path; without mode= in the URL, upgrade creates the file");
  }
  if (system_error != 0) error.detail(std::strerror(system_error));
  return error.hint("this user must be able to write both the file and its directory");
}

// Called by SQLite whenever a lock that it needs is taken; `attempt` counts from 0 for each lock.
// True: try again.
bool SqliteConnection::wait_for_others(int attempt) noexcept {
  using std::chrono::milliseconds;
  constexpr std::array<milliseconds, 8> kPauses = {
      milliseconds(1),  milliseconds(2),  milliseconds(5),  milliseconds(10),
      milliseconds(15), milliseconds(20), milliseconds(25), milliseconds(50)};
  base::RealClock clock;
  if (attempt == 0) {
    busy_since_ = clock.monotonic();
    told_that_busy_ = false;
  }
  const auto waited = std::chrono::duration_cast<milliseconds>(clock.monotonic() - busy_since_);
  try {
    if (stop_requested_ && stop_requested_()) cancelled_ = true;
    if (cancelled_) return false;
    gave_up_waiting_ = waited >= open_.busy_timeout;
    if (gave_up_waiting_) return false;
    if (waited >= std::chrono::seconds(1) && !std::exchange(told_that_busy_, true) && on_notice_) {
      on_notice_({.severity = "NOTICE",
                  .message = "waiting for another connection that is writing to " + open_.path});
    }
  } catch (...) {
    thrown_by_callback_ = std::current_exception();
    return false;
  }
  const std::size_t step = std::min(static_cast<std::size_t>(attempt), kPauses.size() - 1);
  clock.sleep(std::min(kPauses[step], open_.busy_timeout - waited));
  return true;
}

}  // namespace

ConnectOptions borrow(void* handle) {
  auto* const database = static_cast<sqlite3*>(handle);
  if (sqlite3_get_autocommit(database) == 0) {
    throw Error(ErrorCode::kConnection, "the SQLite connection is in a transaction")
        .hint("end it first: capo begins and ends its own");
  }
  ConnectOptions options;
  options.borrowed = handle;
  const char* const file = sqlite3_db_filename(database, "main");
  if (file != nullptr) options.database = file;
  return options;
}

std::unique_ptr<Connection> connect(const ConnectOptions& options) {
  return std::make_unique<SqliteConnection>(options, open_options(options));
}

}  // namespace capo::dialect::sqlite
