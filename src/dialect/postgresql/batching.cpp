#include "dialect/postgresql/batching.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/postgresql/parts.hpp"

namespace capo::dialect::postgresql {
namespace {

/// Smaller tables are counted.
constexpr std::string_view kSmallTable = "100000000";  // bytes
/// As long as a batch waits for a row before it lets go of those that it has.
constexpr long long kLockTimeoutMs = 2000;

std::string written(const Backfill& backfill) {
  SqlWriter sql = Parts().writer();
  sql << QualifiedName{backfill.schema, backfill.table};
  return sql.str();
}

long long number(const Value& value) {
  const std::string_view text = value ? std::string_view(*value) : std::string_view();
  return base::parse_integer(text.substr(0, text.find('.'))).value_or(0);
}

std::string text_array(const Names& names) {
  std::string text = "{";
  for (const std::string& name : names) {
    if (text.size() > 1) text += ",";
    text += '"' + base::replace_all(base::replace_all(name, "\\", "\\\\"), "\"", "\\\"") + '"';
  }
  return text + "}";
}

std::string kind_of(std::string_view relkind) {
  if (relkind == "r" || relkind == "p") return {};
  if (relkind == "v") return "a view";
  if (relkind == "m") return "a materialised view";
  if (relkind == "f") return "a foreign table";
  return "no table";
}

constexpr std::string_view kKeyColumns =
    "SELECT attname, attnotnull FROM pg_catalog.pg_index CROSS JOIN LATERAL unnest(indkey) WITH "
    "ORDINALITY AS part (number, place) JOIN pg_catalog.pg_attribute ON attrelid = indrelid AND "
    "attnum = number WHERE indisprimary AND place <= indnkeyatts AND indrelid = $1::regclass ORDER "
    "BY place";

constexpr std::string_view kNamedColumns =
    "SELECT name, attnotnull FROM unnest($2::text[]) WITH ORDINALITY AS key (name, place) LEFT "
    "JOIN pg_catalog.pg_attribute ON attrelid = $1::regclass AND attname = name AND attnum > 0 AND "
    "NOT attisdropped ORDER BY place";

// Whole, of the usual kind, and all of the key in the same direction.
constexpr std::string_view kHasIndex =
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_index JOIN pg_catalog.pg_class ON pg_class.oid = "
    "indexrelid JOIN pg_catalog.pg_am ON pg_am.oid = relam WHERE indrelid = $1::regclass AND "
    "amname = 'btree' AND indisvalid AND indpred IS NULL AND indnkeyatts >= cardinality($2::text[])"
    " AND (SELECT array_agg(attname::text ORDER BY place) = $2::text[] AND count(DISTINCT "
    "indoption[place - 1] & 1) = 1 FROM unnest(indkey) WITH ORDINALITY AS part (number, place) "
    "JOIN "
    "pg_catalog.pg_attribute ON attrelid = indrelid AND attnum = number WHERE place <= "
    "cardinality($2::text[])))";

// Those who hold a lock that writers take, the longest transaction first.
constexpr std::string_view kBlocker =
    "SELECT format('pid %s%s, whose transaction has been open for %s s', pid, CASE WHEN "
    "application_name = '' THEN '' ELSE ' (' || application_name || ')' END, extract(epoch FROM "
    "clock_timestamp() - xact_start)::bigint) FROM pg_catalog.pg_stat_activity WHERE pid IN "
    "(SELECT "
    "pid FROM pg_catalog.pg_locks WHERE relation = $1::regclass AND granted AND mode NOT IN "
    "('AccessShareLock', 'ShareUpdateExclusiveLock') AND database = (SELECT oid FROM "
    "pg_catalog.pg_database WHERE datname = "
    "current_database())) AND pid <> pg_backend_pid() AND xact_start IS NOT NULL ORDER BY "
    "xact_start LIMIT 1";

constexpr std::string_view kLoad =
    "SELECT (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE state = 'active' AND "
    "backend_type = 'client backend' AND pid <> pg_backend_pid()), "
    "current_setting('max_connections'), pg_catalog.pg_wal_lsn_diff(CASE WHEN "
    "pg_catalog.pg_is_in_recovery() THEN '0/0' ELSE pg_catalog.pg_current_wal_lsn() END, '0/0'), "
    "min(pg_catalog.pg_wal_lsn_diff(replay_lsn, '0/0')) FILTER (WHERE state IN ('streaming', "
    "'catchup')), max(extract(epoch FROM replay_lag) * 1000) FILTER (WHERE state IN ('streaming', "
    "'catchup')), count(*) FILTER (WHERE state IS NULL) FROM pg_catalog.pg_stat_replication";

class PostgresqlBatching final : public Batching {
 public:
  BatchedTable look_up(Connection& connection, const Backfill& backfill) const override {
    const std::string name = written(backfill);
    const Value named[] = {name};
    BatchedTable table;
    const Result found = connection.query(
        "SELECT relkind FROM pg_catalog.pg_class WHERE oid = to_regclass($1)", named);
    table.exists = !found.rows.empty();
    if (!table.exists) return table;
    table.kind = kind_of(found.rows[0].at(0).value_or(""));
    const Value asked_for[] = {name, text_array(backfill.key)};
    const bool by_primary_key = backfill.key.empty();
    const Result columns = by_primary_key ? connection.query(kKeyColumns, named)
                                          : connection.query(kNamedColumns, asked_for);
    for (const Row& row : columns.rows) {
      const std::string column = row.at(0).value_or("");
      table.key.push_back(column);
      if (!row.at(1)) table.missing.push_back(column);
      if (row.at(1) == "f") table.nullable.push_back(column);
    }
    table.is_indexed =
        by_primary_key || connection.query(kHasIndex, asked_for).rows.at(0).at(0) == "t";
    return table;
  }

