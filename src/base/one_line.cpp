#include "base/one_line.hpp"

#include "base/text.hpp"

namespace capo::base {

std::string one_line(std::string_view statement, std::size_t most) {
  std::string line;
  for (const char c : trim(statement)) {
    if (is_space(c) && line.ends_with(' ')) continue;
    line += is_space(c) ? ' ' : c;
  }
  if (line.size() <= most) return line;
  return std::string(first_bytes(line, most)) + "…";
}

}  // namespace capo::base
