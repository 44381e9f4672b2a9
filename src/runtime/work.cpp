#include "runtime/work.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error_context.hpp"
#include "base/text.hpp"
#include "lint/gentle.hpp"
#include "operation/facets.hpp"
#include "runtime/gentle_way.hpp"
#include "runtime/identity.hpp"

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

/// What the journal has of it are its own statements.
bool is_as_written(const Work& work, const Ran& ran) {
  for (std::size_t i = 0; i < ran.checksums.size(); ++i) {
    const bool is_there = i < work.body->statements.size();
    if (ran.checksums[i].empty()) continue;
    if (!is_there || statement_hash(work.body->statements[i]) != ran.checksums[i]) return false;
  }
  return true;
}

bool is_sql_only(const Body& body) {
  return std::all_of(
      body.operations.begin(), body.operations.end(),
      [](const Operation& operation) { return operation::if_sql(operation) != nullptr; });
}

bool is_brought_along(const Operation& operation) {
  return operation::if_sql(operation) != nullptr || operation::if_data_step(operation) != nullptr ||
         operation::if_backfill(operation) != nullptr;
}

/// The operations of a revision, one after the other.
class OperationsCompiler {
 public:
  /// Keeps the references. Adds to `body`, whose operations they are.
  OperationsCompiler(const dialect::Dialect& dialect, dialect::Compilation& compilation,
                     const revision::Step& step, const Ran& ran, Body& body)
      : dialect_(dialect), compilation_(compilation), step_(step), ran_(ran), body_(body) {}

  void run() {
    if (!is_cut()) return run_together();
    const bool is_known_again = compilation_.depends_on_schema();
    for (std::size_t i = 0; i < body_.operations.size(); ++i) {
      const Operation& operation = body_.operations[i];
      if (is_brought_along(operation)) {
        add_brought_along(operation);
      } else if (is_known_again) {
        add_part_by_part(operation, std::to_string(i + 1) + ": " + identity(operation, dialect_));
      } else {
        add(compile(operation));
      }
    }
  }

 private:
  /// What stands between two pieces of SQL, all of it at once.
  void run_together() {
    const auto& all = body_.operations;
    for (auto at = all.begin(); at != all.end();) {
      const auto end = std::find_if(at, all.end(), is_brought_along);
      if (at == end) {
        add_brought_along(*at++);
      } else {
        add_together({at, end});
        at = end;
      }
    }
  }

  void add_together(std::span<const Operation> operations) {
    try {
      auto statements = compilation_.compile_together(operations);
      for (std::size_t i = 0; i < operations.size(); ++i) {
        check(operations[i], statements[i]);
        add(std::move(statements[i]));
      }
    } catch (const Error& error) {
      throw base::in_context(error, whose(), {.file = body_.path});
    }
  }

  std::size_t next() const { return body_.statements.size(); }

  /// The revision can be half done.
  bool is_cut() const {
    return !body_.transactional ||
           std::any_of(body_.operations.begin(), body_.operations.end(),
                       [](const Operation& operation) {
                         return operation::if_backfill(operation) != nullptr;
                       });
  }

  void add(std::vector<Statement> statements) {
    for (Statement& statement : statements) {
      if (!body_.transactional) statement.transactional = false;
      if (statement.origin.file.empty()) statement.origin.file = body_.path;
      body_.statements.push_back(std::move(statement));
    }
  }

  /// What has run of it is in the database already.
  void add_brought_along(const Operation& operation) {
    if (next() >= ran_.done.size()) {
      return add(located([&] { return compilation_.compile(operation); }));
    }
    std::vector<Statement> statements = located([&] { return dialect_.compile(operation); });
    for (std::size_t i = 0; i < statements.size(); ++i) {
      if (!ran_.is_done(next() + i)) compilation_.follow(statements[i]);
    }
    add(std::move(statements));
  }

  /// An operation that has run before one that has run too, and is not in the journal, had nothing
  /// to do then. It does not get another chance: what it found may be gone since.
  void add_part_by_part(const Operation& operation, const std::string& name) {
    std::vector<Statement> statements;
    if (ran_.is_done(next())) {
      const int parts = parts_that_ran(name);
      statements.resize(static_cast<std::size_t>(parts),
                        {.comment = operation::describe(operation)});
    } else {
      statements = compile(operation);
    }
    const int of = static_cast<int>(statements.size());
    for (int number = 1; number <= of; ++number) {
      statements[static_cast<std::size_t>(number - 1)].part = {name, number, of};
    }
    add(std::move(statements));
  }

  /// Of how many statements the operation was that the journal has next; 0: it is another one.
  int parts_that_ran(const std::string& name) const {
    if (next() >= ran_.checksums.size()) return 0;
    int most = 0;
    while (ran_.is_done(next() + static_cast<std::size_t>(most))) ++most;
    for (int of = 1; of <= most; ++of) {
      if (statement_hash({.part = {name, 1, of}}) == ran_.checksums[next()]) return of;
    }
    return 0;
  }

