#include "runtime/report.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "runtime/hints.hpp"
#include "runtime/resume.hpp"

namespace capo::runtime {

using dialect::Aftermath;
using dialect::Statement;
using revision::Direction;
using revision::Step;

namespace {

/// More names than this are told by their number.
constexpr std::size_t kLongestList = 6;

constexpr const char* kMissingSchema =
    "capo does not make the schema of the version table: create it, or correct "
    "version_table_schema or the search path";
constexpr const char* kLongId =
    "the version table holds ids of 32 characters: shorten the revision's id, or widen the column "
    "version_num";
constexpr const char* kSearchPath =
    "a statement of this run may have changed the search path, as the files that pg_dump writes "
    "do: take it out, or set version_table_schema";
constexpr const char* kRole =
    "if a statement of this run changed the role (SET ROLE), write RESET ROLE behind the last one "
    "that needs it; else GRANT the database's user the right";

std::string name_of(const Step& step) {
  if (step.direction != Direction::kStamp) return step.revision;
  return step.to.empty() ? "base" : base::join(step.to, ", ");
}

std::string names_of(const std::vector<Step>& steps) {
  std::vector<std::string> names;
  for (const Step& step : steps) names.push_back(name_of(step));
  if (names.size() <= kLongestList) return base::join(names, ", ");
  return fmt::format("{}, {}, … {} ({} in all)", names[0], names[1], names.back(), names.size());
}

std::string place_of(const revision::Rows& rows) {
  return rows.empty() ? "base" : base::join(rows, ", ");
}

std::string_view participle(Direction direction) {
  switch (direction) {
    case Direction::kUpgrade:
      return "applied";
    case Direction::kDowngrade:
      return "taken back";
    case Direction::kStamp:
      return "stamped";
  }
  return {};
}

std::string with_capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 32);
  return text;
}

class Report {
 public:
  Report(const Error& cause, const Failure& failure, const dialect::Dialect& dialect)
      : cause_(cause), failure_(failure), dialect_(dialect) {}

  Error make() const {
    Error error(cause_.code(), message());
    error.sqlstate(cause_.sqlstate());
    const Statement* const statement = statement_at_fault();
    if (statement != nullptr && statement->runs_by_itself()) {
      // What it sent is not what stands for it in a script.
      error.at(statement->origin).statement(cause_.statement(), cause_.statement_offset());
    } else if (statement != nullptr) {
      error.statement(statement->sql, cause_.statement_offset());
      const SourcePosition position = position_in_file(*statement);
      error.at(position, work()->body->source_line(position));
    } else {
      error.statement(cause_.statement(), cause_.statement_offset());
    }
    error.hint(next());
    std::vector<std::string> lines;
    if (!cause_.detail().empty()) lines.push_back(cause_.detail());
    if (error.hint() != cause_.hint() && !cause_.hint().empty()) lines.push_back(cause_.hint());
    lines.push_back(stand());
    return error.detail(base::join(lines, "\n"));
  }

 private:
  /// The step that the failure came in: that of the statement, else the first that is not
  /// committed.
  const Work* work() const {
    const std::size_t step =
        failure_.sent && failure_.sent->step ? *failure_.sent->step : failure_.executor.committed();
    return step < failure_.works.size() ? &failure_.works[step] : nullptr;
  }

  const Statement* statement_at_fault() const {
    const int number = failure_.number_at_fault();
    return number == 0 ? nullptr : &work()->statement(number);
  }

  /// The server's offset into the statement, as a place in the file.
  SourcePosition position_in_file(const Statement& statement) const {
    SourcePosition position = statement.origin;
    // A gentle step is not what stands in the file.
    const bool is_there = position.line > 0 && statement.gentle.of == 0;
    if (cause_.statement_offset() < 0 || !is_there) return position;
    const SourcePosition within =
        base::position_at(statement.sql, static_cast<std::size_t>(cause_.statement_offset()));
    if (within.line > 1) {
      position.line += within.line - 1;
      position.column = within.column;
    } else {
      position.column += within.column - 1;
    }
    return position;
  }

