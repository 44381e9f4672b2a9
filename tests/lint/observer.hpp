#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dialect/connection.hpp"
#include "lint/lock_mode.hpp"

/// What a server shows of a statement: the locks of its transaction, the files of its tables.
namespace capo::test {

struct Relation {
  std::string name = {};
  std::string file = {};    ///< relfilenode
  std::string table = {};   ///< of an index: its table's oid
  long long rows_read = 0;  ///< by this transaction
};

/// By oid.
using Relations = std::map<std::string, Relation>;
bool holds(const Relations& relations, const std::string& name);

struct Observed {
  std::map<std::string, lint::LockMode> locks = {};  ///< tables and views that were there before
  std::set<std::string> rewrites = {};
  std::set<std::string> rebuilds = {};
  std::set<std::string> builds = {};
  std::set<std::string> scans = {};
};

Relations relations_of(dialect::Connection& connection);
/// Of the backend `pid`, besides `before`.
std::map<std::string, lint::LockMode> locks_of(dialect::Connection& connection, int pid,
                                               const Relations& before);
/// In the transaction that a statement has just run in.
Observed observe(dialect::Connection& connection, const Relations& before);

int major_version(dialect::Connection& connection);

}  // namespace capo::test
