#pragma once

#include <string>
#include <string_view>

/// capo's splitter against SQLite's sqlite3_complete() and sqlite3_prepare_v2().
namespace capo::test {

/// Where capo and sqlite3_complete() differ on what is complete; empty if they agree, or cannot be
/// compared: to sqlite3_complete() the byte order mark and the vertical tab are no spaces, dot
/// commands are SQL, and anything may stand between EXPLAIN and CREATE TRIGGER.
std::string complete_disagreement(std::string_view text);

/// Prepares and carries out the text with SQLite alone, in a new database in memory, and says where
/// a statement ends elsewhere than for capo. Goes as far as the first statement that SQLite
/// refuses; `statements`, if given, is the number of those it took. Throws std::runtime_error if
/// SQLite cannot make a database.
std::string prepare_disagreement(std::string_view text, int* statements = nullptr);

}  // namespace capo::test
