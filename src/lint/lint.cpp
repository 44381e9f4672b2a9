#include "lint/lint.hpp"

#include <algorithm>

#include "lint/postgresql/features.hpp"

namespace capo::lint {
namespace {

bool is_reserved(std::string_view dialect, std::string_view word) {
  const dialect::Dialect* known = dialect::find_dialect(dialect);
  return known != nullptr && known->is_reserved(word);
}

/// Of the tables that it reads or writes whole, the largest; -1 if one is not known.
double rows_of(const Effects& effects, const Catalog& catalog) {
  double most = -1;
  for (const std::vector<ObjectName>* tables :
       {&effects.rewrites, &effects.builds, &effects.scans}) {
    for (const ObjectName& table : *tables) {
      const KnownRelation* known = catalog.find(table);
      if (known == nullptr || !known->rows) return -1;
      most = std::max(most, *known->rows);
    }
  }
  return most;
}

Subject subject_of(const Material& material, Survey& survey, const dialect::Dialect& dialect) {
  Subject subject{.dialect = std::string(dialect.name()),
                  .revision = material.revision,
                  .path = material.path,
                  .is_upgrade = material.is_upgrade,
                  .has_downgrade = material.has_downgrade,
                  .longest_name = dialect.longest_name(),
                  .is_reserved = is_reserved};
  int transaction = 1;
  bool was_alone = false;
  for (const dialect::Statement& statement : material.statements) {
    Judged judged{.statement = statement};
    judged.effects = survey.next(statement);
    judged.rows = rows_of(judged.effects, survey.catalog());
    if (statement.data_step == nullptr && statement.backfill == nullptr) {
      judged.features = postgresql::features(statement.sql);
    }
    // One that stands alone ends the transaction before it.
    if (!statement.transactional) {
      was_alone = true;
    } else {
      if (was_alone) ++transaction;
      was_alone = false;
      judged.transaction = transaction;
    }
    subject.statements.push_back(std::move(judged));
  }
  return subject;
}

int last_line(const dialect::Statement& statement) {
  return statement.origin.line +
         static_cast<int>(std::count(statement.sql.begin(), statement.sql.end(), '\n'));
}

/// An allowance in a section is for the first statement that ends behind it.
bool covers(const Allowance& allowance, const Finding& finding, const Material& material) {
  if (allowance.is_for_file || finding.at.line == 0) return allowance.is_for_file;
  const dialect::Statement* next = nullptr;
  for (const dialect::Statement& statement : material.statements) {
    if (statement.origin.line == 0 || last_line(statement) < allowance.line) continue;
    if (next == nullptr || statement.origin.line < next->origin.line) next = &statement;
  }
  return next != nullptr && next->origin == finding.at;
}

void allow(Finding& finding, const Material& material, const std::string& today) {
  for (const Allowance& allowance : material.allowances) {
    const bool names_it = std::find(allowance.rules.begin(), allowance.rules.end(),
                                    finding.rule->id) != allowance.rules.end();
    if (!names_it || !covers(allowance, finding, material)) continue;
    if (!allowance.until.empty() && allowance.until < today) {
      finding.text += " (it was allowed until " + allowance.until + ")";
      continue;
    }
    finding.allowed = allowance.reason;
    return;
  }
}

}  // namespace

std::vector<Finding> lint(const Material& material, Survey& survey, const dialect::Dialect& dialect,
                          const LintOptions& options) {
  const Subject subject = subject_of(material, survey, dialect);
  std::vector<Finding> findings;
  for (const Rule* rule : all_rules()) {
    Findings into(*rule, subject, findings);
    rule->check(subject, into);
  }
  for (Finding& finding : findings) {
    for (const Judged& judged : subject.statements) {
      const bool is_small = judged.statement.origin == finding.at && judged.rows >= 0 &&
                            judged.rows < options.few_rows &&
                            judged.statement.sql == finding.statement;
      if (is_small && finding.rule->id.substr(0, 4) == "CAP1") finding.severity = Severity::kNote;
    }
    allow(finding, material, options.today);
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
  });
  return findings;
}

}  // namespace capo::lint
