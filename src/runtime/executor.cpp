#include "runtime/executor.hpp"

#include <algorithm>
#include <span>

#include "base/text.hpp"

namespace capo::runtime {

using dialect::Statement;
using revision::Direction;

namespace {

/// More rows than this in one INSERT gain nothing.
constexpr std::size_t kRowsPerInsert = 500;

std::size_t index(int number) { return static_cast<std::size_t>(number - 1); }

/// A stamp is one transaction everywhere: between its moves the rows mean nothing.
bool is_one_transaction(const dialect::Dialect& dialect, const Options& options,
                        const std::vector<Work>& works) {
  if (!works.empty() && works.front().step.direction == Direction::kStamp) return true;
  return share_transaction(dialect, options);
}

bool needs_foreign_keys_off(const Work& work) {
  return std::any_of(work.body->statements.begin(), work.body->statements.end(),
                     [](const Statement& statement) { return statement.foreign_keys_off; });
}

}  // namespace

bool share_transaction(const dialect::Dialect& dialect, const Options& options) {
  return dialect.transactional_ddl() && !options.transaction_per_migration && !options.online;
}

Executor::Executor(const dialect::Dialect& dialect, const Options& options,
                   const std::vector<Work>& works, Start start, Sink& sink)
    : dialect_(dialect),
      options_(options),
      works_(works),
      start_(std::move(start)),
      sink_(sink),
      version_table_(dialect, options),
      journal_(dialect, options),
      one_transaction_(is_one_transaction(dialect, options, works)),
      versions_(start_.versions),
      journal_exists_(start_.journal_exists),
      prepared_(start_.versions.table_exists && !start_.purge && start_.abandon.empty() &&
                (!options.journal || start_.journal_exists || works.empty())),
      committed_versions_(start_.versions),
      committed_journal_exists_(start_.journal_exists) {}

bool Executor::run() {
  if (works_.empty()) {
    if (!open()) return false;
    close();
  }
  for (std::size_t step = 0; step < works_.size(); ++step) {
    const bool foreign_keys_off = !works_[step].is_open() && needs_foreign_keys_off(works_[step]);
    if (!is_open_ && !works_[step].is_open()) sink_.come_to(step, 1);
    if (needs_transaction(step) && !is_open_ && !open(foreign_keys_off)) return false;
    if (works_[step].is_open()) {
      run_open(step);
    } else {
      run_in_one_transaction(step);
    }
    if (is_open_ && !one_transaction_) close();
  }
  if (is_open_) close();
  return true;
}

/// A step that begins outside a transaction needs one only for what must be written before it.
bool Executor::needs_transaction(std::size_t step) const {
  const Work& work = works_[step];
  return !prepared_ || !work.is_open() || (leaves_trail(work) && !work.resume);
}

bool Executor::open(bool foreign_keys_off) {
  if (!sink_.begin(versions_, foreign_keys_off)) return false;
  is_open_ = true;
  for (const std::string& sql : dialect_.transaction_preamble()) {
    sink_.own({.kind = OwnStatement::Kind::kPreamble, .sql = sql});
  }
  if (!prepared_) prepare_tables();
  return true;
}

/// In the middle of a step there is no way but forward.
void Executor::reopen(bool foreign_keys_off) {
  if (is_open_ || open(foreign_keys_off)) return;
  throw Error(ErrorCode::kRevision, "the version table was changed by another program meanwhile")
      .hint("see `capo current`; when it is right, run the same command again");
}

void Executor::prepare_tables() {
  prepared_ = true;
  if (!versions_.table_exists) {
    sink_.own({.kind = OwnStatement::Kind::kVersionTable, .sql = version_table_.create()});
    versions_.table_exists = true;
  } else if (start_.purge) {
    sink_.own({.kind = OwnStatement::Kind::kVersionTable, .sql = version_table_.purge()});
  }
  if (start_.purge) versions_.rows.clear();
  if (!options_.journal) return;
  if (!journal_exists_ && !works_.empty()) {
    write_journal(journal_.create());
    journal_exists_ = true;
  }
  for (const HalfDone& open : start_.abandon) {
    write_journal(journal_.abandon(open.revision, open.direction));
  }
}

void Executor::close() {
  sink_.settle();
  record_finished();
  for (std::size_t done = 0; done < records_.size(); done += kRowsPerInsert) {
    const std::size_t rows = std::min(kRowsPerInsert, records_.size() - done);
    write_journal(journal_.insert(std::span(records_).subspan(done, rows)));
  }
  records_.clear();
  sink_.commit();
  is_open_ = false;
  committed_versions_ = versions_;
  committed_journal_exists_ = journal_exists_;
  committed_ = finished_;
}

/// Not earlier: only now is it known when they ran.
void Executor::record_finished() {
  for (const std::size_t step : unrecorded_) record(step_entry(step, Outcome::kDone));
  unrecorded_.clear();
}

void Executor::run_in_one_transaction(std::size_t step) {
  sink_.start(step);
  for (int number = 1; number <= works_[step].count(); ++number) sink_.run(step, number);
  change_versions(step);
  sink_.finish(step);
  finished_ = step + 1;
  if (options_.journal) unrecorded_.push_back(step);
}

void Executor::run_open(std::size_t step) {
  const Work& work = works_[step];
  statements_done_ = work.resume ? work.resume->done : std::vector<bool>();
  statements_done_.resize(work.body->statements.size());
  begin_open(step);
  if (work.resume) take_up(*work.resume);
  for (int number = 1; number <= work.count();) number = run_next(step, number);
  reopen();
  change_versions(step);
  if (trail_begun_) {
    write_journal(journal_.finish(step_entry(step, Outcome::kDone)));
  } else if (options_.journal) {
    unrecorded_.push_back(step);
  }
  sink_.finish(step);
  finished_ = step + 1;
  // At once: nothing that follows may take the version rows of what has run back with it.
  close();
  statements_done_.clear();
  trail_begun_ = false;
}

/// What came before is committed, and together with it that this step begins.
void Executor::begin_open(std::size_t step) {
  if (!leaves_trail(works_[step])) return sink_.start(step);
  if (is_open_) sink_.settle();
  record_finished();
  sink_.start(step);
  if (!works_[step].resume) record(step_entry(step, Outcome::kStarted));
  if (is_open_) close();
  trail_begun_ = true;
}

/// What was found out about a half-done step goes into the journal before anything else happens.
void Executor::take_up(const Resume& resume) {
  if (!resume.settled.empty()) {
    reopen();
    for (const JournalEntry& entry : resume.settled) write_journal(journal_.finish(entry));
    close();
  }
  if (!resume.cleanup.empty()) {
    sink_.own_alone({.kind = OwnStatement::Kind::kCleanup, .sql = resume.cleanup});
  }
}

/// Gives the number of the statement that comes next.
int Executor::run_next(std::size_t step, int number) {
  const Statement& statement = works_[step].statement(number);
  const bool is_session_state =
      !statement.runs_by_itself() && dialect_.is_session_state(statement.sql);
  if (statements_done_[index(number)]) {
    if (is_session_state) sink_.run_alone(step, number);
    return number + 1;
  }
  if (statement.transactional) return run_segment(step, number);
  if (is_open_) close();
  if (statement.part.of > 1) return run_with_record(step, number, statement.part.of);
  if (!trail_begun_) {
    sink_.run_alone(step, number);
    statements_done_[index(number)] = !is_session_state;
  } else if (is_session_state) {
    // Inside a transaction it might have no effect, or lose it. Its row may wait: it runs again
    // whenever the step is carried on.
    sink_.run_alone(step, number);
    record(statement_entry(step, number, Outcome::kDone));
  } else if (statement.runs_by_itself() || dialect_.must_run_alone(statement.sql)) {
    run_bracketed(step, number);
  } else {
    return run_with_record(step, number, 1);
  }
  return number + 1;
}

/// Statements of a section that is a transaction. If nothing follows, the transaction stays open
/// for the version rows.
int Executor::run_segment(std::size_t step, int number) {
  const Work& work = works_[step];
  const int first = number;
  bool foreign_keys_off = false;
  while (number <= work.count() && work.statement(number).transactional) {
    foreign_keys_off = foreign_keys_off || work.statement(number).foreign_keys_off;
    ++number;
  }
  if (foreign_keys_off && is_open_) close();
  if (!is_open_) sink_.come_to(step, first);
  reopen(foreign_keys_off);
  for (int k = first; k < number; ++k) sink_.run(step, k);
  if (number > work.count()) return number;
  if (trail_begun_) {
    for (int k = first; k < number; ++k) record(statement_entry(step, k, Outcome::kDone));
  }
  close();
  for (int k = first; k < number; ++k) statements_done_[index(k)] = true;
  return number;
}

/// A transaction of the statement, or of those that belong together, with their rows in the
/// journal: no crash leaves a doubt.
int Executor::run_with_record(std::size_t step, int first, int count) {
  const int next = first + count;
  sink_.come_to(step, first);
  reopen();
  for (int number = first; number < next; ++number) {
    sink_.run(step, number);
    if (trail_begun_) record(statement_entry(step, number, Outcome::kDone));
  }
  committing_ = next - 1;
  close();
  committing_ = 0;
  for (int number = first; number < next; ++number) statements_done_[index(number)] = true;
  return next;
}

/// A statement that no transaction may hold: the journal knows before and after.
void Executor::run_bracketed(std::size_t step, int number) {
  sink_.come_to(step, number);
  reopen();
  record(statement_entry(step, number, Outcome::kStarted));
  close();
  bracketed_ = number;
  sink_.run_alone(step, number);
  statements_done_[index(number)] = true;
  reopen();
  write_journal(journal_.finish(statement_entry(step, number, Outcome::kDone)));
  close();
  bracketed_ = 0;
}

void Executor::change_versions(std::size_t step) {
  const revision::Step& plan = works_[step].step;
  for (const revision::VersionChange& change : plan.changes) {
    sink_.own({.kind = OwnStatement::Kind::kVersionRow,
               .sql = version_table_.change(change),
               .change = change});
  }
  versions_.rows = revision::rows_after(versions_.rows, plan);
}

void Executor::record(JournalEntry entry) {
  if (options_.journal) records_.push_back(std::move(entry));
}

void Executor::write_journal(std::string sql) {
  sink_.own({.kind = OwnStatement::Kind::kJournal, .sql = std::move(sql)});
}

JournalEntry Executor::statement_entry(std::size_t step, int number, Outcome outcome) const {
  const Work& work = works_[step];
  JournalEntry entry{.revision = work.step.revision,
                     .direction = work.step.direction,
                     .statement = number,
                     .checksum = statement_hash(work.statement(number)),
                     .outcome = outcome};
  if (const auto now = sink_.now()) entry.times = Times{*now, *now};
  return entry;
}

JournalEntry Executor::step_entry(std::size_t step, Outcome outcome) const {
  const Work& work = works_[step];
  JournalEntry entry{.revision = work.step.revision,
                     .direction = work.step.direction,
                     .statements = work.count(),
                     .checksum = work.body->checksum,
                     .outcome = outcome,
                     .times = sink_.times(step)};
  if (work.step.direction == Direction::kStamp) {
    entry.revision = work.step.to.empty() ? "base" : base::join(work.step.to, ", ");
  }
  return entry;
}

bool Executor::leaves_trail(const Work& work) const {
  return options_.journal && sink_.leaves_trail() && work.is_open();
}

}  // namespace capo::runtime
