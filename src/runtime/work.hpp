#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dialect/dialect.hpp"
#include "lint/survey.hpp"
#include "revision/plan.hpp"
#include "runtime/journal.hpp"
#include "script/directory.hpp"

namespace capo::runtime {

/// What is known of a step that an earlier run left half done.
struct Resume {
  /// For each statement: it has run, and stays.
  std::vector<bool> done = {};
  /// How statements that the journal says nothing certain of have ended after all.
  std::vector<JournalEntry> settled = {};
  /// A statement to run alone before the rest, that removes what a failed one left behind.
  std::string cleanup = {};
};

/// What an earlier run did of a step that is carried on with; for each statement, by its number.
struct Ran {
  std::vector<bool> done = {};
  /// As the journal has them of statements that have run, or begun; empty: not in there.
  std::vector<std::string> checksums = {};

  bool is_done(std::size_t index) const { return index < done.size() && done[index]; }
};

/// One direction of a revision, read and compiled.
struct Body {
  std::vector<operation::Operation> operations = {};
  std::vector<dialect::Statement> statements = {};
  std::string checksum = {};        ///< of the revision's file; empty: unknown
  std::string path = {};            ///< of that file
  bool transactional = true;        ///< as the revision says of itself as a whole
  std::optional<bool> online = {};  ///< likewise

  /// The line of the file that a position in one of the statements lies in; empty if there is none.
  std::string source_line(const SourcePosition& position) const;
};

/// A step and what it sends.
struct Work {
  revision::Step step = {};
  std::shared_ptr<const Body> body = {};  ///< never null
  std::optional<Resume> resume = {};

  int count() const { return static_cast<int>(body->statements.size()); }
  /// `number` from 1.
  const dialect::Statement& statement(int number) const {
    return body->statements[static_cast<std::size_t>(number - 1)];
  }
  /// True if a statement runs outside a transaction, so that the step cannot be undone as a whole.
  bool is_open() const;
  /// True if steps stand in the place of a statement.
  bool is_gentle() const;
};

/// What is known of the database where a plan begins; asked at most once, if at all.
using SurveySource = std::function<lint::Survey()>;

/// Where a plan begins.
struct Beginning {
  dialect::SchemaSource schema = {};  ///< what is there before the first step
  /// What gentle steps are chosen by; none: every statement stays as it is.
  SurveySource survey = {};
  bool is_run_each = false;  ///< each step is a run: what those before it made is in use
};

/// Turns steps into statements. A file is read, and its SQL split, once, however often a plan is
/// made again.
class Compiler {
 public:
  /// Keeps references. `online`: revisions that do not say otherwise want gentle steps.
  Compiler(const script::ScriptDirectory& scripts, const dialect::Dialect& dialect,
           bool online = false)
      : scripts_(scripts), dialect_(dialect), online_(online) {}

  /// All of them, before anything runs: a broken file at the end of a plan stops it at the start.
  /// Throws Error{kScript}, and {kUnsupported} for a revision that capo cannot run.
  std::vector<Work> compile(const std::vector<revision::Step>& steps, Beginning start);
  /// The same where the first step is carried on with: what has run of it, `start` knows already.
  /// Its statements keep their numbers, also those whose operation would be another one now.
  std::vector<Work> compile(const std::vector<revision::Step>& steps, Beginning start,
                            const Ran& ran);

 private:
  using BodyPointer = std::shared_ptr<const Body>;

  BodyPointer body(const revision::Step& step, dialect::Compilation& compilation, const Ran& ran);
  bool wants_gentle(const revision::Step& step, const Body& body) const;
  void make_gentle(std::vector<Work>& works, Beginning start, const Ran& ran) const;
  Body read(const revision::Step& step) const;

  const script::ScriptDirectory& scripts_;
  const dialect::Dialect& dialect_;
  const bool online_;
  std::map<std::pair<revision::Direction, std::string>, BodyPointer> bodies_ = {};
};

}  // namespace capo::runtime
