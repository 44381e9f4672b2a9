#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace gpra {

/// What routes answer with, by the name that Route::answers gives: JSON Schema, as OpenAPI 3.1 has
/// it. A route that answers with something new adds it here; a test asks each route and compares.
const std::map<std::string, nlohmann::json>& answer_schemas();

}  // namespace gpra
