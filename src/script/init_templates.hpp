#pragma once

#include <span>
#include <string_view>

/// What `init` writes into a new project, kept in the program itself.
namespace capo::script {

struct InitTemplate {
  std::string_view name;
  std::string_view summary;              ///< one line, for `list_templates`
  std::string_view ini;                  ///< `${script_location}` stands for the script directory
  std::string_view environment_example;  ///< `.env.example`
  std::string_view readme;
  std::string_view sql_template;  ///< `script.sql.tmpl`
  /// For revisions in C++; empty for SQL alone. `${target}` in them, and in the ini, stands for the
  /// program's name.
  std::string_view cpp_template = {};  ///< `script.cpp.tmpl`
  std::string_view program = {};       ///< `env.cpp`
  std::string_view build_file = {};    ///< `CMakeLists.txt`
};

std::span<const InitTemplate> init_templates();
/// Stands for `${program_keys}` in the ini of a project that is compiled.
std::string_view program_keys();
/// Null if there is none of that name. Alembic's name for the plain one, `generic`, finds the plain
/// one here.
const InitTemplate* find_init_template(std::string_view name);
/// The templates of new revisions for a project that has none of its own.
std::string_view default_sql_template();
std::string_view default_cpp_template();

}  // namespace capo::script
