#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace capo::base {

/// A time as PostgreSQL's settings write it: a whole number and `ms`, `s`, `min` (or `m`) or `h`,
/// with or without a space between; a number alone counts milliseconds. Nothing for anything else,
/// a negative number, or more than 24 days (what a server's 32 bits hold).
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// For people: `35 ms`, `1.2 s`, `2 min 5 s`.
std::string describe(std::chrono::milliseconds duration);

}  // namespace capo::base
