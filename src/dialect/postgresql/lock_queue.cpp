#include "dialect/postgresql/lock_queue.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.hpp"
#include "base/text.hpp"
#include "dialect/postgresql/session.hpp"

namespace capo::dialect::postgresql {
namespace {

using std::chrono::milliseconds;

// The needs go along as four arrays. What a prepared transaction is called shows by the lock on its
// own number. An index is locked together with its table, a table with what
// is below it. The workers of a parallel query hold nothing that their leader does not.
constexpr std::string_view kBlockers = R"(
WITH RECURSIVE needed AS (
  SELECT pg_catalog.to_regclass(
           CASE WHEN n.schema = '' THEN '' ELSE pg_catalog.quote_ident(n.schema) || '.' END
           || pg_catalog.quote_ident(n.name))::pg_catalog.oid AS oid, n.modes, n.without
  FROM ROWS FROM (
    pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]),
    pg_catalog.unnest($3::pg_catalog.text[]), pg_catalog.unnest($4::pg_catalog.text[])
  ) AS n(schema, name, modes, without)
), locked AS (
  SELECT s.oid, s.modes FROM (
    SELECT n.oid, n.modes FROM needed AS n
    UNION
    SELECT i.indrelid, n.modes FROM needed AS n
    JOIN pg_catalog.pg_index AS i ON i.indexrelid = n.oid
    UNION
    SELECT k.confrelid, n.modes FROM needed AS n
    JOIN pg_catalog.pg_constraint AS k ON k.conrelid = n.oid AND k.contype = 'f'
    WHERE n.without IN ('', k.conname)
    UNION
    SELECT k.conrelid, n.modes FROM needed AS n
    JOIN pg_catalog.pg_constraint AS k ON k.confrelid = n.oid AND k.contype = 'f'
    WHERE n.without = ''
  ) AS s
  UNION
  SELECT h.inhrelid, l.modes FROM locked AS l
  JOIN pg_catalog.pg_inherits AS h ON h.inhparent = l.oid
)
SELECT h.virtualtransaction, h.pid, COALESCE(p.gid, NULLIF(a.application_name, ''), a.usename),
       a.state,
       (extract(epoch FROM pg_catalog.clock_timestamp() - COALESCE(a.xact_start, p.prepared))
        * 1000)::pg_catalog.int8 AS age,
       a.query, h.relation::pg_catalog.regclass,
       COALESCE(a.backend_type = 'autovacuum worker', false)
FROM locked AS l
JOIN pg_catalog.pg_locks AS h ON h.relation = l.oid AND h.locktype = 'relation' AND h.granted
  AND h.mode = ANY (pg_catalog.string_to_array(l.modes, ','))
  AND h.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
                    WHERE d.datname = pg_catalog.current_database())
LEFT JOIN pg_catalog.pg_stat_activity AS a ON a.pid = h.pid
LEFT JOIN pg_catalog.pg_locks AS x ON h.pid IS NULL AND x.pid IS NULL
  AND x.locktype = 'transactionid' AND x.virtualtransaction = h.virtualtransaction
LEFT JOIN pg_catalog.pg_prepared_xacts AS p ON p.transaction = x.transactionid
WHERE h.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
  AND a.backend_type IS DISTINCT FROM 'parallel worker'
ORDER BY age DESC NULLS LAST, h.pid, l.oid)";

// In most cases nobody is there, which costs a tenth to find out.
constexpr std::string_view kAnybody = R"(
SELECT pg_catalog.current_setting('lock_timeout'),
       CASE WHEN pg_catalog.current_setting('is_superuser') = 'on' THEN '40ms'
            ELSE pg_catalog.current_setting('deadlock_timeout') END,
       EXISTS (SELECT FROM pg_catalog.pg_locks AS l
               WHERE l.locktype = 'relation' AND l.granted AND l.relation >= 16384
                 AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
                 AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
                                   WHERE d.datname = pg_catalog.current_database())))";

// 16384 is the first number of what does not come with the server.
constexpr std::string_view kAnything =
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid >= 16384"
    " AND relkind IN ('r', 'p', 'v', 'm', 'f'))";

// A server looks for deadlocks, and cancels an autovacuum that is in the way, after somebody has
// waited for deadlock_timeout, a second as a rule: longer than others are to wait behind us. Only a
// superuser may shorten it.
constexpr std::string_view kQuickCheckHere =
    ", CASE WHEN pg_catalog.current_setting('is_superuser') = 'on'"
    " THEN pg_catalog.set_config('deadlock_timeout', '40ms', true) END";
constexpr std::string_view kQuickCheck =
    "SELECT pg_catalog.set_config(name, CASE WHEN $1 THEN '40ms' ELSE reset_val || unit END, false)"
    " FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'"
    " AND pg_catalog.current_setting('is_superuser') = 'on'";

struct Mode {
  std::string_view in_sql;
  std::string_view conflicts;  // as pg_locks calls them
};

