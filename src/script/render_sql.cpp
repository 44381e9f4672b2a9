#include "base/comment_lines.hpp"
#include "base/text.hpp"
#include "capo/error.hpp"
#include "schema/schema.hpp"
#include "script/render.hpp"
#include "script/sql_backfill.hpp"

namespace capo::script {
namespace {

constexpr std::string_view kMarker = "-- capo:";

void check(const dialect::Statement& statement) {
  if (statement.sql.empty()) {
    throw Error(ErrorCode::kUnsupported, "no SQL stands for a step: " + statement.comment)
        .hint("write the revision in C++: --kind cpp");
  }
  for (const std::string_view line : base::split(statement.sql, '\n')) {
    if (!line.starts_with(kMarker)) continue;
    throw Error(ErrorCode::kUnsupported,
                "a statement has a line that a revision in SQL would take for a marker: " +
                    std::string(line))
        .statement(statement.sql)
        .hint("write the revision in C++: --kind cpp");
  }
}

std::string backfill_text(const Backfill& backfill, const dialect::Dialect& dialect) {
  const auto in_sql = [&](const SqlText& sql) { return schema::text_on(sql, dialect.name()); };
  Backfill here = backfill;
  if (here.expect_no_rows) here.expect_no_rows = SqlText(in_sql(*here.expect_no_rows));
  dialect::SqlWriter sql = dialect.writer();
  sql << "UPDATE " << dialect::QualifiedName{backfill.schema, backfill.table} << " SET "
      << dialect::SqlText(in_sql(backfill.set));
  if (backfill.where) sql << " WHERE " << dialect::SqlText(in_sql(*backfill.where));
  return backfill_directive(here) + "\n" + sql.str() + "\n;\n";
}

}  // namespace

std::string sql_section(std::span<const dialect::Statement> statements,
                        const dialect::Dialect& dialect) {
  std::string text;
  for (const dialect::Statement& statement : statements) {
    check(statement);
    if (!text.empty()) text += "\n";
    if (!statement.comment.empty()) {
      for (const std::string_view line : base::comment_lines(statement.comment)) {
        const std::string comment = "-- " + std::string(line);
        text += comment.starts_with(kMarker) ? "--  " + std::string(line) : comment;
        text += "\n";
      }
    }
    if (statement.backfill != nullptr) {
      text += backfill_text(*statement.backfill, dialect);
      continue;
    }
    text += statement.sql;
    // A comment that ends the statement must not swallow the semicolon.
    const std::string closed = statement.sql + ";";
    const std::vector<dialect::Piece> pieces = dialect.splitter()(closed, {});
    const bool swallowed =
        pieces.empty() || closed.find("--", closed.rfind('\n') + 1) != std::string::npos;
    text += swallowed ? "\n;\n" : ";\n";
  }
  return text;
}

}  // namespace capo::script
