#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "capo/error.hpp"
#include "capo/schema.hpp"

/// The database as a data step is given it, while its revision runs and in its transaction:
///
///     op.data_step("give rows without an owner to the admin", [](capo::Connection& db) {
///       const auto admin = db.query_one("SELECT id FROM ab_user WHERE username = $1", {"admin"});
///       if (!admin) throw capo::Error(capo::ErrorCode::kDatabase, "there is no user admin");
///       db.execute_in_batches("UPDATE items SET user_id = $1 WHERE id IN (SELECT id FROM items"
///                             " WHERE user_id IS NULL LIMIT 1000)", {admin->integer(0)});
///     });
///
/// What the database refuses, and whatever else is thrown, ends the step; the revision is rolled
/// back and the error tells which it was.
namespace capo {

/// A value that goes to the database beside a statement, for `$1`, `$2`, …; never a part of its
/// text.
class Parameter {
 public:
  // NOLINTBEGIN(google-explicit-constructor)
  Parameter(Literal value) : value_(std::move(value)) {}
  Parameter(std::nullptr_t) {}
  Parameter(bool value) : value_(value) {}
  Parameter(int value) : value_(value) {}
  Parameter(long value) : value_(value) {}
  Parameter(long long value) : value_(value) {}
  Parameter(unsigned long value) : value_(Literal::number(std::to_string(value))) {}
  Parameter(double value);
  Parameter(const char* value) : value_(value) {}
  Parameter(std::string value) : value_(std::move(value)) {}
  Parameter(std::string_view value) : value_(std::string(value)) {}
  template <class Value>
  Parameter(const std::optional<Value>& value) {
    if (value) *this = Parameter(*value);
  }
  // NOLINTEND(google-explicit-constructor)

  const Literal& value() const { return value_; }

 private:
  Literal value_ = {};
};

using Parameters = std::initializer_list<Parameter>;

/// A row of an answer; columns count from 0. Reading a column that is not there, NULL where a value
/// is asked for, or a text as a number throws Error{kDatabase} that says which.
class Row {
 public:
  using Values = std::vector<std::optional<std::string>>;

  explicit Row(Values values) : values_(std::move(values)) {}

  std::size_t size() const { return values_.size(); }
  bool is_null(std::size_t column) const;
  /// As the database prints it.
  const std::string& text(std::size_t column) const;
  long long integer(std::size_t column) const;
  /// PostgreSQL's `t` and `f`, SQLite's `1` and `0`.
  bool boolean(std::size_t column) const;

 private:
  const std::optional<std::string>& at(std::size_t column) const;

  Values values_;
};

/// Valid during the step only; used by its thread only. Placeholders are `$1`, `$2`, … on every
/// database.
class Connection {
 public:
  /// Of `runtime`.
  struct Impl;
  explicit Connection(Impl& impl) : impl_(impl) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// "postgresql", "sqlite".
  std::string_view dialect() const;
  /// The value of `-x name=…`, if it was given.
  std::optional<std::string> argument(std::string_view name) const;

  /// All rows of the answer, in memory: ask for pages of a large table.
  std::vector<Row> query(std::string_view sql, Parameters parameters = {});
  /// The only row, or nothing. Several are an Error{kDatabase}.
  std::optional<Row> query_one(std::string_view sql, Parameters parameters = {});
  /// Gives back the number of rows that were changed.
  long long execute(std::string_view sql, Parameters parameters = {});
  /// The same, which fails unless exactly so many rows were changed: where a policy or a mistyped
  /// condition would do nothing, silently.
  void execute_exactly(long long rows, std::string_view sql, Parameters parameters = {});
  /// Runs a statement that changes some rows again and again, until it finds none. What was changed
  /// must not be found again, or it would never end. Shows progress, and can be interrupted between
  /// two batches. Outside a transaction (`.transactional = false`) each batch commits by itself.
  /// Gives back the number of rows that were changed.
  long long execute_in_batches(std::string_view sql, Parameters parameters = {});
  /// Shows how far the step has come: "12000 of 50000 rows".
  void progress(std::string_view text);

 private:
  Impl& impl_;
};

}  // namespace capo
