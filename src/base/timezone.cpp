#include "base/timezone.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "capo/error.hpp"

namespace capo::base {
namespace {

constexpr int kHour = 3600;
constexpr std::int64_t kDay = 86400;

// ---- TZif

// Reads big-endian integers; throws behind the end.
class Bytes {
 public:
  Bytes(std::string_view content, const std::string& path) : rest_(content), path_(path) {}

  std::string_view take(std::size_t count) {
    if (rest_.size() < count) damaged();
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }
  std::uint64_t unsigned_number(std::size_t size) {
    std::uint64_t value = 0;
    for (const char byte : take(size)) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
  }
  std::int32_t number32() {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(unsigned_number(4)));
  }
  std::int64_t number64() { return static_cast<std::int64_t>(unsigned_number(8)); }
  std::string_view rest() const { return rest_; }

  [[noreturn]] void damaged() const {
    throw Error(ErrorCode::kConfig, "the time zone file " + path_ + " is damaged")
        .hint("install the time zone database again (Debian: apt-get install --reinstall tzdata)");
  }

 private:
  std::string_view rest_;
  const std::string& path_;
};

struct Header {
  char version = 0;
  std::size_t ut_indicators = 0, standard_indicators = 0, leaps = 0, times = 0, types = 0,
              letters = 0;

  std::size_t block_size(std::size_t time_size) const {
    return times * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) +
           standard_indicators + ut_indicators;
  }
};

Header read_header(Bytes& bytes) {
  if (bytes.take(4) != "TZif") bytes.damaged();
  Header header;
  header.version = bytes.take(1)[0];
  bytes.take(15);
  for (std::size_t* count : {&header.ut_indicators, &header.standard_indicators, &header.leaps,
                             &header.times, &header.types, &header.letters}) {
    *count = static_cast<std::size_t>(bytes.unsigned_number(4));
  }
  if (header.types == 0 || header.types > 256) bytes.damaged();
  return header;
}

// ---- rules

class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  std::optional<ZoneRule> read() {
    ZoneRule rule;
    int offset = 0;
    if (!name() || !time(offset, 24)) return std::nullopt;
    rule.standard_offset = -offset;
    if (rest_.empty()) return rule;
    if (!name()) return std::nullopt;
    rule.summer_offset = rule.standard_offset + kHour;
    if (!rest_.empty() && rest_.front() != ',') {
      if (!time(offset, 24)) return std::nullopt;
      rule.summer_offset = -offset;
    }
    if (rest_.empty()) rest_ = ",M3.2.0,M11.1.0";  // what the C library takes it for
    if (!accept(',') || !day(rule.begin) || !accept(',') || !day(rule.end) || !rest_.empty())
      return std::nullopt;
    return rule;
  }

 private:
  bool accept(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool name() {
    const bool quoted = accept('<');
    const auto belongs = [&](char c) { return quoted ? c != '>' : is_alpha(c); };
    std::size_t size = 0;
    while (size < rest_.size() && belongs(rest_[size])) ++size;
    rest_.remove_prefix(size);
    return quoted ? accept('>') : size >= 3;
  }

  bool number(int& value, int lowest, int highest) {
    std::size_t size = 0;
    while (size < rest_.size() && size < 4 && is_digit(rest_[size])) ++size;
    const std::optional<long long> read = parse_integer(rest_.substr(0, size));
    if (!read || *read < lowest || *read > highest) return false;
    value = static_cast<int>(*read);
    rest_.remove_prefix(size);
    return true;
  }

  // [+-]hours[:minutes[:seconds]]
  bool time(int& seconds, int most_hours) {
    const int sign = accept('-') ? -1 : 1;
    if (sign > 0) accept('+');
    int hours = 0;
    int minutes = 0;
    int rest = 0;
    if (!number(hours, 0, most_hours)) return false;
    if (accept(':') && !number(minutes, 0, 59)) return false;
    if (accept(':') && !number(rest, 0, 59)) return false;
    seconds = sign * (hours * kHour + minutes * 60 + rest);
    return true;
  }

  bool day(ZoneRule::Switch& day) {
    using Kind = ZoneRule::Switch::Kind;
    if (accept('M')) {
      day.kind = Kind::kMonthWeekDay;
      if (!number(day.month, 1, 12) || !accept('.') || !number(day.week, 1, 5) || !accept('.') ||
          !number(day.day, 0, 6)) {
        return false;
      }
    } else {
      day.kind = accept('J') ? Kind::kJulian : Kind::kDayOfYear;
      if (!number(day.day, day.kind == Kind::kJulian ? 1 : 0, 365)) return false;
    }
    return !accept('/') || time(day.time, 167);
  }

  std::string_view rest_;
};

