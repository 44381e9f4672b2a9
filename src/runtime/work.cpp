#include "runtime/work.hpp"

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/text.hpp"

namespace capo::runtime {

using dialect::Statement;
using operation::Operation;
using revision::Direction;

namespace {

/// A section that runs in a transaction was checked when it was compiled; outside of one, BEGIN
/// would open a transaction that the journal knows nothing of.
void refuse_transaction_control(const dialect::Dialect& dialect, const Body& body) {
  for (const Statement& statement : body.statements) {
    if (statement.transactional) continue;
    const std::string_view word = dialect.transaction_control(statement.sql);
    if (word.empty()) continue;
    throw Error(ErrorCode::kScript, std::string(word) + " in a section with transaction=off")
        .at(statement.origin, body.source_line(statement.origin))
        .hint(
            "each statement there commits by itself; statements that belong together go into a "
            "section of their own, without transaction=off");
  }
}

/// Such a statement needs a transaction that is begun for it.
void refuse_rebuild_outside(const Body& body, const revision::Step& step) {
  for (const Statement& statement : body.statements) {
    if (statement.transactional || !statement.foreign_keys_off) continue;
    throw Error(ErrorCode::kUnsupported,
                "revision " + step.revision +
                    " runs outside a transaction, but must make a table anew, which is safe in a "
                    "transaction only: " +
                    statement.comment)
        .hint("put this operation into a revision without .transactional = false");
  }
}

bool is_sql_only(const Body& body) {
  return std::all_of(
      body.operations.begin(), body.operations.end(),
      [](const Operation& operation) { return operation::if_sql(operation) != nullptr; });
}

/// What does not know its place better is in the revision's file.
std::vector<Statement> compile_in(const std::string& path, const Operation& operation,
                                  dialect::Compilation& compilation) {
  try {
    std::vector<Statement> statements = compilation.compile(operation);
    for (Statement& statement : statements) {
      if (statement.origin.file.empty()) statement.origin.file = path;
    }
    return statements;
  } catch (Error& error) {
    if (error.where().file.empty()) error.at({.file = path});
    throw;
  }
}

}  // namespace

std::string Body::source_line(const SourcePosition& position) const {
  if (position.line == 0) return {};
  for (const Operation& operation : operations) {
    const operation::ExecuteSql* sql = operation::if_sql(operation);
    if (sql == nullptr) continue;
    const int line = position.line - sql->origin.line + 1;
    if (sql->origin.file != position.file || line < 1) continue;
    const std::string_view text = base::line_at(sql->text, line);
    if (!text.empty()) return std::string(text);
  }
  return {};
}

bool Work::is_open() const {
  return std::any_of(body->statements.begin(), body->statements.end(),
                     [](const Statement& statement) { return !statement.transactional; });
}

std::vector<Work> Compiler::compile(const std::vector<revision::Step>& steps,
                                    dialect::SchemaSource start) {
  return compile(steps, std::move(start), {});
}

std::vector<Work> Compiler::compile(const std::vector<revision::Step>& steps,
                                    dialect::SchemaSource start, const std::vector<bool>& done) {
  const std::unique_ptr<dialect::Compilation> compilation =
      dialect_.begin_compilation(std::move(start));
  std::vector<Work> works;
  works.reserve(steps.size());
  for (const revision::Step& step : steps) {
    works.push_back({.step = step,
                     .body = body(step, *compilation, works.empty() ? done : std::vector<bool>())});
  }
  return works;
}

/// SQL stays what it is. What operations become depends on what is there, and that may have changed
/// since the last plan.
Compiler::BodyPointer Compiler::body(const revision::Step& step, dialect::Compilation& compilation,
                                     const std::vector<bool>& done) {
  if (step.direction == Direction::kStamp) return std::make_shared<const Body>();
  BodyPointer& known = bodies_[{step.direction, step.revision}];
  if (known && is_sql_only(*known)) {
    for (std::size_t i = 0; i < known->statements.size(); ++i) {
      if (i >= done.size() || !done[i]) compilation.follow(known->statements[i]);
    }
    return known;
  }
  Body body =
      known ? Body{.operations = known->operations, .checksum = known->checksum} : read(step);
  const std::string& path = scripts_.script(step.revision).path;
  for (const Operation& operation : body.operations) {
    for (Statement& statement : compile_in(path, operation, compilation)) {
      body.statements.push_back(std::move(statement));
    }
  }
  refuse_transaction_control(dialect_, body);
  refuse_rebuild_outside(body, step);
  return known = std::make_shared<const Body>(std::move(body));
}

Body Compiler::read(const revision::Step& step) const {
  script::Content content = scripts_.content(step.revision, step.direction, dialect_.name());
  return {.operations = std::move(content.operations), .checksum = std::move(content.checksum)};
}

}  // namespace capo::runtime
