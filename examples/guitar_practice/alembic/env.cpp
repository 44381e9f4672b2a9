// gpra-migrate: the migrations of Guitar Practice as one program, with every revision in it.

#include <capo/capo.hpp>

int main(int argc, char** argv) { return capo::run(argc, argv, capo::embedded_project()); }
