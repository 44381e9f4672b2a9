#pragma once

#include <map>
#include <string>

#include "rebuild/changes.hpp"
#include "support/database.hpp"

/// What a database holds, column by column.
namespace capo::test {

struct Look {
  /// `table.column`: every value, with its type, in the order of the rows' keys; `table.rowid`
  /// where the rows have one.
  std::map<std::string, std::string> values = {};
  std::map<std::string, std::string> objects = {};  ///< indexes, triggers, views: their SQL
  std::string sequence = {};                        ///< what AUTOINCREMENT has given out
};

Look look(Database& database);

/// Fails the test unless everything of `before` that the change does not take away is there still,
/// and the database is sound.
void expect_nothing_lost(Database& database, const Look& before, const Change& change);

}  // namespace capo::test
