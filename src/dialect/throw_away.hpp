#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/system.hpp"
#include "dialect/connection.hpp"

/// Databases to try something out in, in a place of their own.
namespace capo::dialect {

/// A database that nobody else uses, and that goes with this object: the destructor drops it
/// whatever happened to it. What a killed program leaves behind is known by its name, and dropped
/// by whoever makes the next one; never what somebody still uses.
class ThrowAway {
 public:
  virtual ~ThrowAway() = default;
  ThrowAway() = default;
  ThrowAway(const ThrowAway&) = delete;
  ThrowAway& operator=(const ThrowAway&) = delete;

  /// How to reach it.
  virtual const ConnectOptions& options() const = 0;
  /// Where it is, in words: `database capo_throw_away_… on localhost`, `a server of its own`.
  virtual std::string described() const = 0;
  /// Makes it empty again.
  virtual void renew() = 0;

  struct Copied {
    bool is_done = false;
    std::string how = {};  ///< `by pg_dump -s and psql`; or why it could not be done
  };
  /// Makes it, being empty, a copy of another database, of which nothing is changed. Not done where
  /// what that takes is not there; it is empty then. Throws Error{kConnection}, {kDatabase}.
  virtual Copied copy(const ConnectOptions& from, bool with_data) = 0;
};

struct ThrowAwayRequest {
  /// A database on the server that is to hold it; of SQLite nothing of it is looked at.
  ConnectOptions server = {};
  /// PostgreSQL: a server is started for it, whatever `server` says, and stopped afterwards.
  bool own_server = false;
  base::Processes& processes;
  base::Random& random;
  /// Told of what could not be cleaned up.
  std::function<void(const std::string& text)> warn = {};
};

}  // namespace capo::dialect
