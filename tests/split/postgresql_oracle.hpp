#pragma once

#include <string>
#include <string_view>

/// capo's splitter against PostgreSQL 15's own scanner and parser, as libpg_query packs them.
namespace capo::test {

/// Where capo and the scanner see different statements; empty if they agree, or cannot be compared:
/// the scanner knows no BEGIN ATOMIC, refuses some texts that a newer PostgreSQL takes, and takes
/// what is psql's for SQL.
std::string scanner_disagreement(std::string_view text);

/// The same for the parser, which knows all of the grammar but has nothing to say of a text with an
/// error in it; `parsed`, if given, is set to whether it had.
std::string parser_disagreement(std::string_view text, bool* parsed = nullptr);

}  // namespace capo::test
