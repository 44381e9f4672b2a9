#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dialect/dialect.hpp"
#include "dialect/lock_queue.hpp"
#include "lint/survey.hpp"
#include "runtime/work.hpp"

namespace capo::runtime {

/// Where a run is: a step, and a statement of it from 1.
struct Place {
  std::size_t step = 0;
  int number = 1;
};

/// Which statements of a run need strong locks on tables that others may use, told by their text
/// alone. Only PostgreSQL's do: where a database has one lock for all of itself, its driver waits.
///
/// A lock is strong if writers have to wait for it. A revision that says what its `lock_timeout` is
/// is left alone, and has no needs.
class LockNeeds {
 public:
  /// Keeps references. `is_one_transaction`: steps share one where they can.
  LockNeeds(const dialect::Dialect& dialect, const std::vector<Work>& works,
            bool is_one_transaction);

  /// It has more statements than are looked at before it begins.
  static bool is_long(const std::vector<Work>& works);

  /// None: it may wait as long as it likes.
  const std::vector<dialect::LockNeed>& of(Place place);
  /// The revision of that step says itself how long its statements wait.
  bool is_left_alone(std::size_t step) const { return sets_lock_timeout(works_[step]); }
  /// Those of all statements that share a transaction with the one at `place`, from there on; of a
  /// long one, as far as they are known at little cost. (To know those of a thousand takes as long
  /// as to send some hundred of them. While they are sent, there is time.)
  std::vector<dialect::LockNeed> of_transaction(Place place);

 private:
  using Needs = std::vector<dialect::LockNeed>;

  static bool sets_lock_timeout(const Work& work);
  bool is_known(Place place) const;
  void survey_next();
  Needs survey(const dialect::Statement& statement);
  void add_hidden(const dialect::Statement& statement, Needs& needs) const;

  const dialect::Dialect& dialect_;
  const std::vector<Work>& works_;
  bool is_one_transaction_;
  bool is_wanted_;
  lint::Survey survey_;
  std::vector<std::vector<Needs>> needs_;  // of each step, as far as it was looked at
  Place next_ = {};                        // to look at
  bool is_left_alone_ = false;             // the step of that
};

}  // namespace capo::runtime
