#pragma once

#include "http/route.hpp"

/// What each tier may have.
namespace gpra {

enum class Limited { kItems, kRoutines, kAutocreate };

/// Throws Problem 402 that names the tier which would allow one more. Until the transaction ends no
/// other of the same user gets past here, so that two requests at once cannot pass the limit
/// together. A subscription that is neither `active` nor `trialing` counts as `free`.
void require_room(Context& context, Limited what);

/// `{"tier": "basic", "status": "active", "limits": {…}, "used": {…}}`
nlohmann::json subscription_of(Context& context);

}  // namespace gpra
