#pragma once

#include <string>
#include <string_view>

/// The templates of new revisions, `script.sql.tmpl` and `script.cpp.tmpl` in the project's script
/// directory.
namespace capo::script {

/// What the tokens stand for. Values may hold line breaks. Names in lists are separated by `, `;
/// for C++ each is a literal.
struct TemplateValues {
  std::string message = {};
  std::string up_revision = {};
  std::string down_revision = {};
  std::string create_date = {};
  std::string branch_labels = {};
  std::string depends_on = {};
  std::string upgrades = {};    ///< SQL, or statements in C++
  std::string downgrades = {};  ///< likewise
  /// Only for C++, and empty for SQL: what CAPO_REVISION begins with.
  std::string token = {};
  std::string id_literal = {};  ///< empty if the token is the id
  std::string message_literal = {};
};

/// The files' names in a script directory.
constexpr std::string_view kSqlTemplateName = "script.sql.tmpl";
constexpr std::string_view kCppTemplateName = "script.cpp.tmpl";

/// The text of a new revision. `${name}` is replaced, `$$` is a `$`, any other `$` stands for
/// itself.
///
/// A line whose only token is `${branch_labels}`, `${depends_on}`, `${upgrades}`, `${downgrades}`,
/// or in C++ `${id_literal}` or `${down_revision}`, is left out when that is empty. A value of
/// several lines repeats what stands before the token in its line, so that a comment stays one.
/// Lines that hold tokens lose white space at their end. Line breaks are LF.
///
/// Throws Error{kScript} with position for an unknown token.
std::string fill_template(std::string_view text, const std::string& path,
                          const TemplateValues& values);

}  // namespace capo::script
