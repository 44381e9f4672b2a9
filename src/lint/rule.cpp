#include "lint/rule.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace capo::lint {

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::kNote:
      return "note";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "note";
}

void Findings::add(const Judged& judged, std::string text, std::string instead) {
  into_.push_back({.rule = &rule_,
                   .severity = rule_.severity,
                   .text = std::move(text),
                   .instead = std::move(instead),
                   .revision = subject_.revision,
                   .at = judged.statement.origin,
                   .statement = judged.statement.sql});
}

void Findings::add(std::string text, std::string instead) {
  into_.push_back({.rule = &rule_,
                   .severity = rule_.severity,
                   .text = std::move(text),
                   .instead = std::move(instead),
                   .revision = subject_.revision,
                   .at = {.file = subject_.path}});
}

std::vector<const Rule*> all_rules() {
  std::vector<const Rule*> all;
  for (const std::span<const Rule> rules :
       {lock_rules(), transaction_rules(), data_rules(), type_rules(), revision_rules()}) {
    for (const Rule& rule : rules) all.push_back(&rule);
  }
  return all;
}

const Rule* find_rule(std::string_view id_or_name) {
  const std::vector<const Rule*> all = all_rules();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Rule* rule) {
    return base::equals_ignoring_case(rule->id, id_or_name) ||
           base::equals_ignoring_case(rule->name, id_or_name);
  });
  return found == all.end() ? nullptr : *found;
}

}  // namespace capo::lint
