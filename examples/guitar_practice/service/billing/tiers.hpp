#pragma once

#include <array>
#include <optional>
#include <string_view>

/// What is sold.
namespace gpra {

struct Tier {
  std::string_view name;
  std::optional<int> items;     ///< nothing: no limit
  std::optional<int> routines;  ///< likewise
  bool autocreate;              ///< chord charts made from a file or a video
  int dollars;                  ///< a month
};

/// From the least to the most.
inline constexpr std::array<Tier, 5> kTiers = {
    {{"free", 15, 1, false, 0},
     {"basic", 80, 5, false, 3},
     {"standard", 200, 10, true, 6},
     {"pro", 600, 25, true, 12},
     {"unlimited", std::nullopt, std::nullopt, true, 20}}};

/// Free for a name that is none.
constexpr const Tier& find_tier(std::string_view name) {
  for (const Tier& tier : kTiers) {
    if (tier.name == name) return tier;
  }
  return kTiers.front();
}

}  // namespace gpra
