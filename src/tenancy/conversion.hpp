#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "capo/operation.hpp"
#include "config/tenancy.hpp"
#include "dialect/dialect.hpp"

/// From a schema that knows no tenants to one in which every row belongs to one of them: the
/// revisions that lead there, each of which can be deployed by itself.
namespace capo::tenancy {

/// One revision.
struct Step {
  std::string message = {};               ///< its first line: `tenant columns`
  std::string why = {};                   ///< what it is for, and what its downgrade leaves
  std::string then = {};                  ///< what is to be deployed, or looked at, before the next
  std::vector<Operation> upgrade = {};    ///< in order
  std::vector<Operation> downgrade = {};  ///< in order, that is, backwards
  bool online = false;                    ///< its statements are to run in gentle steps
  std::vector<std::string> by_hand = {};  ///< what it leaves to people, a sentence each
};

struct Conversion {
  std::vector<Step> steps = {};           ///< in order; none: there is nothing to convert
  std::vector<std::string> by_hand = {};  ///< of all steps, and of tables that are in none
};

/// What a database knows and its schema does not say.
struct ConversionFacts {
  struct Grant {
    std::string role = {};
    std::string object = {};     ///< `items`, `app.items_id_seq`
    std::string privilege = {};  ///< `SELECT`
    friend bool operator==(const Grant&, const Grant&) = default;
  };
  std::vector<std::string> roles = {};  ///< those of the description that are there
  std::vector<Grant> grants = {};       ///< what they may do, by whichever way they came to it
  /// Sequences that a table's defaults take numbers from: table, sequence.
  std::vector<std::pair<std::string, std::string>> sequences = {};
  std::vector<std::pair<std::string, std::string>> owners = {};  ///< table, role
  /// Tables of the description that have their column, and no row without a tenant in it.
  std::vector<std::string> filled = {};
  /// Those that have rows whose tenant only `old_rows` can tell.
  std::vector<std::string> ownerless = {};
  /// What `old_rows` gives now, or without it all tenants; nothing: there is no table of them yet.
  struct OldRows {
    int rows = 0;  ///< 2: several
    bool is_null = false;
    bool is_tenant = false;
    std::string value = {};
    std::string error = {};  ///< that the database has with it; empty: none
  };
  std::optional<OldRows> old_rows = {};
  bool is_complete = false;          ///< they have been read
  bool has_security_invoker = true;  ///< PostgreSQL 15
};

/// What is there already is not asked for again: in the end, and in between, this can be asked
/// anew. Throws Error{kConfig} at a place of the ini for a description that is not of this
/// database.
Conversion convert(const config::Tenancy& tenancy, const dialect::Reflection& found,
                   const dialect::Dialect& dialect, const ConversionFacts& facts);

/// Reads the facts. Throws Error{kDatabase}, {kConnection}.
ConversionFacts read_conversion_facts(dialect::Connection& connection,
                                      const dialect::Dialect& dialect,
                                      const config::Tenancy& tenancy);

}  // namespace capo::tenancy
