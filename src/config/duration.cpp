#include "config/duration.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "base/text.hpp"

namespace capo::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t microseconds;
};
constexpr std::array<Unit, 7> kUnits = {{{"", 1'000},
                                         {"us", 1},
                                         {"ms", 1'000},
                                         {"s", 1'000'000},
                                         {"min", 60'000'000},
                                         {"h", 3'600'000'000},
                                         {"d", 86'400'000'000}}};
constexpr std::int64_t kMaximum = std::numeric_limits<std::int32_t>::max();

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && base::is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

// 0.digits of `whole`, rounded down; six digits are finer than anyone can mean.
std::int64_t fraction_of(std::int64_t whole, std::string_view digits) {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  for (const char digit : digits.substr(0, 6)) {
    numerator = numerator * 10 + (digit - '0');
    denominator *= 10;
  }
  return whole * numerator / denominator;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  text = base::trim(text);
  const std::string_view whole_digits = take_digits(text);
  std::string_view fraction_digits;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction_digits = take_digits(text);
  }
  if (whole_digits.empty() && fraction_digits.empty()) return std::nullopt;
  const auto whole = whole_digits.empty() ? 0 : base::parse_integer(whole_digits);
  if (!whole) return std::nullopt;

  for (const Unit& unit : kUnits) {
    if (base::trim(text) != unit.name) continue;
    // Also keeps the multiplication below from overflowing.
    if (*whole > kMaximum * 1'000 / unit.microseconds) return std::nullopt;
    const std::int64_t microseconds =
        *whole * unit.microseconds + fraction_of(unit.microseconds, fraction_digits);
    // Never rounded to 0, which would switch a timeout off.
    const bool is_zero =
        *whole == 0 && fraction_digits.find_first_not_of('0') == std::string_view::npos;
    const std::int64_t milliseconds =
        is_zero ? 0 : std::max<std::int64_t>((microseconds + 500) / 1'000, 1);
    if (milliseconds > kMaximum) return std::nullopt;
    return std::chrono::milliseconds(milliseconds);
  }
  return std::nullopt;
}

}  // namespace capo::config
