#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/terminal.hpp"
#include "lint/rule.hpp"

/// What lint has found, in the forms that people and programs read. Paths are said relative to
/// `directory` where they lie below it.
namespace capo::cli {

struct FindingsText {
  const std::vector<lint::Finding>& findings;
  const std::string& directory;
};

std::string in_words(const FindingsText& text);
base::Json in_json(const FindingsText& text);
/// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), which code hosts show beside the
/// lines.
base::Json in_sarif(const FindingsText& text);
/// Workflow commands of GitHub: `::error file=…,line=…::…`.
std::string as_annotations(const FindingsText& text);

/// `2 errors, 1 warning, 3 notes; 1 allowed`.
std::string counts(const std::vector<lint::Finding>& findings);
std::string_view form_instead(const lint::Finding& finding);

}  // namespace capo::cli
