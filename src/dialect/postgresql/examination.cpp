#include "dialect/postgresql/examination.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/postgresql/connection.hpp"
#include "dialect/postgresql/lock.hpp"

namespace capo::dialect::postgresql {
namespace {

using Level = Finding::Level;

constexpr int kOldestTried = 12;
constexpr int kNewestTried = 18;

constexpr std::string_view kServer =
    "SELECT current_setting('server_version_num')::int4 / 10000, pg_catalog.pg_is_in_recovery(),"
    " current_setting('default_transaction_read_only') = 'on', pg_catalog.pg_backend_pid(),"
    " current_setting('server_encoding')";

constexpr std::string_view kRights =
    "SELECT COALESCE(pg_catalog.current_schema(), ''), current_user,"
    " pg_catalog.has_schema_privilege(pg_catalog.current_schema(), 'CREATE'),"
    " pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),"
    " r.rolsuper, r.rolbypassrls FROM pg_catalog.pg_roles AS r WHERE r.rolname = current_user";

// Without the schemas of the system and what belongs to an extension.
constexpr std::string_view kForeignTables =
    "SELECT c.oid::pg_catalog.regclass, pg_catalog.pg_get_userbyid(c.relowner)"
    " FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname !~ '^pg_'"
    " AND n.nspname <> 'information_schema'"
    " AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')"
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.objid = c.oid"
    " AND d.deptype = 'e') ORDER BY 1";

constexpr std::string_view kForced =
    "SELECT c.oid::pg_catalog.regclass FROM pg_catalog.pg_class AS c"
    " WHERE c.relrowsecurity AND (c.relforcerowsecurity"
    " OR NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')) AND NOT (SELECT rolsuper OR rolbypassrls"
    " FROM pg_catalog.pg_roles WHERE rolname = current_user) ORDER BY 1";

constexpr std::string_view kVersionTable =
    "SELECT p.name, pg_catalog.has_table_privilege(p.oid, p.name) FROM (SELECT r.name, c.oid"
    " FROM pg_catalog.unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS r(name),"
    " pg_catalog.pg_class AS c WHERE c.relname = $1 AND c.relnamespace ="
    " (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname ="
    " COALESCE(NULLIF($2, ''), pg_catalog.current_schema()))) AS p";

constexpr std::string_view kInvalidIndexes =
    "SELECT i.indexrelid::pg_catalog.regclass, i.indrelid::pg_catalog.regclass"
    " FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid"
    " WHERE NOT i.indisvalid AND c.relkind = 'i' ORDER BY 1";

constexpr std::string_view kNotValid =
    "SELECT c.conname, c.conrelid::pg_catalog.regclass,"
    " pg_catalog.format('ALTER TABLE %s VALIDATE CONSTRAINT %I',"
    " c.conrelid::pg_catalog.regclass, c.conname) FROM pg_catalog.pg_constraint AS c"
    " WHERE NOT c.convalidated AND c.conrelid <> 0 ORDER BY 2, 1";

// Who holds what a migration would wait for, the oldest first.
constexpr std::string_view kTransactions =
    "SELECT a.pid, a.usename, a.state, pg_catalog.date_trunc('second', pg_catalog.clock_timestamp()"
    " - a.xact_start), pg_catalog.regexp_replace(pg_catalog.left(a.query, 80), '\\s+', ' ', 'g'),"
    " (SELECT pg_catalog.string_agg(DISTINCT l.relation::pg_catalog.regclass::text, ', ')"
    " FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.relation"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE l.pid = a.pid AND l.granted AND c.relkind IN ('r', 'p', 'm', 'v')"
    " AND n.nspname !~ '^pg_')"
    " FROM pg_catalog.pg_stat_activity AS a WHERE a.datname = pg_catalog.current_database()"
    " AND a.pid <> pg_catalog.pg_backend_pid() AND a.xact_start < pg_catalog.clock_timestamp()"
    " - $1::pg_catalog.interval ORDER BY a.xact_start";

constexpr std::string_view kWaiting =
    "SELECT a.pid, pg_catalog.array_to_string(pg_catalog.pg_blocking_pids(a.pid), ', '),"
    " pg_catalog.regexp_replace(pg_catalog.left(a.query, 80), '\\s+', ' ', 'g')"
    " FROM pg_catalog.pg_stat_activity AS a WHERE a.datname = pg_catalog.current_database()"
    " AND a.wait_event_type = 'Lock' ORDER BY 1";

constexpr std::string_view kPrepared =
    "SELECT gid, owner, pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - prepared)"
    " FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database() ORDER BY 3";

constexpr std::string_view kExtensions =
    "SELECT w.name, a.name IS NOT NULL, a.installed_version, a.default_version,"
    " a.installed_version <> a.default_version FROM pg_catalog.unnest($1::text[]) AS w(name)"
    " LEFT JOIN pg_catalog.pg_available_extensions AS a ON a.name = w.name"
    " UNION SELECT a.name, true, a.installed_version, a.default_version,"
    " a.installed_version <> a.default_version FROM pg_catalog.pg_available_extensions AS a"
    " WHERE a.installed_version IS NOT NULL AND a.name <> 'plpgsql' ORDER BY 1";

bool is_true(const Value& value) { return value == "t"; }
std::string text(const Value& value) { return value.value_or(""); }

// `a, b, c and 4 more`.
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 5;
  if (names.size() <= kMost) return base::join(names, ", ");
  const std::vector<std::string> first(names.begin(), names.begin() + kMost);
  return base::join(first, ", ") + " and " + std::to_string(names.size() - kMost) + " more";
}

std::vector<std::string> first_column(const Result& result) {
  std::vector<std::string> names;
  for (const Row& row : result.rows) names.push_back(text(row.at(0)));
  return names;
}

class Examination {
 public:
  Examination(Connection& connection, const ExaminationRequest& request)
      : connection_(connection), request_(request) {}

