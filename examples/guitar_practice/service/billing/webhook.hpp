#pragma once

#include "config.hpp"
#include "db/database.hpp"

namespace gpra {

/// What Stripe has sent and could not be used then: a price that has a tier by now. Called at the
/// start of the service, which is when the configuration may have changed.
void take_up_stripe_events(Database& database, const Config& config);

}  // namespace gpra
