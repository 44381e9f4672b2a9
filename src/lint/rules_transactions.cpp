// CAP2xx: what stands together in one transaction, or does not.

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "lint/rule.hpp"

namespace capo::lint {
namespace {

using K = HazardKind;

bool reads_rows(const Judged& judged) {
  const Effects& effects = judged.effects;
  return !effects.scans.empty() || !effects.rewrites.empty() || !effects.builds.empty() ||
         !effects.rebuilds.empty();
}

/// A lock that keeps readers out is held until the transaction ends, so whatever comes after it
/// counts.
void check_work_after_lock(const Subject& subject, Findings& findings) {
  std::map<int, std::string> locked;
  for (const Judged& judged : subject.statements) {
    if (judged.transaction == 0) continue;
    const auto before = locked.find(judged.transaction);
    if (before != locked.end() && (reads_rows(judged) || judged.features.writes_every_row)) {
      findings.add(judged,
                   before->second + " stays locked for everybody while this reads or writes rows");
    }
    for (const RelationLock& lock : judged.effects.locks) {
      if (blocks_reads(lock.mode)) locked.emplace(judged.transaction, lock.relation.text());
    }
  }
}

void check_several_locks(const Subject& subject, Findings& findings) {
  std::map<int, std::set<std::string>> locked;
  std::set<int> said;
  for (const Judged& judged : subject.statements) {
    if (judged.transaction == 0) continue;
    std::set<std::string>& tables = locked[judged.transaction];
    for (const RelationLock& lock : judged.effects.locks) {
      if (blocks_reads(lock.mode) && !lock.is_index) tables.insert(lock.relation.text());
    }
    if (tables.size() < 3 || !said.insert(judged.transaction).second) continue;
    std::string all;
    for (const std::string& table : tables) all += (all.empty() ? "" : ", ") + table;
    findings.add(judged, "one transaction locks several tables for everybody: " + all);
  }
}

void check_validate(const Subject& subject, Findings& findings) {
  std::map<std::string, int> not_valid;  // the constraint, and its transaction
  for (const Judged& judged : subject.statements) {
    for (const Hazard& hazard : judged.effects.hazards) {
      const std::string constraint = hazard.on.text() + "." + hazard.object;
      if (hazard.kind == K::kAddCheckNotValid || hazard.kind == K::kAddForeignKeyNotValid) {
        not_valid[constraint] = judged.transaction;
      }
      const bool validates =
          hazard.kind == K::kValidateCheck || hazard.kind == K::kValidateForeignKey;
      const auto added = not_valid.find(constraint);
      if (validates && added != not_valid.end() && added->second == judged.transaction &&
          judged.transaction != 0) {
        findings.add(judged, "the lock that NOT VALID was to keep short is held while " +
                                 constraint + " is validated");
      }
    }
  }
}

void check_mixing(const Subject& subject, Findings& findings) {
  std::set<int> defined;
  for (const Judged& judged : subject.statements) {
    if (judged.transaction == 0) continue;
    if (judged.features.defines && blocks_writes(judged.effects.strongest())) {
      defined.insert(judged.transaction);
    }
    const bool is_late = defined.contains(judged.transaction);
    const bool writes_old = std::any_of(
        judged.effects.hazards.begin(), judged.effects.hazards.end(), [](const Hazard& hazard) {
          return hazard.kind == K::kUpdate || hazard.kind == K::kDelete;
        });
    if (is_late && writes_old) {
      findings.add(judged,
                   "rows are written in the transaction that has changed the schema: its "
                   "locks last as long");
    }
  }
}

void check_big_write(const Subject& subject, Findings& findings) {
  for (const Judged& judged : subject.statements) {
    if (!judged.features.writes_every_row || judged.effects.hazards.empty()) continue;
    findings.add(judged,
                 "every row is written in one transaction: each stays locked until it "
                 "ends, and the dead ones stay until a VACUUM");
  }
}

void check_concurrently(const Subject& subject, Findings& findings) {
  for (const Judged& judged : subject.statements) {
    if (judged.features.is_concurrent && judged.transaction != 0) {
      findings.add(judged, "CONCURRENTLY cannot run inside a transaction");
    }
  }
}

void check_control(const Subject& subject, Findings& findings) {
  for (const Judged& judged : subject.statements) {
    if (judged.features.controls_transaction) {
      findings.add(judged, "capo begins and ends transactions itself");
    }
  }
}

void check_guard(const Subject& subject, Findings& findings) {
  for (const Judged& judged : subject.statements) {
    if (judged.transaction == 0 && judged.features.lacks_guard) {
      findings.add(judged,
                   "commits by itself; after a crash it may have to run again, and fails "
                   "then");
    }
  }
}

void check_invalid_index(const Subject& subject, Findings& findings) {
  for (const Judged& judged : subject.statements) {
    for (const Hazard& hazard : judged.effects.hazards) {
      if (hazard.kind == K::kCreateIndexConcurrently && judged.features.has_if_not_exists) {
        findings.add(judged, "an index " + hazard.object +
                                 " that an interrupted build left invalid counts as there");
      }
    }
  }
}

constexpr auto kRules = std::to_array<Rule>({
    {.id = "CAP201",
     .name = "work-after-lock",
     .severity = Severity::kError,
     .summary = "rows are read or written while a table is locked for everybody",
     .why = "Locks are held until the transaction ends: an instant ALTER TABLE followed by a long "
            "statement is a long ALTER TABLE.",
     .instead = "the long statement in a revision of its own, before or after",
     .check = check_work_after_lock},
    {.id = "CAP202",
     .name = "several-tables-locked",
     .severity = Severity::kNote,
     .summary = "one transaction locks three tables or more for everybody",
     .why = "Each has to wait for all who use it while the ones before it are closed, and two such "
            "transactions can deadlock.",
     .instead = "a revision for each table, or transaction_per_migration",
     .check = check_several_locks},
    {.id = "CAP203",
     .name = "validated-at-once",
     .severity = Severity::kError,
     .summary = "VALIDATE CONSTRAINT in the transaction that has added it NOT VALID",
     .why = "The strong lock of ADD CONSTRAINT is still held, so nothing is won.",
     .instead = "VALIDATE CONSTRAINT in a later revision, or a section with transaction=off",
     .check = check_validate},
    {.id = "CAP204",
     .name = "schema-and-rows",
     .severity = Severity::kWarning,
     .summary = "a change of the schema and of rows in one transaction",
     .why = "The locks of the one last as long as the other takes.",
     .instead =
         "a revision for the schema and one for the rows, or -- capo:backfill, which commits "
         "in batches",
     .check = check_mixing},
    {.id = "CAP205",
     .name = "every-row-at-once",
     .severity = Severity::kWarning,
     .summary = "an UPDATE or DELETE of every row in one transaction",
     .why = "Writers of these rows wait until it ends, replicas fall behind, the table doubles.",
     .instead = "-- capo:backfill above the UPDATE: batches, resumable, throttled",
     .check = check_big_write},
    {.id = "CAP206",
     .name = "concurrently-in-transaction",
     .severity = Severity::kError,
     .summary = "CONCURRENTLY inside a transaction",
     .why = "PostgreSQL refuses it.",
     .instead = "-- capo:upgrade transaction=off; in C++ .transactional = false",
     .check = check_concurrently},
    {.id = "CAP207",
     .name = "transaction-control",
     .severity = Severity::kError,
     .summary = "BEGIN, COMMIT, ROLLBACK in a revision",
     .why = "It would end capo's own transaction, with the version row in it.",
     .instead = "leave it out",
     .check = check_control},
    {.id = "CAP208",
     .name = "cannot-run-again",
     .severity = Severity::kNote,
     .summary = "a statement outside a transaction without IF [NOT] EXISTS",
     .why = "capo's journal knows what has run; whoever runs the script by hand does not.",
     .instead = "IF NOT EXISTS, IF EXISTS",
     .check = check_guard},
    {.id = "CAP209",
     .name = "index-if-not-exists",
     .severity = Severity::kWarning,
     .summary = "CREATE INDEX CONCURRENTLY IF NOT EXISTS takes an invalid index for the real one",
     .why = "A build that was interrupted leaves an index that is written and never used; IF NOT "
            "EXISTS sees its name and does nothing. capo drops one that its own run has left.",
     .instead = "DROP INDEX CONCURRENTLY IF EXISTS before it, or leave IF NOT EXISTS out",
     .check = check_invalid_index},
});

}  // namespace

std::span<const Rule> transaction_rules() { return kRules; }

}  // namespace capo::lint
