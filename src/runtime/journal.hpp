#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.hpp"
#include "revision/plan.hpp"
#include "runtime/migration.hpp"

/// The journal, table `capo_journal`: what ran, when, from where, by whom, and how it ended.
///
/// A row is either a revision's (`statement` is null) or that of one statement which ran outside
/// the transaction of its revision. A step that is one transaction has one row, written by that
/// transaction. Any other is *open* while it runs: its row says `started` from before its first
/// statement to its end, and each statement has a row with its hash. That is what a run after a
/// crash carries on from. Rows of projects that share a schema are told apart by `version_table`.
namespace capo::runtime {

enum class Outcome {
  kStarted,  ///< running; or, when nobody is running it, half done
  kDone,
  kFailed,     ///< rolled back, nothing of it remains
  kSkipped,    ///< a statement in doubt that the user chose not to run again
  kAbandoned,  ///< half done, and then dealt with by hand and `stamp`
};

std::string_view to_string(Outcome outcome);

using Moment = std::chrono::system_clock::time_point;

/// When something began and ended, by this machine's clock.
struct Times {
  Moment started = {};
  Moment finished = {};
};

/// A row to be written.
struct JournalEntry {
  std::string revision = {};
  revision::Direction direction = revision::Direction::kUpgrade;
  int statement = 0;          ///< from 1; 0: the revision as a whole
  int statements = 0;         ///< of the revision as a whole: how many it has
  std::string checksum = {};  ///< of the revision's file, or the statement's SQL; empty: unknown
  Outcome outcome = Outcome::kDone;
  /// None: the database's own time at that point, which a script can say too.
  std::optional<Times> times = {};
  std::string error = {};
};

/// A statement of an open revision.
struct StatementName {
  std::string revision = {};
  revision::Direction direction = revision::Direction::kUpgrade;
  int number = 0;  ///< from 1
};

/// The latest row of a statement of an open revision.
struct StatementRow {
  int statement = 0;
  std::string checksum = {};
  std::string outcome = {};
};

bool has_run(const StatementRow& row);

/// A revision whose row in the journal says `started`.
struct OpenRevision {
  long long id = 0;  ///< of the row
  HalfDone half_done = {};
  std::vector<StatementRow> statements = {};  ///< in their order
};

/// The SQL of the journal.
class Journal {
 public:
  /// Keeps a reference to the dialect.
  Journal(const dialect::Dialect& dialect, const Options& options);

  /// Does nothing where the table is there.
  std::string create() const;
  std::string insert(std::span<const JournalEntry> entries) const;
  /// Ends the open revision that the entry names, or its statement.
  std::string finish(const JournalEntry& entry) const;
  /// Keeps what stopped an open revision; it stays open.
  std::string note_error(std::string_view revision, revision::Direction direction,
                         std::string_view error) const;
  /// The statement of an open revision counts as failed, whatever its row says.
  std::string take_back(const StatementName& name) const;
  /// Ends what is open of a revision, its statements included.
  std::string abandon(std::string_view revision, revision::Direction direction) const;

  /// Rows of open_revision(), the latest first.
  std::string select_open() const;
  static OpenRevision open_revision(const dialect::Row& row);
  /// Rows of statement_row(), of the open revision whose row has this id, oldest first.
  std::string select_statements(const OpenRevision& open) const;
  static StatementRow statement_row(const dialect::Row& row);
  // How far a backfill has come stands in its statement's row, in a column that the first one adds.

  /// One row: NULL if the column is there.
  std::string lacks_progress() const;
  std::string add_progress() const;
  /// Of the statement's rows that say `started`; the last row says it, if any does.
  std::string select_progress(const StatementName& name) const;
  std::string keep_progress(const StatementName& name, std::string_view progress) const;
  /// Revision, direction and checksum of what was done, oldest first.
  std::string select_done() const;

 private:
  void write_moment(dialect::SqlWriter& sql, std::optional<Moment> moment) const;
  void write_values(dialect::SqlWriter& sql, const JournalEntry& entry) const;
  void write_condition(dialect::SqlWriter& sql, std::string_view revision,
                       revision::Direction direction) const;
  void write_condition(dialect::SqlWriter& sql, const StatementName& name) const;
  void write_project(dialect::SqlWriter& sql) const;

  const dialect::Dialect& dialect_;
  dialect::QualifiedName name_;
  std::string version_table_;
  std::string origin_;
};

/// The hash by which a statement is recognised.
std::string statement_hash(const dialect::Statement& statement);

}  // namespace capo::runtime
