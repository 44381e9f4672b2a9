#include "cli/revision_body.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "base/text.hpp"
#include "capo/error.hpp"
#include "cli/autogenerate.hpp"
#include "cli/help.hpp"
#include "operation/facets.hpp"
#include "script/render.hpp"

namespace capo::cli {
namespace {

using autogenerate::Note;
using autogenerate::Step;

constexpr int kCommentWidth = 94;

/// What is lost on the way back is said by the file's other half: `was` stays only where a database
/// reads it.
struct Short {
  Operation operator()(DropTable operation) const { return without_was(std::move(operation)); }
  Operation operator()(DropColumn operation) const { return without_was(std::move(operation)); }
  Operation operator()(DropIndex operation) const { return without_was(std::move(operation)); }
  Operation operator()(CommentTable operation) const { return without_was(std::move(operation)); }
  Operation operator()(SetRowSecurity operation) const { return without_was(std::move(operation)); }
  Operation operator()(AlterColumn operation) const {
    if (!operation.type) operation.was.reset();
    return operation;
  }
  Operation operator()(DropConstraint operation) const {
    if (!operation.name.empty()) operation.was.reset();
    return operation;
  }
  template <class Object>
  Operation operator()(Drop<Object> operation) const {
    return without_was(std::move(operation));
  }
  template <class Object>
  Operation operator()(Replace<Object> operation) const {
    return without_was(std::move(operation));
  }
  Operation operator()(Replace<EnumType> operation) const { return operation; }
  Operation operator()(Replace<Domain> operation) const { return operation; }
  Operation operator()(Replace<CompositeType> operation) const { return operation; }
  Operation operator()(Replace<Extension> operation) const { return operation; }
  template <class Other>
  Operation operator()(Other operation) const {
    return operation;
  }

