#include "lint/survey.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "lint/notes.hpp"
#include "lint/postgresql/judge.hpp"

namespace capo::lint {
namespace {

/// IF NOT EXISTS and OR REPLACE: it may be there already.
bool may_find_it_there(const dialect::Statement& statement) {
  const std::string sql = base::lower(statement.sql);
  return sql.find("exists") != std::string::npos || sql.find("replace") != std::string::npos;
}

}  // namespace

// Without a default schema each name stays as it is written: which one the search path leads to is
// unknown as well.
Survey Survey::of_unknown(std::string_view dialect) {
  Survey survey(dialect);
  survey.catalog_.is_whole = false;
  survey.catalog_.default_schema.clear();
  return survey;
}

void Survey::know(const dialect::Statement& statement) { follow(statement); }

void Survey::know(const dialect::Facts& facts) {
  facts_ = facts;
  if (!facts.default_schema.empty()) catalog_.default_schema = facts.default_schema;
  for (const dialect::RelationSize& size : facts.sizes) {
    KnownRelation* relation = catalog_.find({size.schema, size.name});
    if (relation == nullptr) continue;
    if (size.rows >= 0) relation->rows = size.rows;
    relation->bytes = size.bytes;
    relation->is_empty = size.is_empty;
  }
}

Effects Survey::next(const dialect::Statement& statement) {
  Effects effects = judge(statement);
  follow(statement);
  return effects;
}

std::vector<std::string> Survey::notes_of_next(const dialect::Statement& statement) {
  std::vector<std::string> lines = notes(judge(statement), catalog_, facts_.pace);
  follow(statement);
  return lines;
}

Effects Survey::judge(const dialect::Statement& statement) const {
  // In batches nobody waits long, whatever stands for them in a script.
  if (!is_postgresql_ || statement.backfill != nullptr) return {};
  if (statement.data_step != nullptr) {
    Effects effects;
    effects.say_unknown("what the code of the step does");
    return effects;
  }
  Effects effects =
      postgresql::on_others(postgresql::judge(statement.sql, catalog_,
                                              {.version = facts_.version, .is_utc = facts_.is_utc}),
                            catalog_);
  if (!catalog_.is_whole) replace_views(statement, effects);
  return effects;
}

/// A view that is not known may be there, and is replaced then.
void Survey::replace_views(const dialect::Statement& statement, Effects& effects) const {
  for (const Hazard& hazard : std::vector<Hazard>(effects.hazards)) {
    if (hazard.kind != HazardKind::kCreateView || !may_find_it_there(statement)) continue;
    effects.lock(hazard.on, hazard_row(HazardKind::kReplaceView, facts_.version).lock);
  }
}

void Survey::follow(const dialect::Statement& statement) {
  const bool is_text = statement.data_step == nullptr && statement.backfill == nullptr;
  if (!is_postgresql_ || !is_text) return;
  const bool is_in_doubt = !catalog_.is_whole && may_find_it_there(statement);
  std::set<ObjectName> before;
  if (is_in_doubt) {
    for (const auto& [name, relation] : catalog_.relations) before.insert(name);
  }
  postgresql::follow(statement.sql, catalog_);
  if (!is_in_doubt) return;
  for (auto& [name, relation] : catalog_.relations) {
    if (!before.contains(name)) relation.is_new = false;
  }
}

}  // namespace capo::lint
