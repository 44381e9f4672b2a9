#pragma once

#include <atomic>
#include <chrono>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/system.hpp"
#include "dialect/dialect.hpp"
#include "revision/plan.hpp"
#include "script/directory.hpp"

/// Carries plans out: upgrade, downgrade and stamp against a database, as a script (--sql), or as a list (--dry-run).
namespace capo::runtime {

/// Told to whoever shows progress. Every function may be left out.
class Events {
 public:
  virtual ~Events() = default;
  /// `Context impl PostgresqlImpl.`, `Will assume transactional DDL.`
  virtual void info(std::string_view text) { (void)text; }
  virtual void warning(std::string_view text) { (void)text; }
  virtual void step_started(const revision::Step& step, int number, int of) { (void)step; (void)number; (void)of; }
  virtual void statement_started(const dialect::Statement& statement, int number, int of) { (void)statement; (void)number; (void)of; }
  virtual void statement_finished(int number, int of, std::chrono::milliseconds took) { (void)number; (void)of; (void)took; }
  virtual void step_finished(const revision::Step& step, int number, int of, std::chrono::milliseconds took) { (void)step; (void)number; (void)of; (void)took; }
  virtual void notice(const dialect::Notice& notice) { (void)notice; }
  /// Waiting for the deployment lock.
  virtual void waiting(std::string_view holder, std::chrono::milliseconds waited) { (void)holder; (void)waited; }
};

/// Set from a signal handler or another thread: 0, or the signal that asks to stop.
using StopFlag = std::atomic<int>;

struct Options {
  std::string version_table = "alembic_version";
  std::string version_table_schema = {};
  bool transaction_per_migration = false;
  bool journal = true;
  bool strict = false;           ///< refuse when an applied revision was edited
  bool lock = true;
  std::chrono::milliseconds max_wait{0};
  /// What to do with a statement outside a transaction that a crash left in doubt and capo cannot look up.
  enum class InDoubt { kAsk, kRerun, kSkip } in_doubt = InDoubt::kAsk;
  /// What the journal says of where a run came from (host and process), e.g. "db1, pid 4711".
  std::string origin = {};
};

/// What a statement or step list looks like before it runs.
struct PlannedStep {
  revision::Step step;
  std::vector<dialect::Statement> statements;
};

/// A half-done revision: statements outside a transaction that a crash or an error interrupted.
struct HalfDone {
  std::string revision = {};
  revision::Direction direction = revision::Direction::kUpgrade;
  int statements_done = 0;
  int statements = 0;
  std::string started_at = {};
  std::string error = {};  ///< the journal's, empty after a crash
};

/// What a database says of itself.
struct DatabaseState {
  bool has_version_table = false;
  revision::Rows rows = {};
  std::optional<HalfDone> half_done = {};
  /// Applied revisions whose file no longer says what was applied.
  std::vector<std::string> edited = {};
};

/// One project against one database.
class Migration {
 public:
  Migration(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
            dialect::ConnectOptions connect, Options options, Events& events, base::Clock& clock,
            const StopFlag& stop);
  ~Migration();

  DatabaseState state();
  void upgrade(std::string_view target);
  void downgrade(std::string_view target);
  void stamp(const std::vector<std::string>& targets, bool purge);
  /// Creates the version table if it is absent.
  void ensure_version_table();

  /// What upgrade/downgrade would run now, changing nothing.
  std::vector<PlannedStep> dry_run(revision::Direction direction, std::string_view target);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The same as SQL text, with no database. `target` may be `from:to`.
std::string upgrade_script(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
                           const Options& options, std::string_view target);
std::string downgrade_script(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
                             const Options& options, std::string_view target);
std::string stamp_script(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
                         const Options& options, const std::vector<std::string>& targets);
std::string ensure_version_script(const dialect::Dialect& dialect, const Options& options);

}  // namespace capo::runtime
