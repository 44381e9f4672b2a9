#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.hpp"
#include "lint/gentle.hpp"
#include "lint/postgresql/guard.hpp"

namespace capo::lint::postgresql {

/// What a gentle form is made for.
struct Situation {
  const Catalog& catalog;
  const dialect::Dialect& dialect;
  /// The form that an earlier run may have begun with: the table was in use then, and what there is
  /// now of what the statement makes was not there yet.
  bool as_before = false;
};

/// What a guard around the statement is to a step.
enum class Guarded {
  kYes,
  kIfThere,  ///< does no harm twice: needs no guard that asks whether something is not there yet
  kNo,       ///< cannot stand in a block, and asks by itself
};

/// The steps of one form, in their order.
class GentleSteps {
 public:
  /// Keeps references. `original`: the statement whose place they take; `guard`: what is around it,
  /// or null.
  GentleSteps(const dialect::Statement& original, const dialect::Dialect& dialect,
              const Guard* guard)
      : original_(original), dialect_(dialect), guard_(guard) {}

  bool is_guarded() const { return guard_ != nullptr; }

  /// `what` tells the step from others of the form, whatever its SQL may look like. An empty `sql`
  /// spoils the whole form.
  void add(std::string what, std::string sql, std::optional<std::string> undo,
           Guarded guarded = Guarded::kYes);
  /// The same, in the transaction of the step before it.
  void add_to_last(std::string what, std::string sql);
  /// All rows of a table in batches.
  void add_backfill(std::string what, const Backfill& backfill);

  bool empty() const { return steps_.empty(); }
  /// None if a step could not be said.
  GentleForm take();

 private:
  struct Step {
    std::string what = {};
    dialect::Statement statement = {};
    bool is_with_last = false;
  };

  void push(std::string what, dialect::Statement statement, std::optional<std::string> undo);

  const dialect::Statement& original_;
  const dialect::Dialect& dialect_;
  const Guard* guard_;
  std::vector<Step> steps_ = {};
  bool is_spoilt_ = false;
};

}  // namespace capo::lint::postgresql