 private:
  template <class Kind>
  static Operation without_was(Kind operation) {
    operation.was.reset();
    return operation;
  }
};

Operation shortened(const Operation& operation) { return std::visit(Short(), operation.value()); }

/// A step of the way back: operations, or none because nothing takes it back.
struct Back {
  const Step& step;
  std::vector<Operation> operations = {};
  bool is_lost = false;
};

std::vector<Back> way_back(const autogenerate::Difference& difference) {
  std::vector<Back> steps;
  for (auto step = difference.steps.rbegin(); step != difference.steps.rend(); ++step) {
    Back back{.step = *step};
    if (step->back) {
      back.operations = *step->back;
    } else if (std::optional<Operation> inverse = operation::inverse(step->operation)) {
      back.operations.push_back(*std::move(inverse));
    } else {
      back.is_lost = true;
    }
    steps.push_back(std::move(back));
  }
  return steps;
}

std::string calls(const std::vector<Operation>& operations, const NamingConvention& naming) {
  std::string text;
  for (const Operation& operation : operations) {
    text += script::cpp_operation(shortened(operation), naming) + "\n";
  }
  return text;
}

std::string lost_text(const Step& step) {
  return "Nothing takes this back: " + operation::describe(step.operation);
}

std::string cpp_comment(std::string_view text) {
  std::string comment;
  const std::string wrapped = wrap(text, kCommentWidth, 0);
  for (const std::string_view line : base::split(base::trim(wrapped), '\n')) {
    // A backslash at the end would take the next line into the comment.
    std::string shown = base::without_controls(line);
    while (shown.ends_with('\\')) shown.back() = '/';
    comment += "// " + shown + "\n";
  }
  return comment;
}

std::string cpp_comments(const std::vector<Note>& notes) {
  std::string text;
  for (const Note& note : notes) text += cpp_comment(note_text(note));
  return text;
}

// A statement that a file of SQL cannot say is one for C++.
void check_for_file(const dialect::Statement& statement) {
  if (statement.transactional || statement.backfill != nullptr) return;
  throw Error(ErrorCode::kUnsupported,
              "a statement must run outside a transaction, which a generated revision in SQL "
              "cannot say of one alone")
      .statement(statement.sql)
      .hint("write the revision in C++: --kind cpp");
}

void append(std::vector<dialect::Statement>& all, std::vector<dialect::Statement> more,
            const std::string& comment) {
  for (std::size_t i = 0; i < more.size(); ++i) {
    if (i == 0 && !comment.empty()) {
      const std::string rest = std::move(more[0].comment);
      more[0].comment = rest.empty() ? comment : comment + "\n" + rest;
    }
    all.push_back(std::move(more[i]));
  }
}

std::string section(const std::vector<Operation>& operations, dialect::Compilation& compilation,
                    const dialect::Dialect& dialect) {
  std::vector<dialect::Statement> all;
  for (auto& statements : compilation.compile_together(operations)) {
    append(all, std::move(statements), "");
  }
  for (const dialect::Statement& statement : all) check_for_file(statement);
  return script::sql_section(all, dialect);
}

// What an operation left to an earlier one, whose statement says so.
void say_of_earlier(std::vector<dialect::Statement>& all, const Operation& operation,
                    const std::string& comment) {
  const auto does = std::find_if(all.rbegin(), all.rend(), [&](const dialect::Statement& item) {
    return item.comment.find(operation::describe(operation)) != std::string::npos;
  });
  if (does != all.rend()) does->comment = comment + "\n" + does->comment;
}

std::string sql_comment(const std::vector<Note>& notes) {
  std::vector<std::string> lines;
  for (const Note& note : notes) lines.push_back(note_text(note));
  return base::replace_all(base::join(lines, "\n"), "\r", " ");
}

}  // namespace

RevisionBody cpp_body(const autogenerate::Difference& difference, const NamingConvention& naming) {
  RevisionBody body;
  for (const Step& step : difference.steps) {
    body.upgrades += cpp_comments(step.notes);
    body.upgrades += script::cpp_operation(shortened(step.operation), naming) + "\n";
  }
  for (const Back& back : way_back(difference)) {
    if (back.is_lost) body.downgrades += cpp_comment(lost_text(back.step));
    body.downgrades += calls(back.operations, naming);
  }
  return body;
}

std::vector<dialect::Statement> statements_of(const autogenerate::Difference& difference,
                                              dialect::Compilation& compilation) {
  auto of_steps = compilation.compile_together(autogenerate::forwards(difference));
  std::vector<dialect::Statement> all;
  for (std::size_t i = 0; i < of_steps.size(); ++i) {
    const Step& step = difference.steps[i];
    const std::string comment = sql_comment(step.notes);
    if (of_steps[i].empty() && !comment.empty()) say_of_earlier(all, step.operation, comment);
    append(all, std::move(of_steps[i]), comment);
  }
  return all;
}

RevisionBody sql_body(const autogenerate::Difference& difference, const dialect::Dialect& dialect,
                      dialect::SchemaSource start) {
  const std::unique_ptr<dialect::Compilation> compilation =
      dialect.begin_compilation(std::move(start));
  const std::vector<dialect::Statement> up = statements_of(difference, *compilation);
  std::vector<Operation> operations;
  std::string lost;
  for (Back& back : way_back(difference)) {
    if (back.is_lost) lost += "-- " + lost_text(back.step) + "\n";
    std::move(back.operations.begin(), back.operations.end(), std::back_inserter(operations));
  }
  const std::string down = section(operations, *compilation, dialect);
  for (const dialect::Statement& statement : up) check_for_file(statement);
  return {.upgrades = script::sql_section(up, dialect), .downgrades = lost + down};
}

RevisionBody cpp_body(const Ways& ways, const NamingConvention& naming) {
  return {.upgrades = calls(ways.up, naming), .downgrades = calls(ways.down, naming)};
}

std::vector<RevisionBody> sql_bodies(std::span<const Ways> revisions,
                                     const dialect::Dialect& dialect, dialect::SchemaSource start) {
  const std::unique_ptr<dialect::Compilation> compilation =
      dialect.begin_compilation(std::move(start));
  std::vector<RevisionBody> bodies(revisions.size());
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    bodies[i].upgrades = section(revisions[i].up, *compilation, dialect);
  }
  for (std::size_t i = revisions.size(); i-- > 0;) {
    bodies[i].downgrades = section(revisions[i].down, *compilation, dialect);
  }
  return bodies;
}

}  // namespace capo::cli
