// CAP1xx: who has to wait, and for how long.

#include <algorithm>
#include <array>
#include <initializer_list>

#include "lint/rule.hpp"

namespace capo::lint {
namespace {

using K = HazardKind;

std::string at(const Hazard& hazard) {
  return hazard.on.text() + (hazard.object.empty() ? "" : "." + hazard.object);
}

/// Each hazard of one of these kinds.
template <class Say>
void for_each(const Subject& subject, std::initializer_list<K> kinds, Say say) {
  for (const Judged& judged : subject.statements) {
    for (const Hazard& hazard : judged.effects.hazards) {
      if (std::find(kinds.begin(), kinds.end(), hazard.kind) != kinds.end()) say(judged, hazard);
    }
  }
}

void check_filled_column(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kAddColumnRewriting}, [&](const Judged& judged, const Hazard& hazard) {
    findings.add(judged, "adding " + at(hazard) + " writes every row of " + hazard.on.text() +
                             " anew while nobody can read it");
  });
}

void check_type(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kTypeRewriting, K::kTypeIndexes, K::kTypeChecked},
           [&](const Judged& judged, const Hazard& hazard) {
             const std::string what = hazard.kind == K::kTypeRewriting
                                          ? " writes every row and index anew"
                                          : " reads every row";
             findings.add(judged, "the new type of " + at(hazard) + what +
                                      " while nobody can read the table");
           });
}

void check_check(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kAddCheck, K::kAddColumnChecked},
           [&](const Judged& judged, const Hazard& hazard) {
             findings.add(judged, "the check reads every row of " + hazard.on.text() +
                                      " while nobody can read or write it");
           });
}

void check_foreign_key(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kAddForeignKey, K::kAddColumnReferencingWithDefault},
           [&](const Judged& judged, const Hazard& hazard) {
             findings.add(judged, "the foreign key reads every row of " + hazard.on.text() +
                                      " while nobody can write to it or to " + hazard.other.text());
           });
}

void check_not_null(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kSetNotNull}, [&](const Judged& judged, const Hazard& hazard) {
    findings.add(judged, "SET NOT NULL of " + at(hazard) +
                             " reads every row while nobody can read or write the table");
  });
}

void check_key(const Subject& subject, Findings& findings) {
  for_each(subject,
           {K::kAddUnique, K::kAddPrimaryKey, K::kAddPrimaryKeyNullable, K::kAddColumnUnique,
            K::kAddPrimaryKeyUsingIndexNullable},
           [&](const Judged& judged, const Hazard& hazard) {
             findings.add(judged, "the key of " + hazard.on.text() +
                                      " is built or checked while nobody can read or write it");
           });
}

void check_exclude(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kAddExclude}, [&](const Judged& judged, const Hazard& hazard) {
    findings.add(judged, "the exclusion constraint of " + hazard.on.text() +
                             " is built while nobody can read or write it");
  });
}

void check_index(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kCreateIndex}, [&](const Judged& judged, const Hazard& hazard) {
    findings.add(judged, "the index is built while nobody can write to " + hazard.on.text());
  });
}

void check_drop_index(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kDropIndex}, [&](const Judged& judged, const Hazard& hazard) {
    findings.add(judged, "dropping " + hazard.object + " locks " +
                             (hazard.on.name.empty() ? "its table" : hazard.on.text()) +
                             " for readers and writers");
  });
}

void check_reindex(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kReindex}, [&](const Judged& judged, const Hazard&) {
    findings.add(judged, "REINDEX keeps writers out, and readers that would use the index");
  });
}

void check_drop_foreign_key(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kDropForeignKey, K::kDropTableReferencing},
           [&](const Judged& judged, const Hazard& hazard) {
             findings.add(judged, "with the foreign key goes a lock on " + hazard.other.text() +
                                      " that keeps out its readers and writers, too");
           });
}

void check_partition(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kCreatePartition, K::kAttachPartition, K::kDetachPartition},
           [&](const Judged& judged, const Hazard& hazard) {
             const std::string what =
                 hazard.kind == K::kAttachPartition
                     ? "every row of " + hazard.on.text() + " is read while nobody can use it"
                     : hazard.other.text() + " and all its partitions are closed to everybody";
             findings.add(judged, what);
           });
}

