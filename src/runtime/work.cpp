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
void refuse_transaction_control(const dialect::Dialect& dialect, const Statement& statement,
                                const std::vector<Operation>& operations) {
  if (statement.transactional) return;
  const std::string_view word = dialect.transaction_control(statement.sql);
  if (word.empty()) return;
  throw Error(ErrorCode::kScript, std::string(word) + " in a section with transaction=off")
      .at(statement.origin, source_line(operations, statement.origin))
      .hint(
          "each statement there commits by itself; statements that belong together go into a "
          "section of their own, without transaction=off");
}

}  // namespace

bool Work::is_open() const {
  return std::any_of(statements.begin(), statements.end(),
                     [](const Statement& statement) { return !statement.transactional; });
}

std::vector<Work> Compiler::compile(const std::vector<revision::Step>& steps) {
  std::vector<Work> works;
  works.reserve(steps.size());
  for (const revision::Step& step : steps) {
    Work& work = works.emplace_back();
    if (step.direction != Direction::kStamp) {
      work = compiled(step);
    }
    work.step = step;
  }
  return works;
}

const Work& Compiler::compiled(const revision::Step& step) {
  const auto [entry, is_new] = cache_.try_emplace({step.direction, step.revision});
  Work& work = entry->second;
  if (!is_new) return work;
  try {
    const std::vector<Operation> operations =
        scripts_.operations(step.revision, step.direction, dialect_.name());
    for (const Operation& operation : operations) {
      for (Statement& statement : dialect_.compile(operation)) {
        refuse_transaction_control(dialect_, statement, operations);
        work.statements.push_back(std::move(statement));
      }
    }
    work.checksum = scripts_.checksum(step.revision).value_or("");
  } catch (...) {
    cache_.erase(entry);
    throw;
  }
  return work;
}

std::string source_line(const std::vector<Operation>& operations, const SourcePosition& position) {
  for (const Operation& operation : operations) {
    const auto& sql = std::get<operation::ExecuteSql>(operation);
    const int line = position.line - sql.origin.line + 1;
    if (sql.origin.file != position.file || line < 1) continue;
    const std::string_view text = base::line_at(sql.text, line);
    if (!text.empty()) return std::string(text);
  }
  return {};
}

}  // namespace capo::runtime
