#include "dialect/dialect.hpp"

#include <string>

#include "dialect/ddl.hpp"
#include "operation/facets.hpp"

namespace capo::dialect {
namespace {

void refuse_in_transaction(const Dialect& dialect, std::string_view text, const Piece& piece,
                           const SourcePosition& origin) {
  const std::string_view statement = text.substr(piece.begin, piece.end - piece.begin);
  if (const std::string_view word = dialect.transaction_control(statement); !word.empty()) {
    throw error_at(text, piece.begin, origin,
                   std::string(word) + " inside a section that runs in a transaction")
        .hint(
            "capo begins and ends the transaction itself: take the statement out; with "
            "transaction=off behind the section's marker, in C++ .transactional = false in "
            "CAPO_REVISION, every statement commits by itself");
  }
  if (const std::string_view reason = dialect.outside_transaction_reason(statement);
      !reason.empty()) {
    throw error_at(text, piece.begin, origin, std::string(reason))
        .hint(
            "for that each statement must commit by itself: transaction=off behind the marker of "
            "the section, as in -- capo:upgrade transaction=off; in C++ .transactional = false in "
            "CAPO_REVISION");
  }
}

std::vector<Statement> compile_sql(const Dialect& dialect, const operation::ExecuteSql& sql) {
  const std::string_view text = sql.text;
  const std::vector<Piece> pieces = dialect.splitter()(text, sql.origin);
  std::vector<Statement> statements;
  statements.reserve(pieces.size());
  Locator locator(text, sql.origin);
  for (const Piece& piece : pieces) {
    if (sql.transactional) refuse_in_transaction(dialect, text, piece, sql.origin);
    statements.push_back({.sql = std::string(text.substr(piece.begin, piece.end - piece.begin)),
                          .comment = {},
                          .transactional = sql.transactional,
                          .origin = locator.at(piece.begin)});
  }
  return statements;
}

std::vector<Statement> compile_data_step(const Dialect& dialect, const DataStep& step) {
  Statement statement{
      .comment = step.description, .transactional = step.transactional, .data_step = step.run};
  if (step.offline) {
    statement.sql = schema::text_on(*step.offline, dialect.name());
    // Only to refuse here what could not be run.
    compile_sql(dialect, {.text = statement.sql, .transactional = step.transactional});
  }
  return {statement};
}

}  // namespace

Result Connection::query_with(std::string_view sql, std::span<const capo::Literal> parameters) {
  std::vector<Value> values;
  values.reserve(parameters.size());
  for (const capo::Literal& parameter : parameters) {
    const bool is_null = parameter.kind == capo::Literal::Kind::kNull;
    values.push_back(is_null ? Value() : Value(parameter.text));
  }
  return query(sql, values);
}

void Connection::enqueue_in_parts(std::string_view sql, std::span<const Value> parameters,
                                  std::function<void(const Result&)> part,
                                  std::function<void(const Result&)> done) {
  enqueue(sql, parameters, [part = std::move(part), done = std::move(done)](const Result& answer) {
    part(answer);
    if (done) done({.affected = answer.affected});
  });
}

std::vector<Statement> StatelessCompilation::compile(const Operation& operation) {
  return dialect_.compile(operation, ddl_);
}

std::vector<Statement> Dialect::compile(const operation::Operation& operation,
                                        const DdlCompiler& ddl) const {
  const std::string& only = operation::only_on(operation);
  if (!only.empty() && only != name()) return {};
  if (const operation::ExecuteSql* sql = operation::if_sql(operation))
    return compile_sql(*this, *sql);
  if (const DataStep* step = operation::if_data_step(operation)) {
    return compile_data_step(*this, *step);
  }
  return dialect::compile(ddl, operation);
}

}  // namespace capo::dialect
