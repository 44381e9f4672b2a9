#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "http/exchange.hpp"

/// Versions of what is answered, so that of two tabs the second does not undo what the first did.
namespace gpra {

/// `"3f…"`: the same for the same value, another for another.
std::string etag_of(const nlohmann::json& value);
/// 200 with the value and its ETag; 304 if the sender has it already.
Response answer_with_etag(const Request& request, const nlohmann::json& value, int status = 200);
/// Throws Problem 412 unless If-Match names the version of `current`, or is `*`.
void require_match(const Request& request, const nlohmann::json& current);

}  // namespace gpra
