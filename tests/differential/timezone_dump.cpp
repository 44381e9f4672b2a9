// Prints what capo takes for the offset of a time zone at a moment, for timezone.py to compare.
// Reads lines `<zone> <seconds since 1970>` from stdin; prints seconds east of Greenwich, or
// `none`, a line each.

#include <chrono>
#include <cstdio>
#include <map>
#include <optional>
#include <string>

#include "base/fs.hpp"
#include "base/text.hpp"
#include "base/timezone.hpp"

namespace base = capo::base;

int main() {
  const base::RealFileSystem files;
  std::map<std::string, std::optional<base::TimeZone>> zones;
  std::string line;
  for (int c = std::getchar(); c != EOF; c = std::getchar()) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    const std::size_t space = line.find(' ');
    const std::string name = line.substr(0, space);
    auto zone = zones.find(name);
    if (zone == zones.end()) zone = zones.emplace(name, base::TimeZone::find(name, files)).first;
    const auto moment = base::parse_integer(line.substr(space + 1));
    if (zone->second && moment) {
      std::printf("%d\n",
                  zone->second->offset_at(std::chrono::sys_seconds{std::chrono::seconds{*moment}}));
    } else {
      std::puts("none");
    }
    line.clear();
  }
}
