#include "dialect/postgresql/observer.hpp"

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "dialect/postgresql/connection.hpp"

namespace capo::dialect::postgresql {
namespace {

// What is made and not yet committed has no name for others: regclass gives its number.
constexpr std::string_view kLocks =
    "SELECT COALESCE(c.oid::pg_catalog.regclass::pg_catalog.text, l.relation::pg_catalog.text),"
    " l.mode, l.granted FROM pg_catalog.pg_locks AS l"
    " LEFT JOIN pg_catalog.pg_class AS c ON c.oid = l.relation"
    " WHERE (l.pid = $1::pg_catalog.int4 OR $1::pg_catalog.int4 = 0 AND l.pid IN (SELECT a.pid"
    " FROM pg_catalog.pg_stat_activity AS a WHERE a.backend_type = 'client backend'"
    " AND a.pid <> pg_catalog.pg_backend_pid())) AND l.locktype = 'relation'"
    " AND l.database = (SELECT oid FROM pg_catalog.pg_database"
    " WHERE datname = pg_catalog.current_database())"
    " AND (c.oid IS NULL OR c.relnamespace NOT IN ('pg_catalog'::pg_catalog.regnamespace,"
    " 'pg_toast'::pg_catalog.regnamespace))"
    " ORDER BY 1, 2";

constexpr std::string_view kRelations =
    "SELECT c.oid, c.oid::pg_catalog.regclass, CASE c.relkind WHEN 'r' THEN 'table'"
    " WHEN 'i' THEN 'index' ELSE 'materialized view' END,"
    " pg_catalog.pg_relation_filenode(c.oid), pg_catalog.pg_table_size(c.oid),"
    " c.reltuples::pg_catalog.int8"
    " FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'i', 'm') AND n.nspname <> 'information_schema'"
    " AND n.nspname !~ '^pg_' ORDER BY 2";

long long number(const Value& value) {
  long long result = 0;
  const std::string text = value.value_or("");
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

// `AccessExclusiveLock` is `ACCESS EXCLUSIVE` in SQL and in the manual.
std::string mode_of(std::string_view name) {
  if (name.ends_with("Lock")) name.remove_suffix(4);
  std::string mode;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z' && !mode.empty()) mode += ' ';
    mode += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return mode;
}

class LockObserver final : public Observer {
 public:
  LockObserver(std::unique_ptr<Connection> connection, int pid)
      : connection_(std::move(connection)), pid_(std::to_string(pid)) {}

  std::vector<SeenLock> locks() override {
    std::vector<SeenLock> locks;
    const std::array<Value, 1> parameters = {pid_};
    for (const Row& row : connection_->query(kLocks, parameters).rows) {
      locks.push_back({.relation = row.at(0).value_or(""),
                       .mode = mode_of(row.at(1).value_or("")),
                       .granted = row.at(2) == "t"});
    }
    return locks;
  }

  std::vector<RelationFile> relations() override {
    std::vector<RelationFile> relations;
    for (const Row& row : connection_->query(kRelations).rows) {
      relations.push_back({.id = row.at(0).value_or(""),
                           .relation = row.at(1).value_or(""),
                           .kind = row.at(2).value_or(""),
                           .file = row.at(3).value_or(""),
                           .bytes = number(row.at(4)),
                           .rows = number(row.at(5))});
    }
    return relations;
  }

 private:
  std::unique_ptr<Connection> connection_;
  std::string pid_;
};

}  // namespace

std::unique_ptr<Observer> observe(const ConnectOptions& options, int pid) {
  ConnectOptions watching = options;
  watching.on_notice = {};
  watching.opening = {};
  return std::make_unique<LockObserver>(connect(watching), pid);
}

}  // namespace capo::dialect::postgresql
