#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace capo::config {

/// A duration as PostgreSQL's settings write it: a number, with a fraction if need be, and one of
/// the units `us`, `ms`, `s`, `min`, `h`, `d`; milliseconds without a unit. Rounded to
/// milliseconds, but never to none; at most 2147483647 of them (PostgreSQL's limit, 24 days).
/// Nothing if it is anything else.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The forms that parse_duration() takes, in words for an error's hint.
inline constexpr std::string_view kDurationForms =
    "a number and a unit (us, ms, s, min, h, d), e.g. 500ms, 5s or 2min";

}  // namespace capo::config
