#include "config.hpp"

#include <charconv>
#include <fstream>
#include <stdexcept>

extern char** environ;

namespace gpra {
namespace {

using Environment = std::map<std::string, std::string>;

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

class Reader {
 public:
  explicit Reader(const Environment& environment) : environment_(environment) {}

  void read(const char* name, std::string& value) const {
    const auto found = environment_.find(name);
    if (found != environment_.end()) value = found->second;
  }
  void read(const char* name, int& value, int least, int most) const {
    const auto found = environment_.find(name);
    if (found == environment_.end()) return;
    const std::string& text = found->second;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < least ||
        number > most) {
      throw std::invalid_argument(std::string(name) + " is to be a number from " +
                                  std::to_string(least) + " to " + std::to_string(most) +
                                  ", not '" + text + "'");
    }
    value = number;
  }
  void read(const char* name, bool& value) const {
    const auto found = environment_.find(name);
    if (found == environment_.end()) return;
    if (found->second != "true" && found->second != "false") {
      throw std::invalid_argument(std::string(name) + " is to be true or false, not '" +
                                  found->second + "'");
    }
    value = found->second == "true";
  }

 private:
  const Environment& environment_;
};

std::map<std::string, std::string> read_prices(const std::string& text) {
  std::map<std::string, std::string> prices;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string pair = trimmed(text.substr(at, end - at));
    const std::size_t equals = pair.find('=');
    const std::string tier = equals == std::string::npos ? "" : trimmed(pair.substr(equals + 1));
    if (tier != "basic" && tier != "standard" && tier != "pro" && tier != "unlimited") {
      throw std::invalid_argument(
          "STRIPE_PRICES is to be price=tier,… with the tiers basic, "
          "standard, pro and unlimited, not '" +
          pair + "'");
    }
    prices[trimmed(pair.substr(0, equals))] = tier;
    at = end + 1;
  }
  return prices;
}

}  // namespace

Config read_config(const Environment& environment) {
  Config config;
  const Reader reader(environment);
  reader.read("LISTEN", config.listen);
  reader.read("PORT", config.port, 0, 65535);
  reader.read("THREADS", config.threads, 1, 1024);
  reader.read("DATABASE_URL", config.database_url);
  reader.read("APP_DATABASE_URL", config.app_url);
  reader.read("ACCOUNTS_DATABASE_URL", config.accounts_url);
  reader.read("WEBHOOK_DATABASE_URL", config.webhook_url);
  reader.read("EXPORT_DATABASE_URL", config.export_url);
  reader.read("CONNECTIONS", config.connections, 1, 1000);
  reader.read("SECURE_COOKIES", config.secure_cookies);
  reader.read("SESSION_HOURS", config.session_hours, 1, 24 * 366);
  reader.read("LOGIN_LIMIT", config.login_limit, 1, 1000000);
  reader.read("LOGIN_WAIT_SECONDS", config.login_wait_seconds, 1, 86400);
  reader.read("TRUST_PROXY", config.trust_proxy);
  reader.read("PASSWORD_COST", config.password_cost);
  reader.read("STRIPE_WEBHOOK_SECRET", config.stripe_secret);
  reader.read("POSTHOG_KEY", config.posthog_key);
  reader.read("POSTHOG_URL", config.posthog_url);
  std::string prices;
  reader.read("STRIPE_PRICES", prices);
  config.stripe_prices = read_prices(prices);
  const std::string& cost = config.password_cost;
  if (cost != "lowest" && cost != "interactive" && cost != "moderate") {
    throw std::invalid_argument("PASSWORD_COST is to be interactive or moderate, not '" + cost +
                                "'");
  }
  return config;
}

Environment read_environment(const std::string& directory) {
  Environment all;
  std::ifstream file(directory + "/.env");
  for (std::string line; std::getline(file, line);) {
    line = trimmed(line);
    const std::size_t equals = line.find('=');
    if (line.empty() || line.front() == '#' || equals == std::string::npos) continue;
    std::string value = trimmed(line.substr(equals + 1));
    if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') &&
        value.back() == value.front()) {
      value = value.substr(1, value.size() - 2);
    }
    all[trimmed(line.substr(0, equals))] = value;
  }
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string variable = *entry;
    const std::size_t equals = variable.find('=');
    if (equals != std::string::npos) {
      all[variable.substr(0, equals)] = variable.substr(equals + 1);
    }
  }
  return all;
}

}  // namespace gpra
