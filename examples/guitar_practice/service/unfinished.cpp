// Parts that are being built; each takes its line away.

#include "http/route.hpp"

namespace gpra {

void add_routine_routes(std::vector<Route>&) {}
void add_chord_routes(std::vector<Route>&) {}
void add_export_routes(std::vector<Route>&) {}
void add_page_routes(std::vector<Route>&) {}

}  // namespace gpra
