#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "capo/error.hpp"
#include "dialect/batching.hpp"
#include "dialect/compilation.hpp"
#include "dialect/connection.hpp"
#include "dialect/ddl.hpp"
#include "dialect/facts.hpp"
#include "dialect/lexer.hpp"
#include "dialect/reflect.hpp"
#include "dialect/split.hpp"
#include "dialect/sql_writer.hpp"
#include "dialect/statement.hpp"
#include "dialect/update.hpp"
#include "operation/operation.hpp"

namespace capo::dialect {

struct ExaminationRequest;
struct Finding;
class LockQueue;
class Observer;
class ThrowAway;
struct ThrowAwayRequest;

/// What the catalog says, after a crash or an error, of a statement that ran outside a transaction.
struct Aftermath {
  enum class Kind {
    kUnknown,     ///< the catalog cannot tell
    kDone,        ///< it took effect
    kNotDone,     ///< it left nothing behind
    kLeftover,    ///< it left something that `cleanup` removes; after that it can run again
    kRepeatable,  ///< running it again does no harm, done or not
  };
  Kind kind = Kind::kUnknown;
  std::string cleanup = {};  ///< a statement to run alone: `DROP INDEX CONCURRENTLY idx`
};

/// What one database is, as seen by the rest of capo. One implementation a folder
/// `dialect/<name>/`; stateless.
class Dialect {
 public:
  virtual ~Dialect() = default;

  /// "postgresql", "sqlite": the name in URLs and in `dialect=` of a revision's section.
  virtual std::string_view name() const = 0;
  /// True: DDL can be rolled back together with everything else, so a run is one transaction;
  /// false: one a revision (Alembic's setting for each database; it is false for SQLite).
  virtual bool transactional_ddl() const = 0;
  /// What a connection is called in Alembic's log line `Context impl PostgresqlImpl.`
  virtual std::string_view impl_name() const = 0;

  virtual Splitter splitter() const = 0;
  /// The tokens of a text, for whoever looks for names in it; the end is not among them.
  virtual std::vector<Token> tokens(std::string_view text) const = 0;
  virtual bool is_reserved(std::string_view lower_case_word) const = 0;
  /// The number of bytes that a name may have; 0 if there is no limit.
  virtual std::size_t longest_name() const { return 0; }
  /// The first keyword of a statement that would end or begin a transaction behind the runtime's
  /// back (`COMMIT`, …), or empty. The runtime refuses it in a section that runs inside a
  /// transaction.
  virtual std::string_view transaction_control(std::string_view statement) const = 0;
  /// Why the database refuses a statement inside a transaction block, or ignores it there ("VACUUM
  /// cannot run inside a transaction"); empty if it does not, or if the text alone cannot tell.
  virtual std::string_view outside_transaction_reason(std::string_view statement) const = 0;
  bool runs_outside_transaction_only(std::string_view statement) const {
    return !outside_transaction_reason(statement).empty();
  }
  /// True for a statement that belongs outside a transaction and must not be put into one: it may
  /// commit inside (`CALL`, `DO`), or the database refuses it there, or may do so.
  virtual bool must_run_alone(std::string_view statement) const {
    return runs_outside_transaction_only(statement);
  }
  /// True for a statement that only sets up this session (`SET`, `PRAGMA`, `ATTACH`): on resuming
  /// after a crash it must run again even if it was done before.
  virtual bool is_session_state(std::string_view statement) const = 0;

  /// Statements that run around every script so that it means offline what it means online ("SET
  /// LOCAL row_security = off" at the start of a transaction). May be empty.
  virtual std::vector<std::string> transaction_preamble() const = 0;

  /// Type names for the journal's columns; see runtime/journal.cpp.
  virtual std::string_view timestamp_type() const = 0;
  virtual std::string_view current_timestamp() const = 0;
  virtual std::string_view auto_key_definition() const = 0;  ///< `bigint GENERATED … PRIMARY KEY`
  /// An expression for the user the statement runs as; `''` where the database has no users.
  virtual std::string_view current_user() const = 0;

  /// Sets off for the server and comes back at once; nothing where there is no way to go. Throws
  /// Error{kConnection} as connect() does for parameters; whatever else goes wrong is told by
  /// connect().
  virtual std::shared_ptr<Opening> begin_connecting(const ConnectOptions& options) const {
    (void)options;
    return nullptr;
  }
  /// Throws Error{kUnsupported} if this build has no driver for the database, Error{kConnection}
  /// otherwise.
  virtual std::unique_ptr<Connection> connect(const ConnectOptions& options) const = 0;
  /// For connect() to use a connection of the caller's, `handle`, which outlives what uses it: says
  /// where that leads to as well, because the deployment lock asks. Throws Error{kConnection} if it
  /// is broken or in a transaction, {kUnsupported} without a driver.
  virtual ConnectOptions borrow(void* handle) const = 0;
  /// True if there is no database yet where connect() would make one.
  virtual bool is_missing_database(const ConnectOptions& options) const {
    (void)options;
    return false;
  }
  /// One deployer at a time. Waits for the lock; see LockRequest. Throws Error{kLocked},
  /// {kCancelled}, {kConnection}.
  virtual std::unique_ptr<DeploymentLock> lock(Connection& connection,
                                               const ConnectOptions& options,
                                               const LockRequest& request) const = 0;
  /// Who holds that lock now, in the words of LockRequest::on_wait, or "" if nobody does. Neither
  /// takes it nor waits. Throws Error{kConnection}, {kDatabase}.
  virtual std::string lock_holder(Connection& connection, const ConnectOptions& options,
                                  const LockRequest& request) const = 0;
  /// How locks on tables are waited for, where a wait holds up those who come after; else null.
  virtual const LockQueue* lock_queue() const { return nullptr; }
  /// Looks at the traces of `statement` in the catalog; changes nothing. Throws Error{kConnection},
  /// {kDatabase}.
  virtual Aftermath aftermath(Connection& connection, std::string_view statement) const {
    (void)connection, (void)statement;
    return {};
  }
  /// What Connection::begin() sends, for previews.
  virtual std::string_view begin_statement() const { return "BEGIN"; }
  /// What Connection::begin_without_foreign_keys() sends before that; empty: nothing.
  virtual std::string_view foreign_keys_off_statement() const { return {}; }
  /// True if the error says that the table of a query is not there.
  virtual bool is_missing_table(const Error& error) const = 0;

