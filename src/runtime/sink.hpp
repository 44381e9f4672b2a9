#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "revision/plan.hpp"
#include "runtime/journal.hpp"
#include "runtime/work.hpp"

namespace capo::runtime {

/// What the version table holds.
struct Versions {
  bool table_exists = false;
  revision::Rows rows = {};
};

/// A statement of capo's own.
struct OwnStatement {
  enum class Kind {
    kPreamble,
    kVersionTable,  ///< creates it, or empties it
    kVersionRow,
    kJournal,
    kCleanup,  ///< removes what a failed statement left behind
  };
  Kind kind = Kind::kJournal;
  std::string sql = {};
  revision::VersionChange change = {};  ///< of kVersionRow
};

/// Where a run goes to: a database, a script, or a list. The executor decides what is sent and
/// where transactions begin and end; a sink only carries it there. Steps are meant by their index
/// in the run.
class Sink {
 public:
  virtual ~Sink() = default;

  /// The transaction that begins next is for the statements from `number` of the step on. Not told
  /// of one that is for capo's own.
  virtual void come_to(std::size_t step, int number) { (void)step, (void)number; }
  /// Begins a transaction. False, with nothing begun, if the version table does not hold `expected`
  /// any more: somebody else was here. `foreign_keys_off`: until commit(), foreign keys are off.
  virtual bool begin(const Versions& expected, bool foreign_keys_off) = 0;
  virtual void commit() = 0;
  /// Comes back when everything sent so far is done, and the version rows changed as they must.
  virtual void settle() = 0;

  virtual void start(std::size_t step) = 0;
  virtual void finish(std::size_t step) = 0;
  /// Statement `number` of the step, from 1, in the transaction that is open.
  virtual void run(std::size_t step, int number) = 0;
  /// The same outside any transaction; done when it comes back.
  virtual void run_alone(std::size_t step, int number) = 0;
  virtual void own(const OwnStatement& statement) = 0;
  virtual void own_alone(const OwnStatement& statement) = 0;

  /// When a step ran, or since when it runs; nothing where nothing runs.
  virtual std::optional<Times> times(std::size_t step) const = 0;
  virtual std::optional<Moment> now() const = 0;
  /// True if steps that are not one transaction are to leave a trail in the journal, statement by
  /// statement.
  virtual bool leaves_trail() const = 0;
};

}  // namespace capo::runtime
