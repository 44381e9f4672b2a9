#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// A database of a test's own, on either kind of server, seen through its client library and not
/// through capo.
namespace capo::test {

class SharedServer;

/// NULL is the text "NULL"; good enough to compare answers.
using Rows = std::vector<std::vector<std::string>>;

class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A connection that stays open, with what it holds: a transaction, locks.
class Session {
 public:
  virtual ~Session() = default;
  /// Rows of the last statement. Throws DatabaseError.
  virtual Rows query(const std::string& sql) = 0;
};

class Database {
 public:
  virtual ~Database() = default;

  /// "sqlite" or "postgresql".
  virtual std::string_view kind() const = 0;
  virtual std::string url() const = 0;
  /// Rows of the last statement. Throws DatabaseError.
  virtual Rows query(const std::string& sql) = 0;
  /// Runs a whole script; a transaction that it leaves open is rolled back. Throws DatabaseError.
  virtual void script(const std::string& sql) = 0;
  virtual std::unique_ptr<Session> session() = 0;
  /// Makes the database empty again.
  virtual void reset() = 0;
  virtual bool has_table(std::string_view name) = 0;
  /// Every object and every row as sorted text, without what belongs to capo alone (`capo_…`). The
  /// version table is in.
  virtual std::string dump() = 0;

  /// First column of a query's rows.
  std::vector<std::string> column(const std::string& sql);
  /// The single value of a query; throws DatabaseError if there is another number of rows.
  std::string value(const std::string& sql);
  /// The version table's rows, sorted; empty if there is no such table.
  std::vector<std::string> versions();
};

/// Of the PostgreSQL server that the tests share: 15.
int server_major();

/// A file in `directory`, which exists.
std::unique_ptr<Database> make_sqlite(const std::string& directory,
                                      const std::string& file_name = "db.sqlite");
/// A new database on the server that tests share; dropped with the object.
std::unique_ptr<Database> make_postgresql();
/// A new database on a server that the test has to itself; the server must outlive it.
std::unique_ptr<Database> make_postgresql(const SharedServer& server);
/// `kind` is "sqlite" or "postgresql".
std::unique_ptr<Database> make_database(std::string_view kind, const std::string& directory);

/// Rows as lines, values separated by `|`, a line break in a value as `\n`.
std::string to_text(const Rows& rows);

}  // namespace capo::test