  std::string title() const {
    const Work* at = work();
    if (at == nullptr) return "the run";
    if (at->step.direction == Direction::kStamp) return "stamp of " + name_of(at->step);
    return runtime::title(at->step.direction, at->step.revision);
  }

  std::string message() const {
    const bool cancelled = cause_.code() == ErrorCode::kCancelled;
    const std::string what = event(cancelled ? "was interrupted" : "failed");
    if (cancelled) return what.empty() ? "interrupted" : what;
    // In Alembic's words, or what is unknown and not failed.
    if (cause_.code() == ErrorCode::kRevision || cause_.code() == ErrorCode::kInDoubt ||
        what.empty()) {
      return cause_.message();
    }
    return what + ": " + cause_.message();
  }

  /// "upgrade of 007 failed at statement 3 of 17".
  std::string event(std::string_view verb) const {
    if (const int number = failure_.number_at_fault(); number > 0) {
      return fmt::format("{} {} at {}statement {} of {}", title(), verb,
                         failure_.sent ? "" : "the COMMIT of ", number, work()->count());
    }
    if (!failure_.sent) {
      return failure_.in_commit ? fmt::format("COMMIT of {} {}", in_flight_titles(), verb) : "";
    }
    switch (failure_.sent->own.kind) {
      case OwnStatement::Kind::kPreamble:
        return fmt::format("beginning a transaction {}", verb);
      case OwnStatement::Kind::kVersionTable:
        return fmt::format("creating the version table {}", verb);
      case OwnStatement::Kind::kVersionRow:
        return fmt::format("{} {} at its row of the version table", title(), verb);
      case OwnStatement::Kind::kJournal:
        return fmt::format("writing the journal {}", verb);
      case OwnStatement::Kind::kCleanup:
        return fmt::format("cleaning up after an earlier run {}", verb);
    }
    return {};
  }

  std::vector<Step> carried() const {
    std::vector<Step> steps = failure_.carried_before;
    for (std::size_t i = 0; i < failure_.executor.committed(); ++i) {
      steps.push_back(failure_.works[i].step);
    }
    return steps;
  }

  /// Steps of the transaction that did not come to its end, up to the one at fault.
  std::vector<Step> in_flight() const {
    std::vector<Step> steps;
    std::size_t end = failure_.executor.finished();
    if (failure_.step) end = *failure_.step + 1;
    if (failure_.sent && failure_.sent->step) end = *failure_.sent->step + 1;
    for (std::size_t i = failure_.executor.committed(); i < end; ++i) {
      steps.push_back(failure_.works[i].step);
    }
    return steps;
  }

  std::string in_flight_titles() const {
    const std::vector<Step> steps = in_flight();
    if (steps.empty()) return title();
    return fmt::format("the {} of {}", to_string(steps[0].direction), names_of(steps));
  }

  std::string stand() const {
    if (cause_.code() == ErrorCode::kInDoubt) return doubt();
    std::vector<std::string> sentences;
    const std::vector<Step> done = carried();
    if (!done.empty()) {
      sentences.push_back(
          with_capital(fmt::format("{}: {}.", participle(done[0].direction), names_of(done))));
    }
    if (!failure_.taken_back.empty()) {
      sentences.emplace_back("The steps before it that belong with it were taken back.");
    }
    if (failure_.statements_kept() > 0 || failure_.backfilled) {
      add_half_done(sentences);
      add_leftover(sentences);
      return base::join(sentences, " ");
    }
    const std::vector<Step> undone = in_flight();
    if (!undone.empty()) {
      sentences.push_back(
          cause_.code() == ErrorCode::kConnection
              ? fmt::format("The database rolls back what was not committed: {}.", names_of(undone))
              : fmt::format("Rolled back: {}.", names_of(undone)));
    }
    sentences.push_back(
        fmt::format("{}the database is {}at {}.", done.empty() ? "Nothing was changed: " : "",
                    done.empty() ? "still " : "", place_of(failure_.executor.versions().rows)));
    sentences.back() = with_capital(sentences.back());
    add_leftover(sentences);
    return base::join(sentences, " ");
  }

