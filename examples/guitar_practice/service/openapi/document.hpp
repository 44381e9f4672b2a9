#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "http/route.hpp"

namespace gpra {

/// What programs may ask, in OpenAPI 3.1: made of the routes under /api/. Throws std::logic_error
/// for a route that answers with something that answer_schemas() does not know, or does not say
/// with what.
nlohmann::json openapi_document(const std::vector<Route>& routes);

}  // namespace gpra
