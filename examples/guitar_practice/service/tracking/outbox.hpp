#pragma once

#include "http/route.hpp"

/// What happened, for product analytics. It is written down in the user's own transaction, so that
/// what was rolled back never happened, and sent later by somebody else (see exporter.hpp).
namespace gpra {

/// Of the user whose transaction it is. Nothing is kept unless POSTHOG_KEY is set. In `properties`
/// is what was done, and nothing that somebody wrote: no titles, no notes.
void record(Context& context, const char* event,
            const nlohmann::json& properties = nlohmann::json::object());

}  // namespace gpra
