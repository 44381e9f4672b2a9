// CAP5xx: the revision as such.

#include <array>

#include "lint/rule.hpp"

namespace capo::lint {
namespace {

void check_downgrade(const Subject& subject, Findings& findings) {
  if (subject.is_upgrade && !subject.has_downgrade && !subject.statements.empty()) {
    findings.add("nothing takes revision " + subject.revision + " back");
  }
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "CAP501",
     .name = "no-downgrade",
     .severity = Severity::kWarning,
     .summary = "an upgrade without a downgrade",
     .why = "When the deployment has to go back, the database cannot.",
     .instead = "write the -- capo:downgrade section; if there is no way back, say so: "
                "-- capo-lint: allow CAP501 reason=\"…\"",
     .check = check_downgrade},
});

}  // namespace

std::span<const Rule> revision_rules() { return kRules; }

}  // namespace capo::lint