  std::vector<Statement> compile(const Operation& operation) {
    try {
      std::vector<Statement> statements = compilation_.compile(operation);
      check(operation, statements);
      return statements;
    } catch (const Error& error) {
      throw base::in_context(error, whose(), {.file = body_.path});
    }
  }

  /// The operation does not run as the revision says of itself.
  void check(const Operation& operation, const std::vector<Statement>& statements) const {
    for (const Statement& statement : statements) {
      if (!body_.transactional && statement.foreign_keys_off) {
        throw Error(ErrorCode::kUnsupported,
                    statement.comment + ", which is safe in a transaction only")
            .hint("put this operation into a revision without .transactional = false");
      }
      if (body_.transactional && !statement.transactional) {
        throw Error(ErrorCode::kScript, operation::describe(operation) +
                                            ", concurrently, cannot run inside a transaction")
            .hint(
                "write .transactional = false into the CAPO_REVISION of a revision of its own; "
                "each statement there commits by itself");
      }
    }
  }

  std::string whose() const {
    const bool up = step_.direction == Direction::kUpgrade;
    return "revision " + step_.revision + ", in " + (up ? "upgrade()" : "downgrade()");
  }

  /// What does not know its place better is in the revision's file.
  template <typename Action>
  std::vector<Statement> located(Action&& action) const {
    try {
      return action();
    } catch (Error& error) {
      if (error.where().file.empty()) error.at({.file = body_.path});
      throw;
    }
  }

  const dialect::Dialect& dialect_;
  dialect::Compilation& compilation_;
  const revision::Step& step_;
  const Ran& ran_;
  Body& body_;
};

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

bool Work::is_gentle() const {
  return std::any_of(body->statements.begin(), body->statements.end(),
                     [](const Statement& statement) { return statement.gentle.of > 0; });
}

std::vector<Work> Compiler::compile(const std::vector<revision::Step>& steps, Beginning start) {
  return compile(steps, std::move(start), {});
}

std::vector<Work> Compiler::compile(const std::vector<revision::Step>& steps, Beginning start,
                                    const Ran& ran) {
  const std::unique_ptr<dialect::Compilation> compilation =
      dialect_.begin_compilation(std::move(start.schema));
  std::vector<Work> works;
  works.reserve(steps.size());
  for (const revision::Step& step : steps) {
    works.push_back({.step = step, .body = body(step, *compilation, works.empty() ? ran : Ran())});
  }
  if (start.survey) make_gentle(works, std::move(start), ran);
  return works;
}

bool Compiler::wants_gentle(const revision::Step& step, const Body& body) const {
  return step.direction != Direction::kStamp && body.online.value_or(online_);
}

/// Nobody is asked for a survey where nothing is to be made gentle, nor was when it was begun.
void Compiler::make_gentle(std::vector<Work>& works, Beginning start, const Ran& ran) const {
  const bool is_begun_so = !works.empty() && !is_as_written(works.front(), ran);
  const bool is_any = is_begun_so || std::any_of(works.begin(), works.end(), [&](const Work& work) {
                        return wants_gentle(work.step, *work.body);
                      });
  if (!is_any || !lint::has_gentle_way(dialect_)) return;
  GentleWay way(dialect_, std::move(start.survey), start.is_run_each);
  bool is_first = true;
  for (Work& work : works) {
    Body body = *work.body;
    body.statements = way.next(std::move(body.statements), wants_gentle(work.step, body),
                               std::exchange(is_first, false) ? ran : Ran());
    work.body = std::make_shared<const Body>(std::move(body));
  }
}

/// SQL stays what it is. What operations become depends on what is there, and that may have changed
/// since the last plan.
Compiler::BodyPointer Compiler::body(const revision::Step& step, dialect::Compilation& compilation,
                                     const Ran& ran) {
  if (step.direction == Direction::kStamp) return std::make_shared<const Body>();
  BodyPointer& known = bodies_[{step.direction, step.revision}];
  if (known && is_sql_only(*known)) {
    for (std::size_t i = 0; i < known->statements.size(); ++i) {
      if (!ran.is_done(i)) compilation.follow(known->statements[i]);
    }
    return known;
  }
  Body body = known ? Body{.operations = known->operations,
                           .checksum = known->checksum,
                           .path = known->path,
                           .transactional = known->transactional,
                           .online = known->online}
                    : read(step);
  OperationsCompiler(dialect_, compilation, step, ran, body).run();
  refuse_transaction_control(dialect_, body);
  return known = std::make_shared<const Body>(std::move(body));
}

Body Compiler::read(const revision::Step& step) const {
  script::Content content = scripts_.content(step.revision, step.direction, dialect_.name());
  return {.operations = std::move(content.operations),
          .checksum = std::move(content.checksum),
          .path = scripts_.script(step.revision).path,
          .transactional = content.transactional,
          .online = content.online};
}

}  // namespace capo::runtime
