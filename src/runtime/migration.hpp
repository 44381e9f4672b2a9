#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/system.hpp"
#include "dialect/dialect.hpp"
#include "revision/plan.hpp"
#include "script/directory.hpp"

/// Carries plans out: upgrade, downgrade and stamp against a database, as a script (--sql), or as a
/// list (--dry-run). All three come from one place, so that what is previewed is what runs.
namespace capo::runtime {

/// Told to whoever shows progress, on the thread that calls Migration. Every function may be left
/// out. A step is told of when the server has come to it, not when it was sent.
class Events {
 public:
  virtual ~Events() = default;
  /// `Context impl PostgresqlImpl.`, `Will assume transactional DDL.`
  virtual void info(std::string_view text) { (void)text; }
  virtual void warning(std::string_view text) { (void)text; }
  /// `number` counts the steps of the run from 1; describe(step) is Alembic's line for it.
  virtual void step_started(const revision::Step& step, int number, int of) {
    (void)step, (void)number, (void)of;
  }
  /// `number` counts the revision's own statements from 1. Those of capo are not told of.
  virtual void statement_started(const dialect::Statement& statement, int number, int of) {
    (void)statement, (void)number, (void)of;
  }
  virtual void statement_finished(int number, int of, std::chrono::milliseconds took) {
    (void)number, (void)of, (void)took;
  }
  /// What the data step or backfill that is running says of itself: "12000 of 50000 rows".
  virtual void data_step_progress(std::string_view text) { (void)text; }
  virtual void step_finished(const revision::Step& step, int number, int of,
                             std::chrono::milliseconds took) {
    (void)step, (void)number, (void)of, (void)took;
  }
  virtual void notice(const dialect::Notice& notice) { (void)notice; }
  /// Waiting for tables that a statement needs for itself, with nothing begun: who has them
  /// (`items: pid 4711 (app, idle in transaction, begun 3 min ago): UPDATE …`). Called at once and
  /// then no more than once a second; `is_news`: it is somebody else than before.
  virtual void waiting_for_tables(std::string_view who, bool is_news,
                                  std::chrono::milliseconds waited) {
    (void)who, (void)is_news, (void)waited;
  }
  /// Waiting for the deployment lock; called about once a second.
  virtual void waiting(std::string_view holder, std::chrono::milliseconds waited) {
    (void)holder, (void)waited;
  }
};

/// Set from a signal handler or another thread: 0, or the signal that asks to stop.
using StopFlag = std::atomic<int>;

struct Options {
  std::string version_table = "alembic_version";
  std::string version_table_schema = {};
  bool transaction_per_migration = false;
  bool journal = true;
  bool strict = false;  ///< refuse when an applied revision was edited
  bool lock = true;     ///< one deployer at a time
  /// Statements that would keep others waiting run in gentle steps, where the revision does not say
  /// otherwise (lint/gentle.hpp). Each revision is a transaction, or several.
  bool online = false;
  /// No gentle steps, whatever the revisions say: of a database that is thrown away.
  bool as_written = false;
  /// Longest wait for the deployment lock, and for the tables that a transaction needs; 0: for
  /// ever. Past it Error{kLocked}.
  std::chrono::milliseconds max_wait{0};
  /// What to do with a statement outside a transaction that a crash left in doubt and that capo
  /// cannot look up in the catalog.
  enum class InDoubt { kAsk, kRerun, kSkip } in_doubt = InDoubt::kAsk;
  /// What the journal says of where a run came from (host and process), e.g. "db1, pid 4711".
  std::string origin = {};
  /// Waits for each answer before the next statement is sent, for those who watch what each does.
  bool one_by_one = false;
  /// Of `-x name=value`, for data steps.
  std::vector<std::pair<std::string, std::string>> arguments = {};
  /// Of a script: what is said above a statement of a revision, a line each. Asked in the order in
  /// which they run.
  std::function<std::vector<std::string>(const dialect::Statement&)> notes = {};
};

/// A step and everything that is sent for it, in order: the revision's statements, the version
/// rows, the journal's rows, and the beginning and end of transactions as statements of their own.
struct PlannedStep {
  revision::Step step = {};
  std::vector<dialect::Statement> statements = {};
};

/// A half-done revision: statements outside a transaction that a crash or an error interrupted, or
/// that run right now.
struct HalfDone {
  std::string revision = {};
  revision::Direction direction = revision::Direction::kUpgrade;
  int statements_done = 0;
  int statements = 0;           ///< of the revision, when it began
  std::string started_at = {};  ///< as the database prints it
  std::string error = {};       ///< what stopped it; empty after a crash
  std::string deployer = {};    ///< who is at it now; empty: nobody
};

/// What a database says of itself.
struct DatabaseState {
  bool has_version_table = false;
  revision::Rows rows = {};
  std::optional<HalfDone> half_done = {};
  /// Applied revisions whose file no longer says what was applied, in load order.
  std::vector<std::string> edited = {};
};

/// `Running upgrade a, b -> c, message`, `Running stamp_revision a -> b`: Alembic's words.
std::string describe(const revision::Step& step);

/// One project against one database. Connects when first asked for something, and keeps that one
/// connection. Used by one thread, except cancel().
///
/// Everything throws Error: kConnection, kLocked, kRevision and kScript before anything is changed;
/// kDatabase, kCancelled and kInDoubt from a run, with the revision, the statement and its place in
/// the file, and in words what was rolled back and where the database stands.
class Migration {
 public:
  /// What is passed by reference must outlive the object.
  Migration(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
            dialect::ConnectOptions connect, Options options, Events& events, base::Clock& clock,
            const StopFlag& stop);
  ~Migration();

