#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "operation/operation.hpp"
#include "revision/plan.hpp"
#include "script/script.hpp"

/// The format of SQL revisions (DESIGN, section 3): header comment, `-- capo:upgrade`, `-- capo:downgrade`.
namespace capo::script {

struct Section {
  revision::Direction direction = revision::Direction::kUpgrade;
  bool transactional = true;
  std::string dialect = {};   ///< empty: every database
  std::string text = {};      ///< from the line after the marker to the next marker or the end
  SourcePosition origin = {}; ///< of the first character of `text`
};

struct SqlFile {
  Script script = {};
  std::vector<Section> sections = {};
  /// SHA-256 over the upgrade sections; what the journal keeps. Does not change with line endings, header or downgrade.
  std::string checksum = {};
};

/// Only the header: `text` may end anywhere after the first marker line. Nothing if the file has no `Revision ID:` and no
/// marker at all (some other SQL file). Throws Error{kScript} with position for a malformed header.
std::optional<Script> parse_sql_header(std::string_view text, const std::string& path);

/// The whole file. Throws Error{kScript} with file, line, column and source line: not UTF-8, a NUL byte, unknown header
/// key or option, section given twice for one database, SQL before the first marker, no upgrade section. A BOM and CRLF
/// are accepted.
SqlFile parse_sql_file(std::string_view text, const std::string& path);

/// The sections that apply to a database, in order, as operations. A revision with sections in that direction of which
/// none is for `dialect` is an Error{kScript}; with no section in that direction at all it is empty for upgrade, and for
/// downgrade an Error{kScript} saying that it cannot be undone.
std::vector<operation::Operation> operations(const SqlFile& file, revision::Direction direction,
                                             std::string_view dialect);

}  // namespace capo::script
