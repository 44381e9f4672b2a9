#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fs.hpp"
#include "base/system.hpp"

/// Time zones from the system's database (TZif files, RFC 8536), read as values: neither `TZ` nor
/// any other state of the process is touched.
namespace capo::base {

/// A rule for all years, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule {
  /// A day of the year, and a time of that day in seconds, which may lie on another one.
  struct Switch {
    enum class Kind { kMonthWeekDay, kJulian, kDayOfYear } kind = Kind::kMonthWeekDay;
    int month = 0;  ///< 1..12
    int week = 0;   ///< 1..5, 5: the last
    int day = 0;    ///< 0..6 from Sunday; 1..365 without 29 February; 0..365
    int time = 2 * 3600;
  };
  int standard_offset = 0;  ///< seconds east of Greenwich
  std::optional<int> summer_offset = {};
  Switch begin = {};
  Switch end = {};
};

/// Nothing if the text is no such rule.
std::optional<ZoneRule> parse_zone_rule(std::string_view text);

class TimeZone {
 public:
  /// Greenwich.
  TimeZone() = default;

  /// By its name in the IANA database (`Europe/Berlin`); nothing if there is none. `UTC` needs no
  /// database. Throws Error{kConfig} for a damaged file.
  static std::optional<TimeZone> find(std::string_view name, const FileSystem& files);
  /// What the process takes for local: `TZ`, or `/etc/localtime`, or else Greenwich.
  static TimeZone local(const Environment& environment, const FileSystem& files);
  /// From the content of a TZif file. Throws Error{kConfig} naming `path`.
  static TimeZone parse(std::string_view content, const std::string& path);

  /// Seconds east of Greenwich at a moment.
  int offset_at(std::chrono::sys_seconds moment) const;

 private:
  struct Transition {
    std::int64_t moment;
    int offset;  // from then on
  };
  int first_offset_ = 0;
  std::vector<Transition> transitions_ = {};
  std::optional<ZoneRule> rule_ = {};  // after the last transition
};

/// A moment as a calendar and a clock show it.
struct CivilTime {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, microsecond = 0;
  int offset = 0;  ///< seconds east of Greenwich
};
CivilTime civil_time(std::chrono::system_clock::time_point moment, const TimeZone& zone);

/// `2026-11-22 06:51:35.112336`, whole seconds without fraction; with `show_offset` followed by
/// `+01:00`.
std::string to_string(const CivilTime& time, bool show_offset);

}  // namespace capo::base
