#include "dialect/postgresql/session.hpp"

#include <array>
#include <utility>

namespace capo::dialect::postgresql {

std::vector<Setting> session_settings(std::string_view standard_conforming_strings,
                                      const ConnectOptions& options) {
  std::vector<Setting> settings = {{"row_security", "off"}};
  // The splitter takes it for granted.
  if (standard_conforming_strings == "off")
    settings.push_back({"standard_conforming_strings", "on"});
  const std::array<std::pair<const char*, std::chrono::milliseconds>, 2> timeouts = {
      {{"lock_timeout", options.lock_timeout}, {"statement_timeout", options.statement_timeout}}};
  for (const auto& [name, timeout] : timeouts) {
    if (timeout.count() > 0) settings.push_back({name, std::to_string(timeout.count())});
  }
  return settings;
}

}  // namespace capo::dialect::postgresql
