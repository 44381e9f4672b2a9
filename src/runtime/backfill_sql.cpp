#include "runtime/backfill_sql.hpp"

#include <vector>

#include "base/text.hpp"
#include "schema/schema.hpp"

namespace capo::runtime {

namespace {

/// Where few rows are meant, a batch is over after this many times its size of any rows: no
/// statement reads a whole table.
constexpr long long kRowsPerRowMeant = 32;

std::string joined(std::string conditions, const std::string& more) {
  if (more.empty()) return conditions;
  if (!conditions.empty()) conditions += " AND ";
  return conditions + more;
}

// A comment at the end of the author's text must not swallow the parenthesis.
std::string in_parentheses(const std::string& condition) {
  const bool has_comment = condition.find("--", condition.rfind('\n') + 1) != std::string::npos;
  return "(" + condition + (has_comment ? "\n)" : ")");
}

std::string where(const std::string& condition) {
  return condition.empty() ? "" : " WHERE " + condition;
}

}  // namespace

BackfillSql::BackfillSql(const dialect::Dialect& dialect, const Backfill& backfill,
                         const Names& key)
    : dialect_(dialect), backfill_(backfill) {
  dialect::SqlWriter name = dialect.writer();
  name << dialect::QualifiedName{backfill.schema, backfill.table};
  table_ = name.str();
  std::vector<std::string> columns;
  for (const std::string& column : key) {
    dialect::SqlWriter sql = dialect.writer();
    sql << dialect::Identifier(column);
    columns.push_back(sql.str());
  }
  columns_ = base::join(columns, ", ");
  backwards_ = base::join(columns, " DESC, ") + " DESC";
  row_text_ = dialect.batching().row_text(columns);
}

std::string BackfillSql::some_null(const Names& columns) const {
  std::string condition;
  for (const std::string& column : columns) {
    dialect::SqlWriter sql = dialect_.writer();
    sql << dialect::Identifier(column) << " IS NULL";
    condition += (condition.empty() ? "" : " OR ") + sql.str();
  }
  return "SELECT 1 FROM " + table_ + " WHERE " + condition + " LIMIT 1";
}

std::string BackfillSql::last_key() const {
  return "SELECT " + row_text_ + " FROM (SELECT " + columns_ + " FROM " + table_ + " ORDER BY " +
         backwards_ + " LIMIT 1) AS capo_edge";
}

std::string BackfillSql::in_stretch(const Stretch& stretch) const {
  std::string condition;
  if (!stretch.after.empty()) condition = "(" + columns_ + ") > " + stretch.after;
  if (!stretch.to.empty()) condition = joined(condition, "(" + columns_ + ") <= " + stretch.to);
  return condition;
}

std::string BackfillSql::meant(bool again) const {
  const auto text = [this](const SqlText& sql) {
    return in_parentheses(schema::text_on(sql, dialect_.name()));
  };
  std::string condition;
  if (backfill_.where) condition = text(*backfill_.where);
  if (again) condition = joined(condition, text(*backfill_.expect_no_rows));
  return condition;
}

std::string BackfillSql::condition(const Stretch& stretch, bool again) const {
  return joined(in_stretch(stretch), meant(again));
}

std::string BackfillSql::nth(const std::string& source, long long n) const {
  return "SELECT " + row_text_ + " FROM (SELECT " + columns_ + " FROM " + source + " ORDER BY " +
         columns_ + " LIMIT 1 OFFSET " + std::to_string(n - 1) + ") AS capo_edge";
}

std::string BackfillSql::dense_edge(const Stretch& stretch) const {
  return nth(table_ + where(in_stretch(stretch)), backfill_.batch);
}

std::string BackfillSql::edge(const Stretch& stretch, bool again) const {
  const std::string is_meant = meant(again);
  if (is_meant.empty()) return dense_edge(stretch);
  const std::string most = std::to_string(kRowsPerRowMeant * backfill_.batch);
  return nth("(SELECT " + columns_ + ", " + is_meant + " AS capo_is_meant FROM " + table_ +
                 where(in_stretch(stretch)) + " ORDER BY " + columns_ + " LIMIT " + most +
                 ") AS capo_stretch WHERE capo_is_meant",
             backfill_.batch);
}

std::string BackfillSql::far_edge(const Stretch& stretch, bool again) const {
  if (meant(again).empty()) return {};
  return nth(table_ + where(in_stretch(stretch)), kRowsPerRowMeant * backfill_.batch);
}

std::string BackfillSql::update(const Stretch& stretch, bool again) const {
  const std::string& set = schema::text_on(backfill_.set, dialect_.name());
  const bool has_comment = set.find("--", set.rfind('\n') + 1) != std::string::npos;
  return "UPDATE " + table_ + " SET " + set + (has_comment ? "\n" : "") +
         where(condition(stretch, again));
}

std::string BackfillSql::count_left() const {
  return "SELECT count(*) FROM " + table_ + " WHERE " +
         schema::text_on(*backfill_.expect_no_rows, dialect_.name());
}

std::string BackfillSql::pending(const std::string& after) const {
  return condition({.after = after}, false);
}

}  // namespace capo::runtime
