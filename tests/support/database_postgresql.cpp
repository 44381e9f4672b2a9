#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>

#include "database.hpp"
#include "server.hpp"
#include "shared_server.hpp"

namespace capo::test {
namespace {

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, CloseConnection>;

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

Connection connect(const std::string& url) {
  Connection connection(PQconnectdb(url.c_str()));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    throw DatabaseError("cannot connect to " + url + ": " + PQerrorMessage(connection.get()));
  }
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  return connection;
}

Result execute(PGconn* connection, const std::string& sql) {
  Result result(PQexec(connection, sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_COPY_IN ||
      result == nullptr) {
    throw DatabaseError(std::string(PQerrorMessage(connection)) + "in: " + sql);
  }
  return result;
}

// Every kind of object a test here makes, in words that do not depend on how it came to be (no
// OIDs, no positions of columns once others were dropped). Sorted by the server, whose locale is C.
constexpr const char* kObjects = R"sql(
WITH relation AS (
  SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND c.relname !~ '^capo_')
SELECT line FROM (
  SELECT format('relation %s.%s kind %s rls %s/%s%s%s%s', nspname, relname, relkind, relrowsecurity, relforcerowsecurity,
    ' by ' || pg_get_partkeydef(oid), ' of ' || (SELECT string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno)
    FROM pg_inherits h WHERE h.inhrelid = relation.oid), ' ' || pg_get_expr(relpartbound, oid))
  FROM relation
  UNION ALL
  SELECT format('column %s.%s.%s: %s%s%s%s #%s', r.nspname, r.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN ' not null' END, ' default ' || pg_get_expr(d.adbin, d.adrelid),
    ' identity ' || nullif(a.attidentity::text, ''), row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum))
  FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE r.relkind <> 'i'
  UNION ALL
  SELECT format('index %s valid %s ready %s', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready)
  FROM relation r JOIN pg_index i ON i.indexrelid = r.oid
  UNION ALL
  -- Since 18 NOT NULL is one, whose name tells what the column was called when it became so.
  SELECT format('constraint %s on %s: %s valid %s', nullif(c.conname, CASE c.contype WHEN 'n' THEN c.conname END), r.relname,
    pg_get_constraintdef(c.oid), c.convalidated)
  FROM relation r JOIN pg_constraint c ON c.conrelid = r.oid
  UNION ALL
  SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid
  WHERE NOT t.tgisinternal
  UNION ALL
  SELECT format('view %s: %s', relname, pg_get_viewdef(oid)) FROM relation WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT format('policy %s on %s: %s %s %s', p.polname, r.relname, p.polcmd, pg_get_expr(p.polqual, p.polrelid),
    pg_get_expr(p.polwithcheck, p.polrelid)) FROM relation r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL
  SELECT format('comment on %s %s: %s', r.relname, d.objsubid, d.description)
  FROM relation r JOIN pg_description d ON d.objoid = r.oid
  UNION ALL
  SELECT format('type %s.%s: %s', n.nspname, t.typname, string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder))
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_enum e ON e.enumtypid = t.oid
  GROUP BY n.nspname, t.typname
  UNION ALL
  SELECT format('domain %s.%s: %s %s %s %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
    (SELECT collname FROM pg_collation WHERE oid = t.typcollation), pg_get_expr(t.typdefaultbin, 0), t.typnotnull)
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'd' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  UNION ALL
  SELECT format('constraint %s of domain %s: %s valid %s', c.conname, t.typname, pg_get_constraintdef(c.oid), c.convalidated)
  FROM pg_constraint c JOIN pg_type t ON t.oid = c.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
  UNION ALL
  SELECT format('attribute %s.%s: %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
    (SELECT collname FROM pg_collation WHERE oid = a.attcollation))
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  UNION ALL
  SELECT format('function %s', pg_get_functiondef(p.oid)) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prokind IN ('f', 'p') AND p.proname !~ '^capo_'
) AS found(line) ORDER BY 1
)sql";

constexpr const char* kTables =
    "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c JOIN "
    "pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN "
    "('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_' AND c.relname !~ '^capo_' ORDER "
    "BY 1";