  /// Changes nothing; a SQLite file that is not there reads as an empty database.
  DatabaseState state();
  /// Both give back the steps that were carried out; none if there was nothing to do.
  std::vector<revision::Step> upgrade(std::string_view target);
  std::vector<revision::Step> downgrade(std::string_view target);
  /// Takes back one revision alone, whatever other branches are applied. Throws Error{kRevision} if
  /// it is not applied, or something that is applied builds on it.
  std::vector<revision::Step> take_back(std::string_view revision);
  /// `purge` deletes all rows first. A half-done revision counts as dealt with after a stamp.
  std::vector<revision::Step> stamp(const std::vector<std::string>& targets, bool purge);
  /// Creates the version table if it is absent.
  void ensure_version_table();

  /// What upgrade() or downgrade() would run now, changing nothing, not even the version table.
  std::vector<PlannedStep> dry_run(revision::Direction direction, std::string_view target);

  /// Interrupts what is running; it is rolled back and the call throws Error{kCancelled}. For the
  /// thread that sets the StopFlag, once, after setting it.
  void cancel() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The same as SQL text, with no database. `target` may be `from:to`; a downgrade's must be.
std::string upgrade_script(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
                           const Options& options, std::string_view target);
std::string downgrade_script(const script::ScriptDirectory& scripts,
                             const dialect::Dialect& dialect, const Options& options,
                             std::string_view target);
/// Each of `targets` may be `from:to`, all with the same `from`.
std::string stamp_script(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
                         const Options& options, const std::vector<std::string>& targets);
/// The statements that lead from an empty database to a revision, without those of capo's own
/// tables.
std::vector<dialect::Statement> history(const script::ScriptDirectory& scripts,
                                        const dialect::Dialect& dialect, std::string_view target);
/// What the revisions from `rows` to `target` say, without what capo adds. `online`: with the
/// gentle steps that each of them would have if it ran by itself.
std::vector<PlannedStep> revisions_between(const script::ScriptDirectory& scripts,
                                           const dialect::Dialect& dialect,
                                           const revision::Rows& rows, std::string_view target,
                                           bool online = false);
std::string ensure_version_script(const dialect::Dialect& dialect, const Options& options);

}  // namespace capo::runtime
