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

}  // namespace

std::string Body::source_line(const SourcePosition& position) const {
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

std::vector<Work> Compiler::compile(const std::vector<revision::Step>& steps) {
  std::vector<Work> works;
  works.reserve(steps.size());
  for (const revision::Step& step : steps) {
    works.push_back({.step = step, .body = &body(step)});
  }
  return works;
}

const Body& Compiler::body(const revision::Step& step) {
  if (step.direction == Direction::kStamp) return nothing_;
  const std::pair key(step.direction, step.revision);
  if (const auto known = bodies_.find(key); known != bodies_.end()) return known->second;
  Body body;
  script::Content content = scripts_.content(step.revision, step.direction, dialect_.name());
  body.operations = std::move(content.operations);
  body.checksum = std::move(content.checksum);
  for (const Operation& operation : body.operations) {
    for (Statement& statement : dialect_.compile(operation)) {
      body.statements.push_back(std::move(statement));
    }
  }
  refuse_transaction_control(dialect_, body);
  return bodies_.emplace(key, std::move(body)).first->second;
}

}  // namespace capo::runtime
