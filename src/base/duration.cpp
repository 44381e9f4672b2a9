#include "base/duration.hpp"

#include <limits>

#include "base/text.hpp"

namespace capo::base {
namespace {

std::optional<long long> milliseconds_of_unit(std::string_view unit) {
  if (unit.empty() || unit == "ms") return 1;
  if (unit == "s") return 1000;
  if (unit == "min" || unit == "m") return 60 * 1000;
  if (unit == "h") return 60 * 60 * 1000;
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  text = trim(text);
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  const auto number = parse_integer(text.substr(0, digits));
  const auto unit = milliseconds_of_unit(trim(text.substr(digits)));
  if (digits == 0 || !number || !unit) return std::nullopt;
  if (*number > std::numeric_limits<int>::max() / *unit) return std::nullopt;
  return std::chrono::milliseconds(*number * *unit);
}

std::string describe(std::chrono::milliseconds duration) {
  const long long total = duration.count();
  if (total < 1000) return std::to_string(total) + " ms";
  if (total < 60'000) {
    return std::to_string(total / 1000) + '.' + std::to_string(total % 1000 / 100) + " s";
  }
  const long long seconds = total / 1000;
  return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
}

}  // namespace capo::base
