#pragma once

#include <string_view>
#include <vector>

#include "capo/operation.hpp"

/// Operations whose inverse is known, and a schema on which they can be carried out, for
/// "postgresql" and "sqlite".
namespace capo::test {

std::vector<Operation> reversal_base(std::string_view dialect);
std::vector<Operation> reversible(std::string_view dialect);

}  // namespace capo::test
