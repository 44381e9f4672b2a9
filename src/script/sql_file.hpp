#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operation/operation.hpp"
#include "revision/plan.hpp"
#include "script/script.hpp"
#include "script/sql_backfill.hpp"

/// The format of SQL revisions: a header comment, then the sections `-- capo:upgrade` and
/// `-- capo:downgrade`. docs/sql-revisions.md tells it to users.
///
/// The header is every line before the first marker: `--` comments and empty lines, nothing else.
/// Its keys are `Revision ID`, `Revises`, `Branch Labels`, `Depends On`, `Create Date` and `Loses
/// Data`, in any order and any case; its first other line with more than dashes in it is the
/// message; the rest is for the reader. `Revises:` may be empty or missing, or say `<base>`, `base`
/// or `None`.
///
/// A line whose first characters are `-- capo:` is a marker, or the directive of a backfill,
/// wherever it stands: the file is cut
/// into sections before any database's rules are known, so what one database takes for a literal, a
/// body or a comment does not hide one.
///
/// Line endings belong to the checkout, not to the revision: CRLF is read as LF, in literals too. A
/// literal that must hold one is written with an escape or a function of the database.
namespace capo::script {

struct Section {
  revision::Direction direction = revision::Direction::kUpgrade;
  bool transactional = true;
  std::optional<bool> online = {};         ///< nothing: as the run says
  std::vector<std::string> dialects = {};  ///< empty: every database
  std::string text = {};       ///< from the line after the marker to the next marker or the end
  SourcePosition origin = {};  ///< of the first character of `text`
  std::vector<BackfillDirective> backfills = {};
};

struct SqlFile {
  Script script = {};
  std::vector<Section> sections = {};
  /// SHA-256 over the upgrade sections; what the journal keeps. Does not change with line endings,
  /// empty lines around a section, header or downgrade.
  std::string checksum = {};
};

/// False for a line of a message that, as a comment of the header, would not be read back as text:
/// a key, nearly a key, or a marker.
bool reads_as_text(std::string_view line);

/// True if a file that begins with `start` needs not be read further for its header: `start`
/// reaches past a marker's line.
bool holds_sql_header(std::string_view start);

/// Only the header: `text` may end anywhere after the first marker line. Nothing if the file has no
/// `Revision ID:` and no marker at all (some other SQL file). Throws Error{kScript} with position
/// for a malformed header.
std::optional<Script> parse_sql_header(std::string_view text, const std::string& path);

/// The whole file. Throws Error{kScript} with file, line, column and source line: not UTF-8, a NUL
/// byte, unknown or misspelt header key or option, section given twice for one database, SQL before
/// the first marker, no upgrade section, and for a file that is no revision at all. A BOM and CRLF
/// are accepted.
SqlFile parse_sql_file(std::string_view text, const std::string& path);
/// Only the checksum, of a file whose header was read before: in half the time.
std::string sql_checksum(std::string_view text, const std::string& path);

/// The sections that apply to a database, in order, as operations. Throws Error{kScript} if there
/// are sections in that direction but none is for `dialect`, for a downgrade without any section,
/// and for a backfill that is no UPDATE which goes with batches.
std::vector<operation::Operation> operations(const SqlFile& file, revision::Direction direction,
                                             std::string_view dialect);
/// What the sections that apply say of `online`; the last one that says anything counts.
std::optional<bool> online(const SqlFile& file, revision::Direction direction,
                           std::string_view dialect);

}  // namespace capo::script
