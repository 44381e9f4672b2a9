#pragma once

#include <nlohmann/json.hpp>

#include "http/route.hpp"

namespace gpra {

/// Who the caller is: `{"id": 7, "username": "ada", …}`.
nlohmann::json account_of(Context& context);

}  // namespace gpra