void check_maintenance(const Subject& subject, Findings& findings) {
  for_each(subject,
           {K::kVacuumFull, K::kCluster, K::kSetLogged, K::kSetTablespace, K::kSetAccessMethod,
            K::kRefresh},
           [&](const Judged& judged, const Hazard& hazard) {
             findings.add(judged, hazard.on.text() + " is written anew while nobody can read it");
           });
}

void check_domain(const Subject& subject, Findings& findings) {
  for_each(subject, {K::kDomainCheck, K::kDomainNotNull},
           [&](const Judged& judged, const Hazard& hazard) {
             findings.add(judged, "every row of " + hazard.on.text() +
                                      ", which uses the domain, is read while nobody can write");
           });
}

void check_unknown(const Subject& subject, Findings& findings) {
  for (const Judged& judged : subject.statements) {
    if (!judged.effects.unknown.empty()) {
      findings.add(judged, "not known: " + judged.effects.unknown);
    }
  }
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "CAP101",
     .name = "column-fills-table",
     .severity = Severity::kError,
     .summary = "a new column with a value computed for every row",
     .why = "A volatile default, serial, an identity, a stored expression or a type with "
            "constraints cannot be noted in the catalog: PostgreSQL writes the whole table and all "
            "its indexes anew, under ACCESS EXCLUSIVE. Constant and stable defaults are instant.",
     .instead = "ADD COLUMN without a default; ALTER COLUMN SET DEFAULT; fill the old rows in "
                "batches (-- capo:backfill); then SET NOT NULL by way of a CHECK (CAP105); upgrade "
                "--online does that by itself",
     .check = check_filled_column},
    {.id = "CAP102",
     .name = "type-rewrites-table",
     .severity = Severity::kError,
     .summary = "a type that makes PostgreSQL read or write the whole table",
     .why = "Under ACCESS EXCLUSIVE; a column with a foreign key locks the other table as well. "
            "Only a wider varchar or numeric, varchar to text and a few more keep what is stored.",
     .instead = "a new column of the new type, filled in batches while a trigger keeps both the "
                "same; then the program moves over, and the old column goes",
     .check = check_type},
    {.id = "CAP103",
     .name = "check-validates",
     .severity = Severity::kError,
     .summary = "a CHECK that reads the table under ACCESS EXCLUSIVE",
     .why = "ADD CHECK looks at every row before it lets anybody else in.",
     .instead = "ADD CONSTRAINT … CHECK (…) NOT VALID, and in a later transaction VALIDATE "
                "CONSTRAINT, during which everybody goes on; upgrade --online does that by itself",
     .check = check_check},
    {.id = "CAP104",
     .name = "foreign-key-validates",
     .severity = Severity::kError,
     .summary = "a foreign key that reads both tables while nobody can write",
     .why = "ADD FOREIGN KEY holds SHARE ROW EXCLUSIVE on both tables until every row is checked.",
     .instead = "ADD CONSTRAINT … FOREIGN KEY … NOT VALID, and in a later transaction VALIDATE "
                "CONSTRAINT; upgrade --online does that by itself",
     .check = check_foreign_key},
    {.id = "CAP105",
     .name = "not-null-scans",
     .severity = Severity::kError,
     .summary = "SET NOT NULL that reads the table under ACCESS EXCLUSIVE",
     .why = "It looks at every row, unless a valid CHECK (column IS NOT NULL) has done so before.",
     .instead = "ADD CONSTRAINT c CHECK (column IS NOT NULL) NOT VALID; in a later transaction "
                "VALIDATE CONSTRAINT c; then SET NOT NULL, which is instant; then DROP CONSTRAINT "
                "c; upgrade --online does that by itself",
     .check = check_not_null},
    {.id = "CAP106",
     .name = "key-built-under-lock",
     .severity = Severity::kError,
     .summary = "a UNIQUE or PRIMARY KEY whose index is built under ACCESS EXCLUSIVE",
     .why = "Nobody reads or writes the table until the index is there.",
     .instead = "CREATE UNIQUE INDEX CONCURRENTLY i …; then ADD CONSTRAINT … UNIQUE USING INDEX i; "
                "for a primary key make the columns NOT NULL first (CAP105); upgrade --online does "
                "that by itself",
     .check = check_key},
    {.id = "CAP107",
     .name = "exclude-built-under-lock",
     .severity = Severity::kWarning,
     .summary = "an exclusion constraint on a table that is in use",
     .why = "Its index cannot be built concurrently, and cannot be added afterwards.",
     .instead = "a new table with the constraint, filled in batches; or a quiet hour",
     .check = check_exclude},
    {.id = "CAP108",
     .name = "index-blocks-writes",
     .severity = Severity::kError,
     .summary = "CREATE INDEX without CONCURRENTLY",
     .why = "It holds SHARE: nobody writes to the table until the index is there.",
     .instead = "CREATE INDEX CONCURRENTLY, outside a transaction (-- capo:upgrade "
                "transaction=off); upgrade --online does that by itself",
     .check = check_index},
    {.id = "CAP109",
     .name = "drop-index-blocks",
     .severity = Severity::kWarning,
     .summary = "DROP INDEX without CONCURRENTLY",
     .why = "It is instant, but waits for every reader of the table, and who comes later waits "
            "behind it.",
     .instead =
         "DROP INDEX CONCURRENTLY, outside a transaction; upgrade --online does that by itself",
     .check = check_drop_index},
    {.id = "CAP110",
     .name = "reindex-blocks",
     .severity = Severity::kError,
     .summary = "REINDEX without CONCURRENTLY",
     .why = "It holds SHARE on the table and ACCESS EXCLUSIVE on the index.",
     .instead = "REINDEX … CONCURRENTLY, outside a transaction",
     .check = check_reindex},
    {.id = "CAP111",
     .name = "foreign-key-goes",
     .severity = Severity::kWarning,
     .summary = "a foreign key that goes locks the other table",
     .why = "DROP CONSTRAINT and DROP TABLE take ACCESS EXCLUSIVE on the table that the key refers "
            "to as well, because its triggers go.",
     .instead = "a transaction of its own, with a lock_timeout, and nothing else in it",
     .check = check_drop_foreign_key},
    {.id = "CAP112",
     .name = "partition-locks",
     .severity = Severity::kWarning,
     .summary = "a partition made, attached or detached in a way that locks more than it must",
     .why = "CREATE TABLE … PARTITION OF and DETACH take ACCESS EXCLUSIVE on the parent; ATTACH "
            "reads the partition unless a valid CHECK says what its bounds say.",
     .instead = "CREATE TABLE, ADD CHECK, then ATTACH PARTITION; DETACH PARTITION … CONCURRENTLY",
     .check = check_partition},
    {.id = "CAP113",
     .name = "table-written-anew",
     .severity = Severity::kError,
     .summary = "VACUUM FULL, CLUSTER, SET LOGGED, SET TABLESPACE, REFRESH",
     .why = "The table is written anew under ACCESS EXCLUSIVE.",
     .instead = "a quiet hour; REFRESH MATERIALIZED VIEW CONCURRENTLY",
     .check = check_maintenance},
    {.id = "CAP114",
     .name = "domain-validates",
     .severity = Severity::kWarning,
     .summary = "a constraint of a domain that reads every table which uses it",
     .why = "ALTER DOMAIN holds SHARE on each of them; VALIDATE does, too.",
     .instead = "ADD CONSTRAINT … NOT VALID holds for new rows and locks nothing; VALIDATE in a "
                "quiet hour",
     .check = check_domain},
    {.id = "CAP190",
     .name = "not-judged",
     .severity = Severity::kNote,
     .summary = "a statement that cannot be judged from its text",
     .why = "What runs inside a DO block, a function or an extension's script is not looked into.",
     .instead = "say in plain statements what can be said so; capo rehearse shows what it locks",
     .check = check_unknown},
});

}  // namespace

std::span<const Rule> lock_rules() { return kRules; }

}  // namespace capo::lint
