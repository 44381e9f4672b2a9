#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capo/schema.hpp"

namespace capo::proof {

/// A value as text, which the database converts to the column's type; none: the column is left out.
using Sample = std::optional<std::string>;

/// What a column may hold, the likeliest first. `number` from 1 tells rows apart.
std::vector<Sample> samples(const Column& column, int number);

/// The values that a condition mentions, and those beside its numbers: some of them may meet it.
std::vector<std::string> mentioned_values(std::string_view condition);
/// Whether a condition mentions a column.
bool mentions(std::string_view condition, std::string_view column);

}  // namespace capo::proof
