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
  std::string_view revision_template;  ///< `script.sql.tmpl`
};

std::span<const InitTemplate> init_templates();
/// Null if there is none of that name. Alembic's name for the plain one, `generic`, finds the plain
/// one here.
const InitTemplate* find_init_template(std::string_view name);
/// The template of new revisions for a project that has none of its own.
std::string_view default_revision_template();

}  // namespace capo::script