Rows rows_of(const PGresult* result) {
  Rows rows;
  for (int i = 0; i < PQntuples(result); ++i) {
    auto& row = rows.emplace_back();
    for (int k = 0; k < PQnfields(result); ++k) {
      row.emplace_back(PQgetisnull(result, i, k) ? "NULL" : PQgetvalue(result, i, k));
    }
  }
  return rows;
}

class PostgresqlSession final : public Session {
 public:
  explicit PostgresqlSession(const std::string& url) : connection_(connect(url)) {}

  Rows query(const std::string& sql) override {
    return rows_of(execute(connection_.get(), sql).get());
  }
  int server_version() const { return PQserverVersion(connection_.get()); }
  bool is_alive() const {
    // The status is that of the last answer: ask once more.
    const Result ignored(PQexec(connection_.get(), ""));
    return PQstatus(connection_.get()) == CONNECTION_OK;
  }

 private:
  Connection connection_;
};

class PostgresqlDatabase final : public Database {
 public:
  explicit PostgresqlDatabase(const SharedServer& server)
      : server_(server), name_(new_name()), url_(server_.url(name_)) {
    PostgresqlSession session(server_.url("postgres"));
    session.query(create_database_statement(name_, session.server_version()));
  }

  ~PostgresqlDatabase() override {
    session_.reset();
    try {
      PostgresqlSession(server_.url("postgres"))
          .query("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
    } catch (const DatabaseError&) {
      // A test that stopped its server leaves nothing to drop, and a destructor has nobody to tell.
    }
  }

  std::string_view kind() const override { return "postgresql"; }
  std::string url() const override { return url_; }

  Rows query(const std::string& sql) override {
    try {
      return open().query(sql);
    } catch (const DatabaseError&) {
      // A test may have stopped and started the server since.
      if (session_ == nullptr || session_->is_alive()) throw;
      session_.reset();
      return open().query(sql);
    }
  }
  // On a connection of its own: what a script sets or leaves open must not reach the next query.
  void script(const std::string& sql) override { PostgresqlSession(url_).query(sql); }
  std::unique_ptr<Session> session() override { return std::make_unique<PostgresqlSession>(url_); }

  void reset() override {
    std::string sql = "SET client_min_messages = error; ";
    for (const auto& schema :
         column("SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname "
                "<> 'information_schema'")) {
      sql.append("DROP SCHEMA ").append(schema).append(" CASCADE; ");
    }
    // As initdb makes it: pg_dump passes over a schema that nobody has touched.
    sql += open().server_version() >= 150000
               ? "CREATE SCHEMA public AUTHORIZATION pg_database_owner; GRANT USAGE"
               : "CREATE SCHEMA public; GRANT ALL";
    script(sql + " ON SCHEMA public TO PUBLIC; COMMENT ON SCHEMA public IS 'standard public schema'");
  }

  bool has_table(std::string_view name) override {
    return value("SELECT to_regclass('" + std::string(name) + "') IS NOT NULL") == "t";
  }

  std::string dump() override {
    std::string text = to_text(query(kObjects));
    for (const std::string& table : column(kTables)) {
      text.append("rows of ").append(table).append(":\n");
      text.append(to_text(query("SELECT t::text FROM " + table + " t ORDER BY 1")));
    }
    return text;
  }

 private:
  static std::string new_name() {
    static std::atomic<int> count = 0;
    return "capo_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
  }

  PostgresqlSession& open() {
    if (session_ == nullptr) session_ = std::make_unique<PostgresqlSession>(url_);
    return *session_;
  }

  SharedServer server_;
  std::string name_;
  std::string url_;
  std::unique_ptr<PostgresqlSession> session_;
};

}  // namespace

int server_major() {
  static const int version = PQserverVersion(connect(shared_server().url("postgres")).get());
  return version / 10000;
}

std::unique_ptr<Database> make_postgresql() { return make_postgresql(shared_server()); }
std::unique_ptr<Database> make_postgresql(const SharedServer& server) {
  return std::make_unique<PostgresqlDatabase>(server);
}

}  // namespace capo::test
