#include "base/timezone.hpp"

#include <gtest/gtest.h>

#include <string>

#include "capo/error.hpp"

namespace capo::base {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

sys_seconds at(int year, unsigned month, unsigned day, int hour, int minute = 0) {
  namespace chr = std::chrono;
  return chr::sys_days(chr::year{year} / chr::month{month} / chr::day{day}) + chr::hours{hour} +
         chr::minutes{minute};
}

std::string big_endian(std::int64_t value, int size) {
  std::string bytes;
  for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
    bytes += static_cast<char>(value >> shift & 0xFF);
  return bytes;
}

std::string header(char version, int times, int types) {
  return std::string("TZif") + version + std::string(15, '\0') + big_endian(0, 4) +
         big_endian(0, 4) + big_endian(0, 4) + big_endian(times, 4) + big_endian(types, 4) +
         big_endian(4, 4);
}

// Local mean time until 1970-01-11, then an hour east; afterwards by `rule`.
std::string zone_file(std::string_view rule) {
  const std::string types =
      big_endian(3208, 4) + std::string("\0\0", 2) + big_endian(3600, 4) + std::string("\0\0", 2);
  return header('2', 0, 1) + big_endian(0, 4) + std::string("\0\0", 2) + std::string("LMT\0", 4) +
         header('2', 1, 2) + big_endian(864000, 8) + '\1' + types + std::string("LMT\0", 4) + "\n" +
         std::string(rule) + "\n";
}

TEST(TimeZone, File) {
  const TimeZone zone = TimeZone::parse(zone_file("CET-1CEST,M3.5.0,M10.5.0/3"), "f");
  EXPECT_EQ(zone.offset_at(sys_seconds{seconds{863999}}), 3208);
  EXPECT_EQ(zone.offset_at(sys_seconds{seconds{864000}}), 3600);
  EXPECT_EQ(zone.offset_at(at(2026, 3, 29, 0, 59)), 3600);
  EXPECT_EQ(zone.offset_at(at(2026, 3, 29, 1, 0)), 7200);
  EXPECT_EQ(zone.offset_at(at(2026, 10, 25, 0, 59)), 7200);
  EXPECT_EQ(zone.offset_at(at(2026, 10, 25, 1, 0)), 3600);
}

TEST(TimeZone, DamagedFilesAreRefused) {
  const std::string good = zone_file("CET-1");
  EXPECT_NO_THROW(TimeZone::parse(good, "f"));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_THROW(TimeZone::parse(good.substr(0, size), "f"), Error) << size;
  }
  try {
    TimeZone::parse("TZif", "/z/f");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "the time zone file /z/f is damaged");
  }
}

