#include "runtime/script_sink.hpp"

#include "base/comment_lines.hpp"
#include "base/text.hpp"
#include "runtime/describe.hpp"
#include "runtime/resume.hpp"

namespace capo::runtime {
namespace {

std::string terminated(std::string_view sql) {
  std::string text(sql);
  // A comment that ends the statement must not swallow the semicolon. To take a literal for one
  // does no harm.
  const std::size_t last_line = sql.rfind('\n') + 1;
  if (sql.find("--", last_line) != std::string_view::npos) text += "\n";
  return text + ";\n\n";
}

}  // namespace

std::string script_text(const dialect::Statement& statement, const revision::Step& step) {
  if (statement.data_step != nullptr && statement.sql.empty()) {
    throw Error(ErrorCode::kUnsupported,
                title(step.direction, step.revision) +
                    " has a step that no SQL stands for: " + statement.comment)
        .at(statement.origin)
        .hint("run it against the database; or give data_step() the SQL that --sql writes");
  }
  std::string text;
  if (!statement.comment.empty()) {
    for (const std::string_view line : base::comment_lines(statement.comment)) {
      text.append("-- ").append(line).append("\n");
    }
  }
  return text + terminated(statement.sql);
}

// As in Alembic, BEGIN and COMMIT are written where DDL is transactional, and left to whoever runs
// the script elsewhere; but never where rows would be lost without them.
bool ScriptSink::begin(const Versions&, bool foreign_keys_off) {
  is_bracketed_ = foreign_keys_off || dialect_.transactional_ddl();
  if (foreign_keys_off) write(dialect_.foreign_keys_off_statement());
  if (is_bracketed_) write(dialect_.begin_statement());
  return true;
}

void ScriptSink::commit() {
  if (is_bracketed_) write("COMMIT");
}

void ScriptSink::start(std::size_t step) {
  const std::string words = heading(works_[step].step);
  for (const std::string_view line : base::comment_lines(words)) {
    text_.append("-- ").append(line).append("\n");
  }
  text_ += "\n";
}

void ScriptSink::run(std::size_t step, int number) {
  const dialect::Statement& statement = works_[step].statement(number);
  if (options_.notes) {
    for (const std::string& line : options_.notes(statement)) {
      text_.append("-- ").append(line).append("\n");
    }
  }
  text_ += script_text(statement, works_[step].step);
}

void ScriptSink::write(std::string_view sql) { text_ += terminated(sql); }

}  // namespace capo::runtime
