#include "dialect/sqlite/compilation.hpp"

#include <utility>

#include "dialect/dialect.hpp"
#include "dialect/sqlite/ddl.hpp"
#include "dialect/sqlite/rebuild_log.hpp"
#include "dialect/sqlite/shadow.hpp"

namespace capo::dialect::sqlite {
namespace {

/// What stands for a data step in a script is also the best guess at what it does to the schema.
Statements without_data_steps(const Dialect& dialect, Statements statements) {
  Statements plain;
  plain.reserve(statements.size());
  for (Statement& statement : statements) {
    if (statement.backfill != nullptr) continue;
    if (statement.data_step == nullptr) {
      plain.push_back(std::move(statement));
      continue;
    }
    const std::string_view text = statement.sql;
    for (const Piece& piece : dialect.splitter()(text, statement.origin)) {
      plain.push_back({.sql = std::string(text.substr(piece.begin, piece.end - piece.begin))});
    }
  }
  return plain;
}

SchemaSource without_data_steps(const Dialect& dialect, SchemaSource start) {
  if (!start) return start;
  return [&dialect, start = std::move(start)] { return without_data_steps(dialect, start()); };
}

bool is_brought_along(const Operation& operation) {
  return operation::if_sql(operation) != nullptr || operation::if_data_step(operation) != nullptr;
}

/// Rebuilds go into the log as long as this lives.
class Logging {
 public:
  Logging(Ddl& ddl, RebuildLog& log) : ddl_(ddl) { ddl_.set_log(&log); }
  ~Logging() { ddl_.set_log(nullptr); }
  Logging(const Logging&) = delete;
  Logging& operator=(const Logging&) = delete;

 private:
  Ddl& ddl_;
};

class SqliteCompilation final : public Compilation {
 public:
  SqliteCompilation(const Dialect& dialect, SchemaSource start)
      : dialect_(dialect), shadow_(without_data_steps(dialect, std::move(start))), ddl_(shadow_) {}

  std::vector<Statement> compile(const Operation& operation) override {
    std::vector<Statement> statements = dialect_.compile(operation, ddl_);
    // What is written by Ddl the shadow has followed already.
    if (is_brought_along(operation)) {
      for (const Statement& statement : statements) follow(statement);
    }
    return statements;
  }

  std::vector<std::vector<Statement>> compile_together(
      std::span<const Operation> operations) override {
    RebuildLog log(shadow_, parts_);
    const Logging logging(ddl_, log);
    for (const Operation& operation : operations) {
      log.begin_operation();
      log.end_operation(compile(operation), is_brought_along(operation));
    }
    return log.take();
  }

  void follow(const Statement& statement) override {
    // Rows are no part of the schema.
    if (statement.backfill != nullptr) return;
    if (statement.data_step == nullptr) return shadow_.follow(statement.sql);
    for (const Statement& plain : without_data_steps(dialect_, Statements{statement})) {
      shadow_.follow(plain.sql);
    }
  }
  bool depends_on_schema() const override { return true; }

 private:
  const Dialect& dialect_;
  Shadow shadow_;
  Parts parts_ = {};
  Ddl ddl_;
};

}  // namespace

std::unique_ptr<Compilation> begin_compilation(const Dialect& dialect, SchemaSource start) {
  return std::make_unique<SqliteCompilation>(dialect, std::move(start));
}

// Virtual tables come first: they make tables of their own, which are in the list as well.
std::vector<Statement> read_schema(Connection& connection) {
  std::vector<Statement> statements;
  const Result found = connection.query(
      "SELECT sql FROM main.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' "
      "ESCAPE '\\' ORDER BY CASE type WHEN 'table' THEN sql NOT LIKE 'CREATE VIRTUAL %' WHEN "
      "'index' THEN 2 WHEN 'view' THEN 3 ELSE 4 END, rowid");
  for (const Row& row : found.rows) statements.push_back({.sql = row.at(0).value_or("")});
  return statements;
}

}  // namespace capo::dialect::sqlite
