#include "lint/postgresql/gentle_steps.hpp"

#include <fmt/format.h>
namespace capo::lint::postgresql {
void GentleSteps::push(std::string what, dialect::Statement statement,
                       std::optional<std::string> undo) {
  statement.origin = original_.origin;
  statement.transactional = false;
  statement.gentle.undo = std::move(undo);
  steps_.push_back({.what = std::move(what), .statement = std::move(statement)});
}

void GentleSteps::add(std::string what, std::string sql, std::optional<std::string> undo,
                      Guarded guarded) {
  is_spoilt_ = is_spoilt_ || sql.empty();
  if (guard_ != nullptr && guarded != Guarded::kNo) {
    const bool asks_for_none = guard_->before.find("IF NOT EXISTS") != std::string::npos;
    const bool needs_it = guarded == Guarded::kYes || !asks_for_none;
    if (needs_it) sql = guard_->around(sql);
  }
  push(std::move(what), {.sql = std::move(sql)}, std::move(undo));
}

void GentleSteps::add_to_last(std::string what, std::string sql) {
  add(std::move(what), std::move(sql), "");
  steps_.back().is_with_last = true;
}

void GentleSteps::add_backfill(std::string what, const Backfill& backfill) {
  std::vector<dialect::Statement> statements = dialect_.compile(Operation(backfill));
  is_spoilt_ = is_spoilt_ || statements.size() != 1;
  if (!is_spoilt_) push(std::move(what), std::move(statements.front()), "");
}

GentleForm GentleSteps::take() {
  if (is_spoilt_) return {};
  const int of = static_cast<int>(steps_.size());
  GentleForm form;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    dialect::Statement statement = step.statement;
    const int number = static_cast<int>(i) + 1;
    const bool has_next = i + 1 < steps_.size() && steps_[i + 1].is_with_last;
    // By these words it is known again, also by a capo that writes the same SQL in other words.
    statement.part = {.operation = "online: " + step.what + "\n" + original_.sql,
                      .number = step.is_with_last ? 2 : 1,
                      .of = step.is_with_last || has_next ? 2 : 1};
    statement.gentle.number = number;
    statement.gentle.of = of;
    statement.gentle.instead_of = guard_ == nullptr ? original_.sql : guard_->statement;
    std::string comment =
        fmt::format("online, {} of {} for: {}", number, of, in_short(statement.gentle.instead_of));
    if (number == 1 && !original_.comment.empty()) comment = original_.comment + "\n" + comment;
    if (!statement.comment.empty()) comment += "\n" + statement.comment;
    statement.comment = std::move(comment);
    form.push_back(std::move(statement));
  }
  return form;
}

}  // namespace capo::lint::postgresql