  std::vector<Finding> run() {
    look("server", &Examination::look_at_server);
    look("pooler", &Examination::look_at_pooler);
    look("privileges", &Examination::look_at_rights);
    look("version table", &Examination::look_at_version_table);
    look("indexes", &Examination::look_at_indexes);
    look("constraints", &Examination::look_at_constraints);
    look("activity", &Examination::look_at_activity);
    look("extensions", &Examination::look_at_extensions);
    return std::move(findings_);
  }

 private:
  // Each topic in a transaction that can change nothing. One that the server refuses to tell of
  // does not hide the others.
  void look(std::string_view topic, void (Examination::*part)()) {
    topic_ = topic;
    try {
      connection_.begin();
      connection_.query("SET TRANSACTION READ ONLY");
      (this->*part)();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kDatabase) throw;
      add(Level::kNote, "cannot be looked at: " + error.message());
    }
    connection_.rollback();
  }

  void add(Level level, std::string text, std::string remedy = {}) {
    findings_.push_back({topic_, level, std::move(text), std::move(remedy)});
  }

  Row row(std::string_view sql) { return connection_.query(sql).rows.at(0); }

  void look_at_server() {
    const Row found = row(kServer);
    int major = 0;
    const std::string number = text(found.at(0));
    std::from_chars(number.data(), number.data() + number.size(), major);
    const std::string version = connection_.server_version() + ", " + client_library();
    if (major < kOldestTried || major > kNewestTried) {
      add(Level::kNote, version + ": capo is made for PostgreSQL 12 to 18",
          "try your revisions out with `capo verify` on that version");
    } else {
      add(Level::kOk, version);
    }
    if (is_true(found.at(1))) {
      add(Level::kProblem, "this server is a standby: nothing can be changed on it",
          "give the URL of the primary");
    } else if (is_true(found.at(2))) {
      add(Level::kProblem, "transactions are read-only by default (default_transaction_read_only)",
          "ALTER ROLE … SET default_transaction_read_only = off, or ALTER DATABASE likewise");
    }
    if (text(found.at(4)) == "SQL_ASCII") {
      add(Level::kNote, "the database has no encoding (SQL_ASCII): texts are not checked",
          "make new databases with ENCODING 'UTF8'");
    }
  }

