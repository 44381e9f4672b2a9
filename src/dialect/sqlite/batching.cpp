#include "dialect/sqlite/batching.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "dialect/sqlite/parts.hpp"

namespace capo::dialect::sqlite {
namespace {

bool same_name(std::string_view a, std::string_view b) { return base::equals_ignoring_case(a, b); }

bool is_rowid(std::string_view name) {
  return same_name(name, "rowid") || same_name(name, "_rowid_") || same_name(name, "oid");
}

/// The columns of a table as the catalog has them.
struct Columns {
  Names primary_key = {};
  Names may_be_null = {};
  Names all = {};
  bool numbers_itself = false;  ///< INTEGER PRIMARY KEY: another name of the rowid
};

bool holds(const Names& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& other) { return same_name(other, name); });
}

Columns columns_of(Connection& connection, const std::string& schema, const std::string& table) {
  const Value named[] = {table, schema};
  const Result found = connection.query(
      "SELECT name, \"notnull\", pk, upper(type) = 'INTEGER' FROM pragma_table_info($1, $2) ORDER "
      "BY pk, cid",
      named);
  Columns columns;
  for (const Row& row : found.rows) {
    const std::string name = row.at(0).value_or("");
    columns.all.push_back(name);
    if (row.at(1) == "0") columns.may_be_null.push_back(name);
    if (row.at(2) == "0") continue;
    columns.primary_key.push_back(name);
    columns.numbers_itself = row.at(3) == "1" && columns.primary_key.size() == 1;
  }
  columns.numbers_itself = columns.numbers_itself && columns.primary_key.size() == 1;
  return columns;
}

bool begins_with(const Names& columns, const Names& key) {
  return columns.size() >= key.size() &&
         std::equal(key.begin(), key.end(), columns.begin(),
                    [](const std::string& a, const std::string& b) { return same_name(a, b); });
}

bool has_index(Connection& connection, const std::string& schema, const std::string& table,
               const Names& key) {
  const Value named[] = {table, schema};
  const Result found = connection.query(
      "SELECT list.name, info.name FROM pragma_index_list($1, $2) AS list, "
      "pragma_index_info(list.name, $2) AS info WHERE NOT list.partial ORDER BY list.seq, "
      "info.seqno",
      named);
  std::string index;
  Names columns;
  for (const Row& row : found.rows) {
    if (row.at(0) != index) {
      if (begins_with(columns, key)) return true;
      index = row.at(0).value_or("");
      columns.clear();
    }
    columns.push_back(row.at(1).value_or(""));
  }
  return begins_with(columns, key);
}

class SqliteBatching final : public Batching {
 public:
  BatchedTable look_up(Connection& connection, const Backfill& backfill) const override {
    const std::string schema = backfill.schema.empty() ? "main" : backfill.schema;
    const Columns columns = columns_of(connection, schema, backfill.table);
    BatchedTable table{.exists = !columns.all.empty()};
    if (!table.exists) return table;
    if (is_view(connection, schema, backfill.table)) table.kind = "a view";
    table.key = backfill.key.empty() ? columns.primary_key : backfill.key;
    const bool by_rowid =
        table.key.size() == 1 &&
        (is_rowid(table.key[0]) ||
         (columns.numbers_itself && same_name(table.key[0], columns.primary_key[0])));
    for (const std::string& column : table.key) {
      if (by_rowid) break;
      if (!holds(columns.all, column)) table.missing.push_back(column);
      if (holds(columns.may_be_null, column)) table.nullable.push_back(column);
    }
    table.is_indexed = by_rowid || begins_with(columns.primary_key, table.key) ||
                       has_index(connection, schema, backfill.table, table.key);
    return table;
  }

  std::string row_text(const std::vector<std::string>& columns) const override {
    std::string text;
    for (const std::string& column : columns) {
      text += (text.empty() ? "'(' || quote(" : " || ', ' || quote(") + column + ")";
    }
    return text + " || ')'";
  }

  std::vector<std::string> preamble(Connection&) const override { return {}; }
  std::string for_update() const override { return {}; }
  bool is_worth_another_try(const Error& error) const override {
    return error.code() == ErrorCode::kLocked;
  }

  std::int64_t estimate(Connection& connection, const std::string& table,
                        const std::string& where) const override {
    const std::string condition = where.empty() ? "" : " WHERE " + where;
    return base::parse_integer(connection.query("SELECT count(*) FROM " + table + condition)
                                   .rows.at(0)
                                   .at(0)
                                   .value_or(""))
        .value_or(0);
  }

  std::string blocker(Connection&, const std::string&) const override { return {}; }
  std::optional<Load> load(Connection&) const override { return std::nullopt; }

 private:
  static bool is_view(Connection& connection, const std::string& schema, const std::string& table) {
    SqlWriter sql = Parts().writer();
    sql << "SELECT type FROM " << QualifiedName{schema, "sqlite_master"}
        << " WHERE type = 'view' AND lower(name) = lower(" << Literal(table) << ")";
    return !connection.query(sql.str()).rows.empty();
  }
};

}  // namespace

const Batching& batching() {
  static const SqliteBatching batching;
  return batching;
}

}  // namespace capo::dialect::sqlite
