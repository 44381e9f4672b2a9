#include "runtime/gentle_way.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lint/gentle.hpp"
#include "runtime/journal.hpp"

namespace capo::runtime {

using dialect::Statement;

namespace {

enum class Fit { kUnknown, kYes, kNo };

/// Whether these are the statements that the journal has from `at` on.
Fit fit(const std::vector<Statement>& form, std::size_t at, const Ran& ran) {
  Fit result = Fit::kUnknown;
  for (std::size_t i = 0; i < form.size() && at + i < ran.checksums.size(); ++i) {
    const std::string& known = ran.checksums[at + i];
    if (known.empty()) continue;
    if (known != statement_hash(form[i])) return Fit::kNo;
    result = Fit::kYes;
  }
  return result;
}

/// One that the journal knows, or else the one that is chosen for what is there now.
std::vector<Statement> choose(Statement plain, const lint::Gentle& gentle, bool is_wanted,
                              std::size_t at, const Ran& ran) {
  const std::vector<Statement> as_it_is = {std::move(plain)};
  if (fit(as_it_is, at, ran) == Fit::kYes) return as_it_is;
  for (const lint::GentleForm& form : gentle.forms) {
    if (!form.empty() && fit(form, at, ran) == Fit::kYes) return form;
  }
  const bool has_form = !gentle.forms.empty() && !gentle.forms.front().empty();
  return is_wanted && has_form ? gentle.forms.front() : as_it_is;
}

/// A revision that says so of itself keeps its transaction.
std::string why_in_one_piece(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    if (!statement.transactional) continue;
    if (std::string why = lint::needs_its_transaction(statement); !why.empty()) return why;
  }
  return {};
}

void say_kept(Statement& statement, const std::string& why) {
  statement.gentle.kept = why;
  if (!statement.comment.empty()) statement.comment += "\n";
  statement.comment += "online: stays as it is: " + why;
}

}  // namespace

void tell_of_gentle_way(const Work& work, Events& events) {
  for (int number = 1; number <= work.count(); ++number) {
    const Statement& statement = work.statement(number);
    const dialect::GentleStep& step = statement.gentle;
    if (!step.kept.empty()) {
      events.warning(fmt::format("{}: others will wait for {}: {}", work.step.revision,
                                 lint::in_short(step.of == 0 ? statement.sql : step.instead_of),
                                 step.kept));
    }
    if (step.of == 0) continue;
    if (step.number == 1) {
      events.info(
          fmt::format("{}: in {} for {}", work.step.revision,
                      step.of == 1 ? "one gentle step" : fmt::format("{} gentle steps", step.of),
                      lint::in_short(step.instead_of)));
    }
    events.info(fmt::format(
        "  {}. {}", step.number,
        statement.backfill != nullptr ? "backfill in batches" : lint::in_short(statement.sql)));
  }
}

lint::Survey& GentleWay::survey() {
  if (!survey_) {
    survey_ = start_();
    for (const Statement& statement : std::exchange(not_followed_, {})) survey_->know(statement);
  }
  return *survey_;
}

std::vector<Statement> GentleWay::next(std::vector<Statement> statements, bool is_wanted,
                                       const Ran& ran) {
  if (is_wanted || !ran.checksums.empty()) {
    return replaced(std::move(statements), is_wanted, ran);
  }
  for (const Statement& statement : statements) {
    if (survey_) {
      survey_->know(statement);
    } else {
      not_followed_.push_back(statement);
    }
  }
  return statements;
}

std::vector<Statement> GentleWay::replaced(std::vector<Statement> statements, bool is_wanted,
                                           const Ran& ran) {
  if (is_run_each_) survey().begin_run();
  const std::string one_piece = why_in_one_piece(statements);
  std::vector<Statement> all;
  for (Statement& statement : statements) {
    const lint::Gentle gentle = lint::gentle(statement, survey().catalog(), dialect_);
    const bool has_form = !gentle.forms.empty() && !gentle.forms.front().empty();
    const std::string kept = has_form && !one_piece.empty()
                                 ? "the revision's transaction cannot be cut: " + one_piece
                                 : gentle.kept;
    std::vector<Statement> form =
        choose(std::move(statement), gentle, is_wanted && one_piece.empty(), all.size(), ran);
    // Of an ALTER TABLE only some commands may have gentle steps.
    if (is_wanted && !kept.empty()) say_kept(form.front(), kept);
    for (Statement& chosen : form) {
      if (!ran.is_done(all.size())) survey().know(chosen);
      all.push_back(std::move(chosen));
    }
  }
  return all;
}

}  // namespace capo::runtime
