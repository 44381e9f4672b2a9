// CAP3xx: what is lost, and what breaks the programs that are running.

#include <algorithm>
#include <array>
#include <initializer_list>

#include "lint/rule.hpp"

namespace capo::lint {
namespace {

using K = HazardKind;

template <class Say>
void for_each(const Subject& subject, std::initializer_list<K> kinds, Say say) {
  for (const Judged& judged : subject.statements) {
    for (const Hazard& hazard : judged.effects.hazards) {
      if (std::find(kinds.begin(), kinds.end(), hazard.kind) != kinds.end()) say(judged, hazard);
    }
  }
}

/// A downgrade takes away what its upgrade has made; that is what it is for.
void check_destroys(const Subject& subject, Findings& findings) {
  if (!subject.is_upgrade) return;
  for (const Judged& judged : subject.statements) {
    for (const std::string& what : judged.effects.destroys) {
      findings.add(judged, "lost for good: " + what);
    }
  }
}

void check_cascade(const Subject& subject, Findings& findings) {
  for (const Judged& judged : subject.statements) {
    if (judged.features.is_cascade && !judged.effects.hazards.empty()) {
      findings.add(judged, "CASCADE takes along what nobody has named");
    }
  }
}

void check_rename(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kRenameColumn, K::kRenameTable, K::kSetSchema},
           [&](const Judged& judged, const Hazard& hazard) {
             const std::string what =
                 hazard.on.text() + (hazard.object.empty() ? "" : "." + hazard.object);
             findings.add(judged, "programs that know " + what + " by its name fail from now on");
           });
}

void check_drop_column(const Subject& subject, Findings& findings) {
  if (!subject.is_upgrade) return;
  for_each(subject, {K::kDropColumn, K::kDropTable, K::kDropTableReferencing},
           [&](const Judged& judged, const Hazard& hazard) {
             const std::string what =
                 hazard.on.text() + (hazard.object.empty() ? "" : "." + hazard.object);
             if (hazard.kind != K::kDropTableReferencing) {
               findings.add(judged, "programs that still use " + what + " fail from now on");
             }
           });
}

void check_required(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kAddColumnRequired}, [&](const Judged& judged, const Hazard& hazard) {
    findings.add(judged, hazard.on.text() + "." + hazard.object +
                             " is NOT NULL and has no default: it fails if there are rows");
  });
}

void check_drop_not_null(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kDropNotNull}, [&](const Judged& judged, const Hazard& hazard) {
    findings.add(judged, "programs that read " + hazard.on.text() + "." + hazard.object +
                             " may not expect NULL");
  });
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "CAP301",
     .name = "destroys-data",
     .severity = Severity::kWarning,
     .summary = "rows or values are lost, and no downgrade brings them back",
     .why = "A downgrade makes the table or column again, empty.",
     .instead = "stop using it in one release, drop it in a later one; keep a copy",
     .check = check_destroys},
    {.id = "CAP302",
     .name = "cascade",
     .severity = Severity::kWarning,
     .summary = "DROP … CASCADE, TRUNCATE … CASCADE",
     .why = "It drops views, foreign keys and rows of other tables that are not named, and on "
            "production perhaps others than here.",
     .instead = "name what goes",
     .check = check_cascade},
    {.id = "CAP303",
     .name = "rename-breaks-programs",
     .severity = Severity::kWarning,
     .summary = "a table or column gets another name while programs are running",
     .why = "Old and new program run side by side during a deployment; one of them fails.",
     .instead = "add the new one, keep both the same, move the programs over, drop the old one; of "
                "a table: a view under the old name",
     .check = check_rename},
    {.id = "CAP304",
     .name = "drop-breaks-programs",
     .severity = Severity::kNote,
     .summary = "a table or column goes while programs are running",
     .why = "A program that still selects it fails, also through SELECT *.",
     .instead = "a release that no longer uses it comes first",
     .check = check_drop_column},
    {.id = "CAP305",
     .name = "required-without-default",
     .severity = Severity::kError,
     .summary = "a new column that is NOT NULL and has no default",
     .why = "It fails on a table with rows, and so does every INSERT of a program that does not "
            "know it.",
     .instead = "a default; or nullable first, filled, then NOT NULL (CAP105)",
     .check = check_required},
    {.id = "CAP306",
     .name = "may-be-null-now",
     .severity = Severity::kNote,
     .summary = "DROP NOT NULL",
     .why = "Whoever reads the column may rely on it.",
     .instead = "look at who reads it first",
     .check = check_drop_not_null},
});

}  // namespace

std::span<const Rule> data_rules() { return kRules; }

}  // namespace capo::lint