  /// For the operations of one plan.
  virtual std::unique_ptr<Compilation> begin_compilation(SchemaSource start) const = 0;
  /// What Compilation::compile() gives for an operation by itself, on an empty database.
  std::vector<Statement> compile(const operation::Operation& operation) const {
    return begin_compilation({})->compile(operation);
  }
  /// What is the same on every database, and the rest by `ddl`. For implementations of Compilation.
  std::vector<Statement> compile(const operation::Operation& operation,
                                 const DdlCompiler& ddl) const;
  /// The statements that make what the database holds, as far as begin_compilation() wants to know.
  /// Throws Error{kDatabase}, {kConnection}.
  virtual std::vector<Statement> read_schema(Connection& connection) const {
    (void)connection;
    return {};
  }

  /// The whole schema, in the form that reflect.hpp describes. Reads only. Throws Error{kDatabase},
  /// {kConnection}; never because of an object that it does not understand.
  virtual Reflection reflect(Connection& connection, const ReflectOptions& options) const = 0;
  /// What the database would hold if it were empty and `statements` ran: they are carried out where
  /// nobody sees it (a scratch schema in a transaction that is rolled back; a database in memory),
  /// and reflected from there. Nothing is left behind, whatever happens. Throws Error{kDatabase}
  /// with the statement's position for one that fails, and for a scratch schema that may not be
  /// made.
  virtual Reflection reflect_script(Connection& connection, std::span<const Statement> statements,
                                    const ReflectOptions& options) const = 0;
  /// How large the tables are. Nothing where a database has no such figures. Throws
  /// Error{kDatabase}, {kConnection}.
  virtual Facts facts(Connection& connection) const {
    (void)connection;
    return {};
  }
  /// How fast the server works, measured on a temporary table that is gone afterwards; nothing
  /// where none can be made. Throws Error{kConnection}, {kCancelled}.
  virtual Pace pace(Connection& connection) const {
    (void)connection;
    return {};
  }
  /// A guess at how reflect() would give `table`, without asking a database: where it is equal to
  /// what is there, there is no difference; where it is not, reflect_script() tells. `table` is
  /// from schema::to_schema().
  virtual Table expected(const Table& table) const { return table; }

  /// How the values of a column become those of another type, as an expression for
  /// AlterColumn::using_; nothing where the database converts by itself.
  virtual std::optional<capo::SqlText> conversion(const std::string& column, const Type& from,
                                                  const Type& to) const {
    (void)column, (void)from, (void)to;
    return std::nullopt;
  }

  /// Whether names without quotes, and with them, mean the same in any case of letters.
  virtual bool has_names_of_any_case() const { return false; }

  /// False: an enum is nothing by itself, only what keeps columns to its values.
  virtual bool has_enum_types() const { return true; }
  /// Whether there are roles, grants and row-level security.
  virtual bool has_access_control() const { return true; }

  virtual const Batching& batching() const = 0;
  /// The parts of an UPDATE that `text`, a single statement, is. Throws Error{kScript} with
  /// position for anything else, and for clauses that do not go with batches.
  virtual Update read_update(std::string_view text, const SourcePosition& origin) const = 0;

  virtual SqlWriter writer() const = 0;
  /// An expression that tells the values of a column apart, as text: of two that differ, even in
  /// their type alone, it says different things.
  virtual std::string content_of(const std::string& column) const = 0;

  /// An empty database that goes when it is no longer used; see throw_away.hpp. Throws
  /// Error{kConnection}, {kDatabase}, {kUnsupported}.
  virtual std::unique_ptr<ThrowAway> make_throw_away(const ThrowAwayRequest& request) const = 0;
  /// The same way to a database for one that only looks: where connecting itself could change it,
  /// it does not then.
  virtual ConnectOptions for_looking(ConnectOptions options) const { return options; }
  /// What may go wrong with the database behind a connection, and what does; see examination.hpp.
  /// Changes nothing.
  virtual std::vector<Finding> examine(Connection& connection,
                                       const ExaminationRequest& request) const = 0;
  /// Watches what a server's process does to a database, or with 0 what all its clients do, by a
  /// connection of its own; null where that cannot be seen. See observer.hpp.
  virtual std::unique_ptr<Observer> observe(const ConnectOptions& options, int pid) const = 0;
};

/// The dialect of a URL's scheme (`postgresql`, `postgres`, `sqlite`), or null.
const Dialect* find_dialect(std::string_view name);
/// Every dialect that capo knows.
std::vector<const Dialect*> all_dialects();

}  // namespace capo::dialect
