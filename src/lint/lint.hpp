#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/dialect.hpp"
#include "lint/allow.hpp"
#include "lint/rule.hpp"
#include "lint/survey.hpp"

namespace capo::lint {

/// One direction of a revision, as it would run.
struct Material {
  std::string revision = {};
  std::string path = {};
  bool is_upgrade = true;
  bool has_downgrade = true;
  std::vector<dialect::Statement> statements = {};
  std::vector<Allowance> allowances = {};
};

struct LintOptions {
  /// `2026-11-28`: what was allowed until a day before counts again.
  std::string today = {};
  /// Tables with fewer rows than this are done in no time: what would be an error for them is a
  /// note. Only where the rows are known.
  double few_rows = 10'000;
};

/// What rules say of it; `survey` is what is there before it, and goes along. In the order of the
/// statements, of one in the order of the rules. What the file allows is in it, marked.
std::vector<Finding> lint(const Material& material, Survey& survey, const dialect::Dialect& dialect,
                          const LintOptions& options);

}  // namespace capo::lint
