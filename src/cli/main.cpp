#include "capo/capo.hpp"

int main(int argc, char** argv) { return capo::run(argc, argv); }