// https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
constexpr std::array<Mode, 8> kModes = {{
    {"ACCESS SHARE", "AccessExclusiveLock"},
    {"ROW SHARE", "ExclusiveLock,AccessExclusiveLock"},
    {"ROW EXCLUSIVE", "ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock"},
    {"SHARE UPDATE EXCLUSIVE",
     "ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock"},
    {"SHARE",
     "RowExclusiveLock,ShareUpdateExclusiveLock,ShareRowExclusiveLock,ExclusiveLock,"
     "AccessExclusiveLock"},
    {"SHARE ROW EXCLUSIVE",
     "RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,ExclusiveLock,"
     "AccessExclusiveLock"},
    {"EXCLUSIVE",
     "RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,"
     "ExclusiveLock,AccessExclusiveLock"},
    {"ACCESS EXCLUSIVE",
     "AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,"
     "ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock"},
}};

std::string conflicts(std::string_view mode) {
  const auto found = std::find_if(kModes.begin(), kModes.end(),
                                  [&](const Mode& known) { return known.in_sql == mode; });
  return std::string(found == kModes.end() ? "" : found->conflicts);
}

// The text form of an array: `{"a","say \"b\"",NULL}`.
std::string array_of(const std::vector<Value>& elements) {
  std::string text = "{";
  for (const Value& element : elements) {
    if (text.size() > 1) text += ',';
    if (!element) {
      text += "NULL";
      continue;
    }
    text += '"';
    for (const char c : *element) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

std::array<Value, 4> parameters_of(std::span<const LockNeed> needs) {
  std::array<std::vector<Value>, 4> columns;
  for (const LockNeed& need : needs) {
    columns[0].emplace_back(need.schema);
    columns[1].emplace_back(need.relation);
    columns[2].emplace_back(conflicts(need.mode));
    columns[3].push_back(need.without_key);
  }
  return {array_of(columns[0]), array_of(columns[1]), array_of(columns[2]), array_of(columns[3])};
}

int number(const Value& value) {
  return static_cast<int>(base::parse_integer(value.value_or("")).value_or(0));
}

Blocker to_blocker(const Row& row) {
  Blocker blocker{.transaction = row.at(0).value_or(""),
                  .pid = number(row.at(1)),
                  .who = row.at(2).value_or(""),
                  .state = row.at(3).value_or(""),
                  .query = row.at(5).value_or(""),
                  .relation = row.at(6).value_or(""),
                  .is_autovacuum = row.at(7) == "t"};
  if (row.at(4)) {
    blocker.age = milliseconds(std::max(0LL, base::parse_integer(*row.at(4)).value_or(0)));
  } else if (blocker.state.empty()) {
    // Who may not look at others is told so in the place of the query.
    blocker.query.clear();
  }
  return blocker;
}

// Each transaction once, however many tables it holds.
std::vector<Blocker> blockers(Connection& connection, std::span<const LockNeed> needs) {
  std::vector<Blocker> all;
  const std::array<Value, 4> parameters = parameters_of(needs);
  try {
    for (const Row& row : connection.query(kBlockers, parameters).rows) {
      Blocker blocker = to_blocker(row);
      const bool is_known = std::any_of(all.begin(), all.end(), [&](const Blocker& known) {
        return known.transaction == blocker.transaction;
      });
      if (!is_known) all.push_back(std::move(blocker));
    }
  } catch (const Error& error) {
    // insufficient_privilege: a schema that may not be looked into. The statement will say so.
    if (error.sqlstate() != "42501") throw;
  }
  return all;
}

class PostgresqlLockQueue final : public LockQueue {
 public:
  LockView look(Connection& connection, std::span<const LockNeed> needs) const override {
    LockView view;
    const Row first = connection.query(kAnybody).rows.at(0);
    view.lock_timeout = first.at(0).value_or("0");
    view.deadlock_timeout =
        base::parse_duration(first.at(1).value_or("")).value_or(milliseconds(1000));
    if (!needs.empty() && first.at(2) == "t") view.blockers = blockers(connection, needs);
    return view;
  }

  bool is_empty(Connection& connection) const override {
    return connection.query(kAnything).rows.at(0).at(0) == "f";
  }

  bool is_timeout(const Error& error) const override {
    return error.sqlstate() == "55P03";  // lock_not_available
  }
  bool is_deadlock(const Error& error) const override {
    return error.sqlstate() == "40P01";  // deadlock_detected
  }

  std::string set_timeout(const std::optional<std::string>& value) const override {
    if (!value) return "SET LOCAL lock_timeout TO DEFAULT";
    return "SELECT pg_catalog.set_config('lock_timeout', '" + *value + "', true)" +
           std::string(kQuickCheckHere);
  }

  void set_session_timeout(Connection& connection, const std::string& value,
                           bool is_limit) const override {
    const std::array<Value, 3> parameters = {"lock_timeout", value,
                                             std::to_string(connection.backend_pid())};
    connection.query(kSetForSession, parameters);
    const std::array<Value, 1> quick = {is_limit ? "true" : "false"};
    connection.query(kQuickCheck, quick);
  }
};

}  // namespace

const LockQueue& lock_queue() {
  static const PostgresqlLockQueue queue;
  return queue;
}

}  // namespace capo::dialect::postgresql
