#pragma once

#include <map>
#include <string>
#include <vector>

namespace gpra {

/// What the service is told by its environment, or by a file `.env` beside it.
struct Config {
  std::string listen = "127.0.0.1";  ///< LISTEN
  int port = 8080;                   ///< PORT; 0: any that is free
  int threads = 16;                  ///< THREADS

  std::string database_url = {};  ///< DATABASE_URL: of the owner, who migrates; or sqlite:///file
  std::string app_url = {};       ///< APP_DATABASE_URL: of a login in gpra_app
  std::string accounts_url = {};  ///< ACCOUNTS_DATABASE_URL: in gpra_accounts
  std::string webhook_url = {};   ///< WEBHOOK_DATABASE_URL: in gpra_webhook
  std::string export_url = {};    ///< EXPORT_DATABASE_URL: in gpra_export
  int connections = 8;            ///< CONNECTIONS, of the application's role

  bool secure_cookies = true;   ///< SECURE_COOKIES=false: for plain HTTP on one's own machine
  int session_hours = 24 * 14;  ///< SESSION_HOURS
  /// LOGIN_LIMIT: failed logins of one name or address before it has to wait.
  int login_limit = 10;
  int login_wait_seconds = 900;  ///< LOGIN_WAIT_SECONDS
  /// TRUST_PROXY=true: the address is that of X-Forwarded-For's last entry.
  bool trust_proxy = false;
  /// PASSWORD_COST: `interactive`, or `moderate`, as libsodium has them; `lowest` is for tests.
  std::string password_cost = "interactive";

  std::string stripe_secret = {};  ///< STRIPE_WEBHOOK_SECRET; empty: the webhook is switched off
  int stripe_tolerance_seconds = 300;
  /// STRIPE_PRICES=price_1=basic,price_2=pro
  std::map<std::string, std::string> stripe_prices = {};

  std::string posthog_key = {};  ///< POSTHOG_KEY; empty: nothing is sent, nothing is kept
  std::string posthog_url = {};  ///< POSTHOG_URL: where the exporter sends to
};

/// Throws std::invalid_argument that names the variable, and says what it may be.
Config read_config(const std::map<std::string, std::string>& environment);
/// The variables of this process, over those of a file `.env` in `directory`.
std::map<std::string, std::string> read_environment(const std::string& directory);

}  // namespace gpra