  void look_at_pooler() {
    const std::string process = text(row("SELECT pg_catalog.pg_backend_pid()").at(0));
    if (process == std::to_string(connection_.backend_pid())) {
      return add(Level::kOk, "none between capo and the server");
    }
    connection_.rollback();
    ConnectOptions second = request_.options;
    second.opening = {};
    second.borrowed = nullptr;
    const std::unique_ptr<Connection> other = connect(second);
    if (processes_are_lent(connection_, *other)) {
      add(Level::kProblem,
          "a proxy lends out a server process for one transaction at a time: no deployment lock "
          "would hold, and capo refuses to migrate through it",
          "give migrations a URL that leads to PostgreSQL directly, or to a pool in session mode");
    } else {
      add(Level::kNote, "a proxy stands between capo and the server; it seems to pool sessions",
          "if it pools transactions, give migrations a URL that leads to PostgreSQL directly");
    }
  }

  void look_at_rights() {
    const Row found = row(kRights);
    const std::string schema = text(found.at(0));
    const std::string user = text(found.at(1));
    if (schema.empty()) {
      add(Level::kProblem, "no schema of the search path exists: nothing can be made",
          "CREATE SCHEMA, or ALTER ROLE … SET search_path");
    } else if (!is_true(found.at(2))) {
      add(Level::kProblem, user + " may not create anything in the schema " + schema,
          "GRANT CREATE ON SCHEMA " + schema + " TO " + user + "; or make " + user +
              " the owner of the database");
    } else {
      add(Level::kOk, user + " may create in the schema " + schema);
    }
    if (!is_true(found.at(3))) {
      add(Level::kNote,
          user + " may not create schemas: `check` and `--autogenerate` cannot try models out here",
          "GRANT CREATE ON DATABASE … TO " + user + ", or give those commands --scratch-url");
    }
    if (is_true(found.at(4))) {
      add(Level::kNote, user + " is a superuser: no privilege and no row security is checked",
          "migrate as the role that owns the tables");
    } else if (is_true(found.at(5))) {
      add(Level::kNote, user + " bypasses row security");
    }
    look_at_owners(user);
  }

  void look_at_owners(const std::string& user) {
    const Result tables = connection_.query(kForeignTables);
    if (!tables.rows.empty()) {
      add(Level::kProblem,
          "not owned by " + user + ", so that ALTER TABLE is refused: " +
              listed(first_column(tables)) + " (owner " + text(tables.rows[0].at(1)) + ")",
          "ALTER TABLE … OWNER TO " + user + ", or GRANT " + text(tables.rows[0].at(1)) + " TO " +
              user);
    }
    const Result forced = connection_.query(kForced);
    if (!forced.rows.empty()) {
      add(Level::kNote,
          "row security holds for " + user +
              " too: a data step fails instead of seeing a part of " + listed(first_column(forced)),
          "ALTER ROLE " + user +
              " BYPASSRLS, or ALTER TABLE … NO FORCE ROW LEVEL SECURITY in the "
              "revision");
    }
  }

  void look_at_version_table() {
    const std::array<Value, 2> parameters = {request_.version_table, request_.version_table_schema};
    const Result rights = connection_.query(kVersionTable, parameters);
    if (rights.rows.empty()) return;
    std::vector<std::string> missing;
    for (const Row& right : rights.rows) {
      if (!is_true(right.at(1))) missing.push_back(text(right.at(0)));
    }
    if (missing.empty()) return add(Level::kOk, request_.version_table + " can be written");
    add(Level::kProblem,
        "the right to " + base::join(missing, ", ") + " is missing for " + request_.version_table,
        "GRANT " + base::join(missing, ", ") + " ON " + request_.version_table + " TO …");
  }

