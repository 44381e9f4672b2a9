#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "runtime/journal.hpp"
#include "runtime/migration.hpp"
#include "runtime/sink.hpp"
#include "runtime/version_table.hpp"
#include "runtime/work.hpp"

namespace capo::runtime {

/// The database as a run finds it.
struct Start {
  Versions versions = {};
  bool journal_exists = false;
  /// Delete all version rows first, and begin from none.
  bool purge = false;
  /// What is open in the journal and counts as dealt with.
  std::vector<HalfDone> abandon = {};
};

/// True if the steps of a run share one transaction where they can; else each has one.
bool share_transaction(const dialect::Dialect& dialect, const Options& options);

/// Carries steps out through a sink: what is sent, in which order, and in which transactions.
///
/// Where DDL is transactional the run is one transaction, elsewhere, or if so configured, a step is
/// one. A step with statements outside a transaction cuts the run: what came before is committed,
/// each of its statements commits by itself, and the journal follows it statement by statement.
class Executor {
 public:
  /// Keeps references to everything.
  Executor(const dialect::Dialect& dialect, const Options& options, const std::vector<Work>& works,
           Start start, Sink& sink);

  /// False if somebody else moved the version rows; what was committed until then stays.
  bool run();

  // Where things stand, also after run() threw:

  /// Number of steps that are committed.
  std::size_t committed() const { return committed_; }
  /// Number of steps that are carried out, committed or not.
  std::size_t finished() const { return finished_; }
  /// The version table as of the last COMMIT.
  const Versions& versions() const { return committed_versions_; }
  bool journal_exists() const { return committed_journal_exists_; }
  /// Of the step after those that are committed: which of its statements have run, and stay.
  const std::vector<bool>& statements_done() const { return statements_done_; }
  /// That step is open in the journal.
  bool trail_begun() const { return trail_begun_; }
  /// Number of the statement that is marked as begun in the journal, and nothing more; 0: none.
  int bracketed() const { return bracketed_; }
  /// Number of the statement that is being committed by itself; 0: none.
  int committing() const { return committing_; }

 private:
  bool open(bool foreign_keys_off = false);
  void reopen(bool foreign_keys_off = false);
  void prepare_tables();
  void close();
  bool needs_transaction(std::size_t step) const;
  void run_in_one_transaction(std::size_t step);
  void run_open(std::size_t step);
  void begin_open(std::size_t step);
  void take_up(const Resume& resume);
  int run_next(std::size_t step, int number);
  int run_segment(std::size_t step, int number);
  int run_with_record(std::size_t step, int first, int count);
  void run_bracketed(std::size_t step, int number);
  void change_versions(std::size_t step);
  void record_finished();
  void record(JournalEntry entry);
  void write_journal(std::string sql);
  JournalEntry statement_entry(std::size_t step, int number, Outcome outcome) const;
  JournalEntry step_entry(std::size_t step, Outcome outcome) const;
  bool leaves_trail(const Work& work) const;

  const dialect::Dialect& dialect_;
  const Options& options_;
  const std::vector<Work>& works_;
  Start start_;
  Sink& sink_;
  VersionTable version_table_;
  Journal journal_;
  bool one_transaction_;

  Versions versions_;
  bool journal_exists_;
  bool prepared_;
  bool is_open_ = false;  // a transaction
  std::size_t finished_ = 0;
  std::vector<std::size_t> unrecorded_ = {};  // finished steps that the journal must still hear of
  std::vector<JournalEntry> records_ = {};    // rows to write before the next COMMIT

  std::size_t committed_ = 0;
  Versions committed_versions_;
  bool committed_journal_exists_;
  bool trail_begun_ = false;
  std::vector<bool> statements_done_ = {};
  int bracketed_ = 0;
  int committing_ = 0;
};

}  // namespace capo::runtime
