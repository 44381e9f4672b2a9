// gpra-migrate: the migrations of Guitar Practice as one program, with every revision in it.

#include <capo/capo.hpp>

#include "app/models.hpp"

namespace {

// What the migrations keep for themselves, and no model declares: the triggers with their function,
// the numbers of users, which only PostgreSQL has, and the list of what 002 has assigned.
bool is_modelled(capo::ObjectKind kind, std::string_view, std::string_view name) {
  return kind != capo::ObjectKind::kFunction && kind != capo::ObjectKind::kTrigger &&
         kind != capo::ObjectKind::kSequence && name != "admin_assigned_rows";
}

}  // namespace

int main(int argc, char** argv) {
  capo::Project project = capo::embedded_project();
  project.models = gpra::models;
  project.include_name = is_modelled;
  return capo::run(argc, argv, project);
}
