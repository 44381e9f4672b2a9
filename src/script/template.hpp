#pragma once

#include <string>
#include <string_view>

/// The template of new revisions, `script.sql.tmpl` in the project's script directory.
namespace capo::script {

/// What the tokens stand for. Values may hold line breaks.
struct TemplateValues {
  std::string message = {};
  std::string up_revision = {};
  std::string down_revision = {};  ///< several separated by `, `
  std::string create_date = {};
  std::string branch_labels = {};
  std::string depends_on = {};
  std::string upgrades = {};    ///< SQL
  std::string downgrades = {};  ///< SQL
};

/// The file's name in a script directory.
constexpr std::string_view kRevisionTemplateName = "script.sql.tmpl";

/// The text of a new revision. `${name}` is replaced, `$$` is a `$`, any other `$` stands for
/// itself.
///
/// A line whose only token is `${branch_labels}`, `${depends_on}`, `${upgrades}` or `${downgrades}`
/// is left out when that is empty. A value of several lines repeats what stands before the token in
/// its line, so that a comment stays one. Lines that hold tokens lose white space at their end.
/// Line breaks are LF.
///
/// Throws Error{kScript} with position for an unknown token.
std::string fill_template(std::string_view text, const std::string& path,
                          const TemplateValues& values);

}  // namespace capo::script
