#pragma once

#include <optional>
#include <vector>

#include "dialect/dialect.hpp"
#include "lint/survey.hpp"
#include "runtime/migration.hpp"
#include "runtime/work.hpp"

namespace capo::runtime {

/// Puts gentle steps in the place of statements that would keep others waiting (lint/gentle.hpp).
/// Goes along a plan, step by step, with what each does to what is known.
class GentleWay {
 public:
  /// Keeps the reference.
  GentleWay(const dialect::Dialect& dialect, SurveySource start, bool is_run_each)
      : dialect_(dialect), start_(std::move(start)), is_run_each_(is_run_each) {}

  /// The statements of the next step of the plan. What an earlier run has begun in another form
  /// than would be chosen now is carried on with in that form, also if the step is not wanted
  /// gentle any more.
  std::vector<dialect::Statement> next(std::vector<dialect::Statement> statements, bool is_wanted,
                                       const Ran& ran);

 private:
  std::vector<dialect::Statement> replaced(std::vector<dialect::Statement> statements,
                                           bool is_wanted, const Ran& ran);
  lint::Survey& survey();

  const dialect::Dialect& dialect_;
  SurveySource start_;
  bool is_run_each_;
  std::optional<lint::Survey> survey_ = {};
  std::vector<dialect::Statement> not_followed_ = {};  // while there is no survey
};

/// Tells what takes the place of what, and what stays as it is.
void tell_of_gentle_way(const Work& work, Events& events);

}  // namespace capo::runtime