// Seconds from 1970 to the switch, by the clock on the wall.
std::int64_t switch_in(int year_number, const ZoneRule::Switch& rule) {
  namespace chr = std::chrono;
  const chr::year year{year_number};
  const chr::sys_days new_year = year / chr::January / 1;
  chr::sys_days day = new_year;
  switch (rule.kind) {
    case ZoneRule::Switch::Kind::kMonthWeekDay: {
      const auto month = year / chr::month{static_cast<unsigned>(rule.month)};
      const chr::weekday weekday{static_cast<unsigned>(rule.day)};
      day = rule.week == 5 ? chr::sys_days(month / weekday[chr::last])
                           : chr::sys_days(month / weekday[static_cast<unsigned>(rule.week)]);
      break;
    }
    case ZoneRule::Switch::Kind::kJulian: {
      const bool after_leap_day = year.is_leap() && rule.day >= 60;
      day = new_year + chr::days{rule.day - 1 + (after_leap_day ? 1 : 0)};
      break;
    }
    case ZoneRule::Switch::Kind::kDayOfYear:
      day = new_year + chr::days{rule.day};
      break;
  }
  return day.time_since_epoch().count() * kDay + rule.time;
}

int offset_by_rule(const ZoneRule& rule, std::int64_t moment) {
  if (!rule.summer_offset) return rule.standard_offset;
  namespace chr = std::chrono;
  const chr::sys_seconds local{chr::seconds{moment + rule.standard_offset}};
  const int year = static_cast<int>(chr::year_month_day(chr::floor<chr::days>(local)).year());
  const std::int64_t begin = switch_in(year, rule.begin) - rule.standard_offset;
  const std::int64_t end = switch_in(year, rule.end) - *rule.summer_offset;
  const bool summer =
      begin < end ? moment >= begin && moment < end : !(moment >= end && moment < begin);
  return summer ? *rule.summer_offset : rule.standard_offset;
}