  std::string doubt() const {
    const std::vector<Step> done = carried();
    std::string text = fmt::format(
        "It is unknown whether {} took effect; `capo current` will tell.", in_flight_titles());
    if (done.empty()) return text;
    return fmt::format(
        "{} {}",
        with_capital(fmt::format("{}: {}.", participle(done[0].direction), names_of(done))), text);
  }

  void add_half_done(std::vector<std::string>& sentences) const {
    const Work& at = failure_.works[failure_.executor.committed()];
    const int kept = failure_.statements_kept();
    if (kept > 0) sentences.push_back(kept_statements(at, kept));
    if (failure_.backfilled) {
      sentences.push_back(fmt::format("The backfill has changed {}; they stay.",
                                      describe_amount(*failure_.backfilled)));
    }
    if (!failure_.executor.trail_begun()) {
      sentences.push_back("Without a journal, the next run begins with statement 1 again.");
    } else if (failure_.backfilled) {
      sentences.push_back(
          fmt::format("The next `capo {}` carries on behind them.", to_string(at.step.direction)));
    } else {
      sentences.push_back(fmt::format("The next `capo {}` carries on after {}.",
                                      to_string(at.step.direction), kept == 1 ? "it" : "them"));
    }
  }

  static std::string kept_statements(const Work& at, int kept) {
    const std::string which = kept == 1 ? "Statement 1" : fmt::format("Statements 1 to {}", kept);
    return fmt::format("{} of {} of the {} {} run outside a transaction and {}.", which, at.count(),
                       runtime::title(at.step.direction, at.step.revision),
                       kept == 1 ? "has" : "have", kept == 1 ? "stays" : "stay");
  }

  void add_leftover(std::vector<std::string>& sentences) const {
    if (failure_.aftermath.kind != Aftermath::Kind::kLeftover) return;
    sentences.push_back(fmt::format(
        "What failed has left something behind; {} removes it{}.", failure_.aftermath.cleanup,
        failure_.executor.trail_begun() ? ", as the next run will" : ""));
  }

  std::string next() const {
    if (cause_.code() == ErrorCode::kCancelled) return "run the same command again to carry on";
    if (cause_.code() != ErrorCode::kDatabase) return cause_.hint();
    if (failure_.sent && failure_.sent->number == 0) {
      if (std::string hint = own_statement_hint(failure_.sent->own.kind); !hint.empty())
        return hint;
    }
    if (std::string hint = hint_for(cause_, work() == nullptr ? "" : name_of(work()->step));
        !hint.empty()) {
      return hint;
    }
    return cause_.hint();
  }

  /// What capo's own statements stumble over is seldom what those of a revision do.
  std::string own_statement_hint(OwnStatement::Kind kind) const {
    switch (kind) {
      case OwnStatement::Kind::kVersionTable:
        return cause_.sqlstate() == "3F000" ? kMissingSchema : "";  // invalid_schema_name
      case OwnStatement::Kind::kVersionRow:
        if (cause_.sqlstate() == "22001") return kLongId;  // string_data_right_truncation
        [[fallthrough]];
      case OwnStatement::Kind::kJournal:
        if (dialect_.is_missing_table(cause_)) return kSearchPath;
        return cause_.sqlstate() == "42501" ? kRole : "";  // insufficient_privilege
      case OwnStatement::Kind::kPreamble:
      case OwnStatement::Kind::kCleanup:
        break;
    }
    return {};
  }

  const Error& cause_;
  const Failure& failure_;
  const dialect::Dialect& dialect_;
};

}  // namespace

Error explain(const Error& cause, const Failure& failure, const dialect::Dialect& dialect) {
  return Report(cause, failure, dialect).make();
}

}  // namespace capo::runtime
