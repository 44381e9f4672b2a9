#include "log.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <string>

namespace gpra {

void log(std::string_view line) {
  std::string text;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> time{};
  std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  // One call, so that lines of several threads do not mix.
  std::fprintf(stderr, "%s %s\n", time.data(), text.c_str());
}

}  // namespace gpra
