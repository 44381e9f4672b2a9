#pragma once

#include <string>

namespace gpra {

/// Posts a JSON body; the status of the answer, 0 if there was none. Throws std::invalid_argument
/// for what is no URL of http or https.
int post_json(const std::string& url, const std::string& body);

}  // namespace gpra
