#include "http/route.hpp"

namespace gpra {

const std::vector<Route>& all_routes() {
  static const std::vector<Route> routes = [] {
    std::vector<Route> all;
    add_account_routes(all);
    add_item_routes(all);
    add_routine_routes(all);
    add_chord_routes(all);
    add_export_routes(all);
    add_billing_routes(all);
    add_page_routes(all);
    add_openapi_routes(all);
    return all;
  }();
  return routes;
}

}  // namespace gpra
