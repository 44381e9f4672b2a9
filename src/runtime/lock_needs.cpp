#include "runtime/lock_needs.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace capo::runtime {

using dialect::LockNeed;
using dialect::Statement;
using dialect::Token;
using dialect::TokenKind;
using lint::HazardKind;

namespace {

/// So many statements that were not looked at yet may a look ahead go through.
constexpr int kLookAhead = 100;

std::size_t index(int number) { return static_cast<std::size_t>(number - 1); }

std::string_view text_of(std::string_view sql, const Token& token) {
  return sql.substr(token.begin, token.end - token.begin);
}

bool is_word(std::string_view sql, const Token& token, std::string_view word) {
  return token.kind == TokenKind::kWord && base::equals_ignoring_case(text_of(sql, token), word);
}

bool contains(std::string_view sql, std::string_view lower_case_word) {
  return base::lower(sql).find(lower_case_word) != std::string::npos;
}

/// Such a statement takes no strong lock and makes nothing; it need not be read for that.
bool only_changes_rows(const Statement& statement) {
  constexpr std::array<std::string_view, 3> kVerbs = {"insert ", "update ", "delete "};
  const std::string_view sql = base::trim(statement.sql);
  return std::any_of(kVerbs.begin(), kVerbs.end(), [&](std::string_view verb) {
    return base::starts_with_ignoring_case(sql, verb);
  });
}

/// It says what to do if a lock is taken: fail.
bool says_nowait(const Statement& statement) { return contains(statement.sql, "nowait"); }

/// What goes with a table or constraint may be a foreign key, which locks the other table too.
std::optional<std::string> key_that_goes(const lint::Effects& effects,
                                         const lint::ObjectName& relation) {
  for (const lint::Hazard& hazard : effects.hazards) {
    if (hazard.on != relation) continue;
    if (hazard.kind == HazardKind::kDropTable || hazard.kind == HazardKind::kTypeRewriting) {
      return "";
    }
    const bool is_constraint = hazard.kind == HazardKind::kDropConstraint ||
                               hazard.kind == HazardKind::kDropForeignKey ||
                               hazard.kind == HazardKind::kAlterConstraint;
    if (is_constraint) return hazard.object;
  }
  return std::nullopt;
}

void add(const lint::Effects& effects, std::vector<LockNeed>& needs) {
  for (const lint::RelationLock& lock : effects.locks) {
    if (!lint::blocks_writes(lock.mode)) continue;
    LockNeed need{.schema = lock.relation.schema,
                  .relation = lock.relation.name,
                  .mode = std::string(to_string(lock.mode)),
                  .without_key = key_that_goes(effects, lock.relation)};
    if (std::find(needs.begin(), needs.end(), need) == needs.end()) {
      needs.push_back(std::move(need));
    }
  }
}

}  // namespace

LockNeeds::LockNeeds(const dialect::Dialect& dialect, const std::vector<Work>& works,
                     bool is_one_transaction)
    : dialect_(dialect),
      works_(works),
      is_one_transaction_(is_one_transaction),
      is_wanted_(dialect.lock_queue() != nullptr),
      survey_(lint::Survey::of_unknown(dialect.name())),
      needs_(works.size()) {}

bool LockNeeds::is_long(const std::vector<Work>& works) {
  int statements = 0;
  for (const Work& work : works) statements += work.count();
  return statements > kLookAhead;
}

bool LockNeeds::sets_lock_timeout(const Work& work) {
  const auto& statements = work.body->statements;
  return std::any_of(statements.begin(), statements.end(), [](const Statement& statement) {
    return contains(statement.sql, "lock_timeout");
  });
}

const std::vector<LockNeed>& LockNeeds::of(Place place) {
  static const Needs kNone;
  if (!is_wanted_ || place.step >= works_.size()) return kNone;
  while (!is_known(place)) survey_next();
  return needs_[place.step].at(index(place.number));
}

std::vector<LockNeed> LockNeeds::of_transaction(Place place) {
  Needs all;
  bool is_first = true;
  int unknown = 0;
  while (is_wanted_ && place.step < works_.size()) {
    const Work& work = works_[place.step];
    if (place.number > work.count()) {
      if (!is_first && (!is_one_transaction_ || work.is_open())) break;
      place = {place.step + 1, 1};
      if (place.step < works_.size() && !is_first && works_[place.step].is_open()) break;
      continue;
    }
    const Statement& statement = work.statement(place.number);
    if (!statement.transactional && !is_first) break;
    // Outside a transaction those that belong together still commit together.
    const int of = statement.transactional ? 1 : std::max(1, statement.part.of);
    for (int i = 0; i < of && place.number <= work.count(); ++i, ++place.number) {
      if (!is_known(place) && ++unknown > kLookAhead) return all;
      for (const LockNeed& need : this->of(place)) {
        if (std::find(all.begin(), all.end(), need) == all.end()) all.push_back(need);
      }
    }
    if (!statement.transactional) break;
    is_first = false;
  }
  return all;
}

bool LockNeeds::is_known(Place place) const {
  return needs_[place.step].size() >= static_cast<std::size_t>(place.number);
}

/// In order: what an earlier statement makes, nobody else uses yet.
void LockNeeds::survey_next() {
  const Work& work = works_[next_.step];
  if (next_.number > work.count()) {
    next_ = {next_.step + 1, 1};
    return;
  }
  if (next_.number == 1) is_left_alone_ = sets_lock_timeout(work);
  const Statement& statement = work.statement(next_.number);
  Needs& needs = needs_[next_.step].emplace_back();
  if (work.resume && work.resume->done[index(next_.number)]) {
    survey_.know(statement);
    survey_.begin_run();
  } else {
    Needs found = survey(statement);
    if (!is_left_alone_ && !says_nowait(statement)) needs = std::move(found);
  }
  ++next_.number;
}

LockNeeds::Needs LockNeeds::survey(const Statement& statement) {
  Needs needs;
  if (statement.runs_by_itself() || only_changes_rows(statement)) return needs;
  const lint::Effects effects = survey_.next(statement);
  add(effects, needs);
  if (!effects.unknown.empty()) add_hidden(statement, needs);
  return needs;
}

/// The statements in a DO block of somebody's own, as far as they can be read. (Into capo's guards
/// the survey looks itself.)
void LockNeeds::add_hidden(const Statement& statement, Needs& needs) const {
  constexpr std::array<std::string_view, 6> kVerbs = {"ALTER",    "CREATE",  "DROP",
                                                      "TRUNCATE", "REFRESH", "LOCK"};
  const std::string_view sql = statement.sql;
  const std::vector<Token> outer = dialect_.tokens(sql);
  if (outer.size() < 2 || !is_word(sql, outer.front(), "DO")) return;
  const std::string_view quoted = text_of(sql, outer.back());
  const std::size_t quote = quoted.find('$', 1);
  if (!quoted.starts_with('$') || quote == std::string_view::npos) return;
  const std::string_view body = quoted.substr(quote + 1, quoted.size() - 2 * (quote + 1));
  std::size_t begin = std::string_view::npos;
  for (const Token& token : dialect_.tokens(body)) {
    const bool is_verb = std::any_of(kVerbs.begin(), kVerbs.end(), [&](std::string_view verb) {
      return is_word(body, token, verb);
    });
    if (begin == std::string_view::npos && is_verb) begin = token.begin;
    if (begin == std::string_view::npos || token.kind != TokenKind::kSemicolon) continue;
    Statement inner;
    inner.sql = std::string(body.substr(begin, token.begin - begin));
    add(survey_.effects_of(inner), needs);
    begin = std::string_view::npos;
  }
}

}  // namespace capo::runtime
