#include "runtime/resume.hpp"

#include <fmt/format.h>

namespace capo::runtime {

using dialect::Aftermath;
using dialect::Statement;
using revision::Direction;

namespace {

Error edited_error(const OpenRevision& open, const std::string& what) {
  return Error(ErrorCode::kScript,
               fmt::format("{} is half done and cannot be carried on: {}",
                           title(open.half_done.direction, open.half_done.revision), what))
      .hint(
          fmt::format("put back the file as it was; or bring the database by hand to where {0} is "
                      "done, or to where it is not, and say so with `capo stamp`",
                      open.half_done.revision));
}

class Resumption {
 public:
  Resumption(dialect::Connection& connection, const dialect::Dialect& dialect,
             const Options& options, const OpenRevision& open, const Work& work)
      : connection_(connection), dialect_(dialect), options_(options), open_(open), work_(work) {
    resume_.done.resize(work.body->statements.size());
  }

  Resume make() {
    for (const StatementRow& row : open_.statements) {
      if (has_run(row)) {
        take_as_done(row);
      } else if (row.statement <= count()) {
        look_up(row);
      }
    }
    return std::move(resume_);
  }

 private:
  int count() const { return work_.count(); }
  const Statement& statement(int number) const { return work_.statement(number); }
  void mark_done(int number) { resume_.done[static_cast<std::size_t>(number - 1)] = true; }

  void take_as_done(const StatementRow& row) {
    if (row.statement > count()) {
      throw edited_error(open_, fmt::format("its statement {} has run, and is not in the file any "
                                            "more",
                                            row.statement))
          .at({.file = work_.body->path});
    }
    if (row.checksum != statement_hash(statement(row.statement))) {
      const SourcePosition& origin = statement(row.statement).origin;
      throw edited_error(
          open_, fmt::format("its statement {} has run, and was edited since", row.statement))
          .at(origin, work_.body->source_line(origin));
    }
    mark_done(row.statement);
  }

  /// The journal knows that the statement began, or that it failed; an edited one may be the
  /// correction.
  void look_up(const StatementRow& row) {
    const bool failed = row.outcome == to_string(Outcome::kFailed);
    const bool edited = row.checksum != statement_hash(statement(row.statement));
    if (edited && has_changed_rows(row)) {
      const SourcePosition& origin = statement(row.statement).origin;
      throw edited_error(open_, fmt::format("its statement {} is a backfill that has changed rows, "
                                            "and was edited since",
                                            row.statement))
          .at(origin, work_.body->source_line(origin));
    }
    const Aftermath found = aftermath(statement(row.statement));
    switch (found.kind) {
      case Aftermath::Kind::kLeftover:
        resume_.cleanup = found.cleanup;
        return;
      case Aftermath::Kind::kNotDone:
      case Aftermath::Kind::kRepeatable:
        return;
      case Aftermath::Kind::kDone:
        // What is there although the statement failed was there before it.
        if (failed) return;
        if (!edited) return settle(row.statement, Outcome::kDone);
        break;
      case Aftermath::Kind::kUnknown:
        if (failed) return;
        break;
    }
    decide(row.statement, edited);
  }

  /// Of a backfill whose batches are in the journal.
  bool has_changed_rows(const StatementRow& row) const {
    if (row.outcome != to_string(Outcome::kStarted)) return false;
    const Journal journal(dialect_, options_);
    if (connection_.query(journal.lacks_progress()).rows.at(0).at(0)) return false;
    const HalfDone& half = open_.half_done;
    const dialect::Result found =
        connection_.query(journal.select_progress({half.revision, half.direction, row.statement}));
    return !found.rows.empty() && found.rows.back().at(0).has_value();
  }

  /// What a data step did, no catalog tells; a backfill's batches are in the journal.
  Aftermath aftermath(const Statement& statement) const {
    if (statement.backfill != nullptr) return {.kind = Aftermath::Kind::kRepeatable};
    if (statement.data_step != nullptr) return {};
    return dialect_.aftermath(connection_, statement.sql);
  }

  void decide(int number, bool edited) {
    const SourcePosition& origin = statement(number).origin;
    switch (options_.in_doubt) {
      case Options::InDoubt::kRerun:
        return;
      case Options::InDoubt::kSkip:
        if (!edited) return settle(number, Outcome::kSkipped);
        throw edited_error(
            open_, fmt::format("its statement {} may have run, and was edited since", number))
            .at(origin, work_.body->source_line(origin));
      case Options::InDoubt::kAsk:
        break;
    }
    throw Error(
        ErrorCode::kInDoubt,
        fmt::format("{} was interrupted at its statement {} of {}, and nothing tells whether that "
                    "took effect",
                    title(open_.half_done.direction, open_.half_done.revision), number, count()))
        .at(origin, work_.body->source_line(origin))
        .statement(statement(number).sql)
        .hint(
            "look at the database, then run the same command again with --in-doubt rerun or "
            "--in-doubt skip");
  }

  void settle(int number, Outcome outcome) {
    mark_done(number);
    resume_.settled.push_back({.revision = open_.half_done.revision,
                               .direction = open_.half_done.direction,
                               .statement = number,
                               .outcome = outcome});
  }

  dialect::Connection& connection_;
  const dialect::Dialect& dialect_;
  const Options& options_;
  const OpenRevision& open_;
  const Work& work_;
  Resume resume_ = {};
};

}  // namespace

std::string title(Direction direction, std::string_view revision) {
  return fmt::format("{} of {}", to_string(direction), revision);
}

Resume resume(dialect::Connection& connection, const dialect::Dialect& dialect,
              const Options& options, const OpenRevision& open, const Work& work) {
  return Resumption(connection, dialect, options, open, work).make();
}

Error half_done_error(const HalfDone& half_done, const revision::Graph& graph) {
  const bool up = half_done.direction == Direction::kUpgrade;
  Error error(
      ErrorCode::kRevision,
      fmt::format("{} is half done on this database: begun {}, {} of {} statements have run",
                  title(half_done.direction, half_done.revision), half_done.started_at,
                  half_done.statements_done, half_done.statements));
  error.detail(half_done.error);
  if (!graph.find(half_done.revision)) {
    return error.hint(
        fmt::format("there is no revision {} among the scripts: put its file back, or bring the "
                    "database in order by hand and say so with `capo stamp`",
                    half_done.revision));
  }
  return error.hint(
      up ? fmt::format("finish it first with `capo upgrade {0}`; or bring the database in order by "
                       "hand and say so with `capo stamp`",
                       half_done.revision)
         : "finish it first with the same `capo downgrade` as before; or bring the database in "
           "order by hand and say so with `capo stamp`");
}

}  // namespace capo::runtime
