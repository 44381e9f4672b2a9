#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/statement.hpp"

/// What of a script is run in a scratch schema, told by the text of its statements.
namespace capo::dialect::postgresql {

/// What belongs to the database or the server as a whole, and not to a schema.
struct Surroundings {
  std::set<std::string> extensions = {};  ///< that are installed
  std::set<std::string> roles = {};
  std::set<std::string> kept_schemas = {};  ///< hold extensions: what is in them must be found
  std::string default_schema = {};
};

struct ScratchScript {
  struct Item {
    std::string sql = {};
    std::size_t statement = 0;  ///< which of the script's
    bool is_drop = false;       ///< of a table and the like, for which no type need be found
  };
  std::vector<Item> items = {};
  /// Extensions that the script makes or takes for granted, whether they were there or not.
  std::set<std::string> extensions = {};
  std::set<std::string> made_schemas = {};
  /// Names before a dot, as the catalog has them.
  std::set<std::string> mentioned_schemas = {};
  bool mentions_default_schema = false;
};

/// Keeps the statements that a transaction can hold: not those that would end it, that only tidy
/// up, or that make what is there already and belongs to no schema (an extension, a role). Throws
/// Error{kUnsupported} at the statement's place for one that cannot run in a transaction.
ScratchScript scratch_script(std::span<const Statement> statements,
                             const Surroundings& surroundings);

}  // namespace capo::dialect::postgresql
