#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "capo/operation.hpp"
#include "dialect/connection.hpp"

/// What a database says and needs where many rows are changed batch by batch.
namespace capo::dialect {

/// The table of a backfill and its key, as the catalog has them.
struct BatchedTable {
  bool exists = false;
  std::string kind = {};    ///< what it is if it is no table: "a view"
  Names key = {};           ///< the columns that were asked for, or those of the primary key
  Names missing = {};       ///< those that were asked for and are not there
  Names nullable = {};      ///< those of the key that may hold NULL
  bool is_indexed = false;  ///< an index has the key's columns in the key's order, at its beginning
};

/// How hard the database is at work.
struct Load {
  int active = 0;                             ///< sessions, without this one
  int max_connections = 0;                    ///< of the server
  std::int64_t written = 0;                   ///< how far its log reaches, in bytes
  std::optional<std::int64_t> replayed = {};  ///< how far the replica furthest behind has come
  std::int64_t reported_lag_ms = 0;           ///< what the server itself says of that one
  bool is_hidden = false;  ///< there are replicas, of which this user may see no more
};

/// One for each database. Names are written by the dialect's SqlWriter; conditions are SQL.
class Batching {
 public:
  virtual ~Batching() = default;

  virtual BatchedTable look_up(Connection& connection, const Backfill& backfill) const = 0;
  /// An expression over the columns of the key, as SqlWriter writes them: a text that stands in SQL
  /// for their values, `('12', 'x')`.
  virtual std::string row_text(const std::vector<std::string>& columns) const = 0;
  /// Statements for the beginning of each batch's transaction, for these connections' settings.
  virtual std::vector<std::string> preamble(Connection& connection) const = 0;
  /// What follows a SELECT whose rows nobody else may change until the transaction ends.
  virtual std::string for_update() const = 0;
  /// True if a batch that failed with this may succeed later: somebody held a lock.
  virtual bool is_worth_another_try(const Error& error) const = 0;
  /// About how many rows of `table`, as written in SQL, are in `where` (empty: all), with little
  /// effort.
  virtual std::int64_t estimate(Connection& connection, const std::string& table,
                                const std::string& where) const = 0;
  /// Who, most likely, keeps a batch from the rows of `table`; empty: it does not show.
  virtual std::string blocker(Connection& connection, const std::string& table) const = 0;
  /// Nothing where there is nothing to look at.
  virtual std::optional<Load> load(Connection& connection) const = 0;
};

}  // namespace capo::dialect
