#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The database as the service's handlers see it: transactions, each for somebody.
namespace gpra {

using UserId = int;

/// A value of a statement, sent beside it and never within it. Nothing is NULL.
class Param {
 public:
  Param(std::nullopt_t) {}                                            // NOLINT
  Param(std::string text) : text_(std::move(text)) {}                 // NOLINT
  Param(const char* text) : text_(text) {}                            // NOLINT
  Param(bool value) : text_(value ? "1" : "0") {}                     // NOLINT
  Param(int value) : text_(std::to_string(value)) {}                  // NOLINT
  Param(long long value) : text_(std::to_string(value)) {}            // NOLINT
  Param(std::optional<std::string> text) : text_(std::move(text)) {}  // NOLINT

  const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_ = {};
};

/// What a query gave, as text.
class Rows {
 public:
  using Value = std::optional<std::string>;

  Rows() = default;
  Rows(std::vector<std::string> columns, std::vector<std::vector<Value>> rows, long long affected)
      : columns_(std::move(columns)), rows_(std::move(rows)), affected_(affected) {}

  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }
  /// Of an INSERT, UPDATE or DELETE: how many rows it was.
  long long affected() const { return affected_; }

  /// Throws std::out_of_range for a row or a column that is not there: a mistake of the service's.
  const Value& value(std::size_t row, std::string_view column) const;
  /// NULL is an empty text.
  std::string text(std::size_t row, std::string_view column) const;
  /// Throws std::logic_error for what is no whole number.
  long long integer(std::size_t row, std::string_view column) const;
  bool boolean(std::size_t row, std::string_view column) const;

 private:
  std::vector<std::string> columns_ = {};
  std::vector<std::vector<Value>> rows_ = {};
  long long affected_ = 0;
};

/// The server refused a statement.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(std::string sqlstate, std::string constraint, const std::string& message)
      : std::runtime_error(message),
        sqlstate_(std::move(sqlstate)),
        constraint_(std::move(constraint)) {}

  const std::string& sqlstate() const { return sqlstate_; }
  /// The constraint that was violated, if it was one.
  const std::string& constraint() const { return constraint_; }
  bool is_unique_violation() const { return sqlstate_ == "23505"; }
  bool is_foreign_key_violation() const { return sqlstate_ == "23503"; }
  /// Nothing was done, and the same may well be done in a moment: a deadlock, a conflict, a limit
  /// of time or of connections, a server that is being stopped.
  bool is_passing() const {
    return sqlstate_.starts_with("40") || sqlstate_ == "55P03" || sqlstate_.starts_with("57") ||
           sqlstate_.starts_with("53");
  }

 private:
  std::string sqlstate_;
  std::string constraint_;
};

/// No connection could be had, or it broke: the request may be sent again.
class Unavailable : public std::runtime_error {
 public:
  explicit Unavailable(const std::string& message, bool in_doubt = false)
      : std::runtime_error(message), is_in_doubt_(in_doubt) {}
  /// It broke during COMMIT: nobody knows whether that took effect.
  bool is_in_doubt() const { return is_in_doubt_; }

 private:
  bool is_in_doubt_;
};

/// Rolled back when it is destroyed without commit().
class Transaction {
 public:
  Transaction() = default;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  virtual ~Transaction() = default;

  /// One statement, with `$1`, `$2` … for its parameters. Throws DatabaseError, Unavailable.
  virtual Rows query(std::string_view sql, const std::vector<Param>& params = {}) = 0;
  virtual void commit() = 0;

  /// A new row of the one that the transaction is for: on PostgreSQL the database says whose it is,
  /// on SQLite there is only one. `columns` as they are to be written, with their quotes.
  /// Gives back what `returning` asks for; empty: nothing.
  Rows insert(std::string_view table, const std::vector<std::pair<std::string, Param>>& columns,
              std::string_view returning);
  /// Nobody else's transaction of this user goes on until this one ends: for what must be counted
  /// before it is added to.
  virtual void lock_user() = 0;

  virtual bool is_sqlite() const = 0;

 protected:
  /// Columns that insert() adds.
  virtual std::vector<std::pair<std::string, Param>> implied_columns() const { return {}; }
};

using TransactionPtr = std::unique_ptr<Transaction>;

class Database {
 public:
  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  virtual ~Database() = default;

  /// As the application role, for one user: row-level security shows his rows only.
  virtual TransactionPtr for_user(UserId user) = 0;
  /// Likewise, to read: all its statements see the same moment, and on PostgreSQL it cannot write.
  virtual TransactionPtr for_reader(UserId user) = 0;
  /// As the role of accounts: users, sessions, login attempts, and no table of anybody's own.
  virtual TransactionPtr for_accounts() = 0;
  /// One statement of the role of accounts, without a transaction around it.
  virtual Rows ask_accounts(std::string_view sql, const std::vector<Param>& params) = 0;
  /// As the role of Stripe's webhook.
  virtual TransactionPtr for_webhook() = 0;
  /// As the role that reads the outbox.
  virtual TransactionPtr for_export() = 0;

  /// On SQLite: the one user that there is. Nothing on PostgreSQL.
  virtual std::optional<UserId> only_user() const { return std::nullopt; }
};

/// URLs of libpq, each of a login of its own. Empty: that part of the service is switched off.
struct PostgresqlOptions {
  std::string app_url = {};
  std::string accounts_url = {};
  std::string webhook_url = {};
  std::string export_url = {};
  int connections = 8;   ///< of the application role, and of accounts; the others have 2 each
  int wait_seconds = 5;  ///< for a connection of the pool
};

/// Opens connections when they are first needed.
std::unique_ptr<Database> open_postgresql(const PostgresqlOptions& options);
/// The file must be there; it is migrated. Throws Unavailable.
std::unique_ptr<Database> open_sqlite(const std::string& file);

}  // namespace gpra