// A name of the database is a path below its directory, and must stay one.
bool is_zone_name(std::string_view name) {
  if (name.empty() || is_absolute_path(name)) return false;
  for (const std::string_view part : split(name, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return name.find('\0') == std::string_view::npos;
}

}  // namespace

std::optional<ZoneRule> parse_zone_rule(std::string_view text) { return RuleReader(text).read(); }

TimeZone TimeZone::parse(std::string_view content, const std::string& path) {
  Bytes bytes(content, path);
  Header header = read_header(bytes);
  // Since version 2 the first block, of 32-bit times, is there for old readers only.
  const std::size_t time_size = header.version == '\0' ? 4 : 8;
  if (time_size == 8) {
    bytes.take(header.block_size(4));
    header = read_header(bytes);
  }
  if (bytes.rest().size() < header.block_size(time_size)) bytes.damaged();

  std::vector<std::int64_t> moments;
  for (std::size_t i = 0; i < header.times; ++i) {
    moments.push_back(time_size == 4 ? bytes.number32() : bytes.number64());
    if (i > 0 && moments[i] <= moments[i - 1]) bytes.damaged();
  }
  const std::string_view type_of_times = bytes.take(header.times);
  std::vector<int> offsets;
  for (std::size_t i = 0; i < header.types; ++i) {
    offsets.push_back(bytes.number32());
    // RFC 8536 wants them between -25 and 26 hours.
    if (offsets.back() < -25 * kHour || offsets.back() > 26 * kHour) bytes.damaged();
    bytes.take(2);
  }
  bytes.take(header.letters + header.leaps * (time_size + 4) + header.standard_indicators +
             header.ut_indicators);

  TimeZone zone;
  zone.first_offset_ = offsets[0];
  for (std::size_t i = 0; i < header.times; ++i) {
    const auto type = static_cast<unsigned char>(type_of_times[i]);
    if (type >= offsets.size()) bytes.damaged();
    zone.transitions_.push_back({moments[i], offsets[type]});
  }
  if (time_size == 8) {
    const std::string_view footer = bytes.rest();
    const std::size_t end = footer.find('\n', 1);
    if (!footer.starts_with('\n') || end == std::string_view::npos) bytes.damaged();
    if (end > 1) {
      zone.rule_ = parse_zone_rule(footer.substr(1, end - 1));
      if (!zone.rule_) bytes.damaged();
    }
  }
  return zone;
}

std::optional<TimeZone> TimeZone::find(std::string_view name, const FileSystem& files) {
  if (!is_zone_name(name)) return std::nullopt;
  for (const std::string_view directory :
       {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"}) {
    const std::string path = join_path(directory, name);
    if (files.kind(path) != FileKind::kFile) continue;
    const std::string content = files.read(path);
    // The directory also holds tables in plain text, which are no zones.
    if (content.starts_with("TZif")) return parse(content, path);
  }
  if (name == "UTC") return TimeZone();
  return std::nullopt;
}

TimeZone TimeZone::local(const Environment& environment, const FileSystem& files) {
  const auto variable = environment.find("TZ");
  if (variable == environment.end()) {
    const std::string path = "/etc/localtime";
    const std::optional<std::string> content = files.read_if_exists(path);
    return content ? parse(*content, path) : TimeZone();
  }
  // What the C library does: `:` before a name is allowed, an unknown name is Greenwich.
  std::string_view name = variable->second;
  if (name.starts_with(':')) name.remove_prefix(1);
  if (is_absolute_path(name)) {
    const std::string path(name);
    const std::optional<std::string> content = files.read_if_exists(path);
    return content && content->starts_with("TZif") ? parse(*content, path) : TimeZone();
  }
  if (const std::optional<TimeZone> zone = find(name, files)) return *zone;
  TimeZone zone;
  zone.rule_ = parse_zone_rule(name);
  return zone;
}

int TimeZone::offset_at(std::chrono::sys_seconds moment) const {
  const std::int64_t seconds = moment.time_since_epoch().count();
  const auto after = std::upper_bound(
      transitions_.begin(), transitions_.end(), seconds,
      [](std::int64_t time, const Transition& transition) { return time < transition.moment; });
  if (after == transitions_.end() && rule_) return offset_by_rule(*rule_, seconds);
  return after == transitions_.begin() ? first_offset_ : std::prev(after)->offset;
}

CivilTime civil_time(std::chrono::system_clock::time_point moment, const TimeZone& zone) {
  namespace chr = std::chrono;
  const auto seconds = chr::floor<chr::seconds>(moment);
  CivilTime time;
  time.offset = zone.offset_at(seconds);
  const auto local = seconds + chr::seconds{time.offset};
  const auto day = chr::floor<chr::days>(local);
  const chr::year_month_day date(day);
  const chr::hh_mm_ss clock(local - day);
  time.year = static_cast<int>(date.year());
  time.month = static_cast<int>(static_cast<unsigned>(date.month()));
  time.day = static_cast<int>(static_cast<unsigned>(date.day()));
  time.hour = static_cast<int>(clock.hours().count());
  time.minute = static_cast<int>(clock.minutes().count());
  time.second = static_cast<int>(clock.seconds().count());
  time.microsecond = static_cast<int>(chr::floor<chr::microseconds>(moment - seconds).count());
  return time;
}

std::string to_string(const CivilTime& time, bool show_offset) {
  std::string text = fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", time.year, time.month,
                                 time.day, time.hour, time.minute, time.second);
  if (time.microsecond != 0) text += fmt::format(".{:06}", time.microsecond);
  if (!show_offset) return text;
  const int offset = time.offset < 0 ? -time.offset : time.offset;
  text +=
      fmt::format("{}{:02}:{:02}", time.offset < 0 ? '-' : '+', offset / kHour, offset / 60 % 60);
  if (offset % 60 != 0) text += fmt::format(":{:02}", offset % 60);
  return text;
}

}  // namespace capo::base
