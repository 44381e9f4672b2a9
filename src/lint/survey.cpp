#include "lint/survey.hpp"

#include "lint/notes.hpp"
#include "lint/postgresql/judge.hpp"

namespace capo::lint {

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
  return postgresql::on_others(
      postgresql::judge(statement.sql, catalog_,
                        {.version = facts_.version, .is_utc = facts_.is_utc}),
      catalog_);
}

void Survey::follow(const dialect::Statement& statement) {
  const bool is_text = statement.data_step == nullptr && statement.backfill == nullptr;
  if (is_postgresql_ && is_text) {
    postgresql::follow(statement.sql, catalog_);
  }
}

}  // namespace capo::lint
