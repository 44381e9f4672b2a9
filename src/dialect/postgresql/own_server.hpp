#pragma once

#include <string>

#include "base/scratch_directory.hpp"
#include "base/system.hpp"
#include "dialect/connection.hpp"

namespace capo::dialect::postgresql {

/// A PostgreSQL server for a short time, from the programs that are installed here: on a socket and
/// with files in a directory of its own, without fsync. It is stopped and removed by the
/// destructor; what killed programs left behind, by whoever makes the next one. Run by root, it
/// runs as the user postgres.
class OwnServer {
 public:
  /// `superuser`: the name of the role that options() connects as. Throws Error{kConfig} if there
  /// are no programs of a server here, and {kConnection} with what they said if it does not start.
  OwnServer(base::Processes& processes, base::Random& random, const std::string& superuser);
  ~OwnServer();
  OwnServer(const OwnServer&) = delete;
  OwnServer& operator=(const OwnServer&) = delete;

  const ConnectOptions& options() const { return options_; }

 private:
  base::Processes& processes_;
  std::string programs_;
  base::ScratchDirectory directory_;
  ConnectOptions options_ = {};
};

/// Where the programs of the newest server are that is installed here; empty: there is none.
std::string find_server_programs(base::Processes& processes);

}  // namespace capo::dialect::postgresql