TEST(TimeZone, Rules) {
  const struct {
    std::string_view rule;
    sys_seconds moment;
    int offset;
  } cases[] = {
      {"UTC0", at(2026, 7, 1, 0), 0},
      {"<-03>3", at(2026, 7, 1, 0), -10800},
      {"<+0545>-5:45", at(2026, 7, 1, 0), 20700},
      {"EST5EDT", at(2026, 7, 1, 0), -14400},
      {"EST5EDT", at(2026, 12, 1, 0), -18000},
      // The southern summer spans the new year.
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", at(2026, 1, 1, 0), 39600},
      {"AEST-10AEDT,M10.1.0,M4.1.0/3", at(2026, 7, 1, 0), 36000},
      // Hours beyond the day, and before it.
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", at(2026, 3, 29, 0, 59), -7200},
      {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", at(2026, 3, 29, 1, 0), -3600},
      {"IST-2IDT,M3.4.4/26,M10.5.0", at(2026, 3, 26, 23, 59), 7200},
      {"IST-2IDT,M3.4.4/26,M10.5.0", at(2026, 3, 27, 0, 0), 10800},
      // Days of the year: J60 is the first of March in every year, 59 is the leap day in a leap
      // year.
      {"AAA0BBB,J60/0,J300/0", at(2024, 2, 29, 23, 59), 0},
      {"AAA0BBB,J60/0,J300/0", at(2024, 3, 1, 0, 0), 3600},
      {"AAA0BBB,59/0,300/0", at(2024, 2, 29, 0, 0), 3600},
      {"AAA0BBB,59/0,300/0", at(2026, 2, 28, 23, 59), 0},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", at(2026, 7, 1, 0), 3600},
      {"IST-1GMT0,M10.5.0,M3.5.0/1", at(2026, 12, 1, 0), 0},
  };
  MemoryFileSystem files;
  for (const auto& [rule, moment, offset] : cases) {
    EXPECT_EQ(TimeZone::local({{"TZ", std::string(rule)}}, files).offset_at(moment), offset)
        << rule;
  }
  for (const std::string_view bad :
       {"", "A", "AB1", "UTC", "UTC25", "UTC0,", "AAA0BBB,M13.1.0,M1.1.0", "AAA0BBB,J0,J1",
        "AAA0BBB,M1.1.7,M1.1.0", "AAA0BBB,M1.1.0/168,M1.1.0", "<AAA0", "UTC0 "}) {
    EXPECT_FALSE(parse_zone_rule(bad)) << bad;
  }
}

TEST(TimeZone, Find) {
  MemoryFileSystem files;
  files.write("/usr/share/zoneinfo/Europe/Berlin", zone_file("CET-1"));
  files.write("/usr/share/zoneinfo/zone.tab", "# text");
  files.write("/etc/secret", zone_file("CET-1"));
  EXPECT_TRUE(TimeZone::find("Europe/Berlin", files));
  EXPECT_TRUE(TimeZone::find("UTC", files));
  for (const std::string_view name :
       {"", "europe/berlin", "Europe", "Europe/", "zone.tab", "/usr/share/zoneinfo/Europe/Berlin",
        "../../../etc/secret", "Europe//Berlin", "."}) {
    EXPECT_FALSE(TimeZone::find(name, files)) << name;
  }
}

TEST(TimeZone, Local) {
  MemoryFileSystem files;
  const auto offset = [&](const Environment& environment) {
    return TimeZone::local(environment, files).offset_at(at(2026, 1, 1, 0));
  };
  EXPECT_EQ(offset({}), 0);
  files.write("/etc/localtime", zone_file("CET-1"));
  files.write("/usr/share/zoneinfo/Asia/Tokyo", zone_file("JST-9"));
  EXPECT_EQ(offset({}), 3600);
  EXPECT_EQ(offset({{"TZ", ""}}), 0);
  EXPECT_EQ(offset({{"TZ", "Asia/Tokyo"}}), 32400);
  EXPECT_EQ(offset({{"TZ", ":Asia/Tokyo"}}), 32400);
  EXPECT_EQ(offset({{"TZ", "/etc/localtime"}}), 3600);
  EXPECT_EQ(offset({{"TZ", "/nowhere"}}), 0);
  EXPECT_EQ(offset({{"TZ", "Nowhere"}}), 0);
}

TEST(CivilTime, Text) {
  const auto text = [](std::chrono::microseconds since_epoch, std::string_view rule,
                       bool show_offset) {
    MemoryFileSystem files;
    const TimeZone zone = TimeZone::local({{"TZ", std::string(rule)}}, files);
    return to_string(civil_time(std::chrono::system_clock::time_point(since_epoch), zone),
                     show_offset);
  };
  using std::chrono::microseconds;
  EXPECT_EQ(text(microseconds{1795330295112336}, "UTC0", false), "2026-11-22 06:51:35.112336");
  EXPECT_EQ(text(microseconds{1795330295000000}, "UTC0", false), "2026-11-22 06:51:35");
  EXPECT_EQ(text(microseconds{1795330295000007}, "CET-1", true),
            "2026-11-22 07:51:35.000007+01:00");
  EXPECT_EQ(text(microseconds{0}, "<-0330>3:30", true), "1969-12-31 20:30:00-03:30");
  EXPECT_EQ(text(microseconds{0}, "LMT-0:19:32", true), "1970-01-01 00:19:32+00:19:32");
  EXPECT_EQ(text(microseconds{-1}, "UTC0", true), "1969-12-31 23:59:59.999999+00:00");
}

}  // namespace
}  // namespace capo::base
