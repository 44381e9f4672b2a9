#pragma once

#include <string>
#include <utility>
#include <vector>

#include "capo/operation.hpp"

/// A database with everything that a careless rebuild would lose, and the changes that need one.
namespace capo::test {

/// Its statements, with `rows` rows in the table that is changed (`items`) and some in the tables
/// around it.
std::string rebuild_database(int rows);

struct Change {
  std::string name = {};
  std::vector<Operation> operations = {};
  /// `table.column`, and what it is called afterwards; empty: it is gone.
  std::vector<std::pair<std::string, std::string>> moved = {};
  std::vector<std::string> gone_indexes = {};
};

/// Each is carried out on the database of rebuild_database().
std::vector<Change> rebuild_changes();

/// Carries the change out on the file as the upgrade to revision "001", as `capo upgrade` would.
/// Throws Error. `parameters` are those of a URL (`foreign_keys=on`).
void carry_out(const std::string& path, const std::vector<Operation>& operations,
               const std::vector<std::pair<std::string, std::string>>& parameters = {});

/// The same as a script, for a database that is as the file is now.
std::string script_of(const std::string& path, const std::vector<Operation>& operations);

}  // namespace capo::test
