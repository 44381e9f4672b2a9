// gpra-migrate: the migrations of Guitar Practice as one program, with every revision in it.

#include <capo/capo.hpp>

#include "app/models.hpp"

int main(int argc, char** argv) {
  capo::Project project = capo::embedded_project();
  project.models = gpra::models;
  return capo::run(argc, argv, project);
}
