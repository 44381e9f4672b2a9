#include "dialect/postgresql/facts.hpp"

#include <charconv>
#include <chrono>

#include "capo/error.hpp"

namespace capo::dialect::postgresql {
namespace {

double number(const Value& value) {
  double result = 0;
  const std::string text = value.value_or("0");
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

// Of a partitioned table the sizes are those of its partitions, which are listed themselves.
constexpr std::string_view kSizes = R"(
SELECT CASE WHEN n.nspname = current_schema() THEN '' ELSE n.nspname END, c.relname,
       c.reltuples::float8::text, pg_total_relation_size(c.oid)::text,
       pg_relation_size(c.oid) = 0
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema')";

constexpr std::string_view kServer = R"(
SELECT current_setting('server_version_num')::integer / 10000, coalesce(current_schema(), ''),
       extract(timezone FROM now()) = 0)";

/// Seconds that a statement takes.
double seconds(Connection& connection, std::string_view sql) {
  const auto start = std::chrono::steady_clock::now();
  connection.query(sql);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// On a temporary table of about 4 MB that goes with the transaction. The write-ahead log is left
/// out, so this is the better end of what to expect.
Pace measure(Connection& connection) {
  connection.query(
      "CREATE TEMPORARY TABLE capo_pace ON COMMIT DROP AS SELECT i AS a, repeat('x', 60) AS b FROM "
      "generate_series(1, 40000) i");
  const double bytes = number(
      connection.query("SELECT pg_relation_size('pg_temp.capo_pace')::text").rows.at(0).at(0));
  Pace pace;
  pace.scan = bytes / seconds(connection, "SELECT count(*) FROM pg_temp.capo_pace WHERE a < 0");
  pace.index = bytes / seconds(connection, "CREATE INDEX ON pg_temp.capo_pace (a)");
  pace.rewrite =
      bytes / seconds(connection, "ALTER TABLE pg_temp.capo_pace ALTER COLUMN a TYPE bigint");
  return pace;
}

}  // namespace

Facts facts(Connection& connection) {
  Facts facts;
  const Row server = connection.query(kServer).rows.at(0);
  facts.version = static_cast<int>(number(server.at(0)));
  facts.default_schema = server.at(1).value_or("");
  facts.is_utc = server.at(2).value_or("") == "t";
  for (const Row& row : connection.query(kSizes).rows) {
    facts.sizes.push_back(
        {row.at(0).value_or(""), row.at(1).value_or(""), number(row.at(2)), number(row.at(3)),
         row.at(4).value_or("") == "t"});
  }
  return facts;
}

Pace pace(Connection& connection) {
  Pace pace;
  try {
    connection.begin();
    pace = measure(connection);
  } catch (const Error& error) {
    // Whoever may make no temporary table, or works on a standby, gets sizes and no times.
    if (error.code() != ErrorCode::kDatabase) throw;
  }
  connection.rollback();
  return pace;
}

}  // namespace capo::dialect::postgresql