  std::string row_text(const std::vector<std::string>& columns) const override {
    std::string text;
    for (const std::string& column : columns) {
      text += (text.empty() ? "'(' || quote_literal(" : " || ', ' || quote_literal(") + column +
              "::text)";
    }
    return text + " || ')'";
  }

  // Rows are locked in the order of the key, so that of two sessions which take several, neither
  // waits for the other; and what is thrown out of the choice for that must not look so dear that
  // it is compiled. A batch that is lost because the server crashes at once takes its record with
  // it and is done again; so its COMMIT, which holds the rows until it is through, waits for no
  // disk and no replica. The one that ends the revision waits for all of them.
  std::vector<std::string> preamble(Connection& connection) const override {
    const long long set = number(
        connection.query("SELECT setting FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'")
            .rows.at(0)
            .at(0));
    const long long timeout = set > 0 ? std::min(set, kLockTimeoutMs) : kLockTimeoutMs;
    return {"SELECT set_config('lock_timeout', '" + std::to_string(timeout) +
            "', true), set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', "
            "'off', true), set_config('jit', 'off', true), set_config('synchronous_commit', 'off', "
            "true)"};
  }

  std::string for_update() const override { return " FOR UPDATE"; }

  // lock_not_available, deadlock_detected, serialization_failure
  bool is_worth_another_try(const Error& error) const override {
    return error.sqlstate() == "55P03" || error.sqlstate() == "40P01" ||
           error.sqlstate() == "40001";
  }

  std::int64_t estimate(Connection& connection, const std::string& table,
                        const std::string& where) const override {
    const Value small[] = {table, std::string(kSmallTable)};
    const bool is_small = connection.query("SELECT pg_table_size($1::regclass) < $2::bigint", small)
                              .rows.at(0)
                              .at(0) == "t";
    const std::string condition = where.empty() ? "" : " WHERE " + where;
    if (is_small) {
      return number(connection.query("SELECT count(*) FROM " + table + condition).rows.at(0).at(0));
    }
    // What the planner thinks: "Seq Scan on items  (cost=0.00..72.00 rows=5000 width=0)"
    const std::string plan =
        connection.query("EXPLAIN SELECT FROM " + table + condition).rows.at(0).at(0).value_or("");
    const std::size_t at = plan.find("rows=");
    if (at == std::string::npos) return 0;
    const std::size_t end = plan.find(' ', at);
    return base::parse_integer(std::string_view(plan).substr(at + 5, end - at - 5)).value_or(0);
  }

  std::string blocker(Connection& connection, const std::string& table) const override {
    const Value named[] = {table};
    const Result found = connection.query(kBlocker, named);
    return found.rows.empty() ? "" : found.rows[0].at(0).value_or("");
  }

  std::optional<Load> load(Connection& connection) const override {
    const Row row = connection.query(kLoad).rows.at(0);
    Load load{.active = static_cast<int>(number(row.at(0))),
              .max_connections = static_cast<int>(number(row.at(1))),
              .written = number(row.at(2)),
              .reported_lag_ms = number(row.at(4)),
              .is_hidden = number(row.at(5)) > 0};
    if (row.at(3)) load.replayed = number(row.at(3));
    return load;
  }
};

}  // namespace

const Batching& batching() {
  static const PostgresqlBatching batching;
  return batching;
}

}  // namespace capo::dialect::postgresql
