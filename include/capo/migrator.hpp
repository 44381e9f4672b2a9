#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capo/error.hpp"
#include "capo/revisions.hpp"

struct pg_conn;  // PGconn of libpq
struct sqlite3;

/// Migrating a database from inside a program, with the revisions that are compiled into it:
///
///     capo::Migrator migrator(capo_revisions, "sqlite:///" + file);
///     migrator.upgrade();
///
/// or only seeing to it that somebody else has done so:
///
///     migrator.require_head();
namespace capo {

/// What a run says of itself, in its order, on the thread that asked for it.
struct MigrationEvent {
  enum class Kind {
    kInfo,               ///< `text`, for a log
    kWarning,            ///< `text`
    kNotice,             ///< `text`: a message of the server's that is no error
    kWaiting,            ///< for another deployer, or for a table; `text` says who, once a second
    kRevisionStarted,    ///< `revision`, `number` of `of`; `text` as the command line says it
    kRevisionFinished,   ///< the same, `took`
    kStatementStarted,   ///< `text` is the SQL; `number` of `of` in the revision
    kStatementFinished,  ///< the same without text, `took`
    kDataStep,           ///< `text`: how far a data step has come
  };
  Kind kind = Kind::kInfo;
  std::string_view text = {};
  std::string_view revision = {};
  int number = 0;  ///< from 1
  int of = 0;
  std::chrono::milliseconds took{0};
};

struct MigratorOptions {
  std::string version_table = "alembic_version";
  std::string version_table_schema = {};
  /// PostgreSQL: each revision is a transaction of its own, instead of the whole run.
  bool transaction_per_migration = false;
  bool journal = true;  ///< keep the table capo_journal
  bool strict = false;  ///< refuse if an applied revision was edited afterwards
  bool lock = true;     ///< one deployer at a time
  /// PostgreSQL: statements that would keep others waiting run in gentle steps (docs/online.md).
  bool online = false;
  /// For another deployer, and on PostgreSQL for the transactions of others that hold the tables
  /// which a revision needs for itself; 0: for ever. Past it Error{kLocked}.
  std::chrono::milliseconds max_wait{0};
  /// Of a statement for a lock; 0: the server's own. On PostgreSQL a statement that needs a table
  /// for itself waits so long in each of its attempts; 0: 100 ms.
  std::chrono::milliseconds lock_timeout{0};
  std::chrono::milliseconds statement_timeout{0};  ///< 0: the server's own
  /// What `-x name=value` is on the command line.
  std::vector<std::pair<std::string, std::string>> arguments = {};
  /// Told of everything; what it throws ends the run, which is rolled back.
  std::function<void(const MigrationEvent&)> on_event = {};
};

/// One database and the revisions of a program. A program may have several, in several threads;
/// each is used by one thread at a time, except cancel(). Connects when something is first asked of
/// it.
///
/// Everything throws Error: {kConnection}, {kLocked}, {kRevision} before anything is changed;
/// {kDatabase}, {kCancelled}, {kInDoubt} from a run, saying what was rolled back and where the
/// database stands. Revisions, targets and steps are as on the command line.
class Migrator {
 public:
  /// `url` as in DATABASE_URL: `postgresql://user@host/name`, `sqlite:///file`.
  Migrator(Revisions revisions, std::string_view url, MigratorOptions options = {});
  /// On a connection of the program's own, which must be outside a transaction, is used by nobody
  /// else during a call, and is left as it was. On PostgreSQL, the deployment lock opens a second
  /// one like it.
  Migrator(Revisions revisions, pg_conn* connection, MigratorOptions options = {});
  Migrator(Revisions revisions, sqlite3* connection, MigratorOptions options = {});
  Migrator(Migrator&&) noexcept;
  Migrator& operator=(Migrator&&) noexcept;
  ~Migrator();

  /// Both give back the revisions that were carried out, in their order; none if there was nothing
  /// to do. A target may be relative: `+1`, `-1`.
  std::vector<std::string> upgrade(std::string_view target = "heads");
  std::vector<std::string> downgrade(std::string_view target);
  /// Says where the database is, without running anything.
  void stamp(std::string_view target);

  /// The version table's rows; none at base. A SQLite file that is not there is not made.
  std::vector<std::string> current();
  /// What upgrade() would carry out.
  std::vector<std::string> pending(std::string_view target = "heads");
  bool is_current() { return pending().empty(); }
  /// For the start of a program that does not migrate by itself: throws Error{kRevision} that says
  /// which revision the program needs and which the database has, if they are not the same; also if
  /// the database is ahead, or half done.
  void require_head();

  /// The SQL of an upgrade from where the database is. Changes nothing.
  std::string script(std::string_view target = "heads");

  /// Interrupts what is running: it is rolled back and its call throws Error{kCancelled}; if
  /// nothing runs, the next call does. From any thread.
  void cancel() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace capo
