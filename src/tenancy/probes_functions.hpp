#pragma once

#include <string>
#include <vector>

#include "tenancy/prober.hpp"

namespace capo::tenancy {

/// Calls the functions that the application may call and that come at tenants' rows.
void probe_functions(Prober& prober, const std::vector<std::string>& tenants);

}  // namespace capo::tenancy