  void look_at_indexes() {
    const Result invalid = connection_.query(kInvalidIndexes);
    for (const Row& index : invalid.rows) {
      add(Level::kProblem,
          "index " + text(index.at(0)) + " on " + text(index.at(1)) +
              " is invalid: it is kept up to date, and used by no query",
          "unless it is being built right now: DROP INDEX CONCURRENTLY " + text(index.at(0)) +
              ", then build it again; or REINDEX INDEX CONCURRENTLY " + text(index.at(0)));
    }
    if (invalid.rows.empty()) add(Level::kOk, "none is invalid");
  }

  void look_at_constraints() {
    const Result unchecked = connection_.query(kNotValid);
    for (const Row& constraint : unchecked.rows) {
      add(Level::kNote,
          "constraint " + text(constraint.at(0)) + " on " + text(constraint.at(1)) +
              " is NOT VALID: old rows may break it",
          text(constraint.at(2)));
    }
    if (unchecked.rows.empty()) add(Level::kOk, "all are validated");
  }

  void look_at_activity() {
    const std::size_t before = findings_.size();
    const std::array<Value, 1> age = {std::to_string(request_.long_transaction.count()) + " s"};
    for (const Row& session : connection_.query(kTransactions, age).rows) {
      const std::string who = "pid " + text(session.at(0)) + ", user " + text(session.at(1)) +
                              ", " + text(session.at(2)) + " for " + text(session.at(3)) + ": " +
                              text(session.at(4));
      const std::string remedy =
          "let it end, or SELECT pg_terminate_backend(" + text(session.at(0)) + ")";
      if (session.at(5)) {
        add(Level::kProblem,
            "a long transaction holds locks that a migration would wait for, on " +
                text(session.at(5)) + " (" + who + ")",
            remedy);
      } else {
        add(Level::kNote,
            "a long transaction (" + who + "): CREATE INDEX CONCURRENTLY waits for it", remedy);
      }
    }
    for (const Row& waiting : connection_.query(kWaiting).rows) {
      add(Level::kProblem,
          "pid " + text(waiting.at(0)) + " waits for a lock of pid " + text(waiting.at(1)) + ": " +
              text(waiting.at(2)),
          "see what pid " + text(waiting.at(1)) + " does; pg_terminate_backend() ends it");
    }
    for (const Row& prepared : connection_.query(kPrepared).rows) {
      add(Level::kProblem,
          "the prepared transaction " + text(prepared.at(0)) + " of " + text(prepared.at(1)) +
              " is open for " + text(prepared.at(2)) + " and keeps its locks",
          "COMMIT PREPARED or ROLLBACK PREPARED '" + text(prepared.at(0)) + "'");
    }
    if (findings_.size() == before) add(Level::kOk, "nothing that a migration would wait for");
  }

  void look_at_extensions() {
    std::string wanted = "{";
    for (const std::string& name : request_.extensions) {
      wanted.append(wanted.size() > 1 ? "," : "").append("\"").append(name).append("\"");
    }
    const std::array<Value, 1> parameters = {wanted + "}"};
    std::vector<std::string> good;
    for (const Row& extension : connection_.query(kExtensions, parameters).rows) {
      const std::string name = text(extension.at(0));
      if (!is_true(extension.at(1))) {
        add(Level::kProblem, "extension " + name + " is not on this server",
            "install its package on the server; a revision makes it");
      } else if (is_true(extension.at(4))) {
        add(Level::kNote,
            "extension " + name + " is at " + text(extension.at(2)) + ", its files are at " +
                text(extension.at(3)),
            "ALTER EXTENSION " + name + " UPDATE");
      } else {
        good.push_back(name + (extension.at(2) ? "" : " (can be made)"));
      }
    }
    if (!good.empty()) add(Level::kOk, listed(good));
  }

  Connection& connection_;
  const ExaminationRequest& request_;
  std::string topic_ = {};
  std::vector<Finding> findings_ = {};
};

}  // namespace

std::vector<Finding> examine(Connection& connection, const ExaminationRequest& request) {
  return Examination(connection, request).run();
}

}  // namespace capo::dialect::postgresql
