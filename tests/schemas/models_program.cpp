// capo_schemas_program LIBRARY ARGUMENT…: capo as the program of a project whose models are in a
// shared library; `capo_models` in it points to the function.

#include <dlfcn.h>

#include <cstdio>

#include "capo/capo.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: capo_schemas_program LIBRARY ARGUMENT...\n", stderr);
    return 2;
  }
  void* const library = ::dlopen(argv[1], RTLD_NOW);
  void* const symbol = library != nullptr ? ::dlsym(library, "capo_models") : nullptr;
  if (symbol == nullptr) {
    std::fprintf(stderr, "%s\n", ::dlerror());
    return 2;
  }
  capo::Project project;
  project.models = *static_cast<capo::MetaData (**)()>(symbol);
  argv[1] = argv[0];
  return capo::run(argc - 1, argv + 1, project);
}
