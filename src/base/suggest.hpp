#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace capo::base {

/// Number of insertions, deletions, substitutions and swaps of neighbours that turn one text into
/// the other.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate that a mistyped `word` most likely meant, or nothing if none is near. Ties go to
/// the first.
std::optional<std::string> closest(std::string_view word,
                                   const std::vector<std::string>& candidates);
/// The same for what people also cut short: else the only candidate that begins with `word`.
std::optional<std::string> closest_or_longer(std::string_view word,
                                             const std::vector<std::string>& candidates);

}  // namespace capo::base
